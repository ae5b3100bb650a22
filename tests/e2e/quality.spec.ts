import path from 'node:path';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { CHECK_TEXT } from '#shared/domain/quality/check.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import type { TicketId, UserId } from '#shared/kernel/ids.ts';
import { Seat } from '../../scripts/driver/seat.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { answerDrawn, signInDemo } from '../support/checks.ts';
import { expectGuarded } from '../support/guarded-fields.ts';
import { expect, test } from './world.ts';

const PASSWORD = 'Demo-12345';

async function makeDrawn(world: Bootstrap): Promise<TicketId> {
  const agent = await signInDemo(world.serverUrl ?? '', 'demo1001');
  const [user] = await world.sql<{ id: UserId }>(`SELECT id FROM users WHERE account = 'demo1001'`);
  const { ticketUid } = await answerDrawn(agent, forceUnwrap('an account', user).id, '咨询居住证办理');
  return ticketUid;
}

async function startSeat(world: Bootstrap, account: string): Promise<Seat> {
  const { page } = await world.launch({ profileDir: path.join(world.artifacts, account) });
  const seat = new Seat(page);
  await seat.startShift(account, PASSWORD);
  await seat.waitForConnection('online');
  return seat;
}

const readChecks = (world: Bootstrap, ticketUid: TicketId) =>
  world.sql<{ kind: string; points: string; appeal: string | null; settled: string | null }>(
    `SELECT kind, doc->'first'->>'points' AS points, doc->'appeal'->>'words' AS appeal, doc->'settled'->'score'->>'points' AS settled
     FROM records WHERE kind LIKE 'check%' AND doc->>'ticketUid' = $1 ORDER BY kind`,
    [ticketUid],
  );

/** Opens the page and the line of that ticket, by keys: the newest of all. */
async function openNewest(seat: Seat, key: 'Home' | 'End'): Promise<void> {
  const { keyboard } = seat.page;
  await keyboard.press('Alt+9');
  const table = seat.get(TEST_IDS.qualityTable);
  await table.getByRole('row').filter({ hasText: '咨询居住证办理' }).waitFor();
  await expect(table).toBeFocused();
  await keyboard.press(key);
  await keyboard.press('Enter');
  await seat.get(TEST_IDS.qualityPanel).waitFor();
}

test('a 质检员 scores without a network by keys alone, the agent appeals, a second checker settles it', async ({
  world,
}) => {
  test.setTimeout(300_000);
  const uid = await makeDrawn(world);
  const checker = await startSeat(world, 'demo7001');
  const { keyboard } = checker.page;
  await world.stopServer();
  await openNewest(checker, 'End');
  await expect(checker.get(TEST_IDS.qualityPoints('greeting'))).toBeFocused();
  // Two points off with a reason, four off further down; without a reason nothing is sent.
  await keyboard.type('2');
  await keyboard.press('Enter');
  await keyboard.insertText('没有报工号');
  await keyboard.press('Enter');
  await expect(checker.get(TEST_IDS.qualityPoints('manner'))).toBeFocused();
  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowDown');
  await keyboard.type('4');
  await keyboard.press('Control+Enter');
  await expect(checker.get(TEST_IDS.qualityReason('facts'))).toBeFocused();
  await keyboard.insertText('没有问是否首次办理');
  await expect(checker.get(TEST_IDS.qualityTotal)).toContainText('94 / 100');
  await keyboard.press('Control+Enter');
  await expect(checker.get(TEST_IDS.qualityPanel)).toHaveCount(0);
  await expect(checker.get(TEST_IDS.qualityRow(uid))).toHaveCount(0);
  await expect.poll(() => checker.outboxCount()).toBe(1);

  await world.startServer();
  await expect
    .poll(() => readChecks(world, uid), { timeout: 60_000 })
    .toEqual([
      { kind: 'check', points: '94', appeal: null, settled: null },
      { kind: 'check_copy', points: '94', appeal: null, settled: null },
    ]);
  await checker.page.close();

  const agent = await startSeat(world, 'demo1001');
  await openNewest(agent, 'Home');
  await expect(agent.get(TEST_IDS.qualityResult)).toContainText('没有报工号');
  await expect(agent.get(TEST_IDS.qualityWords)).toBeFocused();
  await expectGuarded(agent.get(TEST_IDS.qualityWords), CHECK_TEXT);
  await agent.page.keyboard.press('Control+a');
  await agent.page.keyboard.insertText('开头就报了工号，请听录音');
  await agent.page.keyboard.press('Control+Enter');
  await expect
    .poll(async () => (await readChecks(world, uid))[0]?.appeal, { timeout: 30_000 })
    .toBe('开头就报了工号，请听录音');

  const lead = await startSeat(world, 'demo2001');
  await lead.page.keyboard.press('Alt+9');
  await lead.get(`${TEST_IDS.qualityList}-appealed`).check({ force: true });
  const table = lead.get(TEST_IDS.qualityTable);
  await table.getByRole('row').filter({ hasText: '咨询居住证办理' }).click();
  await expect(lead.get(`${TEST_IDS.qualityOutcome}-kept`)).toBeFocused();
  await lead.page.keyboard.press('2');
  await lead.page.keyboard.press('Tab');
  await expectGuarded(lead.get(TEST_IDS.qualityWords), CHECK_TEXT);
  await lead.page.keyboard.press('Control+a');
  await lead.page.keyboard.insertText('录音里报了工号，这一项不扣');
  await lead.page.keyboard.press('Tab');
  await expect(lead.get(TEST_IDS.qualityPoints('greeting'))).toBeFocused();
  await lead.page.keyboard.press('Control+a');
  await lead.page.keyboard.press('Delete');
  await lead.page.keyboard.press('Control+Enter');
  await expect
    .poll(async () => (await readChecks(world, uid)).map(({ settled }) => settled), { timeout: 30_000 })
    .toEqual(['96', '96']);

  // The agent, whose result is open, reads the decision as it comes.
  await expect(agent.get(TEST_IDS.qualityResult)).toContainText('录音里报了工号，这一项不扣', { timeout: 30_000 });
  await expect(agent.get(TEST_IDS.qualityState)).toHaveText('已复核');
});
