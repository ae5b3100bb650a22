import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { nextAttempt } from '#shared/domain/callback/callback-attempts.ts';
import { shippedCallbackRules } from '#shared/domain/callback/shipped-callback-rules.ts';
import { clocksAfter } from '#shared/domain/clock/clocks-after.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { beijing } from '../support/beijing.ts';
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
  await expect(row.getByTestId(TEST_IDS.clock)).toHaveText(/^正常( 剩)? 1(19|18|17) 分钟$/);
  await expect(row.getByTestId(TEST_IDS.clock)).toHaveAttribute('title', /^正常.*\n派单时限：.+（北京时间）/);

  await row.click();
  const limits = seat.get(TEST_IDS.ticketClocks);
  await expect(limits).toContainText('普通件：2 小时派单、1 个工作日签收、5 个工作日办结');
  await expect(limits).toContainText('催办提醒');
  await expect(limits.getByTestId(TEST_IDS.clock)).toHaveText(/^正常 剩 1(19|18|17) 分钟$/);

  await seat.getReady();
  await expect(seat.get(TEST_IDS.agentState)).toHaveText(/^空闲0:\d\d$/);
  await page.clock.install();
  await page.clock.fastForward('01:45:00');
  // Whoever waits has nothing moving beside them: their own state is told in minutes.
  await expect(seat.get(TEST_IDS.agentState)).toHaveText(/^空闲1 时 4[56] 分$/);
  await expect(seat.get(TEST_IDS.statusConnection)).toContainText('1 小时前');
  await expect(row.getByTestId(TEST_IDS.clock)).toHaveText(/^临近( 剩)? 1[0-9] 分钟$/);
  await page.clock.fastForward('03:30:00');
  await expect(row.getByTestId(TEST_IDS.clock)).toHaveText('超期 3 小时');
  await expect(limits.getByTestId(TEST_IDS.clock)).toHaveText('超期 3 小时');

  // What a search finds tells it too.
  const found = (await seat.search('路灯不亮两小时派单')).getByRole('option').first();
  await expect(found.getByTestId(TEST_IDS.clock)).toHaveText('超期 3 小时');
});

test('a ticket whose next call lies in a year without holiday data says so in the list and in its detail', async ({
  world,
}) => {
  const colleague = await startColleague(world);
  const body = createTicketBody({ title: '二〇二八年再回访' });
  await colleague.pushOne(body);
  const rules = shippedClockRules();
  const calledAt = beijing('2027-12-31 19:00');
  const next = nextAttempt([calledAt], null, shippedCallbackRules(), rules.calendar);
  const [row] = await world.sql<{ clocks: Ticket['clocks'] }>('SELECT clocks FROM tickets WHERE uid = $1', [body.uid]);
  const facts = { clocks: row?.clocks ?? null, acceptedAt: null, matter: null };
  const clocks = clocksAfter(facts, { kind: 'miss_callback', next }, calledAt, rules);
  await world.sql('UPDATE tickets SET clocks = $2 WHERE uid = $1', [
    body.uid,
    // As it is when the answer was given in time: nothing but the call is waited for.
    JSON.stringify({ ...clocks, metAt: 1, shown: 'stage', ...(clocks?.run ?? {}), calendar: clocks?.calendar }),
  ]);

  const seat = await startOnline(world);
  await seat.page.keyboard.press('Alt+3');
  await seat.get(`${TEST_IDS.queueFilter}-all`).check({ force: true });
  const line = seat.get(TEST_IDS.ticketTable).getByRole('row').filter({ hasText: '二〇二八年再回访' });
  await expect(line.getByTestId(TEST_IDS.clock).getByRole('img')).toHaveAttribute('aria-label', /没有节假日数据/);
  await line.click();
  await expect(seat.get(TEST_IDS.ticketClocks).getByRole('note')).toContainText('没有节假日数据，只按周一至周五推算');
});
