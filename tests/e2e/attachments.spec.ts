import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { noisePng } from '../support/sample-files.ts';
import { AGENT, expect, startOnline, startSecondSeat, test } from './world.ts';

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

test('kill -9 in the middle of an upload: the rest is sent at the next start, and another seat looks at the picture', async ({
  cutWorld: world,
}) => {
  test.setTimeout(180_000);
  const first = await startOnline(world);
  await first.page.keyboard.press('Control+n');
  await first.write({ type: 'help', title: '护栏倾斜', content: '桥上护栏倾斜。', callerPhone: '13800006010' });
  await first.pick(TEST_IDS.intakeCategory, '路灯');
  const picture = { name: '护栏.png', mimeType: 'image/png', buffer: noisePng(800) };
  await first.get(`${TEST_IDS.intakeFiles}-input`).setInputFiles(picture);
  await expect(first.get(TEST_IDS.attachment(picture.name))).toHaveAttribute('data-state', 'held');
  // The server has taken the first piece, and the console never hears of it.
  const wasCut = world.proxy.cutNext(/\/attachments\/uploads\/[^/]+$/, 'after-server');
  await first.submit();
  await wasCut;
  await world.killApp();
  expect(await world.sql('SELECT 1 FROM attachments')).toEqual([]);

  await startOnline(world);
  await expect
    .poll(() => world.sql('SELECT size::int AS size FROM attachments'), { timeout: 60_000 })
    .toEqual([{ size: picture.buffer.length }]);
  // It went on where the server stood: nothing was begun anew.
  expect(world.proxy.passed.filter((path) => path.endsWith('/attachments/uploads'))).toHaveLength(1);

  const second = await startSecondSeat(world);
  await second.search('护栏倾斜');
  await second.get(TEST_IDS.searchResults).getByText('护栏倾斜').first().click();
  const file = second.get(TEST_IDS.attachment(picture.name));
  await expect(file).toHaveAttribute('data-state', 'remote');
  await second.get(TEST_IDS.attachmentFetch(picture.name)).click();
  await expect(file.locator('canvas[data-drawn]')).toHaveCount(1);
});
