import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Board, boardSchema } from '#shared/contract/board.contract.ts';
import type { FigureName } from '#shared/domain/board/board.ts';
import { SEAT_SILENT_MS, type SeatReport, type SeatState } from '#shared/domain/board/seat-report.ts';
import { DAY_MS, dayOf, HOUR_MS, MINUTE_MS } from '#shared/domain/clock/beijing-day.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { TicketAct } from '#shared/domain/ticket-act.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import { dispatchTo, SAMPLE_ACTS } from '#tests/support/sample-acts.ts';
import { CENTRE, createManualClock, startTestServer, type TestServer } from '#tests/support/server.ts';
import { codeOf, createTicketBody, TestConsole } from '#tests/support/test-console.ts';

const UNIT = '鼓楼区城管局';
/** Ten in the morning of an ordinary Wednesday in Beijing: a day has begun, and much of it is left. */
const MORNING = Date.UTC(2026, 10, 25, 2);
const clock = createManualClock(MORNING);
let server: TestServer;
/** A second process over the same database. */
let other: TestServer;

beforeAll(async () => {
  server = await startTestServer({ clock });
  other = await startTestServer({ clock, database: { url: server.databaseUrl, drop: async () => {} } });
  await server.addAccount({ account: 'agent1001', name: '林晓雯', lines: ['12345', '12350'] });
  await server.addAccount({ account: 'agent1002', name: '周启明', lines: ['12345', '12350'] });
  await server.addAccount({ account: 'agent1003', name: '何静', lines: ['12345'] });
  await server.addAccount({ account: 'lead2001', role: 'lead', lines: ['12345'] });
  await server.addAccount({ account: 'admin9001', role: 'admin', lines: ['12345', '12350'] });
  await server.addAccount({ account: 'supervisor6001', role: 'supervisor' });
  await server.addAccount({ account: 'dispatcher4001', role: 'dispatcher' });
  await server.addAccount({ account: 'unit1', role: 'unit', name: UNIT });
  await server.addAccount({ account: 'revisit5001', role: 'revisit' });
  await server.addAccount({ account: 'far2001', role: 'lead', centre: '320500' });
});
afterAll(async () => {
  await other.stop();
  await server.stop();
});

const signIn = (account: string, at = server) => new TestConsole(at.url).signIn(account);
/** The one console of each agent. */
const seats = new Map<string, TestConsole>();
const sitAt = async (account: string) => {
  const seat = seats.get(account) ?? (await signIn(account));
  seats.set(account, seat);
  return seat;
};
const day = (ago = 0) => new Date((dayOf(clock.now()) - ago) * DAY_MS).toISOString().slice(0, 10);
const READY: SeatState = { position: 'ready', reason: null, forMs: 0, call: null, waiting: [] };
const CALLS = { line: '12345' as const, offered: 10, answered: 9, answeredQuickly: 8, waitMs: 90_000 };

function report(state: Partial<SeatState> = {}, over: Partial<SeatReport> = {}): SeatReport {
  return { sentAt: clock.now(), state: { ...READY, ...state }, days: [], ...over };
}
async function tell(seat: TestConsole, told: SeatReport): Promise<unknown> {
  const answer = await seat.send('/board/seat', told);
  return codeOf(answer) ?? (answer.body as { isTaken: boolean }).isTaken;
}
async function read(account = 'lead2001', at = server): Promise<Board> {
  return boardSchema.parse((await (await signIn(account, at)).send('/board')).body);
}
const figureOf = ({ figures }: Board, name: FigureName) => {
  const found = figures.find((one) => one.name === name);
  return found && [found.numerator, found.denominator];
};

test('a seat is on the board with what it does and since when, through another process as well', async () => {
  const seat = await sitAt('agent1001');
  const call = { line: '12345' as const, forMs: 95_000 };
  const waiting = [{ line: '12345' as const, count: 2, longestMs: 12_000 }];
  expect(await tell(seat, report({ position: 'talking', forMs: 80_000, call, waiting }))).toBe(true);
  const board = await read('lead2001', other);
  expect(board.seats).toEqual([
    {
      seat: '1001',
      name: '林晓雯',
      role: 'agent',
      position: 'talking',
      reason: null,
      since: clock.now() - 80_000,
      call: { line: '12345', since: clock.now() - 95_000 },
      waiting: 2,
      reportedAt: clock.now(),
      isSilent: false,
    },
  ]);
  expect(board.waiting).toEqual({ count: 2, longestMs: 12_000 });
});

test('a report that was overtaken changes nothing; the same one again does not count twice', async () => {
  const seat = await sitAt('agent1001');
  const days = [{ day: day(), ...CALLS }];
  const now = clock.now();
  expect(await tell(seat, report({ position: 'break', reason: 'rest' }, { days, sentAt: now + 2_000 }))).toBe(true);
  const late = report({ position: 'ready' }, { days: [{ day: day(), ...CALLS, offered: 3 }], sentAt: now + 1_000 });
  expect(await tell(seat, late)).toBe(false);
  expect(await tell(seat, report({ position: 'break', reason: 'rest' }, { days, sentAt: now + 2_000 }))).toBe(true);
  clock.advance(6_000);
  const board = await read();
  expect(board.seats[0]).toMatchObject({ position: 'break', reason: 'rest' });
  expect([figureOf(board, 'answered'), figureOf(board, 'quick'), figureOf(board, 'wait')]).toEqual([
    [9, 10],
    [8, 10],
    [90_000, 9],
  ]);
});

test('figures are those of the day and of the reader’s lines: other seats add up, yesterday and 12350 do not', async () => {
  const seat = await sitAt('agent1002');
  const days = [
    { day: day(), ...CALLS },
    { day: day(), ...CALLS, line: '12350' as const },
    { day: day(1), ...CALLS },
  ];
  await tell(seat, report({}, { days }));
  clock.advance(6_000);
  expect(figureOf(await read(), 'answered')).toEqual([18, 20]);
  expect(figureOf(await read('admin9001'), 'answered')).toEqual([27, 30]);
});

test('a reader sees no call of a line that is not theirs, and no seat of another centre', async () => {
  const seat = await sitAt('agent1001');
  const waiting = [{ line: '12350' as const, count: 1, longestMs: 5_000 }];
  await tell(
    seat,
    report({ position: 'talking', call: { line: '12350', forMs: 9_000 }, waiting }, { sentAt: clock.now() + 9_000 }),
  );
  const lead = await read();
  expect(lead.seats.find((one) => one.seat === '1001')).toMatchObject({ position: 'talking', call: null, waiting: 0 });
  expect(lead.waiting.count).toBe(0);
  expect((await read('admin9001')).waiting.count).toBe(1);
  expect((await read('far2001')).seats).toEqual([]);
});

test('a seat that is not heard of any more is 失联, and its callers are not counted; one that signed out is not', async () => {
  const [first, second] = [await sitAt('agent1001'), await sitAt('agent1002')];
  const waiting = [{ line: '12345' as const, count: 4, longestMs: 60_000 }];
  await tell(first, report({ waiting }, { sentAt: clock.now() + 20_000 }));
  await tell(second, report({ position: 'signed-out' }, { sentAt: clock.now() + 20_000 }));
  expect((await read()).alarms.map(({ kind }) => kind)).toEqual(['calls-waiting', 'longest-wait']);
  clock.advance(SEAT_SILENT_MS + 1);
  const board = await read();
  expect(board.seats.map(({ seat, isSilent }) => [seat, isSilent])).toEqual([
    ['1001', true],
    ['1002', false],
  ]);
  expect(board.waiting.count).toBe(0);
  expect(board.alarms.find(({ kind }) => kind === 'silent-seats')).toMatchObject({ value: 1, seats: ['1001'] });
  const restarted = await startTestServer({ clock, database: { url: server.databaseUrl, drop: async () => {} } });
  try {
    expect((await read('lead2001', restarted)).seats).toEqual(board.seats);
  } finally {
    await restarted.stop();
  }
});

test('only 班长, 督办员 and 管理员 read it; only who takes calls tells of a seat; nonsense and floods are refused', async () => {
  for (const account of ['agent1001', 'dispatcher4001', 'unit1', 'revisit5001']) {
    expect([account, codeOf(await (await signIn(account)).send('/board'))]).toEqual([account, 'FORBIDDEN']);
  }
  expect((await read('supervisor6001')).asOf).toBe(clock.now());
  expect(codeOf(await new TestConsole(server.url).send('/board'))).toBe('UNAUTHENTICATED');
  expect(await tell(await signIn('unit1'), report())).toBe('FORBIDDEN');
  const seat = await sitAt('agent1002');
  const bad: readonly object[] = [
    { ...report(), name: '王先生' },
    report({ position: 'asleep' as never }),
    report({ forMs: -1 }),
    report({}, { days: [{ day: '2026-02-30', ...CALLS }] }),
    report({}, { days: [{ day: day(), ...CALLS, line: '110' as never }] }),
    report({}, { days: [3, 4].map((offered) => ({ day: day(), ...CALLS, offered })) }),
  ];
  for (const one of bad) expect(codeOf(await seat.send('/board/seat', one))).toBe('BAD_INPUT');
  const flood = await Promise.all(Array.from({ length: 70 }, () => seat.send('/board/seat', report())));
  expect(flood.filter((one) => codeOf(one) === 'RATE_LIMITED').length).toBeGreaterThan(0);
  expect(await tell(await sitAt('agent1001'), report())).toBe(true);
});

test('what a seat tells of a line that its agent does not hold, or of days that cannot be, is not kept; the rest is', async () => {
  const before = figureOf(await read('admin9001'), 'answered');
  const seat = await sitAt('agent1003');
  const foreign = { line: '12350' as const };
  const days = [
    { day: day(), ...CALLS, ...foreign },
    { day: day(-2), ...CALLS },
    { day: day(-1), ...CALLS },
    { day: day(8), ...CALLS },
    { day: day(9), ...CALLS },
  ];
  const waiting = [
    { ...foreign, count: 3, longestMs: 1_000 },
    { line: '12345' as const, count: 1, longestMs: 1_000 },
  ];
  const state = { position: 'talking' as const, call: { ...foreign, forMs: 1_000 }, waiting };
  expect(await tell(seat, report(state, { days }))).toBe(true);
  clock.advance(6_000);
  const board = await read('admin9001');
  expect(board.seats.find((one) => one.seat === '1003')).toMatchObject({ position: 'talking', call: null, waiting: 1 });
  expect(figureOf(board, 'answered')).toEqual(before);
  const kept = await server.query<{ day: string; line: string }>(
    "SELECT day::text, line FROM seat_days JOIN users u ON u.id = user_id WHERE u.seat = '1003' ORDER BY day",
  );
  expect(kept).toEqual([
    { day: day(8), line: '12345' },
    { day: day(-1), line: '12345' },
  ]);
});

test('what was accepted, signed, answered and asked about today is counted with its denominators', async () => {
  const by = async (account: string, uid: TicketId, from: Ticket['status'], act: TicketAct, words = '情况属实') => {
    const args = { eventId: newId<EventId>(clock.now()), from, act, words };
    const seat = await signIn(account);
    const { reason } = await seat.pushOne({ kind: 'ticket.act', uid, args }, { baseVersion: 1_000, at: clock.now() });
    if (reason !== undefined) throw new Error(`${act.action}: ${reason}`);
  };
  const agent = await signIn('agent1001');
  const make = async (over = {}, args = {}) => {
    const body = createTicketBody(over, { createdAt: clock.now(), ...args });
    await agent.pushOne(body, { at: clock.now() });
    return body.uid;
  };
  await make({ answer: '已告知办理地点' }, { outcome: 'direct_answer' });
  const [good, bad, back] = [await make(), await make(), await make()];
  for (const uid of [good, bad, back]) await by('dispatcher4001', uid, 'to_dispatch', dispatchTo(UNIT));
  clock.advance(HOUR_MS);
  await by('unit1', back, 'to_sign', SAMPLE_ACTS.return);
  for (const uid of [good, bad]) {
    await by('unit1', uid, 'to_sign', SAMPLE_ACTS.sign, '');
    await by('unit1', uid, 'handling', SAMPLE_ACTS.reply, '已修复');
  }
  await by('revisit5001', good, 'to_callback', SAMPLE_ACTS.close, '');
  await by('revisit5001', bad, 'to_callback', SAMPLE_ACTS.redo, '灯还是不亮');
  clock.advance(6_000);
  const board = await read();
  expect(board.accepted).toEqual({ tickets: 4, events: 4 });
  expect(
    Object.fromEntries(
      board.figures.slice(3).map(({ name, numerator, denominator }) => [name, [numerator, denominator]]),
    ),
  ).toEqual({
    direct: [1, 4],
    signed: [2, 2],
    closed: [1, 1],
    consultTime: [0, 0],
    otherTime: [HOUR_MS, 1],
    returned: [1, 3],
    solved: [1, 2],
    satisfied: [1, 2],
    unreached: [0, 2],
  });
});

test('a ticket whose limit ran out within the hour is listed as newly overdue', async () => {
  await server.query(
    `INSERT INTO tickets (uid, number, scope, seq, version, centre, line, status, type, caller_phone, provisional_no, created_at, accepted_at, updated_at, unit, clocks, doc)
     SELECT gen_random_uuid(), 9000 + n, '${CENTRE}:12345:2026-01', 9000 + n, 1, '${CENTRE}', '12345', 'handling', 'help', '', '', 1, 1, 1, '某局',
       $2::jsonb || jsonb_build_object('dueAt', $1::bigint, 'orders', json_build_array(json_build_object('id', 'x', 'dueAt', $1::bigint))), '{}'
     FROM generate_series(1, 6) AS n`,
    [
      clock.now() - MINUTE_MS,
      JSON.stringify({
        stage: 'handle',
        run: null,
        close: {},
        metAt: null,
        shown: 'order',
        nearAt: 1,
        pausedSince: null,
        pausedFor: null,
        calendar: 'official',
      }),
    ],
  );
  clock.advance(6_000);
  const { alarms } = await read();
  const overdue = alarms.find(({ kind }) => kind === 'new-overdue');
  expect(overdue).toMatchObject({ value: 6, ticketCount: 6 });
  // The list says of each what ran out, and goes on counting it.
  expect(overdue?.tickets[0]?.clock).toMatchObject({ shown: 'order', dueAt: clock.now() - 6_000 - MINUTE_MS });
  expect(alarms.find(({ kind }) => kind === 'order-overdue')).toMatchObject({ level: 'bad', ticketCount: 6 });
  clock.advance(HOUR_MS);
  expect((await read()).alarms.some(({ kind }) => kind === 'new-overdue')).toBe(false);
});

test('特急 that nobody dispatches for five minutes raise an alarm with their tickets', async () => {
  const agent = await signIn('agent1001');
  const body = createTicketBody({ urgency: 'critical' }, { createdAt: clock.now() });
  await agent.pushOne(body, { at: clock.now() });
  const isRaised = async () => (await read()).alarms.find(({ kind }) => kind === 'critical-waiting');
  expect(await isRaised()).toBeUndefined();
  clock.advance(5 * MINUTE_MS);
  expect(await isRaised()).toBeUndefined();
  clock.advance(MINUTE_MS);
  expect(await isRaised()).toMatchObject({ value: 6, ticketCount: 1, tickets: [{ uid: body.uid }] });
});

test('of more 特急 than can be listed the alarm lists the oldest and tells how many there are', async () => {
  await server.query(
    `INSERT INTO tickets (uid, number, scope, seq, version, centre, line, status, type, caller_phone, provisional_no, created_at, accepted_at, updated_at, doc)
     SELECT gen_random_uuid(), 9100 + n, '${CENTRE}:12345:2026-01', 9100 + n, 1, '${CENTRE}', '12345', 'to_dispatch', 'help', '', '', 1, $1::bigint - n * 1000, 1,
       '{"fields":{"urgency":"critical"}}'
     FROM generate_series(1, 60) AS n`,
    [clock.now() - HOUR_MS],
  );
  clock.advance(6_000);
  const found = (await read()).alarms.find(({ kind }) => kind === 'critical-waiting');
  expect(found).toMatchObject({ value: 61, ticketCount: 61 });
  expect(found?.tickets).toHaveLength(50);
  expect(found?.tickets[0]?.number).toBe(9160);
});

test('what was accepted today is counted as 诉求 and as 事件: those of them that are under no 母单', async () => {
  clock.advance(6_000);
  const { accepted: before } = await read();
  const agent = await signIn('agent1001');
  const uids: TicketId[] = [];
  for (let index = 0; index < 3; index++) {
    const body = createTicketBody({}, { createdAt: clock.now() });
    await agent.pushOne(body, { at: clock.now() });
    uids.push(body.uid);
  }
  const [mother, joined, proposed] = uids as [TicketId, TicketId, TicketId];
  const act = { action: 'merge', parentUid: mother, parentNo: '', asProposed: false } as const;
  const args = { eventId: newId<EventId>(clock.now()), from: 'to_dispatch', act, words: '同一处路灯' } as const;
  const dispatcher = await signIn('dispatcher4001');
  expect(await dispatcher.pushOne({ kind: 'ticket.act', uid: joined, args }, { baseVersion: 1_000 })).toMatchObject({
    code: 'merged',
  });
  // Nobody has agreed yet: until then it is a 事件 of its own.
  const link = { eventId: newId<EventId>(clock.now()), parentUid: mother, reason: '' };
  await agent.pushOne({ kind: 'ticket.link', uid: proposed, args: link }, { at: clock.now() });
  clock.advance(6_000);
  const { accepted: after } = await read();
  expect(after).toEqual({ tickets: (before?.tickets ?? 0) + 3, events: (before?.events ?? 0) + 2 });
});
