import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { Preferences } from '#shared/contract/shell.contract.ts';
import type { Seat } from '../../scripts/driver/seat.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { expect } from './world.ts';

const AXE_SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Every way the console can look, one setting apart from the one before: read by weak eyes and by screen readers alike in each. */
export const LOOKS: readonly Preferences[] = [
  { language: 'zh-CN', theme: 'light' },
  { language: 'zh-CN', theme: 'dark' },
  { language: 'en', theme: 'dark' },
  { language: 'en', theme: 'light' },
];
/**
 * Two looks that have both languages and both themes between them. Names depend on the language and contrast on the theme, neither on both at once, and
 * axe takes half a second for each look: a screen is looked at in one pair, the next one in the other.
 */
const PAIRS = [0, 1].map((first) => LOOKS.filter((_, index) => index % 2 === first));
const pairsOfWalk = () => (process.env.ALL_LOOKS === '1' ? [LOOKS] : PAIRS);

/** Changes language and theme of the open screen; whatever is open in it stays so. */
export async function setLook(page: Page, look: Preferences): Promise<void> {
  await page.evaluate((wanted) => window.hotline.invoke('shell:preferences:set', wanted).then(() => undefined), look);
  await page.locator(`[data-mantine-color-scheme="${look.theme}"]`).first().waitFor();
  await page.locator(`html[lang="${look.language}"]`).waitFor();
}

interface Violation {
  readonly id: string;
  readonly targets: readonly string[];
}

/**
 * Violations of WCAG 2.2 A and AA on the page as it is. That a control's name holds the words it shows, so that it can be called by them (2.5.3),
 * axe has as an experiment.
 */
async function findViolations(page: Page): Promise<readonly Violation[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE_SOURCE);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(context: Document, options: object): Promise<AxeResult> } };
    interface AxeResult {
      readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
    }
    // Half faded in, colours are others.
    const ends = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ends.map((one) => one.finished));
    const result = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
      rules: { 'label-content-name-mismatch': { enabled: true } },
      resultTypes: ['violations'],
    });
    return result.violations.map(({ id, nodes }) => ({ id, targets: nodes.map((node) => node.html.slice(0, 160)) }));
  });
}

/** Looks at the open screen in every language and every theme (with ALL_LOOKS=1 in each with each), and goes on with the walk whatever it finds. */
export type Check = (screen: string) => Promise<void>;

/** @param page the window that is walked through; the last look stays */
export function checkerOf(page: Page): Check {
  const pairs = pairsOfWalk();
  let screens = 0;
  return async (screen) => {
    for (const look of pairs[screens++ % pairs.length] ?? LOOKS) {
      await setLook(page, look);
      expect.soft(await findViolations(page), `${screen}, ${look.language}, ${look.theme}`).toEqual([]);
    }
  };
}

/** A number under which the centre already knows somebody with tickets of the agent's line. */
export async function findKnownCaller(world: Bootstrap): Promise<string> {
  const [row] = await world.sql<{ phone: string }>(
    "SELECT caller_phone AS phone FROM tickets WHERE line = '12345' AND caller_phone <> '' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
  );
  return row?.phone ?? '';
}

/** Opens a dialog by its button, looks at it in every language and theme, and closes it again. */
export function dialogCheckerOf(seat: Seat, check: Check): (testId: string, screen: string) => Promise<void> {
  const dialog = seat.page.getByRole('dialog');
  return async (testId, screen) => {
    await seat.get(testId).first().click();
    await dialog.waitFor();
    await check(screen);
    await seat.page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  };
}
