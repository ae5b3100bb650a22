import { TEST_IDS } from '#renderer/app/test-ids.ts';
import { createTicketBody } from '../support/test-console.ts';
import { expect, startColleague, startOnline, test } from './world.ts';

test('a ticket tells in words how long its limit still lasts, in the list and in its detail, and goes over it before the eyes', async ({
  world,
}) => {
  const seat = await startOnline(world);
  const { page } = seat;
  const colleague = await startColleague(world);
  await colleague.pushOne(createTicketBody({ title: '路灯不亮两小时派单' }));

  await page.keyboard.press('Alt+3');
  await seat.get(`${TEST_IDS.queueFilter}-all`).check({ force: true });
  const row = seat.get(TEST_IDS.ticketTable).getByRole('row').filter({ hasText: '路灯不亮两小时派单' });
  // 派单 within two hours: less than a minute of them is gone.
  await expect(row.getByTestId(TEST_IDS.clock)).toHaveText(/^剩 1(19|18|17) 分钟$/);
  await expect(row.getByTestId(TEST_IDS.clock)).toHaveAttribute('title', /^正常\n派单时限：.+（北京时间）/);

  await row.click();
  const limits = seat.get(TEST_IDS.ticketClocks);
  await expect(limits).toContainText('普通件：2 小时派单、1 个工作日签收、5 个工作日办结');
  await expect(limits).toContainText('催办提醒');

  await page.clock.install();
  await page.clock.fastForward('01:45:00');
  await expect(row.getByTestId(TEST_IDS.clock)).toHaveText(/^临近 剩 1[0-9] 分钟$/);
  await page.clock.fastForward('03:30:00');
  await expect(row.getByTestId(TEST_IDS.clock)).toHaveText('超期 3 小时');
  await expect(limits.getByTestId(TEST_IDS.clock)).toHaveText('超期 3 小时');
});
