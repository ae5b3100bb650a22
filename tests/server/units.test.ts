import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runUnitKeyCommand } from '#server/units/unit-commands.ts';
import { addUnitKey, revokeUnitKey } from '#server/units/unit-keys.ts';
import type { Line } from '#shared/domain/roles.ts';
import type { Ticket, TicketFields } from '#shared/domain/ticket.ts';
import type { TicketAct } from '#shared/domain/ticket-act.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import { dispatchTo, SAMPLE_ACTS } from '#tests/support/sample-acts.ts';
import { CENTRE, startTestServer, type TestServer } from '#tests/support/server.ts';
import { codeOf, createTicketBody, request, TestConsole } from '#tests/support/test-console.ts';
import { UnitClient } from '#tests/support/unit-client.ts';

const UNIT = '鼓楼区城管局';
const OTHER = '鼓楼区湖南路街道办事处';

let server: TestServer;
let agent: TestConsole;
let dispatcher: TestConsole;
beforeAll(async () => {
  server = await startTestServer();
  await server.addAccount({ account: 'agent1', seat: '1001', lines: ['12345', '12350'] });
  await server.addAccount({ account: 'dispatcher1', role: 'dispatcher', name: '王敏', lines: ['12345', '12350'] });
  agent = await new TestConsole(server.url).signIn('agent1');
  dispatcher = await new TestConsole(server.url).signIn('dispatcher1');
});
afterAll(() => server.stop());

async function newKey(units: readonly string[] = [UNIT], lines: readonly Line[] = ['12345'], centre = CENTRE) {
  const fields = { centre, lines: [...lines], units: [...units], holder: '区级平台' };
  return addUnitKey(server.services.pool, fields, systemClock.now());
}

async function unitOf(...args: Parameters<typeof newKey>): Promise<UnitClient> {
  return new UnitClient(server.url, (await newKey(...args)).key);
}

async function decide(uid: TicketId, from: Ticket['status'], act: TicketAct, words = '情况属实') {
  const args = { eventId: newId<EventId>(systemClock.now()), from, act, words };
  const result = await dispatcher.pushOne({ kind: 'ticket.act', uid, args }, { baseVersion: 1_000 });
  expect([act.action, result.code, result.reason]).toEqual([
    act.action,
    expect.stringMatching(/applied|merged/),
    undefined,
  ]);
}

/** A ticket that was dispatched to the unit. */
async function dispatched(fields: Partial<TicketFields> = {}, unit = UNIT): Promise<TicketId> {
  const body = createTicketBody(fields);
  await agent.pushOne(body);
  const isReviewed = fields.line === '12350';
  if (isReviewed) await decide(body.uid, 'review', SAMPLE_ACTS.send_to_dispatch);
  await decide(body.uid, 'to_dispatch', dispatchTo(unit));
  return body.uid;
}

async function pulled(uid: string): Promise<Ticket> {
  const { rows } = await agent.pullAll();
  const row = rows.find((one) => one.row.uid === uid);
  if (row?.table !== 'tickets') throw new Error('not pulled');
  return row.row;
}

test('a unit signs, gets more time, answers: every step reaches the consoles as its own, and the limits move', async () => {
  const unit = await unitOf();
  const uid = await dispatched({ title: '路灯不亮' });
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
  await decide(uid, 'extension_review', SAMPLE_ACTS.decide_extension);
  const extended = await unit.get(uid);
  expect(extended).toMatchObject({ status: 'handling', extendedDays: 4, request: null });
  expect(extended.dueAt).toBeGreaterThan(before.dueAt ?? 0);
  expect(await unit.act(uid, 'reply', { text: '路灯已修复。' })).toMatchObject({ body: { status: 'to_callback' } });

  const ticket = await pulled(uid);
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

test('a 退单 goes to the centre, and once another unit has the ticket the first one finds it no more', async () => {
  const unit = await unitOf();
  const uid = await dispatched();
  expect(await unit.act(uid, 'return', { reason: '不属我局管养' })).toMatchObject({
    body: { status: 'return_review' },
  });
  expect((await unit.get(uid)).request).toMatchObject({ kind: 'return', unit: UNIT });
  await decide(uid, 'return_review', SAMPLE_ACTS.approve_return);
  expect(codeOf(await unit.send(`/tickets/${uid}`))).toBe('NOT_FOUND');
  expect((await pulled(uid)).handling?.returnedBy).toEqual([UNIT]);
});

test('a unit reads its own tickets only: of its units, its centre, its lines', async () => {
  const [own, foreign, special] = [
    await dispatched(),
    await dispatched({}, OTHER),
    await dispatched({ line: '12350' }),
  ];
  const unit = await unitOf();
  const seen = async (client: UnitClient) => (await client.list('?limit=200')).tickets.map(({ uid }) => uid);
  expect(await seen(unit)).toContain(own);
  for (const uid of [foreign, special, newId<TicketId>(systemClock.now())]) {
    expect(await seen(unit)).not.toContain(uid);
    expect(codeOf(await unit.send(`/tickets/${uid}`))).toBe('NOT_FOUND');
    const answer = await unit.actOn({ uid, status: 'to_sign', version: 9 }, 'sign');
    expect([answer.status, codeOf(answer)]).toEqual([404, 'NOT_FOUND']);
  }
  expect((await pulled(foreign)).status).toBe('to_sign');
  expect(await seen(await unitOf([UNIT, OTHER]))).toEqual(expect.arrayContaining([own, foreign]));
  expect(await seen(await unitOf([UNIT], ['12345', '12350']))).toEqual(expect.arrayContaining([own, special]));
  expect(await seen(await unitOf([UNIT], ['12345'], '320500'))).toEqual([]);
});

test('a platform acts for that of its units that has the ticket', async () => {
  const platform = await unitOf([UNIT, OTHER]);
  const uid = await dispatched({}, OTHER);
  await platform.act(uid, 'sign');
  expect((await pulled(uid)).events.at(-1)).toMatchObject({ actorName: OTHER, act: { action: 'sign' } });
});

test('of a secret caller a unit reads neither name nor number, wherever they are written', async () => {
  const phone = '13951667788';
  const secret = {
    content: `周桂英反映楼下油烟，电话139-5166-7788，家住某路 1 号`,
    originalWords: '我叫周桂英',
    caller: { name: '周桂英', gender: 'female', kind: 'person', phone, anonymous: false, confidential: true },
  } as const;
  const unit = await unitOf();
  const uids = [
    await dispatched(secret),
    await dispatched({ ...secret, caller: { ...secret.caller, confidential: false, anonymous: true } }),
    await dispatched({ ...secret, caller: { ...secret.caller, confidential: false }, markers: ['confidential'] }),
  ];
  const open = await dispatched({ ...secret, caller: { ...secret.caller, confidential: false } });
  const texts = [
    JSON.stringify((await unit.list('?limit=200')).tickets.filter(({ uid }) => uids.includes(uid))),
    ...(await Promise.all(uids.map(async (uid) => JSON.stringify(await unit.get(uid))))),
  ];
  for (const text of texts) {
    expect(text).not.toContain('周桂英');
    expect(text).not.toMatch(/139-?5166-?7788/);
    expect(text).not.toContain('某路');
  }
  for (const uid of uids) expect((await unit.get(uid)).caller).toBeNull();
  expect((await unit.get(open)).caller).toMatchObject({ name: '周桂英', phone });
});

test('pages follow each other without a gap, and a look at what changed since the last one finds it', async () => {
  const unit = await unitOf(['玄武区水务局']);
  const uids: string[] = [];
  for (let i = 0; i < 5; i++) uids.push(await dispatched({}, '玄武区水务局'));
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
  const unit = await unitOf();
  const uid = await dispatched();
  await unit.act(uid, 'sign');
  const seen = await unit.get(uid);
  const answers = await Promise.all(
    Array.from({ length: 4 }, () => unit.actOn(seen, 'reply', { text: '已修复。' }, 'reply-of-today')),
  );
  const again = await unit.actOn(seen, 'reply', { text: '已修复。' }, 'reply-of-today');
  for (const answer of [...answers, again])
    expect(answer).toMatchObject({ status: 200, body: { status: 'to_callback' } });
  const ticket = await pulled(uid);
  expect(ticket.replies).toHaveLength(1);
  expect(ticket.events.filter(({ kind }) => kind === 'reply')).toHaveLength(1);
  const other = await unit.actOn(seen, 'reply', { text: '另一个答复' }, 'reply-of-today');
  expect(other).toMatchObject({ status: 409, body: { code: 'ACT_REFUSED', data: { reason: 'OP_ID_TAKEN' } } });
});

test('what was seen before somebody else decided is refused with where the ticket stands now', async () => {
  const unit = await unitOf();
  const uid = await dispatched();
  const seen = await unit.get(uid);
  await unit.act(uid, 'return', { reason: '不属我局管养' });
  await decide(uid, 'return_review', SAMPLE_ACTS.refuse_return, '属你局管养范围');
  const late = await unit.actOn(seen, 'return', { reason: '不属我局管养' });
  expect(late).toMatchObject({
    status: 409,
    body: { code: 'ACT_REFUSED', data: { reason: 'STATUS_CHANGED', status: 'handling', version: 4 } },
  });
  await unit.act(uid, 'extension', { days: 2, reason: '等待材料' });
  await decide(uid, 'extension_review', SAMPLE_ACTS.decide_extension);
  const second = await unit.act(uid, 'extension', { days: 2, reason: '等待材料' });
  expect(second).toMatchObject({ status: 409, body: { data: { reason: 'EXTENSION_SPENT', status: 'handling' } } });
  const signed = await unit.act(uid, 'sign');
  expect(signed).toMatchObject({ status: 409, body: { data: { reason: 'FORBIDDEN' } } });
});

test('bad requests are refused with a code, change nothing, and are never the fault of the server', async () => {
  const unit = await unitOf();
  const uid = await dispatched();
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
  expect(await pulled(uid)).toMatchObject({ status: 'to_sign', version: 2 });
});

test('nobody gets in without a key that holds, and a key opens nothing but the tickets of units', async () => {
  const { id, key } = await newKey();
  const asked = (authorization: string) => request(server.url, '/api/v1/unit/tickets', { headers: { authorization } });
  for (const authorization of [
    '',
    'Bearer ',
    `Bearer ${key}x`,
    `Bearer unit-${'A'.repeat(43)}`,
    agent.headers.authorization,
  ]) {
    const answer = await asked(authorization ?? '');
    expect([answer.status, codeOf(answer)]).toEqual([401, 'UNAUTHENTICATED']);
  }
  for (const path of ['/tickets', '/auth/me', '/accounts', '/centre/seats']) {
    const answer = await request(server.url, `/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } });
    expect([path, answer.status]).toEqual([path, 401]);
  }
  expect((await asked(`Bearer ${key}`)).status).toBe(200);
  await revokeUnitKey(server.services.pool, id, systemClock.now());
  expect((await asked(`Bearer ${key}`)).status).toBe(401);
  const [stored] = await server.query<{ text: string }>('SELECT unit_keys::text AS text FROM unit_keys WHERE id = $1', [
    id,
  ]);
  expect(stored?.text).not.toContain(key.slice(5));
  expect(server.logLines.join('\n')).not.toContain(key.slice(5));
});

test('the API document has the requests of units, with their key and the Idempotency-Key', async () => {
  const { body } = await request(server.url, '/api/openapi.json');
  const { paths, components } = body as {
    paths: Record<string, Record<string, { security?: unknown; parameters?: { name: string; in: string }[] }>>;
    components: { securitySchemes: object };
  };
  expect(Object.keys(components.securitySchemes)).toContain('unitKey');
  for (const path of ['', '/{uid}', '/{uid}/sign', '/{uid}/return', '/{uid}/extension', '/{uid}/reply']) {
    const operation = Object.values(paths[`/unit/tickets${path}`] ?? {})[0];
    expect(operation?.security).toEqual([{ unitKey: [] }]);
  }
  const parameters = paths['/unit/tickets/{uid}/reply']?.post?.parameters?.map(
    ({ name, in: where }) => `${where} ${name}`,
  );
  expect(parameters).toEqual(expect.arrayContaining(['path uid', 'header idempotency-key']));
});

test('unit-key makes a key that works, lists it without itself, and takes it back', async () => {
  const run = async (...args: readonly string[]) => {
    const env = { ...process.env, DATABASE_URL: server.databaseUrl };
    const { stdout } = await promisify(execFile)(process.execPath, ['src/server/main.ts', 'unit-key', ...args], {
      env,
    });
    return JSON.parse(stdout.trim());
  };
  const made = await run('add', '--centre', CENTRE, '--units', `${UNIT},${OTHER}`, '--holder', '鼓楼区平台');
  expect(made).toMatchObject({ event: 'unit-key.added', units: [UNIT, OTHER], lines: ['12345'] });
  const unit = new UnitClient(server.url, made.key);
  expect((await unit.send('/tickets')).status).toBe(200);
  const listed = await run('list', '--centre', CENTRE);
  expect(listed.keys).toContainEqual(expect.objectContaining({ id: made.id, holder: '鼓楼区平台', revokedAt: null }));
  expect(JSON.stringify(listed)).not.toContain(made.key);
  await run('revoke', '--id', made.id);
  expect((await unit.send('/tickets')).status).toBe(401);
  expect(await revokeUnitKey(server.services.pool, made.id, systemClock.now())).toBe(false);
  await expect(runUnitKeyCommand(['add', '--centre', 'x', '--units', ''])).rejects.toThrow(/centre, units/);
  await expect(runUnitKeyCommand(['forget'])).rejects.toThrow(/Usage/);
});

test('a reply has files: sent before with the same key, named with the reply, and read at the consoles', async () => {
  const { key } = await newKey();
  const unit = new UnitClient(server.url, key);
  const uid = await dispatched();
  await unit.act(uid, 'sign');
  const bytes = Buffer.from(`抢修记录 ${uid}`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const files = [{ name: '抢修记录.txt', sha256 }];
  const early = await unit.act(uid, 'reply', { text: '路灯已修复。', files });
  expect(early).toMatchObject({ status: 409, body: { code: 'ATTACHMENT_MISSING', data: { sha256 } } });
  expect((await unit.get(uid)).status).toBe('handling');

  const headers = { authorization: `Bearer ${key}`, 'tus-resumable': '1.0.0' };
  const uploads = `${server.url}/api/v1/attachments/uploads`;
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
  const { events, replies } = await pulled(uid);
  expect(replies).toHaveLength(1);
  expect(events.filter(({ kind }) => kind === 'attached')).toEqual([
    expect.objectContaining({ actorName: UNIT, text: `${sha256} ${bytes.length} text/plain 抢修记录.txt` }),
  ]);
  const read = await fetch(`${server.url}/api/v1/attachments/${sha256}`, { headers: agent.headers });
  expect(Buffer.from(await read.arrayBuffer()).equals(bytes)).toBe(true);
  // Files of the centre stay there: a key reads none.
  expect((await fetch(`${server.url}/api/v1/attachments/${sha256}`, { headers })).status).toBe(401);
});
