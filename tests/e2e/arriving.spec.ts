import path from 'node:path';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { LOOKS, setLook } from './looks.ts';
import { AGENT, expect, test } from './world.ts';

/** The first rows take so long on this line, ms: time for two calls. */
const PULL_MS = 55_000;
/** An answer about one caller takes as long as it takes to be seen. */
const ANSWER_MS = 2_000;

interface Known {
  readonly phone: string;
  readonly name: string;
}

/** People with a record and some tickets that they gave their name for. */
const listKnown = (world: Bootstrap) =>
  world.sql<Known>(
    `SELECT p.phone, c.fields ->> 'name' AS name FROM citizen_phones p
     JOIN citizens c ON c.uid = p.citizen_uid AND c.merged_into IS NULL AND c.fields ->> 'confidential' = 'false'
     JOIN tickets t ON t.caller_phone = p.phone AND t.line = '12345' AND t.doc #>> '{fields,caller,anonymous}' IS DISTINCT FROM 'true'
     GROUP BY 1, 2 HAVING count(DISTINCT t.uid) > 1 ORDER BY count(DISTINCT t.uid) DESC, 1`,
  );

test('a caller rings before the first rows have come: the server says who it is, or the card says that it cannot be asked', async ({
  cutWorld: world,
}) => {
  test.setTimeout(180_000);
  const [caller, other] = await listKnown(world);
  if (!caller || !other) throw new Error('the demo centre knows too few callers');
  world.proxy.slowDown('/sync/pull', PULL_MS);
  world.proxy.slowDown('/sync/history', ANSWER_MS);
  await world.startApp();
  const { seat } = world;
  const { page } = seat;
  await page.setViewportSize({ width: 1366, height: 768 });
  await seat.startShift(AGENT.account, AGENT.password);
  const picture = (name: string) => page.screenshot({ path: path.join(world.artifacts, `${name}.png`) });
  const inEveryLook = async (name: string) => {
    for (const look of LOOKS) {
      await setLook(page, look);
      await picture(`${name}-${look.language}-${look.theme}`);
    }
    await setLook(page, { language: 'zh-CN', theme: 'light' });
  };
  const asked = () => world.proxy.passed.filter((each) => each.endsWith('/sync/history')).length;
  const status = seat.get(TEST_IDS.citizenOlder);
  const panel = seat.get(TEST_IDS.citizenPanel);

  await seat.getReady();
  await seat.ring(caller.phone);
  await expect(status).toContainText('正在到服务器查这个人');
  await expect(panel).not.toContainText('首次来电');
  // Nobody makes a second record of somebody the server may know.
  await expect(seat.get(TEST_IDS.citizenEdit)).toBeDisabled();
  await picture('asking');
  await expect(seat.get(TEST_IDS.citizenName)).toContainText(caller.name);
  await expect(status).toContainText('已从服务器取到');
  await expect(panel.getByTestId(TEST_IDS.citizenTotals)).not.toContainText(/工单\s*0/);
  const times = asked();
  await inEveryLook('fetched');
  await seat.answer();
  await seat.hangUp();
  await seat.finishWrapUp();
  // Under the number, and under others of the same person; what is announced meanwhile asks nobody.
  expect(asked()).toBe(times);
  expect(times).toBeLessThanOrEqual(2);

  // The line breaks before anything has come.
  world.proxy.goDown();
  await seat.waitForConnection('offline', 60_000);
  await seat.ring(other.phone);
  await expect(status).toContainText('现在连不上服务器');
  await expect(panel).not.toContainText('首次来电');
  await expect(seat.get(TEST_IDS.citizenEdit)).toBeEnabled();
  await inEveryLook('offline');

  // It holds again, and is quick: this caller is found, too, and then nothing is missing any more.
  world.proxy.slowDown('/sync/pull', 0);
  world.proxy.slowDown('/sync/history', 0);
  world.proxy.comeBack();
  await expect(seat.get(TEST_IDS.citizenName)).toContainText(other.name, { timeout: 60_000 });
  await expect(seat.get(TEST_IDS.statusScope)).toHaveAttribute('data-parity', 'equal', { timeout: 60_000 });
  await expect(panel).not.toContainText('同步还没有完成');
});
