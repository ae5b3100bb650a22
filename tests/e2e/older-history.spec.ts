import path from 'node:path';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { addMonths, monthOf, startOfMonth } from '#shared/domain/month.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { expect, startOnline, test } from './world.ts';

/** Where an agent's thirteen months begin. */
const HELD_FROM = startOfMonth(addMonths(monthOf(Date.now()), -12));

interface Caller {
  readonly phone: string;
  readonly all: number;
  readonly older: number;
}

/** Callers who gave their name and called before the months on this computer; those with few tickets first, so that all of them are in the list. */
const listCallers = (world: Bootstrap) =>
  world.sql<Caller>(
    `SELECT caller_phone AS phone, count(*)::int AS all,
       (count(*) FILTER (WHERE coalesce(accepted_at, created_at) < $1))::int AS older FROM tickets
     WHERE line = '12345' AND caller_phone <> '' AND doc #>> '{fields,caller,anonymous}' IS DISTINCT FROM 'true'
     GROUP BY 1 HAVING bool_or(coalesce(accepted_at, created_at) < $1) ORDER BY 2, 1`,
    [HELD_FROM],
  );

test('older tickets: what is not here is said, fetched for a caller and a number, and the choice in the settings moves the border', async ({
  world,
}) => {
  const [caller, searched, offline] = await listCallers(world);
  if (!caller || !searched || !offline) throw new Error('the demo centre has too few callers of long ago');
  const seat = await startOnline(world);
  const { page } = seat;
  await page.setViewportSize({ width: 1366, height: 768 });
  const picture = (name: string) => page.screenshot({ path: path.join(world.artifacts, `${name}.png`) });

  // Settings: how far back this computer goes, and what lies before that.
  await seat.get(TEST_IDS.nav('settings')).click();
  const facts = seat.get(TEST_IDS.settingsCoverageFacts);
  await expect(facts).toContainText('联网可查');
  await expect(seat.get(`${TEST_IDS.settingsCachePolicy}-months-13`)).toBeChecked();
  await facts.scrollIntoViewIfNeeded();
  await picture('settings');

  // A caller: older tickets come from the server by themselves and are marked.
  await seat.getReady();
  await seat.ring(caller.phone);
  await expect(seat.get(TEST_IDS.citizenOlder)).toContainText('也从服务器取过了');
  // At least those under this number; the person may have others.
  const countShown = async () =>
    Number(/工单\s*(\d+)/.exec((await seat.get(TEST_IDS.citizenTotals).textContent()) ?? '')?.[1]);
  await expect.poll(countShown).toBeGreaterThanOrEqual(caller.all);
  await expect(seat.get(TEST_IDS.citizenPanel).getByTestId(TEST_IDS.ticketOutside)).not.toHaveCount(0);
  await seat.answer();
  await picture('caller');
  await seat.hangUp();
  await seat.finishWrapUp();

  // Search: what cannot be found here is said; a number is looked up at the server.
  const [old] = await world.sql<{ uid: string; number: number }>(
    `SELECT uid, number::int FROM tickets WHERE caller_phone = $1 AND coalesce(accepted_at, created_at) < $2 ORDER BY number LIMIT 1`,
    [searched.phone, HELD_FROM],
  );
  await seat.search(String(old?.number).padStart(8, '0'));
  await expect(seat.get(TEST_IDS.searchBeyond)).toContainText('不在本机，联网可查');
  await expect(seat.get(TEST_IDS.searchResult(String(old?.uid)))).toHaveCount(0);
  await picture('search');
  await seat.get(TEST_IDS.searchBeyondAsk).click();
  const found = seat.get(TEST_IDS.searchResult(String(old?.uid)));
  await expect(found).toBeVisible();
  await expect(found.getByTestId(TEST_IDS.ticketOutside)).toBeVisible();
  await expect(seat.get(TEST_IDS.searchBeyond)).toContainText('也查过了');

  // Without a network the panel says that older history needs one.
  await world.stopServer();
  await seat.waitForConnection('offline', 60_000);
  await seat.ring(offline.phone);
  await expect(seat.get(TEST_IDS.citizenOlder)).toContainText('联网后可查');
  await seat.answer();
  await picture('caller-offline');
  await seat.hangUp();
  await seat.finishWrapUp();
  await world.startServer();
  await seat.waitForConnection('online', 60_000);

  // More months: everything is here, and nothing is said to be missing.
  await seat.get(TEST_IDS.nav('settings')).click();
  await seat.get(`${TEST_IDS.settingsCachePolicy}-months-25`).click({ force: true });
  await expect(seat.get(`${TEST_IDS.settingsCachePolicy}-months-25`)).toBeChecked();
  await expect(facts).toContainText('全部工单');
  const [line] = await world.sql<{ count: number }>("SELECT count(*)::int AS count FROM tickets WHERE line = '12345'");
  await expect(seat.get(TEST_IDS.statusScope)).toContainText(`${line?.count} 件工单`);
  await expect(seat.get(TEST_IDS.statusScope)).not.toContainText('工单自');

  // The index is built anew at will, and everything is found again.
  await seat.get(TEST_IDS.settingsRebuildIndex).click();
  await expect(seat.get(TEST_IDS.settingsIndexState)).toContainText('完整', { timeout: 60_000 });
  const [any] = await world.sql<{ title: string }>(
    "SELECT doc #>> '{fields,title}' AS title FROM tickets WHERE line = '12345' ORDER BY number LIMIT 1",
  );
  await expect((await seat.search(any?.title ?? '')).getByText(any?.title ?? '').first()).toBeVisible();
});
