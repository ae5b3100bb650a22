import path from 'node:path';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { PULL_MAX_ROWS } from '#shared/sync/protocol.ts';
import { createTicketBody } from '../support/test-console.ts';
import { AGENT, expect, startColleague, test } from './world.ts';

/** Three pages of a pull, and fewer than are packed into segments. */
const TICKETS = 2 * PULL_MAX_ROWS + 400;
const BATCH = 400;
/** What a page takes on a slow line, in ms: the second one leaves enough of the past to tell the time left by. */
const PAGE_MS = 4_000;

test('a first sync over a slow line says how far it is and how long it will take; meanwhile a ticket is written and sent', async ({
  cutWorld: world,
}) => {
  test.setTimeout(180_000);
  const colleague = await startColleague(world);
  for (let left = TICKETS; left > 0; left -= BATCH) {
    await colleague.push(Array.from({ length: BATCH }, () => colleague.op(createTicketBody())));
  }
  world.proxy.slowDown('/sync/pull', PAGE_MS);
  await world.startApp();
  const { seat } = world;
  const { page } = seat;
  await page.setViewportSize({ width: 1366, height: 768 });
  await seat.startShift(AGENT.account, AGENT.password);

  const banner = seat.get(TEST_IDS.firstSyncBanner);
  await expect(banner).toContainText('首次同步：已接收', { timeout: 30_000 });
  await expect(seat.get(TEST_IDS.statusSync)).toContainText('正在同步');
  await expect(banner).toContainText(/约剩 \d+ 秒/, { timeout: 30_000 });
  await page.screenshot({ path: path.join(world.artifacts, 'first-sync.png') });
  const bar = banner.getByRole('progressbar');
  const [done, total] = [Number(await bar.getAttribute('value')), Number(await bar.getAttribute('max'))];
  expect(done).toBeGreaterThanOrEqual(PULL_MAX_ROWS);
  expect(total).toBeGreaterThanOrEqual(TICKETS);

  await page.keyboard.press('Control+n');
  await seat.write({ type: 'help', category: '路灯', title: '同步时写的', content: '小区门口的路灯不亮。' });
  await seat.get(TEST_IDS.intakeCallerPhone).fill('13800004781');
  await seat.submit();
  await expect(banner).toHaveCount(0, { timeout: 60_000 });
  await expect(seat.get(TEST_IDS.statusScope)).toHaveAttribute('data-parity', 'equal', { timeout: 60_000 });
  await seat.waitForOutbox(0);
  const written = await world.sql(`SELECT 1 FROM tickets WHERE doc->'fields'->>'title' = '同步时写的'`);
  expect(written).toHaveLength(1);
});
