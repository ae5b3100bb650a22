import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { confirmTicket, saveTicket } from '#main/data/repositories/ticket.repository.ts';
import {
  acknowledgeReminders,
  listReminders,
  nextReminderAt,
  watchReminders,
} from '#main/data/services/reminder.service.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#shared/domain/clock/beijing-day.ts';
import { addWorkdays } from '#shared/domain/clock/clock-run.ts';
import { clocksAfter } from '#shared/domain/clock/clocks-after.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import type { Role } from '#shared/domain/roles.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { openTestWork, type TestWork } from '#tests/support/data/open-work.ts';
import { AGENT, START, sampleTicket } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const RULES = shippedClockRules();
const { calendar } = RULES;
const MATTER = { categoryCode: null, type: 'complaint', urgency: 'normal' } as const;
const tempFolder = prepareTempFolders();
/** START is a Sunday: limits that begin on it all end with the Friday. */
const MONDAY = START + DAY_MS;
let work: TestWork;

function openAs(role: Role): TestWork {
  work = openTestWork(tempFolder(), { ...AGENT, role });
  return work;
}
beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  work.db.close();
  vi.useRealTimers();
});

/** A ticket with a unit whose limit for 办结 ends five working days after it was accepted. */
function put(
  number: number,
  acceptedAt: number,
  over: Partial<Ticket> = {},
): { readonly uid: Ticket['uid']; readonly dueAt: number } {
  const clocks = clocksAfter({ clocks: null, acceptedAt, matter: MATTER }, { kind: 'accept' }, acceptedAt, RULES);
  if (!clocks) throw new Error('no limits');
  const ticket = sampleTicket(number, { status: 'handling', acceptedAt, clocks, ...over });
  saveTicket(work.db, ticket);
  return { uid: ticket.uid, dueAt: ticket.clocks?.close.dueAt ?? 0 };
}
const setTo = (at: number) => work.clock.advance(at - work.clock.now());
const listed = () => listReminders(work.ctx).reminders.map(({ uid, days }) => [uid, days]);
const stepOf = (dueAt: number, days: number) => addWorkdays(dueAt, days, calendar);

test('a ticket is listed one working day before its limit, then as overdue by one, then by five: the last step only', () => {
  openAs('lead');
  const { uid, dueAt } = put(1, START);
  setTo(stepOf(dueAt, -1) - 1);
  expect(listed()).toEqual([]);
  setTo(stepOf(dueAt, -1));
  expect(listed()).toEqual([[uid, -1]]);
  setTo(stepOf(dueAt, 1));
  expect(listed()).toEqual([[uid, 1]]);
  setTo(stepOf(dueAt, 5));
  expect(listReminders(work.ctx).reminders).toMatchObject([
    { uid, days: 5, dueAt, at: stepOf(dueAt, 5), ticket: { title: '路灯不亮' } },
  ]);
  setTo(stepOf(dueAt, 5) + 8 * DAY_MS);
  expect(listed()).toEqual([]);
});

test('the limit that came with the answer to a new ticket is reminded of like a pulled one', () => {
  openAs('lead');
  const clocks = clocksAfter({ clocks: null, acceptedAt: START, matter: MATTER }, { kind: 'accept' }, START, RULES);
  const dueAt = clocks?.close.dueAt ?? 0;
  const { uid } = put(1, START, { status: 'submitted', acceptedAt: null, number: null, version: 0, clocks: null });
  expect(nextReminderAt(work.ctx, START)).toBeNull();
  const facts = { number: 1, status: 'to_dispatch' as const, acceptedAt: START, closedAt: null, dueAt, clocks };
  confirmTicket(work.db, { uid, applied: 1, version: 1, facts });
  expect(nextReminderAt(work.ctx, START)).toBe(stepOf(dueAt, -1));
  setTo(stepOf(dueAt, -1));
  expect(listReminders(work.ctx).reminders).toMatchObject([{ uid, days: -1, dueAt }]);
});

test('what was taken note of is gone until the next step, also after the console was started again; another limit is another reminder', () => {
  openAs('dispatcher');
  const first = put(1, START);
  const second = put(2, START + MINUTE_MS);
  setTo(stepOf(second.dueAt, -1));
  expect(listed()).toEqual([
    [second.uid, -1],
    [first.uid, -1],
  ]);
  acknowledgeReminders(work.ctx, [{ uid: first.uid, days: -1, dueAt: first.dueAt }]);
  acknowledgeReminders(work.ctx, [{ uid: first.uid, days: -1, dueAt: first.dueAt }]);
  expect(work.announced).toContain('reminders');
  expect(listed()).toEqual([[second.uid, -1]]);
  setTo(stepOf(first.dueAt, 1));
  expect(listed()).toContainEqual([first.uid, 1]);
});

test('督办员 hear of what is overdue only, agents of nothing', () => {
  openAs('supervisor');
  const { uid, dueAt } = put(1, START);
  setTo(stepOf(dueAt, -1));
  expect(listed()).toEqual([]);
  setTo(stepOf(dueAt, 1));
  expect(listed()).toEqual([[uid, 1]]);
  work.db.close();
  openAs('agent');
  put(1, START);
  setTo(stepOf(dueAt, 1));
  expect(listed()).toEqual([]);
  expect(nextReminderAt(work.ctx, work.clock.now())).toBeNull();
});

test('what was answered, stands still, is closed or was late from its beginning is not reminded of', () => {
  openAs('lead');
  const limits = (acceptedAt: number) =>
    clocksAfter({ clocks: null, acceptedAt, matter: MATTER }, { kind: 'accept' }, acceptedAt, RULES);
  const clocks = limits(START);
  if (!clocks) throw new Error('no limits');
  const { close } = clocks;
  put(1, START, { status: 'replied', clocks: { ...clocks, metAt: START + HOUR_MS } });
  put(2, START, { clocks: { ...clocks, pausedSince: START + HOUR_MS, pausedFor: 'citizen' } });
  put(3, START, { status: 'closed' });
  const short = START + 4 * HOUR_MS;
  put(4, START, {
    clocks: { ...clocks, close: { ...close, startedAt: START + 3 * HOUR_MS, dueAt: short, scale: 'real' } },
  });
  setTo(short - MINUTE_MS);
  expect(listed()).toEqual([]);
  setTo(stepOf(close.dueAt, -1) + MINUTE_MS);
  expect(listed().map(([, days]) => days)).toEqual([1]);
});

test('the moment is announced by one timer, and a limit that comes in meanwhile moves it', async () => {
  openAs('lead');
  const { dueAt } = put(1, MONDAY);
  const next = stepOf(dueAt, -1);
  expect(nextReminderAt(work.ctx, work.clock.now())).toBe(next);
  setTo(next - MINUTE_MS);
  const watch = watchReminders(work.ctx, (error) => {
    throw error;
  });
  const pass = async (ms: number) => {
    work.clock.advance(ms);
    await vi.advanceTimersByTimeAsync(ms);
  };
  await pass(50_000);
  expect(work.announced).not.toContain('reminders');
  const sooner = put(2, MONDAY - 5_000);
  expect(stepOf(sooner.dueAt, -1)).toBe(next - 5_000);
  watch.wake();
  await pass(5_500);
  expect(work.announced.filter((topic) => topic === 'reminders')).toHaveLength(1);
  await pass(5_000);
  expect(work.announced.filter((topic) => topic === 'reminders')).toHaveLength(2);
  watch.stop();
});
