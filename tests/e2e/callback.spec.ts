import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { TicketAct } from '#shared/domain/ticket-act.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { answerCallback } from '../support/queue-hands.ts';
import { dispatchTo, SAMPLE_ACTS } from '../support/sample-acts.ts';
import { createTicketBody, TestConsole } from '../support/test-console.ts';
import { expect, setAgentRole, startOnline, test } from './world.ts';

const UNIT = '玄武区城管局';

/** More than the ticket has: whoever decides on it has seen everything. */
const SEEN_ALL = 1_000;

/** A lamp that its unit says it has repaired. */
async function makeAnswered(world: Bootstrap, title: string): Promise<TicketId> {
  const console = new TestConsole(world.serverUrl ?? '');
  console.mode = 'demo';
  await console.signIn('demo2001', 'Demo-12345');
  const body = createTicketBody({ title, originalWords: '天一黑就看不见路，老人都不敢出门。' });
  await console.pushOne(body);
  await world.sql(`UPDATE users SET role = 'unit', name = $1 WHERE account = 'demo1002'`, [UNIT]);
  const unit = new TestConsole(world.serverUrl ?? '');
  unit.mode = 'demo';
  await unit.signIn('demo1002', 'Demo-12345');
  const decide = async (who: TestConsole, from: TicketStatus, act: TicketAct, words = '') => {
    const args = { eventId: newId<EventId>(Date.now()), from, act, words };
    const { code } = await who.pushOne({ kind: 'ticket.act', uid: body.uid, args }, { baseVersion: SEEN_ALL });
    expect(code).toBe('merged');
  };
  await decide(console, 'to_dispatch', dispatchTo(UNIT));
  await decide(unit, 'to_sign', SAMPLE_ACTS.sign);
  await decide(unit, 'handling', SAMPLE_ACTS.reply, '线路已更换，当晚全部亮灯。');
  return body.uid;
}

test('without a network a 回访员 notes that nobody answered, calls again, and sends the ticket back with the citizen’s words', async ({
  world,
}) => {
  test.setTimeout(240_000);
  const uid = await makeAnswered(world, '南门路灯不亮');
  await setAgentRole(world, 'revisit');
  const seat = await startOnline(world);
  const { page } = seat;
  await page.keyboard.press('Alt+3');
  const list = seat.get(TEST_IDS.ticketTable);
  await list.getByRole('row').filter({ hasText: '南门路灯不亮' }).waitFor();
  await expect(list).toBeFocused();
  await world.stopServer();

  // Nobody answers: the attempt is kept with the time of the next one. Others of the centre may be due before, by the time of day.
  const row = list.getByRole('row').filter({ hasText: '南门路灯不亮' });
  const choose = () =>
    expect(async () => {
      await page.keyboard.press('j');
      await expect(row).toHaveAttribute('aria-selected', 'true', { timeout: 500 });
    }).toPass();
  await choose();
  await page.keyboard.press('a');
  const script = seat.get(TEST_IDS.callbackScript);
  await expect(script).toContainText('天一黑就看不见路');
  await expect(script).toContainText('线路已更换，当晚全部亮灯。');
  await expect(script).toContainText('不管结果怎样');
  await expect(seat.get(TEST_IDS.decideConfirm)).toBeDisabled();
  await answerCallback(seat, 'reached', 'no');
  await expect(seat.get(TEST_IDS.callbackNext).getByRole('radio', { checked: true })).toHaveCount(1);
  await expect(seat.get(TEST_IDS.decideConfirm)).toContainText('记未接通');
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.decideDialog)).toHaveCount(0);
  await expect(seat.get(TEST_IDS.ticketAttempts(uid))).toContainText('1 次 · ');
  await expect.poll(() => seat.outboxCount()).toBe(1);

  // Reached the second time: both questions, a cause for each no, and the words.
  await expect(list).toBeFocused();
  await choose();
  await page.keyboard.press('a');
  await script.waitFor();
  const answer = (field: string, value: string) => answerCallback(seat, field, value);
  await answer('reached', 'yes');
  await answer('solved', 'no');
  await answer('unsolvedCause', 'partly');
  await answer('satisfied', 'no');
  await answer('cause', 'untrue');
  await answer('way', 'redo');
  // What the unit is to do again is told in the citizen's words.
  await expect(seat.get(TEST_IDS.decideConfirm)).toBeDisabled();
  await seat.get(TEST_IDS.decideWords).fill('只亮了一盏，北边还是黑的。');
  await expect(seat.get(TEST_IDS.decideConfirm)).toContainText('重办');
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.decideDialog)).toHaveCount(0);
  await expect(list.getByRole('row').filter({ hasText: '南门路灯不亮' })).toHaveCount(0);

  await world.startServer();
  await expect
    .poll(
      () =>
        world.sql(
          `SELECT status, handling->>'round' AS round, json_array_length(handling->'attempts') AS attempts,
             handling->'callback'->>'unsolvedCause' AS left, handling->'callback'->>'cause' AS cause FROM tickets WHERE uid = $1`,
          [uid],
        ),
      { timeout: 60_000 },
    )
    .toEqual([{ status: 'handling', round: '2', attempts: 1, left: 'partly', cause: 'untrue' }]);
  await expect.poll(() => seat.outboxCount(), { timeout: 30_000 }).toBe(0);
});

test('a call from the dialog says itself whether somebody answered', async ({ world }) => {
  test.setTimeout(180_000);
  const uid = await makeAnswered(world, '西门路灯不亮');
  await setAgentRole(world, 'lead');
  const seat = await startOnline(world);
  const { page } = seat;
  await seat.getReady();
  await page.keyboard.press('Alt+3');
  // The queues stand still once they are counted.
  await seat.get(TEST_IDS.queueFigures).waitFor();
  await seat.get(`${TEST_IDS.queueFilter}-callback`).check({ force: true });
  await seat.get(TEST_IDS.ticketTable).getByRole('row').filter({ hasText: '西门路灯不亮' }).click();
  await seat.get(TEST_IDS.triage('callback')).click();
  await seat.get(TEST_IDS.callbackDial).click();
  await seat.waitForAgent('talking');
  await expect(seat.get(`${TEST_IDS.decideAnswer('reached')}-yes`)).toBeChecked();
  const answer = (field: string, value: string) => answerCallback(seat, field, value);
  await answer('solved', 'yes');
  await answer('satisfied', 'yes');
  await seat.get(TEST_IDS.decideWords).fill('亮了，谢谢。');
  await seat.hangUp();
  await page.keyboard.press('Control+Enter');
  await expect
    .poll(
      () =>
        world.sql(`SELECT status, handling->'callback'->>'satisfied' AS satisfied FROM tickets WHERE uid = $1`, [uid]),
      {
        timeout: 30_000,
      },
    )
    .toEqual([{ status: 'closed', satisfied: 'true' }]);
  await expect
    .poll(() => world.sql(`SELECT body FROM ticket_events WHERE ticket_uid = $1 AND kind = 'called'`, [uid]))
    .toEqual([{ body: 'answered' }]);
});
