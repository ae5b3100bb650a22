import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectOnce } from '#server/db/pool.ts';
import { importFile } from '#server/import/import-file.ts';
import { importMapSchema } from '#server/import/import-map.ts';
import { migration as allHandOvers } from '#server/migrations/0180-all-hand-overs.ts';
import { addUnitKey } from '#server/units/unit-keys.ts';
import { addUnitWebhook, removeUnitWebhook } from '#server/units/unit-webhooks.ts';
import { endExpiredWaits } from '#server/upkeep/end-waits.ts';
import { type FlowRecord, flowPageSchema } from '#shared/contract/flows.contract.ts';
import { flowsOf } from '#shared/domain/overlay/flows-of.ts';
import type { OverlayStep } from '#shared/domain/overlay/overlay-step.ts';
import type { Line } from '#shared/domain/roles.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import { dispatchTo } from '#tests/support/sample-acts.ts';
import { CENTRE, createManualClock, startTestServer, type TestServer } from '#tests/support/server.ts';
import { codeOf, createTicketBody, noteBody, pullTicket, request, TestConsole } from '#tests/support/test-console.ts';
import { UnitClient } from '#tests/support/unit-client.ts';

const SUZHOU = '320500';
const UNIT = '姑苏区城管局';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const clock = createManualClock();
let server: TestServer;
let keys = 0;
beforeAll(async () => {
  server = await startTestServer({ clock });
  await server.addAccount({ account: 'suzhou1', seat: '1001', centre: SUZHOU, lines: ['12345', '12350'] });
  await server.addAccount({ account: 'suzhou2', role: 'dispatcher', centre: SUZHOU });
  await server.addAccount({ account: 'nanjing1', seat: '1001' });
});
afterAll(() => server.stop());

const agent = (account = 'suzhou1') => new TestConsole(server.url).signIn(account);

async function receiver(units: readonly string[] = ['police'], centre = SUZHOU, lines: readonly Line[] = ['12345']) {
  const fields = { centre, lines: [...lines], units: [...units], holder: '公安平台', kind: 'flow' as const };
  const made = await addUnitKey(server.services.pool, fields, clock.now());
  const send = (path: string, body?: unknown, key = `answer-${++keys}`) =>
    request(server.url, `/api/v1/flows${path}`, {
      body,
      headers: { authorization: `Bearer ${made.key}`, ...(body ? { 'idempotency-key': key } : {}) },
    });
  const list = async (query = '') => flowPageSchema.parse((await send(query)).body);
  return { ...made, send, list };
}

const rental = {
  categoryCode: '050401',
  title: '群租房隔断住二十人',
  content: '金阊新村 3 幢 402 室打了隔断，住了二十人，请联系王先生 13800000001。',
  caller: {
    name: '王先生',
    gender: 'male',
    kind: 'person',
    phone: '13800000001',
    anonymous: false,
    confidential: false,
  },
  form: {
    id: 'group-rental',
    version: 1,
    data: {
      community: '金阊新村',
      room: '3 幢 402',
      tenants: 20,
      dangers: ['partition', 'wiring', 'exit'],
      smell: false,
      weak: ['children'],
      operator: 'owner',
      landlord: '李某',
    },
  },
} as const;

async function report(account = 'suzhou1', over: object = {}) {
  const centre = account === 'nanjing1' ? CENTRE : SUZHOU;
  const body = createTicketBody({ ...rental, ...over } as never, { centre });
  const console = await agent(account);
  const result = await console.pushOne(body);
  return { console, body, result, uid: body.uid, pulled: async () => pullTicket(await agent(account), body.uid) };
}

async function lay(console: TestConsole, uid: TicketId, step: OverlayStep, words = '') {
  const args = { eventId: newId<EventId>(clock.now()), step, words };
  return console.pushOne({ kind: 'ticket.overlay', uid, args }, { baseVersion: 1_000 });
}

describe('流转 of 群租房安全隐患 to 公安', () => {
  test('goes once with the ticket, with the fields the rule names and nobody else’s name; receipt and result come to the consoles', async () => {
    const police = await receiver();
    const { console, body, uid, pulled, result } = await report();
    expect(result.code).toBe('applied');
    // The same batch again, and the same ticket under a new number.
    expect((await console.pushOne(body)).code).toBe('duplicate');
    const { flows } = await police.list();
    const own = flows.filter(({ ticket }) => ticket.uid === uid);
    expect(own).toHaveLength(1);
    const [flow] = own as [FlowRecord];
    expect(flow).toMatchObject({
      receiver: 'police',
      rule: { id: 'group-rental', version: 1 },
      receipt: null,
      result: null,
    });
    expect(Object.keys(flow.sent).toSorted()).toEqual(
      ['answers', 'category', 'content', 'occurredAt', 'place', 'title', 'urgency'].toSorted(),
    );
    expect(flow.sent.answers.map(({ field }) => field)).toEqual(
      expect.arrayContaining(['room', 'dangers', 'landlord']),
    );
    expect(flow.sent.answers.map(({ field }) => field)).not.toContain('weak');
    expect(JSON.stringify(flow)).not.toMatch(/13800000001|王先生/);

    const receipt = { number: 'SZ-2026-0001' };
    expect(await police.send(`/${flow.id}/receipt`, receipt, 'receipt-key-1')).toMatchObject({
      status: 200,
      body: { receipt: { number: 'SZ-2026-0001' } },
    });
    expect(await police.send(`/${flow.id}/receipt`, receipt, 'receipt-key-1')).toMatchObject({ status: 200 });
    expect(await police.send(`/${flow.id}/receipt`, { number: 'SZ-2' })).toMatchObject({
      status: 409,
      body: { code: 'FLOW_REFUSED', data: { reason: 'OVERLAY_DONE' } },
    });
    const done = { outcome: 'rectified', text: '已责令拆除隔断，清退人员。' };
    expect(await police.send(`/${flow.id}/result`, done)).toMatchObject({
      body: { result: { outcome: 'rectified', text: done.text } },
    });
    const ticket = await pulled();
    expect(ticket.status).toBe('to_dispatch');
    expect(flowsOf(ticket.events)).toMatchObject([
      {
        receiver: 'police',
        kind: 'rule',
        receipt: { number: 'SZ-2026-0001', byName: '公安机关' },
        result: { outcome: 'rectified', text: done.text },
      },
    ]);
    expect((await police.list('?state=done')).flows.map(({ id }) => id)).toContain(flow.id);
    expect((await police.list('?state=new')).flows).toEqual([]);
  });

  test('of a city that has not enabled it nothing goes, and the ticket says so', async () => {
    const police = await receiver(['police'], CENTRE);
    const { pulled } = await report('nanjing1');
    expect((await police.list()).flows).toEqual([]);
    expect(flowsOf((await pulled()).events)).toMatchObject([{ receiver: 'police', kind: 'not_enabled' }]);
  });

  test('a ticket that becomes such a matter by a correction goes once; others, and those answered at once, do not go', async () => {
    const police = await receiver();
    const seen = async (uid: string) =>
      (await police.list('?limit=200')).flows.filter(({ ticket }) => ticket.uid === uid);
    const plain = await report('suzhou1', { categoryCode: '050402', form: null });
    expect(await seen(plain.uid)).toEqual([]);
    const { console, uid } = plain;
    const amend = (from: string, to: string) =>
      console.pushOne({
        kind: 'ticket.amend',
        uid,
        args: {
          eventId: newId<EventId>(clock.now()),
          changes: { categoryCode: { from, to } } as never,
          reason: '听清了',
        },
      });
    expect((await amend('050402', '050401')).reason).toBeUndefined();
    expect(await seen(uid)).toMatchObject([{ rule: { id: 'group-rental-plain' }, sent: { answers: [] } }]);
    await amend('050401', '050402');
    await amend('050402', '050401');
    expect(await seen(uid)).toHaveLength(1);
  });

  test('a secret caller’s place is told no closer than the district', async () => {
    const police = await receiver();
    const place = { divisionCode: '320508', address: '金阊新村 3 幢', landmark: '', coordinates: null };
    const { uid } = await report('suzhou1', { place, caller: { ...rental.caller, confidential: true } });
    const [flow] = (await police.list('?limit=200')).flows.filter(({ ticket }) => ticket.uid === uid);
    expect(flow?.sent.place?.address).toBe('');
  });

  test('the caller is told in no corner: not in the landmark, an answer, or the words of the result; the landlord is', async () => {
    const police = await receiver();
    const place = {
      divisionCode: '320508',
      address: '金阊新村 3 幢',
      landmark: '找王先生 138-0000-0001 带路',
      coordinates: null,
    };
    const data = {
      ...rental.form.data,
      room: '402，王先生 13800000001 有钥匙',
      landlord: '王先生',
      landlordPhone: '13800000001',
    };
    const { uid } = await report('suzhou1', { place, form: { ...rental.form, data } });
    const [flow] = (await police.list('?limit=200')).flows.filter(({ ticket }) => ticket.uid === uid);
    expect(flow?.sent.place).toMatchObject({ address: '金阊新村 3 幢', landmark: '找*** *** 带路' });
    const answers = new Map(flow?.sent.answers.map(({ field, value }) => [field, value]));
    expect(answers.get('room')).toBe('402，*** *** 有钥匙');
    expect(answers.get('landlord')).toBe('王先生');
    expect(answers.get('landlordPhone')).toBe('13800000001');
    const done = { outcome: 'attended', text: '已联系王先生 13800000001。' };
    expect(await police.send(`/${flow?.id}/result`, done)).toMatchObject({ status: 200 });
    expect((await police.list('?state=done&limit=200')).flows.at(-1)?.result?.text).not.toMatch(/王先生|13800000001/);
  });

  test('a 更正 after it went is told: what was sent changes, is found by changedSince, and is announced', async () => {
    const police = await receiver();
    const webhook = await addUnitWebhook(server.services.pool, police.id, 'http://127.0.0.1:9/', clock.now());
    const { console, uid } = await report();
    const sent = (await police.list('?limit=200')).flows.find(({ ticket }) => ticket.uid === uid);
    clock.advance(60_000);
    const since = clock.now();
    const title = { from: rental.title, to: '群租房隔断住三十人' };
    const args = { eventId: newId<EventId>(clock.now()), changes: { title } as never, reason: '听清了' };
    expect((await console.pushOne({ kind: 'ticket.amend', uid, args })).reason).toBeUndefined();
    const { flows } = await police.list(`?changedSince=${since}`);
    expect(flows).toMatchObject([{ id: sent?.id, sentAt: sent?.sentAt, sent: { title: title.to } }]);
    const deliveries = await server.query<{ body: string }>(
      'SELECT body FROM unit_deliveries WHERE webhook_id = $1 ORDER BY made_at',
      [webhook?.id],
    );
    const flow = { id: sent?.id, receiver: 'police' };
    expect(deliveries.map(({ body }) => JSON.parse(body))).toEqual([
      { event: 'flow.sent', at: sent?.sentAt, flow },
      { event: 'flow.changed', at: since, flow },
    ]);
    await removeUnitWebhook(server.services.pool, webhook?.id ?? '', clock.now());
  });

  test('the next page begins behind a flow, and what names none is refused', async () => {
    const police = await receiver();
    for (const id of ['-'.repeat(36), 'x', '0'.repeat(36)]) {
      expect(codeOf(await police.send(`?after=1.${id}`))).toBe('BAD_INPUT');
    }
    const [first, second] = (await police.list('?limit=200')).flows;
    expect((await police.list(`?after=${first?.updatedAt}.${first?.id}&limit=1`)).flows).toEqual([second]);
  });

  test('is told to nobody without the key: not with a unit’s, not of another city, not to another receiver', async () => {
    const { uid } = await report();
    const police = await receiver();
    const [flow] = (await police.list('?limit=200')).flows.filter(({ ticket }) => ticket.uid === uid);
    const unit = await addUnitKey(
      server.services.pool,
      { centre: SUZHOU, lines: ['12345'], units: ['police'], holder: '单位' },
      clock.now(),
    );
    const asUnit = await request(server.url, '/api/v1/flows', { headers: { authorization: `Bearer ${unit.key}` } });
    expect(codeOf(asUnit)).toBe('UNAUTHENTICATED');
    const asReceiver = new UnitClient(server.url, police.key);
    expect(codeOf(await asReceiver.send('/tickets'))).toBe('UNAUTHENTICATED');
    for (const other of [await receiver(['110']), await receiver(['police'], CENTRE)]) {
      expect(codeOf(await other.send(`/${flow?.id}`))).toBe('NOT_FOUND');
      expect(codeOf(await other.send(`/${flow?.id}/receipt`, { number: '1' }))).toBe('NOT_FOUND');
    }
    // Nor does anybody at a console answer for 公安, or send it themselves.
    const lead = await agent('suzhou2');
    expect(await lay(lead, uid, { step: 'flow_receipt', receiver: 'police', number: '1' })).toMatchObject({
      reason: 'FORBIDDEN',
    });
    const rule = { id: 'group-rental', version: 1 };
    expect(await lay(lead, uid, { step: 'flow', receiver: 'police', rule, isEnabled: true }, '手工')).toMatchObject({
      reason: 'FORBIDDEN',
    });
  });

  test('its receiver is told by a signed webhook, which names the flow and nothing of it', async () => {
    const received: { readonly headers: Record<string, unknown>; readonly body: string }[] = [];
    const system = createServer(async (incoming, response) => {
      received.push({ headers: incoming.headers, body: await text(incoming) });
      response.writeHead(204).end();
    });
    await new Promise<void>((resolve) => system.listen(0, '127.0.0.1', resolve));
    try {
      const { id } = await receiver();
      const { port } = system.address() as AddressInfo;
      const webhook = await addUnitWebhook(server.services.pool, id, `http://127.0.0.1:${port}/`, clock.now());
      const { uid } = await report();
      await expect.poll(() => received.length).toBe(1);
      const [{ headers, body }] = received as [(typeof received)[number]];
      const [row] = await server.query<{ id: string }>('SELECT id FROM flows WHERE ticket_uid = $1', [uid]);
      expect(JSON.parse(body)).toEqual({
        event: 'flow.sent',
        at: expect.any(Number),
        flow: { id: row?.id, receiver: 'police' },
      });
      const secret = Buffer.from(webhook?.secret.replace('whsec_', '') ?? '', 'base64');
      const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
      expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', secret).update(signed).digest('base64')}`);
    } finally {
      await new Promise((resolve) => system.close(resolve));
    }
  });
});

describe('移交 110/119/120/122', () => {
  test('the service answers through the API, the agent notes what it said by telephone, each once', async () => {
    const service = await receiver(['119']);
    const handOff = { service: '119', at: clock.now() } as const;
    const body = createTicketBody({ handOff, content: '厨房起火' }, { outcome: 'hand_off', centre: SUZHOU });
    const console = await agent();
    expect((await console.pushOne(body)).code).toBe('applied');
    const leg = { callId: newId<string>(clock.now()), startedAt: 1_000, answeredAt: 4_000, endedAt: 64_000 };
    await lay(console, body.uid, { step: 'hand_over', receiver: '119', leg });
    await lay(console, body.uid, { step: 'hand_over', receiver: '119', leg: null }, '已告知楼层和门牌');
    const { flows } = await service.list();
    expect(flows).toMatchObject([
      {
        receiver: '119',
        rule: null,
        sent: { content: '厨房起火', caller: { phone: expect.any(String) } },
        told: [{ leg }, { text: '已告知楼层和门牌', leg: null }],
      },
    ]);
    expect(await lay(console, body.uid, { step: 'flow_receipt', receiver: '119', number: 'X-9' })).toMatchObject({
      code: expect.stringMatching(/applied|merged/),
    });
    const id = flows[0]?.id;
    expect(await service.send(`/${id}/receipt`, { number: 'X-10' })).toMatchObject({ status: 409 });
    expect(await service.send(`/${id}/result`, { outcome: 'attended', text: '火已扑灭' })).toMatchObject({
      body: { receipt: { number: 'X-9' }, result: { outcome: 'attended' } },
    });
    // Nobody answers for a service that was never called.
    expect(await lay(console, body.uid, { step: 'flow_receipt', receiver: '120', number: '1' })).toMatchObject({
      reason: 'OVERLAY_STATE',
    });
  });
});

test('of calls that were handed over before there was a record, each service gets one, with what it answered', async () => {
  const console = await agent();
  const handOff = { service: '110', at: clock.now() } as const;
  const handOffs = [handOff, { service: '120', at: clock.now() } as const];
  const twice = createTicketBody({ handOff, handOffs }, { outcome: 'hand_off', centre: SUZHOU });
  expect((await console.pushOne(twice)).code).toBe('applied');
  const goneOn = createTicketBody({}, { centre: SUZHOU });
  expect((await console.pushOne(goneOn)).code).toBe('applied');
  const args = { eventId: newId<EventId>(clock.now()), kind: 'handed_off' as const, text: '122' };
  // The clock of this console is a year behind: what counts is when the server had it.
  const at = clock.now() - 365 * DAY_MS;
  expect((await console.pushOne({ kind: 'ticket.note', uid: goneOn.uid, args }, { at })).code).toBe('applied');
  await lay(console, goneOn.uid, { step: 'flow_receipt', receiver: '122', number: 'J-1' });
  await lay(console, goneOn.uid, { step: 'flow_result', receiver: '122', outcome: 'attended' }, '已到场');
  const uids = [twice.uid, goneOn.uid];
  const rows = () =>
    server.query(
      'SELECT receiver, sent_at::float8, receipt, outcome FROM flows WHERE ticket_uid = ANY($1::uuid[]) ORDER BY 1',
      [uids],
    );
  const written = await rows();
  expect(written).toMatchObject([
    { receiver: '110', receipt: null },
    { receiver: '120', receipt: null },
    { receiver: '122', sent_at: clock.now(), receipt: 'J-1', outcome: 'attended' },
  ]);
  await server.query("DELETE FROM flows WHERE receiver <> '110' AND ticket_uid = ANY($1::uuid[])", [uids]);
  for (const statement of allHandOvers.statements) await server.query(statement);
  expect(await rows()).toEqual(written);
});

describe('移交 of a caller who is kept secret', () => {
  const caller = { ...rental.caller, name: '张三丰', phone: '13811112222' };
  const place = { divisionCode: '320508', address: '金阊新村 3 栋 502', landmark: '', coordinates: null };
  const hidden = [
    ['保密', { caller: { ...caller, confidential: true } }],
    ['匿名', { caller: { ...caller, anonymous: true } }],
    ['line 12350', { caller, line: '12350' }],
  ] as const;

  test.each(hidden)(
    '%s: the words of the agent and of the service name neither them nor where they live',
    async (_, over) => {
      const handOff = { service: '119', at: clock.now() } as const;
      const body = createTicketBody({ handOff, place, ...over }, { outcome: 'hand_off', centre: SUZHOU });
      const console = await agent();
      expect((await console.pushOne(body)).code).toBe('applied');
      const said = '张三丰 138 1111 2222，3 栋 502';
      await lay(console, body.uid, { step: 'hand_over', receiver: '119', leg: null }, said);
      const service = await receiver(['119'], SUZHOU, ['12345', '12350']);
      const [flow] = (await service.list('?limit=200')).flows.filter(({ ticket }) => ticket.uid === body.uid);
      expect(flow).toMatchObject({ sent: { caller: null }, told: [{ leg: null }] });
      await service.send(`/${flow?.id}/result`, { outcome: 'attended', text: `已到场，${said}` });
      const finished = (await service.send(`/${flow?.id}`)).body as FlowRecord;
      expect(finished.result?.text).toMatch(/^已到场/);
      // Its words: ids and times are made of digits, too.
      const words = JSON.stringify([finished.sent, finished.told.map(({ text }) => text), finished.result?.text]);
      expect(words).not.toMatch(/张三丰|1111|3 ?栋|502/);
    },
  );
});

describe('等待市民补充', () => {
  const inHand = async () => {
    const made = await report('suzhou1', { categoryCode: '010101', form: null });
    const dispatcher = await agent('suzhou2');
    const act = async (from: 'to_dispatch', act: ReturnType<typeof dispatchTo>) =>
      dispatcher.pushOne(
        { kind: 'ticket.act', uid: made.uid, args: { eventId: newId<EventId>(clock.now()), from, act, words: '' } },
        { baseVersion: 1_000 },
      );
    await act('to_dispatch', dispatchTo(UNIT));
    const { key } = await addUnitKey(
      server.services.pool,
      { centre: SUZHOU, lines: ['12345'], units: [UNIT], holder: UNIT },
      clock.now(),
    );
    const unit = new UnitClient(server.url, key);
    await unit.act(made.uid, 'sign');
    return { ...made, dispatcher, unit };
  };

  test('a unit waits: the limits stand still until the citizen’s 补充, and go on with what was left', async () => {
    const { uid, unit, pulled } = await inHand();
    const before = await pulled();
    clock.advance(HOUR_MS);
    const waited = await unit.act(uid, 'wait', { reason: '请补充门牌号', until: clock.now() + 3 * DAY_MS });
    expect(waited).toMatchObject({ status: 200, body: { status: 'handling' } });
    const waiting = await pulled();
    expect(waiting.handling?.waiting).toMatchObject({ since: clock.now(), byName: UNIT });
    expect(waiting.clocks).toMatchObject({ pausedFor: 'citizen', pausedSince: clock.now(), dueAt: null });
    expect((await unit.get(uid)).waitingUntil).toBe(clock.now() + 3 * DAY_MS);
    const again = await unit.act(uid, 'wait', { reason: '再等', until: clock.now() + DAY_MS });
    expect(again).toMatchObject({ status: 409, body: { data: { reason: 'OVERLAY_DONE' } } });
    clock.advance(2 * HOUR_MS);
    const colleague = await agent();
    await colleague.pushOne(noteBody(uid, '之前没有网络时写的'), { baseVersion: waiting.version - 1 });
    expect((await pulled()).clocks?.pausedFor, 'written before anybody waited').toBe('citizen');
    await colleague.pushOne(noteBody(uid, '门牌是 18 号'), { baseVersion: waiting.version });
    const after = await pulled();
    expect(after.handling?.waiting).toBeUndefined();
    expect(after.clocks).toMatchObject({ pausedFor: null, stage: before.clocks?.stage });
    // What lies on days off is not counted, so up to two hours were given back.
    expect((after.dueAt ?? 0) - (before.dueAt ?? 0)).toBeGreaterThanOrEqual(0);
    expect(after.events.at(-1)).toMatchObject({ actorId: null, overlay: { step: 'wait_end', why: 'answered' } });
  });

  test('ends by rule when its time is up, counted from that time; a decision ends it as well', async () => {
    const { uid, dispatcher, unit, pulled } = await inHand();
    const until = clock.now() + DAY_MS;
    expect((await lay(dispatcher, uid, { step: 'wait', until }, '请补充')).reason).toBeUndefined();
    const { pool } = server.services;
    expect(await endExpiredWaits({ pool, clock, poke: () => {} })).toBe(0);
    clock.advance(DAY_MS + 10 * HOUR_MS);
    expect(await endExpiredWaits({ pool, clock, poke: () => {} })).toBe(1);
    const ended = await pulled();
    expect(ended.events.at(-1)?.overlay).toEqual({ step: 'wait_end', why: 'expired' });
    expect(ended.clocks?.pausedSince).toBeNull();

    const later = await agent('suzhou2');
    await lay(later, uid, { step: 'wait', until: clock.now() + DAY_MS }, '再补充');
    clock.advance(HOUR_MS);
    expect(await unit.act(uid, 'reply', { text: '已办结' })).toMatchObject({ status: 200 });
    const replied = await pulled();
    expect(replied.handling?.waiting).toBeUndefined();
    expect(replied.clocks).toMatchObject({ pausedSince: null, metAt: clock.now() });
    expect(await lay(await agent('suzhou2'), uid, { step: 'wait_end', why: 'by_hand' }, '不等了')).toMatchObject({
      reason: 'OVERLAY_DONE',
    });
  });

  test('is no longer than thirty days', async () => {
    const { uid, dispatcher } = await inHand();
    expect(await lay(dispatcher, uid, { step: 'wait', until: clock.now() + 31 * DAY_MS }, '请补充')).toMatchObject({
      reason: 'WAIT_TOO_LONG',
    });
  });
});

test('what is imported and still open goes once, what was finished elsewhere does not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flow-import-'));
  const file = join(folder, 'records.jsonl');
  const at = '2026-11-20 10:00:00';
  const lines = [
    { id: 'a1', content: '群租房隔断', at, reply: '' },
    { id: 'a2', content: '群租房隔断', at, reply: '已整改' },
  ];
  writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'));
  const time = { field: 'at', formats: ['yyyy-MM-dd HH:mm:ss'] };
  const map = importMapSchema.parse({
    source: 'old-system',
    centre: SUZHOU,
    status: { replied: 'closed', unreplied: 'to_dispatch' },
    fields: { id: 'id', createdAt: time, content: 'content', categoryCode: { const: '050401' } },
    replies: [{ text: 'reply', at: time, unit: { const: '' } }],
  });
  const client = await connectOnce(server.databaseUrl);
  try {
    const options = { file, map, now: clock.now(), onProgress: () => {} };
    expect(await importFile(client, options)).toMatchObject({ imported: 2, rejected: 0 });
    expect(await importFile(client, options)).toMatchObject({ imported: 0 });
  } finally {
    await client.end();
    rmSync(folder, { recursive: true });
  }
  const gone = await server.query<{ provisional: string }>(
    "SELECT t.doc ->> 'provisionalNo' AS provisional FROM flows f JOIN tickets t ON t.uid = f.ticket_uid WHERE t.doc ->> 'provisionalNo' IN ('a1', 'a2')",
  );
  expect(gone).toEqual([{ provisional: 'a1' }]);
});
