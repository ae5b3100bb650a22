import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addWorkdays } from '#shared/domain/clock/clock-run.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { SAMPLE_ACTS } from '#tests/support/sample-acts.ts';
import { codeOf, noteBody } from '#tests/support/test-console.ts';
import { UnitClient } from '#tests/support/unit-client.ts';
import { UNIT, UnitScene } from '#tests/support/unit-scene.ts';

let scene: UnitScene;
beforeAll(async () => {
  scene = await UnitScene.open();
});
afterAll(() => scene.server.stop());

test('a unit signs, gets more time, answers: every step reaches the consoles as its own, and the limits move', async () => {
  const unit = await scene.unitOf();
  const uid = await scene.dispatched({ title: '路灯不亮' });
  const before = await unit.get(uid);
  expect(before).toMatchObject({
    status: 'to_sign',
    unit: UNIT,
    round: 1,
    title: '路灯不亮',
    caller: { name: '王先生', phone: expect.stringMatching(/^138\d{8}$/) },
    category: { code: '010101', names: expect.any(Array) },
  });
  expect(before.number).toMatch(/^\d{8}-\d{8}$/);
  expect(before.signBy).toBeGreaterThan(systemClock.now());

  expect(await unit.act(uid, 'sign')).toMatchObject({ status: 200, body: { uid, status: 'handling' } });
  expect((await unit.get(uid)).signBy).toBeNull();
  expect(await unit.act(uid, 'extension', { days: 4, reason: '需联系产权单位' })).toMatchObject({
    body: { status: 'extension_review' },
  });
  await scene.decide(uid, 'extension_review', SAMPLE_ACTS.decide_extension);
  const extended = await unit.get(uid);
  expect(extended).toMatchObject({ status: 'handling', extendedDays: 4, request: null });
  expect(extended.dueAt).toBeGreaterThan(before.dueAt ?? 0);
  expect(await unit.act(uid, 'reply', { text: '路灯已修复。' })).toMatchObject({ body: { status: 'to_callback' } });

  const ticket = await scene.pulled(uid);
  expect(ticket).toMatchObject({ status: 'to_callback', replies: [{ unit: UNIT, text: '路灯已修复。' }] });
  expect(ticket.clocks).toMatchObject({ stage: 'callback', metAt: expect.any(Number), extendedDays: 4 });
  expect(ticket.events.flatMap(({ act, actorName }) => (act ? [[act.action, actorName]] : []))).toEqual([
    ['dispatch', '王敏'],
    ['sign', UNIT],
    ['ask_extension', UNIT],
    ['decide_extension', '王敏'],
    ['reply', UNIT],
  ]);
  const { steps } = await unit.get(uid);
  expect(steps.filter(({ unit: by }) => by === UNIT).map(({ action, text }) => [action, text])).toEqual([
    ['sign', ''],
    ['ask_extension', '需联系产权单位'],
    ['reply', '路灯已修复。'],
  ]);
});

test('a 补充 that was taken back is told to the unit no more, and neither is that it was; the others are', async () => {
  const unit = await scene.unitOf();
  const uid = await scene.dispatched();
  const wrong = noteBody(uid, '补充：在湖南路 81 号');
  const hasty = noteBody(uid, '催办：还没人来', 'remind');
  for (const body of [wrong, hasty, noteBody(uid, '补充：在湖南路 18 号')]) await scene.agent.pushOne(body);
  const told = async () =>
    (await unit.get(uid)).steps.flatMap(({ kind, text }) => (kind === 'note' || kind === 'remind' ? [text] : []));
  expect(await told()).toEqual([wrong.args.text, hasty.args.text, '补充：在湖南路 18 号']);
  for (const { args } of [wrong, hasty]) {
    const taking = noteBody(uid, '写错了，撤回');
    await scene.agent.pushOne({ ...taking, args: { ...taking.args, ref: args.eventId } });
  }
  expect(await told()).toEqual(['补充：在湖南路 18 号']);
});

test('a 退单 goes to the centre, and once another unit has the ticket the first one finds it no more', async () => {
  const unit = await scene.unitOf();
  const uid = await scene.dispatched();
  expect(await unit.act(uid, 'return', { reason: '不属我局管养' })).toMatchObject({
    body: { status: 'return_review' },
  });
  expect((await unit.get(uid)).request).toMatchObject({ kind: 'return', unit: UNIT });
  await scene.decide(uid, 'return_review', SAMPLE_ACTS.approve_return);
  expect(codeOf(await unit.send(`/tickets/${uid}`))).toBe('NOT_FOUND');
  expect((await scene.pulled(uid)).handling?.returnedBy).toEqual([UNIT]);
});

test('a 退单 is asked for within two working days from the dispatch; the unit is told until when, and later it keeps the ticket', async () => {
  const unit = await scene.unitOf();
  const uid = await scene.dispatched();
  const { returnBy } = await unit.get(uid);
  const dispatchedAt = (await scene.pulled(uid)).clocks?.run?.startedAt ?? 0;
  expect(returnBy).toBe(addWorkdays(dispatchedAt, 2, shippedClockRules().calendar));
  await unit.act(uid, 'sign');
  expect((await unit.get(uid)).returnBy).toBe(returnBy);
  await scene.server.services.pool.query(
    `UPDATE tickets SET clocks = jsonb_set(clocks::jsonb, '{returnBy}', to_jsonb($2::bigint))::json WHERE uid = $1`,
    [uid, systemClock.now() - 1],
  );
  expect(await unit.act(uid, 'return', { reason: '不属我局管养' })).toMatchObject({
    status: 409,
    body: { code: 'ACT_REFUSED', data: { reason: 'RETURN_TOO_LATE', status: 'handling' } },
  });
  expect(await unit.act(uid, 'reply', { text: '已协调水务部门修复。' })).toMatchObject({ status: 200 });
  expect((await unit.get(uid)).returnBy).toBeNull();
});

test('pages follow each other without a gap, and a look at what changed since the last one finds it', async () => {
  const unit = await scene.unitOf(['玄武区水务局']);
  const uids: string[] = [];
  for (let i = 0; i < 5; i++) uids.push(await scene.dispatched({}, '玄武区水务局'));
  const first = await unit.list('?limit=2');
  const second = await unit.list(`?limit=2&after=${first.next}`);
  const third = await unit.list(`?limit=2&after=${second.next}`);
  const all = [first, second, third].flatMap(({ tickets }) => tickets.map(({ uid }) => uid));
  expect(all).toEqual(uids);
  expect(third.next).toBeNull();

  const [one = ''] = uids;
  await unit.act(one, 'sign');
  const handling = await unit.list('?status=handling,on_account');
  expect(handling.tickets.map(({ uid }) => uid)).toEqual([one]);
  const changed = await unit.list(`?changedSince=${handling.tickets[0]?.updatedAt}`);
  expect(changed.tickets.map(({ uid }) => uid)).toEqual([one]);
  expect(changed.asOf).toBeLessThan(systemClock.now());
});

test('a request that is repeated is done once, also when both arrive together', async () => {
  const unit = await scene.unitOf();
  const uid = await scene.dispatched();
  await unit.act(uid, 'sign');
  const seen = await unit.get(uid);
  const answers = await Promise.all(
    Array.from({ length: 4 }, () => unit.actOn(seen, 'reply', { text: '已修复。' }, 'reply-of-today')),
  );
  const again = await unit.actOn(seen, 'reply', { text: '已修复。' }, 'reply-of-today');
  for (const answer of [...answers, again])
    expect(answer).toMatchObject({ status: 200, body: { status: 'to_callback' } });
  const ticket = await scene.pulled(uid);
  expect(ticket.replies).toHaveLength(1);
  expect(ticket.events.filter(({ kind }) => kind === 'reply')).toHaveLength(1);
  const other = await unit.actOn(seen, 'reply', { text: '另一个答复' }, 'reply-of-today');
  expect(other).toMatchObject({ status: 409, body: { code: 'ACT_REFUSED', data: { reason: 'OP_ID_TAKEN' } } });
});

test('what was seen before somebody else decided is refused with where the ticket stands now', async () => {
  const unit = await scene.unitOf();
  const uid = await scene.dispatched();
  const seen = await unit.get(uid);
  await unit.act(uid, 'return', { reason: '不属我局管养' });
  await scene.decide(uid, 'return_review', SAMPLE_ACTS.refuse_return, '属你局管养范围');
  const late = await unit.actOn(seen, 'return', { reason: '不属我局管养' });
  expect(late).toMatchObject({
    status: 409,
    body: { code: 'ACT_REFUSED', data: { reason: 'STATUS_CHANGED', status: 'handling', version: 4 } },
  });
  await unit.act(uid, 'extension', { days: 2, reason: '等待材料' });
  await scene.decide(uid, 'extension_review', SAMPLE_ACTS.decide_extension);
  const second = await unit.act(uid, 'extension', { days: 2, reason: '等待材料' });
  expect(second).toMatchObject({ status: 409, body: { data: { reason: 'EXTENSION_SPENT', status: 'handling' } } });
  const signed = await unit.act(uid, 'sign');
  expect(signed).toMatchObject({ status: 409, body: { data: { reason: 'FORBIDDEN' } } });
});

test('bad requests are refused with a code, change nothing, and are never the fault of the server', async () => {
  const unit = await scene.unitOf();
  const uid = await scene.dispatched();
  const seen = { status: 'to_sign', version: 2 };
  const key = { 'idempotency-key': 'a-key-of-its-own' };
  const bad: readonly (readonly [string, unknown, Record<string, string>?])[] = [
    [`/tickets/${uid}/sign`, { seen }, {}],
    [`/tickets/${uid}/sign`, { seen }, { 'idempotency-key': 'short' }],
    [`/tickets/${uid}/sign`, {}],
    [`/tickets/${uid}/sign`, { seen, more: 1 }],
    [`/tickets/${uid}/sign`, { seen: { status: 'nowhere', version: 2 } }],
    [`/tickets/${uid}/sign`, { seen: { status: 'to_sign', version: 0 } }],
    [`/tickets/${uid}/sign`, []],
    [`/tickets/no-uid/sign`, { seen }],
    [`/tickets/${uid}/return`, { seen, reason: '  ' }],
    [`/tickets/${uid}/return`, { seen, reason: '\u0000' }],
    [`/tickets/${uid}/extension`, { seen, reason: '等待材料', days: 11 }],
    [`/tickets/${uid}/extension`, { seen, reason: '等待材料' }],
    [`/tickets/${uid}/reply`, { seen, text: '长'.repeat(20_001) }],
    ['/tickets?limit=0', undefined],
    ['/tickets?limit=many', undefined],
    ['/tickets?status=nowhere', undefined],
    ['/tickets?status=', undefined],
    ['/tickets?after=%27;--', undefined],
    ['/tickets?changedSince=-1', undefined],
    ['/tickets?unknown=1', undefined],
    ['/tickets/no-uid', undefined],
  ];
  for (const [path, body, headers = key] of bad) {
    const answer = await unit.send(path, body, headers);
    expect([path, body, answer.status, codeOf(answer)]).toEqual([path, body, 400, 'BAD_INPUT']);
  }
  expect(await scene.pulled(uid)).toMatchObject({ status: 'to_sign', version: 2 });
});

test('a reply has files: sent before with the same key, named with the reply, and read at the consoles', async () => {
  const { key } = await scene.newKey();
  const unit = new UnitClient(scene.server.url, key);
  const uid = await scene.dispatched();
  await unit.act(uid, 'sign');
  const bytes = Buffer.from(`抢修记录 ${uid}`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const files = [{ name: '抢修记录.txt', sha256 }];
  const early = await unit.act(uid, 'reply', { text: '路灯已修复。', files });
  expect(early).toMatchObject({ status: 409, body: { code: 'ATTACHMENT_MISSING', data: { sha256 } } });
  expect((await unit.get(uid)).status).toBe('handling');

  const headers = { authorization: `Bearer ${key}`, 'tus-resumable': '1.0.0' };
  const uploads = `${scene.server.url}/api/v1/attachments/uploads`;
  const begun = await fetch(uploads, {
    method: 'POST',
    headers: {
      ...headers,
      'upload-length': String(bytes.length),
      'upload-metadata': `sha256 ${Buffer.from(sha256).toString('base64')}`,
    },
  });
  expect(begun.status).toBe(201);
  const sent = await fetch(new URL(begun.headers.get('location') ?? '', uploads), {
    method: 'PATCH',
    headers: { ...headers, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
    body: bytes,
  });
  expect(sent.status).toBe(204);

  const seen = await unit.get(uid);
  for (const _again of [1, 2]) {
    const replied = await unit.actOn(seen, 'reply', { text: '路灯已修复。', files }, `reply-${uid}`);
    expect(replied).toMatchObject({ status: 200, body: { status: 'to_callback' } });
  }
  const { events, replies } = await scene.pulled(uid);
  expect(replies).toHaveLength(1);
  expect(events.filter(({ kind }) => kind === 'attached')).toEqual([
    expect.objectContaining({ actorName: UNIT, text: `${sha256} ${bytes.length} text/plain 抢修记录.txt` }),
  ]);
  const read = await fetch(`${scene.server.url}/api/v1/attachments/${sha256}`, { headers: scene.agent.headers });
  expect(Buffer.from(await read.arrayBuffer()).equals(bytes)).toBe(true);
  // Files of the centre stay there: a key reads none.
  expect((await fetch(`${scene.server.url}/api/v1/attachments/${sha256}`, { headers })).status).toBe(401);
});
