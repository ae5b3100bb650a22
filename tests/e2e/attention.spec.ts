import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { LIMITS } from '#shared/domain/ticket.ts';
import type { TicketAmendment } from '#shared/domain/ticket-amendment.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import type { Seat } from '../../scripts/driver/seat.ts';
import { type Bootstrap, SMALL_CENTRE } from '../support/bootstrap.ts';
import { expectGuarded } from '../support/guarded-fields.ts';
import { TestConsole } from '../support/test-console.ts';
import { expect, startOnline, test } from './world.ts';

const readTicket = async (world: Bootstrap) => {
  const rows = await world.sql<{ uid: TicketId; version: number; title: string; subject: string }>(`
    SELECT uid, version, doc->'fields'->>'title' AS title, doc->'fields'->>'subject' AS subject
    FROM tickets WHERE number > ${SMALL_CENTRE.tickets} ORDER BY number`);
  return rows[0];
};

/** A 班长 at another console. */
async function startLead(world: Bootstrap): Promise<TestConsole> {
  await world.sql(`UPDATE users SET role = 'lead' WHERE account = 'demo1002'`);
  const lead = new TestConsole(world.serverUrl ?? '');
  lead.mode = 'demo';
  return lead.signIn('demo1002', 'Demo-12345');
}

/** The agent corrects title and subject of a ticket; while they write, the 班长 corrects its title. */
async function letBothCorrect(world: Bootstrap, seat: Seat): Promise<void> {
  const { page } = seat;
  await page.keyboard.press('Control+n');
  await seat.write({ type: 'help', category: '路灯', title: '路灯不亮', content: '小区门口的路灯三天没有亮。' });
  await seat.get(TEST_IDS.intakeCallerPhone).fill('13800004751');
  await seat.submit();
  await expect.poll(async () => (await readTicket(world))?.version).toBe(1);
  await seat.waitForOutbox(0);

  await page.keyboard.press('Alt+2');
  const list = seat.get(TEST_IDS.ticketTable);
  await list.getByRole('row').filter({ hasText: '路灯不亮' }).waitFor();
  await list.press('ArrowDown');
  await list.press('Enter');
  await expect(seat.get(TEST_IDS.ticketTitle)).toHaveText('路灯不亮');
  await seat.get(TEST_IDS.ticketAmend).focus();
  await page.keyboard.press('Enter');
  const ticket = await readTicket(world);
  if (!ticket) throw new Error('no ticket');
  const lead = await startLead(world);
  const changes: TicketAmendment = { title: { from: '路灯不亮', to: '东门路灯不亮' } };
  const args = { eventId: newId<EventId>(systemClock.now()), changes, reason: '' };
  await lead.pushOne({ kind: 'ticket.amend', uid: ticket.uid, args }, { baseVersion: 1 });
  await seat.get(TEST_IDS.ticketAmendField('title')).fill('路灯坏了');
  await seat.get(TEST_IDS.ticketAmendField('subject')).fill('金陵物业');
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.statusAttention)).toContainText('1');
  await page.keyboard.press('Alt+5');
  await expect(seat.get(TEST_IDS.outboxRefused)).toContainText('别人在您之后改了同一项');
}

test('street, time and tags of a ticket are corrected by keys alone', async ({ world }) => {
  const seat = await startOnline(world);
  const { page } = seat;
  await page.keyboard.press('Control+n');
  await seat.write({ type: 'help', category: '路灯', title: '路灯不亮', content: '小区门口的路灯三天没有亮。' });
  await seat.get(TEST_IDS.intakeCallerPhone).fill('13800004752');
  await seat.submit();
  await expect.poll(async () => (await readTicket(world))?.version).toBe(1);
  await page.keyboard.press('Alt+2');
  const list = seat.get(TEST_IDS.ticketTable);
  await list.getByRole('row').filter({ hasText: '路灯不亮' }).waitFor();
  await list.press('ArrowDown');
  await list.press('Enter');
  await seat.get(TEST_IDS.ticketAmend).focus();
  await page.keyboard.press('Enter');
  const pick = async (field: string, typed: string) => {
    await seat.get(TEST_IDS.ticketAmendField(field)).focus();
    await page.keyboard.type(typed);
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Enter');
  };
  await pick('division', 'hxj');
  const occurred = seat.get(TEST_IDS.ticketAmendField('occurredAt'));
  await occurred.fill('前天不知几点');
  await occurred.press('Tab');
  await expect(page.getByText('无法识别这个时间')).toBeVisible();
  await expect(seat.get(TEST_IDS.ticketAmendConfirm)).toBeDisabled();
  await occurred.fill('昨天 8:30');
  await pick('tags', '老年');
  await page.keyboard.press('Control+Enter');
  const fields = async () =>
    (
      await world.sql<{ division: string; occurred: string; tags: string[] }>(`
        SELECT doc->'fields'->'place'->>'divisionCode' AS division, doc->'fields'->>'occurredAt' AS occurred,
          doc->'fields'->'tags' AS tags
        FROM tickets WHERE number > ${SMALL_CENTRE.tickets}`)
    )[0];
  await expect.poll(async () => (await fields())?.tags?.length).toBe(1);
  const stored = await fields();
  expect(stored?.division).toMatch(/^3201\d{5}$/);
  expect(new Date(Number(stored?.occurred) + 8 * 3_600_000).toISOString()).toContain('T08:30');
  await expect(seat.get(TEST_IDS.ticketDetail)).toContainText(stored?.tags[0] ?? '?');
});

test('a correction the server refused stands beside what it holds, and is merged by keys alone', async ({ world }) => {
  const seat = await startOnline(world);
  const { page } = seat;
  await letBothCorrect(world, seat);
  const row = seat.get(TEST_IDS.outboxCompared('title'));
  await expect(row).toContainText('路灯不亮');
  await expect(row).toContainText('路灯坏了');
  await expect(row).toContainText('东门路灯不亮');
  await expect(row).toHaveAttribute('data-clash', 'true');
  await expect(seat.get(TEST_IDS.outboxCompared('subject'))).toHaveAttribute('data-clash', 'false');

  await page.keyboard.press('Alt+m');
  const dialog = seat.get(TEST_IDS.outboxMergeConfirm);
  await expect(dialog).toBeVisible();
  // Esc decides nothing.
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(seat.get(TEST_IDS.outboxRefused)).toBeVisible();
  await page.keyboard.press('Alt+m');
  await seat.get(`${TEST_IDS.outboxMergeChoice('title')}-mine`).focus();
  await page.keyboard.press('3');
  await expect(seat.get(TEST_IDS.outboxMergeText('title'))).toBeFocused();
  await expectGuarded(seat.get(TEST_IDS.outboxMergeText('title')), LIMITS.title);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('东门两盏路灯坏了');
  await page.keyboard.press('Control+Enter');
  await expect
    .poll(() => readTicket(world))
    .toMatchObject({ title: '东门两盏路灯坏了', subject: '金陵物业', version: 3 });
  await expect(seat.get(TEST_IDS.statusAttention)).toHaveCount(0);

  await seat.get(`${TEST_IDS.outboxView}-settled`).check({ force: true });
  await expect(seat.get(TEST_IDS.outboxSettled)).toContainText('合并');
});

test('theirs by one key: nothing is sent, the ticket shows the other words, the own ones stay among the decided', async ({
  world,
}) => {
  const seat = await startOnline(world);
  await letBothCorrect(world, seat);
  await seat.page.keyboard.press('Alt+x');
  await expect(seat.get(TEST_IDS.statusAttention)).toHaveCount(0);
  await seat.waitForOutbox(0);
  expect(await readTicket(world)).toMatchObject({ title: '东门路灯不亮', version: 2 });
  await seat.get(`${TEST_IDS.outboxView}-settled`).check({ force: true });
  await expect(seat.get(TEST_IDS.outboxSettled)).toContainText('取对方');
});

test('mine by one key: a fresh operation on what the server holds now', async ({ world }) => {
  const seat = await startOnline(world);
  await letBothCorrect(world, seat);
  await seat.page.keyboard.press('Alt+r');
  await expect.poll(() => readTicket(world)).toMatchObject({ title: '路灯坏了', subject: '金陵物业', version: 3 });
  await seat.waitForOutbox(0);
});
