import path from 'node:path';
import type { Locator } from '@playwright/test';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { signInDemo } from '../support/checks.ts';
import { createTicketBody } from '../support/test-console.ts';
import { expect, setAgentRole, startOnline, test } from './world.ts';

/** What is typed stands there, and the field says that nothing was taken, or what still counts. */
async function expectKept(picker: Locator, typed: string, said: RegExp): Promise<void> {
  await expect(picker).toHaveValue(typed);
  await expect(picker).toHaveAttribute('aria-invalid', 'true');
  await expect(picker).toHaveAccessibleDescription(said);
}

/** Types into a picker and goes on by a click elsewhere. */
async function leave(picker: Locator, typed: string, elsewhere: Locator): Promise<void> {
  await picker.fill(typed);
  await elsewhere.click();
}

test('nothing that is typed into a picker is lost: what is named exactly is taken, the rest stays and says so until it is taken', async ({
  world,
}) => {
  await setAgentRole(world, 'lead');
  const colleague = await signInDemo(world.serverUrl ?? '', 'demo2001');
  await colleague.pushOne(createTicketBody({ title: '门前路灯不亮' }));
  const seat = await startOnline(world);
  const { page } = seat;
  await page.keyboard.press('Control+n');
  const title = seat.get(TEST_IDS.intakeTitle);
  const category = seat.get(TEST_IDS.intakeCategory);
  const division = seat.get(TEST_IDS.intakeDivision);
  const tags = seat.get(TEST_IDS.intakeTags);
  const form = seat.get(TEST_IDS.formPicker);
  await seat.write({ type: 'help', title: '占道', content: '路边有人占道。', callerPhone: '13800005021' });

  await leave(category, '占', title);
  await expectKept(category, '占', /尚未选定；请从列表中选取/);
  await leave(category, ' 占道经营 ', title);
  await expect(category).toHaveValue('城市管理 / 市容秩序 / 占道经营');
  await expect(category).not.toHaveAttribute('aria-invalid', 'true');
  await leave(category, '路灯', title);
  await expectKept(category, '路灯', /尚未选定，仍为“城市管理 \/ 市容秩序 \/ 占道经营”/);
  await leave(division, '某某某街', title);
  await expectKept(division, '某某某街', /尚未选定；没有匹配项/);
  await leave(tags, '重复', title);
  await expectKept(tags, '重复', /尚未选定/);
  await leave(form, '噪', title);
  await expectKept(form, '噪', /尚未选定，仍为/);
  await page.screenshot({ path: path.join(world.artifacts, 'pickers.png') });

  // The tab may be left meanwhile, and the page.
  await page.keyboard.press('Control+n');
  await expect(category).toHaveValue('');
  await page.keyboard.press('Alt+4');
  const filter = seat.get(TEST_IDS.searchFilter('division'));
  await leave(filter, '鼓', seat.get(TEST_IDS.searchInput));
  await expectKept(filter, '鼓', /尚未选定/);
  await page.screenshot({ path: path.join(world.artifacts, 'conditions.png') });
  await page.keyboard.press('Alt+1');
  await seat.get(TEST_IDS.intakeTabs).getByRole('tab').first().click();
  await expectKept(category, '路灯', /仍为/);
  await expectKept(form, '噪', /仍为/);

  // Nothing leaves without it: the cursor goes to each in turn.
  await page.keyboard.press('Control+Enter');
  await expect(category).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(category).toHaveValue(/ \/ .*路灯/);
  await page.keyboard.press('Control+Enter');
  await expect(tags).toBeFocused();
  // Esc gives up what was typed.
  await page.keyboard.press('Escape');
  await expect(tags).toHaveValue('');
  await page.keyboard.press('Control+Enter');
  await expect(division).toBeFocused();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Enter');
  await expect(form).toBeFocused();
  await page.keyboard.press('Escape');
  await seat.submit();

  // A correction does not go without it either.
  const found = await seat.search('门前路灯不亮');
  await found.getByText('门前路灯不亮').first().click();
  await seat.get(TEST_IDS.ticketAmend).click();
  const amended = seat.get(TEST_IDS.ticketAmendField('division'));
  await seat.get(TEST_IDS.ticketAmendField('title')).fill('门前的路灯不亮');
  await leave(amended, '鼓', seat.get(TEST_IDS.ticketAmendField('title')));
  await expectKept(amended, '鼓', /尚未选定/);
  await seat.get(TEST_IDS.ticketAmendConfirm).click();
  await expect(amended).toBeFocused();
  await page.keyboard.press('Escape');
  await seat.get(TEST_IDS.ticketAmendConfirm).click();
  await expect(seat.get(TEST_IDS.ticketAmendDialog)).toHaveCount(0);

  // Nor does a decision: a name that is typed and not taken is no unit yet, whatever the rule proposes.
  await seat.get(TEST_IDS.ticketChoice('dispatch')).click();
  const unit = seat.get(TEST_IDS.decideUnit);
  await leave(unit, '某某局', seat.get(TEST_IDS.decideWords));
  await expectKept(unit, '某某局', /尚未选定/);
  await expect(seat.get(TEST_IDS.decideConfirm)).toBeDisabled();
  await unit.focus();
  await page.keyboard.press('Enter');
  await expect(unit).toHaveValue('某某局');
  await expect(unit).not.toHaveAttribute('aria-invalid', 'true');
  await expect(seat.get(TEST_IDS.decideConfirm)).toBeEnabled();
  await page.keyboard.press('Escape');

  // An article is left and opened again with it.
  await page.keyboard.press('Alt+7');
  await seat.get(TEST_IDS.knowledgeNew).click();
  const codes = seat.get(TEST_IDS.articleField('categoryCodes'));
  await seat.get(TEST_IDS.articleField('title')).fill('占道经营怎么办');
  await leave(codes, '占', seat.get(TEST_IDS.articleField('title')));
  await page.keyboard.press('Alt+1');
  await page.keyboard.press('Alt+7');
  await expectKept(codes, '占', /尚未选定/);
  await page.keyboard.press('Control+Enter');
  await expect(codes).toBeFocused();
});
