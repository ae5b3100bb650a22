import { createHash, randomUUID } from 'node:crypto';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { startUnitSimulator } from '#server/demo/units/unit-simulator.ts';
import { silentLog } from '#server/log.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { createTicketBody, TestConsole } from '../support/test-console.ts';
import { expect, setAgentRole, startOnline, test } from './world.ts';

// Somebody is there around the clock: the rule proposes it at whatever hour the test runs.
const UNIT = '南京市路灯管理处';

test('what a 派单员 sends to a unit is signed and answered by it, and waits for the 回访 before their eyes', async ({
  world,
}) => {
  test.setTimeout(180_000);
  await setAgentRole(world, 'dispatcher');
  const agent = new TestConsole(world.serverUrl ?? '');
  agent.mode = 'demo';
  await agent.signIn('demo2001', 'Demo-12345');
  const body = createTicketBody({ title: '东门路灯不亮', categoryCode: '020201', urgency: 'urgent' });
  await agent.pushOne(body);
  const key = `unit-${'A'.repeat(43)}`;
  await world.sql(
    `INSERT INTO unit_keys (id, hash, centre, lines, units, holder, created_at) VALUES ($1, $2, '320100', '{12345}', $3, $4, 0)`,
    [randomUUID(), createHash('sha256').update(key).digest(), [UNIT], UNIT],
  );
  const seat = await startOnline(world);
  const units = startUnitSimulator({
    url: world.serverUrl ?? '',
    key,
    seed: 1,
    clock: systemClock,
    log: silentLog,
    pace: 0.1,
  });
  try {
    await seat.page.keyboard.press('Alt+3');
    const list = seat.get(TEST_IDS.ticketTable);
    await list.getByRole('row').filter({ hasText: '东门路灯不亮' }).waitFor();
    await expect(list).toBeFocused();
    await seat.page.keyboard.press('j');
    await seat.page.keyboard.press('d');
    await expect(seat.get(TEST_IDS.decideUnit)).toHaveValue(UNIT);
    await seat.page.keyboard.press('Control+Enter');
    await expect(seat.get(TEST_IDS.decideDialog)).toHaveCount(0);

    await seat.get(`${TEST_IDS.queueFilter}-callback`).check({ force: true });
    const answered = list.getByRole('row').filter({ hasText: '东门路灯不亮' });
    await answered.waitFor({ timeout: 60_000 });
    await answered.dblclick();
    const events = seat.get(TEST_IDS.ticketEvents);
    for (const step of ['签收', '答复', '待回访']) await expect(events).toContainText(step);
    await expect(events).toContainText(UNIT);
  } finally {
    await units.stop();
  }
});
