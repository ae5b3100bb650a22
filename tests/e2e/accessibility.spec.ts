import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import { TEST_IDS } from '#renderer/app/test-ids.ts';
import { AGENT, expect, test } from './world.ts';

const AXE_SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly targets: readonly string[];
}

/** Violations of WCAG 2.2 A and AA on the page as it is. */
async function findViolations(page: Page): Promise<readonly Violation[]> {
  await page.evaluate(AXE_SOURCE);
  return page.evaluate(async () => {
    const axe = (window as unknown as { axe: { run(context: Document, options: object): Promise<AxeResult> } }).axe;
    interface AxeResult {
      readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
    }
    const result = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    });
    return result.violations.map(({ id, nodes }) => ({ id, targets: nodes.map((node) => node.html.slice(0, 160)) }));
  });
}

test('every screen can be used with a screen reader and read by weak eyes, light and dark', async ({ world }) => {
  await world.startApp();
  const { seat } = world;
  const { page } = world.app;
  for (const scheme of ['light', 'dark'] as const) {
    const check = async (screen: string) => {
      expect(await findViolations(page), `${screen}, ${scheme}`).toEqual([]);
    };
    if (scheme === 'light') {
      await seat.get(TEST_IDS.signInAccount).waitFor();
      await check('sign-in');
      await seat.startShift(AGENT.account, AGENT.password);
      await seat.getReady();
      await seat.ring('138 0000 4711', '测试来电人');
      await seat.answer();
      await seat.write({ title: '路灯不亮', content: '小区门口的路灯不亮。' });
    }
    await page.keyboard.press('Alt+1');
    await seat.get(TEST_IDS.intake).waitFor();
    await check('intake during a call');
    for (const name of ['mine', 'queue', 'search', 'outbox', 'settings']) {
      await seat.get(TEST_IDS.nav(name)).click();
      await seat.get(TEST_IDS.page(name)).waitFor();
      await check(name);
    }
    await page.evaluate(() =>
      window.hotline.invoke('shell:preferences:set', { language: 'zh-CN', theme: 'dark' }).then(() => undefined),
    );
    await page.locator('[data-mantine-color-scheme="dark"]').first().waitFor();
  }
});
