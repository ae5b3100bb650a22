import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { AGENT, expect, test } from './world.ts';

/** Types into the box and presses Enter while nothing is answered yet: the data process stands still meanwhile. */
async function enterBeforeTheAnswer(world: Bootstrap, typed: string): Promise<void> {
  const { page } = world.app;
  const pid = forceUnwrap('the data process runs', await world.app.dataProcessId());
  process.kill(pid, 'SIGSTOP');
  try {
    await page.keyboard.press('Control+a');
    await page.keyboard.type(typed);
    await page.keyboard.press('Enter');
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

test('Enter opens the first of what the words in the box mean, never a line found for the words before', async ({
  world,
}) => {
  const { page } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.waitForConnection('online');
  for (const [title, callerPhone] of [
    ['桥下积水没过脚踝', '13800005021'],
    ['凉亭木椅断裂', '13800005022'],
  ] as const) {
    await page.keyboard.press('Control+n');
    await seat.write({ type: 'help', category: '路灯', title, content: title, callerPhone });
    await seat.submit();
  }

  // The search page.
  const results = await seat.search('凉亭木椅');
  await expect(results.getByRole('option')).toHaveCount(1);
  await enterBeforeTheAnswer(world, '桥下积水');
  await expect(seat.get(TEST_IDS.ticketTitle)).toHaveText('桥下积水没过脚踝');

  // The palette.
  await page.keyboard.press('Control+k');
  await expect(seat.get(TEST_IDS.paletteInput)).toBeFocused();
  await page.keyboard.type('桥下积水');
  await expect(seat.get(TEST_IDS.palette).getByRole('option').first()).toContainText('桥下积水没过脚踝');
  await enterBeforeTheAnswer(world, '凉亭木椅');
  await expect(seat.get(TEST_IDS.ticketTitle)).toHaveText('凉亭木椅断裂');

  // The knowledge page.
  await page.keyboard.press('Alt+7');
  await seat.get(TEST_IDS.knowledgeSearch).fill('拖欠农民工工资怎么讨');
  await expect(seat.get(TEST_IDS.knowledgeList).getByRole('option').first()).toContainText('拖欠农民工工资怎么讨');
  await enterBeforeTheAnswer(world, '饭店油烟扰民');
  await expect(seat.get(TEST_IDS.articleTitle)).toHaveText('饭店油烟扰民');
  // Typing on takes the key back.
  await enterBeforeTheAnswer(world, '拖欠农民工工资');
  await page.keyboard.type('怎么');
  await expect(seat.get(TEST_IDS.knowledgeCount)).toContainText('1');
  await page.keyboard.press('Enter');
  await expect(seat.get(TEST_IDS.articleTitle)).toHaveText('拖欠农民工工资怎么讨');
});
