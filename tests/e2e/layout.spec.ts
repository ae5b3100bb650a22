import type { Page } from '@playwright/test';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { AGENT, expect, test } from './world.ts';

const LANGUAGES = ['zh-CN', 'en'] as const;
/** A matter for every special form of the general line. */
const MATTERS = [
  '企业拖欠工资',
  '夜间施工噪声',
  '涉汛排涝',
  '群租扰民',
  '小学入学',
  '医保报销',
  '权属不清设施',
  '疫情防控政策',
];

/** What does not fit at 1366×768: panes that scroll sideways, hints and labels that are cut. */
function misfits(page: Page, within: string): Promise<readonly string[]> {
  return page.evaluate((selector) => {
    const found: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>(`${selector}, ${selector} *`)) {
      const style = getComputedStyle(element);
      if (element instanceof HTMLInputElement) {
        if (element.placeholder === '' || element.clientWidth === 0) continue;
        const ruler = document.createElement('span');
        ruler.style.cssText = 'position: absolute; visibility: hidden; white-space: pre';
        ruler.style.font = style.font;
        ruler.textContent = element.placeholder;
        document.body.append(ruler);
        const room = element.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
        if (ruler.getBoundingClientRect().width > room) found.push(`hint ${element.placeholder}`);
        ruler.remove();
        continue;
      }
      // Hidden words for screen readers are one pixel wide; the tabs of many drafts scroll on purpose.
      if (style.clipPath !== 'none' || style.overflowX === 'visible' || element.getAttribute('role') === 'tablist')
        continue;
      if (element.scrollWidth > element.clientWidth)
        found.push(`${element.tagName} ${element.textContent?.slice(0, 40)}`);
    }
    return found;
  }, within);
}

async function expectFit(world: Bootstrap, within: string, what: string): Promise<void> {
  const { page } = world.app;
  for (const language of LANGUAGES) {
    await page.evaluate(
      (to) => window.hotline.invoke('shell:preferences:set', { language: to, theme: 'light' }).then(() => undefined),
      language,
    );
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    await expect.poll(() => misfits(page, within), `${what}, ${language}`).toEqual([]);
  }
  await page.evaluate(() =>
    window.hotline.invoke('shell:preferences:set', { language: 'zh-CN', theme: 'light' }).then(() => undefined),
  );
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
}

test('at 1366×768 nothing in the form is cut and nothing scrolls sideways, in both languages', async ({ world }) => {
  test.setTimeout(240_000);
  const { page, electron } = await world.startApp();
  const { seat } = world;
  const setWidth = (width: number) =>
    electron.evaluate(({ BrowserWindow }, wanted) => {
      for (const window of BrowserWindow.getAllWindows()) if (window.isVisible()) window.setContentSize(wanted, 768);
    }, width);
  await setWidth(1366);
  await seat.startShift(AGENT.account, AGENT.password);
  await seat.waitForConnection('online');
  const intake = `[data-testid="${TEST_IDS.intake}"]`;
  await page.keyboard.press('Control+n');
  await expectFit(world, intake, 'blank form');
  await seat.write({ callerPhone: '13800004831', address: '玄武区新街口街道中山路 18 号' });
  await seat.get(TEST_IDS.intakePromise).fill('尽快回电');
  await page.keyboard.press('Control+d');
  await page.keyboard.press('Control+Enter');
  await seat.get(TEST_IDS.intakeProblems).waitFor();
  await expectFit(world, intake, 'promise, answer and problems');
  await page.keyboard.press('Escape');
  await seat.get(TEST_IDS.citizenEdit).click();
  await seat.get(TEST_IDS.personName).waitFor();
  await expectFit(world, '[role="dialog"]', 'person');
  await page.keyboard.press('Escape');
  await seat.get(TEST_IDS.personName).waitFor({ state: 'detached' });
  for (const matter of MATTERS) {
    await page.keyboard.press('Control+n');
    await seat.pick(TEST_IDS.intakeCategory, matter);
    await expect(seat.get(TEST_IDS.formPicker)).not.toHaveValue('通用登记表');
    await page.keyboard.press('Control+Enter');
    await seat.get(TEST_IDS.intakeProblems).waitFor();
    await expectFit(world, intake, matter);
  }

  // Many drafts: the tab of the one on the screen stays in sight when the window becomes narrower.
  await setWidth(1900);
  await expect.poll(() => page.evaluate(() => window.innerWidth)).toBe(1900);
  await setWidth(1366);
  await expect.poll(() => page.evaluate(() => window.innerWidth)).toBe(1366);
  const active = seat.get(TEST_IDS.intakeTabs).locator('[aria-selected="true"]');
  await expect
    .poll(() =>
      active.evaluate(
        (tab) => tab.getBoundingClientRect().right - (tab.parentElement?.getBoundingClientRect().right ?? 0),
      ),
    )
    .toBeLessThanOrEqual(1);
});
