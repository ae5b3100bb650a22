import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { saveCallRecord } from '#main/data/repositories/call-log.repository.ts';
import { createSeatReporter, type SeatReporter } from '#main/data/sync/seat-reporter.ts';
import { SEAT_ALIVE_MS, type SeatReport, type SeatState, seatReportSchema } from '#shared/domain/board/seat-report.ts';
import { DAY_MS } from '#shared/domain/clock/beijing-day.ts';
import { openTestWork, type TestWork } from '#tests/support/data/open-work.ts';
import { START, sampleCall, sampleRecord } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const READY: SeatState = { position: 'ready', reason: null, forMs: 0, call: null, waiting: [] };
let work: TestWork;
let reporter: SeatReporter;
let told: SeatReport[];
let answer: () => object;
let isOnline: boolean;
let elapsed: number;
let write: (run: () => unknown) => unknown;
let errors: unknown[];

beforeEach(() => {
  vi.useFakeTimers();
  work = openTestWork(tempFolder());
  told = [];
  isOnline = true;
  elapsed = 0;
  write = (run) => run();
  errors = [];
  answer = () => ({ kind: 'answer', value: { isTaken: true } });
  reporter = open();
});
afterEach(() => {
  reporter.stop();
  expect(errors).toEqual([]);
  work.db.close();
  vi.useRealTimers();
});

function open(): SeatReporter {
  return createSeatReporter({
    db: work.db,
    clock: work.clock,
    elapsed: () => elapsed,
    timeouts: { helloMs: 1, pushMs: 1, pullMs: 1 },
    write: (run) => write(run) as never,
    isOnline: () => isOnline,
    onError: (error) => errors.push(error),
    client: {
      post: async (_path, body) => {
        told.push(seatReportSchema.parse(JSON.parse(body)));
        return answer() as never;
      },
    },
  });
}

/** Lets time pass for timers and for both clocks alike. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1_000) {
    const step = Math.min(left, 1_000);
    elapsed += step;
    work.clock.advance(step);
    await vi.advanceTimersByTimeAsync(step);
  }
}
const record = (number: string, changes = {}, at = START) =>
  saveCallRecord(work.db, sampleRecord(sampleCall(number, at), changes), at);

test('changes that follow each other closely go out as one, with how long the last one has lasted', async () => {
  reporter.tell({ ...READY, position: 'ringing', call: { line: '12345', forMs: 0 } });
  await pass(400);
  reporter.tell({ ...READY, position: 'talking', call: { line: '12345', forMs: 400 } });
  await pass(600);
  expect(told.map(({ state }) => state)).toEqual([
    { ...READY, position: 'talking', forMs: 600, call: { line: '12345', forMs: 1_000 } },
  ]);
});

test('a seat that is signed in tells once a minute that it is there; one that signed out says so once', async () => {
  reporter.tell(READY);
  await pass(1_000 + 2 * SEAT_ALIVE_MS);
  expect(told.map(({ state }) => state.forMs)).toEqual([1_000, 1_000 + SEAT_ALIVE_MS, 1_000 + 2 * SEAT_ALIVE_MS]);
  reporter.tell({ ...READY, position: 'signed-out' });
  await pass(10 * SEAT_ALIVE_MS);
  expect(told).toHaveLength(4);
});

test('while the server is away nothing is tried; its next answer brings what is now', async () => {
  isOnline = false;
  reporter.tell(READY);
  await pass(5 * SEAT_ALIVE_MS);
  expect(told).toEqual([]);
  isOnline = true;
  reporter.wake();
  await pass(1_000);
  expect(told).toMatchObject([{ state: { position: 'ready', forMs: 5 * SEAT_ALIVE_MS + 1_000 } }]);
});

test('the calls of a day are told whole: offered, answered, within 30 seconds; passed-on and outbound ones are not counted', async () => {
  record('1', { answeredAt: START + 10_000 });
  record('2', { answeredAt: START + 40_000 });
  record('3', { answeredAt: null, outcome: 'missed' });
  record('4', { from: { seat: '1002', name: '周启明' } });
  record('5', { direction: 'out' });
  record('6', { line: '12350' });
  record('7', { endedAt: null, outcome: null });
  reporter.tell(READY);
  await pass(1_000);
  const day = { day: '2026-11-22', answeredQuickly: 1 };
  expect(told[0]?.days).toEqual([
    { ...day, line: '12345', offered: 3, answered: 2, waitMs: 50_000 },
    { ...day, line: '12350', offered: 1, answered: 1, waitMs: 3_000 },
  ]);
  // Writing the same down again is no news, another call is.
  reporter.wake();
  await pass(2_000);
  expect(told).toHaveLength(1);
  record('8');
  reporter.wake();
  await pass(1_000);
  expect(told[1]?.days[0]).toMatchObject({ offered: 4, answered: 3 });
});

test('what happened while the server was away for days is told then, each day for itself, and later only today', async () => {
  record('1', {}, START - 9 * DAY_MS);
  record('2', {}, START - 2 * DAY_MS);
  record('3');
  reporter.tell(READY);
  await pass(1_000);
  expect(told[0]?.days.map(({ day }) => day)).toEqual(['2026-11-20', '2026-11-22']);
  await pass(SEAT_ALIVE_MS);
  expect(told[1]?.days.map(({ day }) => day)).toEqual(['2026-11-22']);
});

test('a server that refuses it is left alone for a while; one that is busy is asked when it wants to be', async () => {
  answer = () => ({ kind: 'refused', status: 429, code: 'RATE_LIMITED', retryAfterMs: 20_000 });
  reporter.tell(READY);
  await pass(22_000);
  expect(told).toHaveLength(2);
  answer = () => ({ kind: 'refused', status: 404, code: 'NOT_FOUND', retryAfterMs: null });
  await pass(20_000);
  await pass(5 * SEAT_ALIVE_MS);
  expect(told).toHaveLength(3);
});

test.each([
  ['nobody answers', { kind: 'unreachable', detail: 'TIMED_OUT', because: 'timeout', retryAfterMs: null }],
  ['the server is busy', { kind: 'refused', status: 429, code: 'RATE_LIMITED', retryAfterMs: 30_000 }],
  ['a later one overtook it', { kind: 'answer', value: { isTaken: false } }],
])('a sign-out that was not taken (%s) is told again until it is, and then no more', async (_why, failing) => {
  answer = () => failing;
  reporter.tell({ ...READY, position: 'signed-out' });
  await pass(1_000);
  expect(told).toHaveLength(1);
  answer = () => ({ kind: 'answer', value: { isTaken: true } });
  await pass(SEAT_ALIVE_MS);
  expect(told.map(({ state }) => state.position)).toEqual(['signed-out', 'signed-out']);
  await pass(10 * SEAT_ALIVE_MS);
  expect(told).toHaveLength(2);
});

test('a sign-out whose report was lost with the network is told when the server answers again', async () => {
  answer = () => ({ kind: 'unreachable', detail: 'ECONNREFUSED', because: 'no-answer', retryAfterMs: null });
  reporter.tell({ ...READY, position: 'signed-out' });
  await pass(1_000);
  isOnline = false;
  await pass(5 * SEAT_ALIVE_MS);
  expect(told).toHaveLength(1);
  isOnline = true;
  answer = () => ({ kind: 'answer', value: { isTaken: true } });
  reporter.wake();
  await pass(1_000);
  expect(told).toHaveLength(2);
});

test('days that the server did not take are told again, those before today as well', async () => {
  record('1', {}, START - 2 * DAY_MS);
  answer = () => ({ kind: 'answer', value: { isTaken: false } });
  reporter.tell(READY);
  await pass(1_000);
  answer = () => ({ kind: 'answer', value: { isTaken: true } });
  await pass(SEAT_ALIVE_MS);
  expect(told.map(({ days }) => days.map(({ day }) => day))).toEqual([['2026-11-20'], ['2026-11-20']]);
});

test('a full disk keeps no seat from being told of', async () => {
  const full = new Error('DISK_FULL');
  write = () => {
    throw full;
  };
  reporter.tell(READY);
  await pass(1_000 + 2 * SEAT_ALIVE_MS);
  expect(told).toHaveLength(3);
  expect(errors.splice(0)).toEqual([full, full, full]);
});
