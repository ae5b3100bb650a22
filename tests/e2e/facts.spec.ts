import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { AGENT, expect, startOnline, test } from './world.ts';

test('what cannot be taken as it was typed is asked about at its field, and no word of it is lost', async ({
  world,
}) => {
  const { page } = await world.startApp();
  const { seat } = world;
  await seat.startShift(AGENT.account, AGENT.password);
  await page.keyboard.press('Control+n');
  await seat.write({ type: 'report', category: '路灯', title: '路灯不亮', content: '门口的路灯坏了。' });

  const time = seat.get(TEST_IDS.intakeOccurredAt);
  const timeError = seat.get(TEST_IDS.intakeFieldError('occurredAt'));
  await time.fill('昨天下午');
  await expect(timeError).toBeHidden();
  const phone = seat.get(TEST_IDS.intakeCallerPhone);
  const phoneError = seat.get(TEST_IDS.intakeFieldError('caller.phone'));
  await phone.fill('13800005101、025-84000001转801');
  await expect(timeError).toBeVisible();
  await expect(phoneError).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.intakeProblems)).toBeVisible();
  await seat.waitUntilSaved();

  // As it was typed, also for another tab, a new window, or after a kill.
  await page.reload();
  await expect(time).toHaveValue('昨天下午');
  await expect(phone).toHaveValue('13800005101、025-84000001转801');
  await expect(timeError).toBeVisible();

  await time.fill('昨天下午3点');
  await phone.fill('025-84000001转801');
  await time.focus();
  await expect(phone).toHaveValue('025-8400 0001-801');
  await seat.submit();
  const stored = () =>
    world.sql<{ phone: string; number: string; at: number | null }>(
      `SELECT doc->'fields'->'caller'->>'phone' AS phone, caller_phone AS number, (doc->'fields'->>'occurredAt')::float8 AS at
       FROM tickets WHERE caller_phone = '02584000001'`,
    );
  await expect.poll(stored).toMatchObject([{ phone: '02584000001#801', number: '02584000001' }]);
  expect((await stored())[0]?.at).not.toBeNull();
});

test('the number of a caller is replaced by the next keys, and one nobody can call back is refused', async ({
  world,
}) => {
  const seat = await startOnline(world);
  const { keyboard } = seat.page;
  await seat.getReady();
  await seat.ring('13800005109');
  await seat.answer();
  await seat.write({ type: 'report', category: '路灯', title: '路灯不亮', content: '门口的路灯坏了。' });
  const phone = seat.get(TEST_IDS.intakeCallerPhone);
  const error = seat.get(TEST_IDS.intakeFieldError('caller.phone'));
  await expect(phone).toHaveValue('138 0000 5109');

  const retype = async (keys: string) => {
    await seat.get(TEST_IDS.intakeCallerName).focus();
    await keyboard.press('Tab');
    await expect(phone).toBeFocused();
    await keyboard.type(keys);
  };
  await retype('13800005110');
  await expect(phone).toHaveValue('13800005110');
  await keyboard.press('Tab');
  await expect(phone).toHaveValue('138 0000 5110');
  await expect(error).toBeHidden();

  await retype('1380000511013800');
  await expect(error).toBeHidden();
  await keyboard.press('Tab');
  await expect(error).toContainText('位数太多');
  await retype('none');
  await keyboard.press('Control+Enter');
  await expect(seat.get(TEST_IDS.intakeProblems)).toBeVisible();
  await expect(error).toContainText('没有电话号码');
  await seat.get(TEST_IDS.intakeAnonymous).check({ force: true });
  await expect(error).toBeHidden();
  await seat.get(TEST_IDS.intakeAnonymous).uncheck({ force: true });
  await retype('13800005110');
  await expect(error).toBeHidden();
  await seat.submit();
  await expect
    .poll(() => world.sql(`SELECT caller_phone AS phone FROM tickets WHERE caller_phone LIKE '%380000511%'`))
    .toEqual([{ phone: '13800005110' }]);
});

test('the known person is in the form of an outbound call', async ({ world }) => {
  const [known] = await world.sql<{ phone: string; name: string }>(
    `SELECT p.phone, min(c.fields->>'name') AS name FROM citizen_phones p JOIN citizens c ON c.uid = p.citizen_uid
     WHERE NOT (c.fields->>'confidential')::boolean GROUP BY 1 HAVING count(*) = 1 ORDER BY 1 LIMIT 1`,
  );
  if (!known) throw new Error('the centre knows people');
  const seat = await startOnline(world);
  await seat.getReady();
  await seat.page.keyboard.press('Alt+o');
  await seat.get(TEST_IDS.dialNumber).fill(known.phone);
  await seat.page.keyboard.press('Enter');
  await expect(seat.get(TEST_IDS.intakeCallerName)).toHaveValue(known.name);
});
