import path from 'node:path';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { createTicketBody, TestConsole } from '../support/test-console.ts';
import { expect, setAgentRole, startOnline, test } from './world.ts';

const RENTAL = '群租房住二十人';
const LOOKS = [
  { language: 'zh-CN', theme: 'light', width: 1366, height: 768 },
  { language: 'en', theme: 'dark', width: 1920, height: 1080 },
  { language: 'zh-CN', theme: 'dark', width: 1366, height: 768 },
] as const;

test('a console shows to whom a ticket went, lets the citizen be waited for without a network', async ({ world }) => {
  test.setTimeout(240_000);
  await setAgentRole(world, 'supervisor');
  const lead = new TestConsole(world.serverUrl ?? '');
  lead.mode = 'demo';
  await lead.signIn('demo2001', 'Demo-12345');
  const body = createTicketBody({ title: RENTAL, categoryCode: '050401' });
  await lead.pushOne(body);
  const seat = await startOnline(world);
  const { page } = seat;
  await page.keyboard.press('Alt+3');
  await seat.get(`${TEST_IDS.queueFilter}-dispatch`).check({ force: true });
  const row = seat.get(TEST_IDS.ticketTable).getByRole('row').filter({ hasText: RENTAL });
  await expect(row).toBeVisible({ timeout: 30_000 });
  await row.click();
  const police = seat.get(TEST_IDS.ticketFlow('police'));
  await expect(police).toContainText('公安机关');
  await expect(police).toContainText('待签收');
  await expect(seat.get(TEST_IDS.ticketEvents)).toContainText('流转');

  await world.stopServer();
  await seat.get(TEST_IDS.overlayOpen('wait')).click();
  await expect(seat.get(TEST_IDS.overlayWords)).toBeFocused();
  await page.keyboard.insertText('请补充门牌号');
  await seat.get(TEST_IDS.overlayField('until')).focus();
  await page.keyboard.insertText('明天 17:00');
  await seat.get(TEST_IDS.overlayWords).focus();
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.overlayDialog)).toHaveCount(0);
  await expect(seat.get(TEST_IDS.ticketWaiting)).toContainText('到期自动恢复计时');
  await expect(row).toContainText('暂停');
  for (const { language, theme, width, height } of LOOKS) {
    await page.setViewportSize({ width, height });
    await page.evaluate((look) => window.hotline.invoke('shell:preferences:set', look).then(() => undefined), {
      language,
      theme,
    });
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    await seat.get(TEST_IDS.ticketWaiting).scrollIntoViewIfNeeded();
    await page.screenshot({ path: path.join(world.artifacts, `flow-${language}-${theme}-${width}.png`) });
  }

  // Each has a queue of its own, without a network too.
  await seat.get(`${TEST_IDS.queueFilter}-waiting`).check({ force: true });
  await expect(row).toContainText('17:00');
  await seat.get(`${TEST_IDS.queueFilter}-elsewhere`).check({ force: true });
  await expect(seat.get(TEST_IDS.ticketElsewhere(body.uid))).toHaveText('公安机关 待签收');
  await seat.get(`${TEST_IDS.queueFilter}-dispatch`).check({ force: true });
  await row.click();

  await world.startServer();
  await expect.poll(() => seat.outboxCount(), { timeout: 60_000 }).toBe(0);
  const waits = () =>
    world.sql<{ waits: boolean }>("SELECT handling ->> 'waiting' IS NOT NULL AS waits FROM tickets WHERE uid = $1", [
      body.uid,
    ]);
  await expect.poll(async () => (await waits())[0]?.waits, { timeout: 30_000 }).toBe(true);
});
