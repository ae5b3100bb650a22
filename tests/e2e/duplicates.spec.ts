import path from 'node:path';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { createTicketBody, ticketFields } from '../support/test-console.ts';
import { expect, startColleague, startOnline, test } from './world.ts';

const PLACE = '鼓楼区中央路260号3栋';

test('the second call about a broken lamp finds the first, is added to it, and can be taken back', async ({
  world,
}) => {
  const seat = await startOnline(world);
  const { page } = seat;
  await page.keyboard.press('Control+n');
  await seat.write({
    type: 'help',
    category: '占道经营',
    title: '烧烤摊占道扰民',
    content: '中央路260号3栋楼下每晚有烧烤摊占道经营，油烟很大，吵得睡不着。',
    callerPhone: '13800005101',
    address: PLACE,
  });
  await seat.submit();
  const firstUid = async () =>
    (await world.sql<{ uid: string }>(`SELECT uid FROM tickets WHERE caller_phone = '13800005101'`))[0]?.uid ?? '';
  await expect.poll(firstUid).not.toBe('');
  const uid = await firstUid();

  await page.keyboard.press('Control+n');
  const words = '中央路260号3栋楼下的烧烤摊又摆出来了，占道经营，油烟大。';
  await seat.write({ content: words, callerPhone: '13800005102', address: PLACE });
  await page.keyboard.press('Alt+d');
  const candidate = seat.get(TEST_IDS.duplicate(uid));
  await expect(candidate).toContainText('烧烤摊占道扰民');
  await expect(candidate).toContainText('同一');
  await expect(candidate.getByTestId(TEST_IDS.clock)).toHaveText(/^正常 剩 \d+ 分钟$/);
  // It says why, and nothing that holds for another call only.
  await expect(candidate).not.toContainText('同号码');

  await seat.get(TEST_IDS.duplicateJoin(uid)).click();
  await expect(seat.get(TEST_IDS.notice)).toContainText('已补充到原工单');
  const notesOf = () =>
    world.sql<{ body: string; ref: string }>(
      `SELECT body, ref FROM ticket_events WHERE ticket_uid = $1 AND kind = 'note' ORDER BY version`,
      [uid],
    );
  await expect.poll(async () => (await notesOf())[0]?.body).toContain(words);

  await seat.get(TEST_IDS.notice).getByRole('button').first().click();
  await expect(seat.get(TEST_IDS.intakeContent)).toHaveValue(words);
  await expect.poll(async () => (await notesOf()).length).toBe(2);

  // The other way: its own ticket, proposed under the first.
  await seat.get(TEST_IDS.duplicatePlan(uid)).click();
  await expect(seat.get(TEST_IDS.duplicatePlan(uid))).toHaveAttribute('aria-pressed', 'true');
  await seat.write({ type: 'help', category: '占道经营', title: '烧烤摊又来了' });
  await seat.submit();
  const linkOf = async () =>
    (
      await world.sql<{ parent_uid: string | null }>(
        `SELECT parent_uid FROM tickets WHERE caller_phone = '13800005102'`,
      )
    )[0]?.parent_uid;
  await expect.poll(linkOf).toBe(uid);
  await page.keyboard.press('Alt+2');
  await page.getByRole('row').filter({ hasText: '烧烤摊又来了' }).first().click();
  await expect(seat.get(TEST_IDS.ticketRelations)).toContainText('提议并到母单');
  await seat.get(TEST_IDS.ticketUnlink).click();
  await expect.poll(linkOf).toBeNull();
});

test('who calls again about a lamp that is being dealt with: 催办 on the candidate reaches the server, and can be taken back', async ({
  world,
}) => {
  const seat = await startOnline(world);
  const { page } = seat;
  const lamp = createTicketBody({
    categoryCode: '010101',
    title: '路灯不亮',
    content: '中央路260号3栋门口的路灯三天没有亮，老人晚上出门看不见。',
    caller: { ...ticketFields().caller, name: '王小芳', phone: '13800005111' },
    place: { divisionCode: '320106001', address: PLACE, landmark: '', coordinates: null },
  });
  const colleague = await startColleague(world);
  await colleague.pushOne(lamp);
  const { uid } = lamp;

  await page.keyboard.press('Control+n');
  const words = '中央路260号3栋门口的路灯还是不亮，已经一个星期了，什么时候来修？';
  await seat.write({ content: words, callerPhone: '13800005111', address: PLACE });
  await page.keyboard.press('Alt+d');
  const candidate = seat.get(TEST_IDS.duplicate(uid));
  await expect(candidate).toContainText('路灯不亮');
  await expect(candidate).toContainText('同号码');
  await page.screenshot({ path: path.join(world.artifacts, 'remind-from-duplicates.png') });
  await seat.get(TEST_IDS.duplicateRemind(uid)).press('Enter');
  await expect(seat.get(TEST_IDS.notice)).toContainText('已催办原工单');
  await page.screenshot({ path: path.join(world.artifacts, 'reminded.png') });
  const said = () =>
    world.sql<{ kind: string; body: string }>(
      `SELECT kind, body FROM ticket_events WHERE ticket_uid = $1 AND kind IN ('note', 'remind') ORDER BY version`,
      [uid],
    );
  await expect.poll(async () => (await said()).map(({ kind }) => kind)).toEqual(['remind']);
  expect((await said())[0]?.body).toContain(words);
  // The form has become the reminder: there is no second ticket.
  await expect(seat.get(TEST_IDS.intakeTabs).getByRole('tab')).toHaveCount(0);
  const made = () => world.sql<object>(`SELECT 1 FROM tickets WHERE caller_phone = '13800005111'`);
  expect(await made()).toHaveLength(1);

  await seat.get(TEST_IDS.notice).getByRole('button').first().click();
  await expect(seat.get(TEST_IDS.intakeContent)).toHaveValue(words);
  await expect.poll(async () => (await said()).map(({ kind }) => kind)).toEqual(['remind', 'note']);
  expect(await made()).toHaveLength(1);
});
