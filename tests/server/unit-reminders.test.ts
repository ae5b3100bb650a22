import { afterAll, beforeAll, expect, test } from 'vitest';
import { addUnitKey } from '#server/units/unit-keys.ts';
import { addUnitWebhook } from '#server/units/unit-webhooks.ts';
import { remindUnits } from '#server/upkeep/remind-units.ts';
import { HOUR_MS, MINUTE_MS } from '#shared/domain/clock/beijing-day.ts';
import { addWorkdays } from '#shared/domain/clock/clock-run.ts';
import { shippedCalendar } from '#shared/domain/clock/shipped-calendar.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import { dispatchTo, SAMPLE_ACTS } from '#tests/support/sample-acts.ts';
import { CENTRE, createManualClock, startTestServer, type TestServer } from '#tests/support/server.ts';
import { createTicketBody, pullTicket, TestConsole } from '#tests/support/test-console.ts';

const UNIT = '鼓楼区城管局';
const calendar = shippedCalendar();
/** Wednesday morning: five working days later lies behind a weekend. */
const clock = createManualClock(Date.UTC(2026, 10, 25, 2));
let server: TestServer;
let other: TestServer;

beforeAll(async () => {
  server = await startTestServer({ clock });
  other = await startTestServer({ clock, database: { url: server.databaseUrl, drop: async () => {} } });
  await server.addAccount({ account: 'agent1' });
  await server.addAccount({ account: 'dispatcher1', role: 'dispatcher' });
  await server.addAccount({ account: 'unit1', role: 'unit', name: UNIT });
  const key = await addUnitKey(
    server.services.pool,
    { centre: CENTRE, lines: ['12345'], units: [UNIT], holder: UNIT },
    clock.now(),
  );
  // Nobody listens there: what is to be told stays written down.
  await addUnitWebhook(server.services.pool, key.id, 'http://127.0.0.1:9/news', clock.now());
});
afterAll(async () => {
  await other.stop();
  await server.stop();
});

interface Reminder {
  readonly ticket: { readonly uid: string; readonly unit: string; readonly as: string };
  readonly reminder: { readonly days: number; readonly dueAt: number };
}
async function reminders(uid: TicketId): Promise<readonly (readonly number[])[]> {
  const rows = await server.query<{ body: string }>(
    `SELECT body FROM unit_deliveries WHERE body LIKE '%ticket.reminder%' ORDER BY made_at, id`,
  );
  const all = rows.map(({ body }) => JSON.parse(body) as Reminder);
  return all
    .filter(({ ticket }) => ticket.uid === uid)
    .map(({ reminder }) => [reminder.days, reminder.dueAt])
    .sort(byMoment);
}
/** One look may find several, which are told in any order. */
const byMoment = (a: readonly number[], b: readonly number[]) => (a[1] ?? 0) - (b[1] ?? 0) || (a[0] ?? 0) - (b[0] ?? 0);

async function act(account: string, uid: TicketId, from: string, what: object): Promise<void> {
  const args = { eventId: newId<EventId>(clock.now()), from, act: what, words: '情况属实' } as never;
  const seat = await new TestConsole(server.url).signIn(account);
  const { reason } = await seat.pushOne({ kind: 'ticket.act', uid, args }, { baseVersion: 1_000, at: clock.now() });
  if (reason !== undefined) throw new Error(reason);
}
async function dispatched(): Promise<{ readonly uid: TicketId; readonly dueAt: number }> {
  const agent = await new TestConsole(server.url).signIn('agent1');
  const body = createTicketBody({}, { createdAt: clock.now() });
  await agent.pushOne(body, { at: clock.now() });
  await act('dispatcher1', body.uid, 'to_dispatch', dispatchTo(UNIT));
  const { clocks } = await pullTicket(agent, body.uid);
  if (!clocks) throw new Error('no limits');
  return { uid: body.uid, dueAt: clocks.close.dueAt };
}
/** Both servers look at the same moment. */
const lookAt = async (at: number) => {
  clock.advance(at - clock.now());
  await Promise.all([remindUnits(server.services.pool, clock), remindUnits(other.services.pool, clock)]);
};
const stepOf = (dueAt: number, days: number) => addWorkdays(dueAt, days, calendar);

test('a unit is reminded one working day before, one and five after a limit, once each although two servers look', async () => {
  const { uid, dueAt } = await dispatched();
  await lookAt(stepOf(dueAt, -1) - MINUTE_MS);
  expect(await reminders(uid)).toEqual([]);
  await lookAt(stepOf(dueAt, -1));
  await lookAt(stepOf(dueAt, -1) + HOUR_MS);
  expect(await reminders(uid)).toEqual([[-1, dueAt]]);
  await lookAt(stepOf(dueAt, 1));
  await lookAt(stepOf(dueAt, 5));
  await lookAt(stepOf(dueAt, 5) + HOUR_MS);
  expect(await reminders(uid)).toEqual([
    [-1, dueAt],
    [1, dueAt],
    [5, dueAt],
  ]);
  const [sent] = await server.query<{ body: string }>(`SELECT body FROM unit_deliveries WHERE body LIKE '%reminder%'`);
  expect(sent?.body).not.toMatch(/路灯|王先生|138\d{8}/);
});

test('a server that was away reminds of what came meanwhile; what was answered or stands still is not reminded of', async () => {
  const [late, answered, paused] = [await dispatched(), await dispatched(), await dispatched()];
  for (const { uid } of [answered, paused]) await act('unit1', uid, 'to_sign', SAMPLE_ACTS.sign);
  await act('unit1', answered.uid, 'handling', SAMPLE_ACTS.reply);
  await act('dispatcher1', paused.uid, 'handling', SAMPLE_ACTS.put_on_account);
  await lookAt(stepOf(late.dueAt, 1) + HOUR_MS);
  expect(await reminders(late.uid)).toEqual([
    [-1, late.dueAt],
    [1, late.dueAt],
  ]);
  expect(await reminders(answered.uid)).toEqual([]);
  expect(await reminders(paused.uid)).toEqual([]);
});

test('an extended limit is reminded of anew', async () => {
  const { uid, dueAt } = await dispatched();
  await act('unit1', uid, 'to_sign', SAMPLE_ACTS.sign);
  await lookAt(stepOf(dueAt, -1));
  await act('unit1', uid, 'handling', SAMPLE_ACTS.ask_extension);
  await act('dispatcher1', uid, 'extension_review', SAMPLE_ACTS.decide_extension);
  const longer = addWorkdays(dueAt, 5, calendar);
  await lookAt(stepOf(longer, -1) + MINUTE_MS);
  expect(await reminders(uid)).toEqual([
    [-1, dueAt],
    [-1, longer],
  ]);
});
