import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { INTAKE_ROLES } from '#shared/domain/roles.ts';
import { type TicketStatus, TRANSITIONS } from '#shared/domain/ticket-status.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { newId } from '#shared/kernel/ids.ts';
import { openCutProxy } from '#tests/support/cut-proxy.ts';
import { monthScope, startTestServer, type TestServer } from '#tests/support/server.ts';
import { citizenBody, createTicketBody, TestConsole, toOp } from '#tests/support/test-console.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.addAccount({ account: 'agent1' });
  await server.addAccount({ account: 'agent2' });
  await server.addAccount({ account: 'special1', lines: ['12345', '12350'] });
  await server.addAccount({ account: 'analyst1', role: 'analyst' });
  await server.addAccount({ account: 'elsewhere', centre: '320500' });
});
afterAll(() => server.stop());

const seat = (account = 'agent1') => new TestConsole(server.url).signIn(account);
const ticketsOf = (uid: string) =>
  server.query<{
    number: number;
    status: string;
    version: number;
    seq: number;
    doc: { fields: { markers: string[] } };
  }>('SELECT number, status, version, seq, doc FROM tickets WHERE uid = $1', [uid]);

describe('taking a ticket in', () => {
  test('a submitted ticket gets a number, is accepted and waits for dispatch', async () => {
    const console = await seat();
    const body = createTicketBody();
    const result = await console.pushOne(body);
    expect(result).toMatchObject({
      code: 'applied',
      version: 1,
      ticket: { status: 'to_dispatch', closedAt: null, clocks: { set: 'jiangsu', stage: 'dispatch', round: 1 } },
    });
    expect(result.ticket?.dueAt).toBe(result.ticket?.clocks?.close.dueAt);
    const [row] = await ticketsOf(body.uid);
    expect(row).toMatchObject({ number: result.ticket?.number, seq: result.seq, version: 1 });
    const events = await server.query(
      'SELECT kind, from_status, to_status FROM ticket_events WHERE ticket_uid = $1 ORDER BY position',
      [body.uid],
    );
    expect(events).toEqual([
      { kind: 'created', from_status: null, to_status: 'submitted' },
      { kind: 'accepted', from_status: 'submitted', to_status: 'accepted' },
      { kind: 'status', from_status: 'accepted', to_status: 'to_dispatch' },
    ]);
  });

  test('whoever takes a ticket in however: its events are legal steps of the state machine and lead to its status', async () => {
    const uids: string[] = [];
    for (const role of INTAKE_ROLES.filter((each) => !['trainee', 'trainer'].includes(each))) {
      await server.addAccount({ account: `steps-${role}`, role, lines: ['12345', '12350'] });
      const console = await seat(`steps-${role}`);
      const bodies = [
        createTicketBody(),
        createTicketBody({ markers: ['sensitive'] }),
        createTicketBody({ markers: ['mass'] }),
        createTicketBody({ line: '12350' }),
        createTicketBody({ answer: '已答复' }, { outcome: 'direct_answer' }),
        createTicketBody({ handOff: { service: '119', at: systemClock.now() } }, { outcome: 'hand_off' }),
      ];
      const { results } = await console.push(bodies.map((body) => console.op(body)));
      expect(results.map(({ code }) => code)).toEqual(bodies.map(() => 'applied'));
      uids.push(...bodies.map(({ uid }) => uid));
    }
    const rows = await server.query<{ uid: string; status: string; steps: [TicketStatus, TicketStatus][] }>(
      `SELECT t.uid, t.status, json_agg(json_build_array(e.from_status, e.to_status) ORDER BY e.version, e.position) AS steps
       FROM tickets t JOIN ticket_events e ON e.ticket_uid = t.uid
       WHERE t.uid = ANY($1::uuid[]) AND e.from_status IS NOT NULL GROUP BY t.uid, t.status`,
      [uids],
    );
    expect(rows).toHaveLength(uids.length);
    for (const { status, steps } of rows) {
      let state: TicketStatus = 'submitted';
      for (const [from, to] of steps) {
        expect(from).toBe(state);
        expect(TRANSITIONS.some((each) => each.from.includes(from) && each.to === to)).toBe(true);
        state = to;
      }
      expect(state).toBe(status);
    }
  });

  test('a direct answer closes the ticket at once', async () => {
    const console = await seat();
    const body = createTicketBody({ answer: '已告知办事窗口时间' }, { outcome: 'direct_answer' });
    const result = await console.pushOne(body);
    expect(result.ticket).toMatchObject({ status: 'closed_direct' });
    expect(result.ticket?.closedAt).toBe(result.ticket?.acceptedAt);
  });

  test('sensitive and mass matters and the 12350 line go to review first', async () => {
    const console = await seat('special1');
    const statuses: (string | undefined)[] = [];
    for (const fields of [
      { markers: ['sensitive'] as const },
      { markers: ['mass'] as const },
      { line: '12350' as const },
      {},
    ]) {
      const result = await console.pushOne(createTicketBody({ ...fields, markers: [...(fields.markers ?? [])] }));
      statuses.push(result.ticket?.status);
    }
    expect(statuses).toEqual(['review', 'review', 'review', 'to_dispatch']);
  });

  test('the same phone and category from another seat within ten minutes is applied and flagged 重复', async () => {
    const caller = { ...createTicketBody().args.fields.caller, phone: '13911112222' };
    const [first, second] = [await seat('agent1'), await seat('agent2')];
    const one = createTicketBody({ caller });
    const two = createTicketBody({ caller });
    const other = createTicketBody({ caller, categoryCode: '020202' });
    expect((await first.pushOne(one)).code).toBe('applied');
    expect((await second.pushOne(two)).code).toBe('applied');
    expect((await second.pushOne(other)).code).toBe('applied');
    expect((await ticketsOf(one.uid))[0]?.doc.fields.markers).toEqual([]);
    expect((await ticketsOf(two.uid))[0]?.doc.fields.markers).toEqual(['repeat']);
    expect((await ticketsOf(other.uid))[0]?.doc.fields.markers).toEqual([]);
  });

  test('重复 tells nobody of a call on 12350 or of a 匿名 one, and 12350 leads to no record', async () => {
    const caller = { ...createTicketBody().args.fields.caller, phone: '13955556666' };
    const [special, agent] = [await seat('special1'), await seat('agent1')];
    const reported = createTicketBody({ caller, line: '12350', citizenUid: newId(systemClock.now()) });
    const anonymous = createTicketBody({ caller: { ...caller, name: '', anonymous: true } });
    const again = createTicketBody({ caller: { ...caller, name: '', anonymous: true } });
    const ordinary = createTicketBody({ caller });
    const second = createTicketBody({ caller, line: '12350' });
    await special.pushOne(reported);
    await agent.push([agent.op(anonymous), agent.op(again)]);
    await agent.pushOne(ordinary);
    await special.pushOne(second);
    const markers = async (uid: string) => (await ticketsOf(uid))[0]?.doc.fields.markers.includes('repeat');
    for (const { uid } of [reported, anonymous, again, ordinary]) expect(await markers(uid)).toBe(false);
    expect(await markers(second.uid)).toBe(true);
    const links = await server.query('SELECT 1 FROM tickets WHERE uid = $1 AND citizen_uid IS NOT NULL', [
      reported.uid,
    ]);
    expect(links).toEqual([]);
  });

  test('an hour of offline work pushed at once is not a row of repetitions', async () => {
    const console = await seat();
    const caller = { ...createTicketBody().args.fields.caller, phone: '13933334444' };
    const now = systemClock.now();
    const bodies = [90, 60, 55].map((minutes) =>
      createTicketBody({ caller }, { createdAt: now - minutes * 60_000, madeOffline: true }),
    );
    await console.push(bodies.map((body) => console.op(body)));
    const markers = await Promise.all(bodies.map(async (body) => (await ticketsOf(body.uid))[0]?.doc.fields.markers));
    expect(markers).toEqual([[], [], ['repeat']]);
  });

  test('an incomplete ticket is rejected with its reason, the ones around it are applied', async () => {
    const console = await seat();
    const { results } = await console.push([
      console.op(createTicketBody()),
      console.op(createTicketBody({ title: '  ' })),
      console.op(createTicketBody()),
    ]);
    expect(results.map(({ code, reason }) => [code, reason])).toEqual([
      ['applied', undefined],
      ['rejected', 'INTAKE_INCOMPLETE'],
      ['applied', undefined],
    ]);
  });
});

describe('exactly once', () => {
  test('sending a batch again gives the stored results word for word and changes nothing', async () => {
    const console = await seat();
    const body = createTicketBody();
    const ops = [
      console.op(body),
      console.op(createTicketBody({ title: '' })),
      console.op(citizenBody('李女士', ['13700000001'])),
    ];
    const first = await console.push(ops);
    const before = await server.query('SELECT count(*) AS tickets, max(seq) AS seq FROM tickets');
    expect(await console.push(ops)).toEqual(first);
    expect(await server.query('SELECT count(*) AS tickets, max(seq) AS seq FROM tickets')).toEqual(before);
  });

  test('a connection cut after the server committed, then a resend: exactly one ticket', async () => {
    const network = await openCutProxy(() => server.url);
    const console = await new TestConsole(network.url).signIn('agent1');
    const body = createTicketBody();
    const op = console.op(body);
    const cut = network.cutNext('/sync/push', 'after-server');
    await expect(console.push([op])).rejects.toThrow();
    await cut;
    expect(await ticketsOf(body.uid)).toHaveLength(1);
    const { results } = await console.push([op]);
    expect(results[0]).toMatchObject({ code: 'applied', version: 1 });
    expect(await ticketsOf(body.uid)).toHaveLength(1);
    expect(await server.query('SELECT 1 FROM op_log WHERE op_id = $1', [op.opId])).toHaveLength(1);
    await network.close();
  });

  test('a resend that also carries new operations answers the old and applies the new', async () => {
    const console = await seat();
    const ops = [console.op(createTicketBody()), console.op(createTicketBody())];
    const first = await console.push(ops);
    const again = await console.push([...ops, console.op(createTicketBody())]);
    expect(again.results.slice(0, 2)).toEqual(first.results);
    expect(again).toMatchObject({ ack: 3, results: [{}, {}, { s: 3, code: 'applied' }] });
  });

  test('a gap is refused with the number the server expects, nothing is applied', async () => {
    const console = await seat();
    await console.pushOne(createTicketBody());
    const body = createTicketBody();
    const answer = await console.rawPush([toOp(5, body)]);
    expect(answer).toMatchObject({ status: 409, body: { code: 'SYNC_GAP', data: { nextOp: 2 } } });
    expect(await ticketsOf(body.uid)).toHaveLength(0);
  });

  test('the same number with other content is an identity clash; a new incarnation keeps what was done', async () => {
    const console = await seat();
    const body = createTicketBody();
    const op = console.op(body);
    await console.push([op]);
    const clash = await console.rawPush([toOp(1, createTicketBody())]);
    expect(clash).toMatchObject({ status: 409, body: { code: 'IDENTITY_CLASH' } });
    console.incarnation = 2;
    expect((await console.hello()).nextOp).toBe(1);
    const { results } = await console.push([op]);
    expect(results[0]).toMatchObject({ s: 1, code: 'duplicate', version: 1, ticket: { status: 'to_dispatch' } });
    expect(await ticketsOf(body.uid)).toHaveLength(1);
  });

  test('the same ticket from another console under another operation is a duplicate, with other content it is refused', async () => {
    const [one, two] = [await seat('agent1'), await seat('agent2')];
    const body = createTicketBody();
    const first = await one.pushOne(body);
    const again = await two.pushOne(body);
    expect(again).toMatchObject({ code: 'duplicate', ticket: { number: first.ticket?.number } });
    const other = await two.pushOne({ ...createTicketBody({ title: '别的事' }), uid: body.uid });
    expect(other).toMatchObject({ code: 'rejected', reason: 'UID_TAKEN' });
  });

  test('two connections pushing the same batch of one console at once leave one effect', async () => {
    const console = await seat();
    const ops = Array.from({ length: 20 }, () => console.op(createTicketBody()));
    const answers = await Promise.all([console.push(ops), console.push(ops), console.push(ops)]);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect(await server.query('SELECT uid FROM tickets WHERE uid = ANY($1)', [ops.map((op) => op.uid)])).toHaveLength(
      20,
    );
  });

  test('ticket numbers grow in the order of a batch and of commits within a scope', async () => {
    const console = await seat();
    const first = await console.push(Array.from({ length: 5 }, () => console.op(createTicketBody())));
    const second = await console.push(Array.from({ length: 5 }, () => console.op(createTicketBody())));
    const numbers = [...first.results, ...second.results].map((result) => result.ticket?.number ?? 0);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(new Set(numbers).size).toBe(10);
    const rows = await server.query<{ number: number }>('SELECT number FROM tickets WHERE scope = $1 ORDER BY seq', [
      monthScope(),
    ]);
    const fresh = rows.map((row) => row.number).filter((number) => numbers.includes(number));
    expect(fresh).toEqual(numbers);
  });
});
