import { TEST_IDS } from '#renderer/app/test-ids.ts';
import { noisePng } from '../support/sample-files.ts';
import { AGENT, expect, test } from './world.ts';

test('a photo attached at intake is sent with the ticket, drawn, and opened', async ({ world }) => {
  const { page } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.waitForConnection('online');
  await page.keyboard.press('Control+n');
  await seat.write({ type: 'help', title: '路灯附图', content: '路灯坏了。', callerPhone: '13800006009' });
  await seat.pick(TEST_IDS.intakeCategory, '路灯');
  const buffer = noisePng(400);
  await seat.get(`${TEST_IDS.intakeFiles}-input`).setInputFiles({ name: '现场.png', mimeType: 'image/png', buffer });
  await expect(seat.get(TEST_IDS.attachment('现场.png'))).toHaveAttribute('data-state', 'held');
  await seat.get(TEST_IDS.attachment('现场.png')).scrollIntoViewIfNeeded();
  await seat.submit();
  await page.keyboard.press('Alt+2');
  await page.getByRole('row').nth(1).click();
  await expect(seat.get(TEST_IDS.attachment('现场.png'))).toHaveAttribute('data-state', 'sent');
  await expect(seat.get(TEST_IDS.attachment('现场.png')).locator('canvas[data-drawn]')).toHaveCount(1);
  await seat.get(TEST_IDS.ticketFiles).scrollIntoViewIfNeeded();
});
