import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { type Bootstrap, SMALL_CENTRE } from '../support/bootstrap.ts';
import { expectGuarded, expectSaid, REFUSED_TEXTS } from '../support/guarded-fields.ts';
import { tryTexts } from '../support/odd-text.ts';
import { noisePng } from '../support/sample-files.ts';
import { checkerOf } from './looks.ts';
import { AGENT, expect, startOnline, startSecondSeat, test } from './world.ts';

const PASSPHRASE = '雨天里的第三盏路灯还亮着';

const readTickets = (world: Bootstrap) =>
  world.sql<{ title: string; name: string }>(`
    SELECT doc->'fields'->>'title' AS title, doc->>'createdByName' AS name
    FROM tickets WHERE number > ${SMALL_CENTRE.tickets} ORDER BY number`);

test('without a network: saved to a file by keys, brought in at a 班长’s seat, recorded once, also when the first console is back', async ({
  world,
}) => {
  test.setTimeout(240_000);
  const seat = await startOnline(world);
  const { page } = seat;
  await expect.poll(async () => (await world.sql('SELECT 1 FROM console_keys')).length, { timeout: 30_000 }).toBe(1);
  await world.stopServer();
  await page.keyboard.press('Control+n');
  await seat.write({ type: 'help', category: '路灯', title: '断网时登记的路灯', content: '小区门口的路灯不亮。' });
  await seat.get(TEST_IDS.intakeCallerPhone).fill('13800004761');
  const picture = { name: '路灯现场.png', mimeType: 'image/png', buffer: noisePng(1_500) };
  await seat.get(`${TEST_IDS.intakeFiles}-input`).setInputFiles(picture);
  await expect(seat.get(TEST_IDS.attachment(picture.name))).toHaveAttribute('data-state', 'held');
  await seat.submit();
  await seat.waitForConnection('offline', 60_000);

  const file = path.join(world.artifacts, 'unsent.hotline');
  await world.app.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, file);
  await page.keyboard.press('Alt+5');
  await expect(seat.get(TEST_IDS.carrySaveOpen)).toBeEnabled();
  await seat.get(TEST_IDS.carrySaveOpen).focus();
  await page.keyboard.press('Enter');
  await expect(seat.get(TEST_IDS.carryPassphrase)).toBeFocused();
  await expectGuarded(seat.get(TEST_IDS.carryPassphrase), 200);
  // What is not the same is said to be something else, whatever it is.
  for (const tried of await tryTexts(seat.get(TEST_IDS.carryRepeat), REFUSED_TEXTS))
    expectSaid(tried, /两次输入/, 'carryRepeat');
  await seat.get(TEST_IDS.carryPassphrase).fill('');
  await seat.get(TEST_IDS.carryPassphrase).focus();
  await page.keyboard.type('short');
  await expect(seat.get(TEST_IDS.carrySave)).toBeDisabled();
  await seat.get(TEST_IDS.carryPassphrase).fill(PASSPHRASE);
  await seat.get(TEST_IDS.carryRepeat).fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await expect.poll(() => existsSync(file)).toBe(true);
  const bytes = readFileSync(file);
  for (const secret of ['断网时登记的路灯', '13800004761', '路灯现场', picture.buffer.subarray(100, 164)]) {
    expect(bytes.includes(secret)).toBe(false);
  }
  expect(bytes.length).toBeGreaterThan(picture.buffer.length);
  await world.killApp();

  await world.startServer();
  await world.sql(`UPDATE users SET role = 'lead' WHERE account = 'demo1002'`);
  const lead = await startSecondSeat(world);
  await lead.page.keyboard.press('Alt+5');
  await lead.get(TEST_IDS.carryTakeOpen).focus();
  await lead.page.keyboard.press('Enter');
  await expectGuarded(lead.get(TEST_IDS.carryPassphrase), 200);
  const damaged = path.join(world.artifacts, 'damaged.hotline');
  writeFileSync(damaged, bytes.subarray(0, bytes.indexOf('\n') - 300));
  await lead.get(TEST_IDS.carryFile).setInputFiles(damaged);
  await lead.get(TEST_IDS.carryPassphrase).fill(PASSPHRASE);
  await lead.page.keyboard.press('Enter');
  await expect(lead.get(TEST_IDS.carryMessage)).toContainText('文件已损坏');
  await lead.get(TEST_IDS.carryFile).setInputFiles(file);
  await lead.get(TEST_IDS.carryPassphrase).fill('别的口令别的口令');
  await lead.page.keyboard.press('Enter');
  await expect(lead.get(TEST_IDS.carryMessage)).toContainText('口令不对');
  await lead.get(TEST_IDS.carryPassphrase).fill(PASSPHRASE);
  // The stick was pulled out before the picture was on it: its ticket is taken over, and the whole file brings the picture.
  const short = path.join(world.artifacts, 'short.hotline');
  writeFileSync(short, bytes.subarray(0, -1_000));
  await lead.get(TEST_IDS.carryFile).setInputFiles(short);
  await lead.page.keyboard.press('Enter');
  await expect(lead.get(TEST_IDS.carryMessage)).toContainText('附件不完整');
  await lead.get(TEST_IDS.carryFile).setInputFiles(file);
  await lead.get(TEST_IDS.carryTake).click();
  await expect(lead.get(TEST_IDS.carriedList)).toContainText('已全部送达');
  await expect(lead.get(TEST_IDS.carriedList)).toContainText('附件 1 个，已上传 1 个');
  await checkerOf(lead.page)('files of other seats');
  expect(await readTickets(world)).toEqual([{ title: '断网时登记的路灯', name: '林晓雯' }]);

  await world.startApp();
  const again = world.seat;
  await again.startShift(AGENT.account, AGENT.password);
  await again.waitForConnection('online');
  await again.waitForOutbox(0);
  expect(await readTickets(world)).toHaveLength(1);
  await again.page.keyboard.press('Alt+2');
  await expect(again.get(TEST_IDS.ticketTable)).toContainText('断网时登记的路灯');
});
