import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { waitFor } from '../../scripts/driver/wait-for.ts';
import type { Bootstrap } from '../support/bootstrap.ts';
import { expectGuarded } from '../support/guarded-fields.ts';
import { DURABLE_AFTER_MS, expectDurable, SENTENCE, typeAtSpeed } from '../support/typing.ts';
import { AGENT, expect, test } from './world.ts';

async function startCall(world: Bootstrap): Promise<void> {
  await world.startApp();
  await world.seat.startShift(AGENT.account, AGENT.password);
  await world.seat.getReady();
  await world.seat.ring('13800004720');
  await world.seat.answer();
}

const readContent = (world: Bootstrap) => world.seat.get(TEST_IDS.intakeContent).inputValue();

test('F1: kill -9 of the application while typing loses at most the last 300 ms', async ({ world }) => {
  await startCall(world);
  const typed = await typeAtSpeed(world.seat);
  const killedAt = systemClock.now();
  await world.killApp();

  await world.startApp();
  await world.seat.startShift(AGENT.account, AGENT.password);
  // A form is drawn before the disk has answered what is in it.
  await expect(world.seat.get(TEST_IDS.intakeContent)).not.toHaveValue('');
  expectDurable(await readContent(world), typed, killedAt);
  await expect(world.seat.get(TEST_IDS.intakeCallerPhone)).toHaveValue(/138\s?0000\s?4720/);
});

test('F1: kill -9 of the data process while typing: what it had stored is there', async ({ world }) => {
  await startCall(world);
  const typed = await typeAtSpeed(world.seat);
  const killedAt = systemClock.now();
  await world.app.killDataProcess();
  // The page forgets what it had on the screen, so that only the disk can answer.
  await world.app.page.reload();
  await world.seat.startShift(AGENT.account, AGENT.password);
  // A form is drawn before the disk has answered what is in it.
  await expect(world.seat.get(TEST_IDS.intakeContent)).not.toHaveValue('');
  expectDurable(await readContent(world), typed, killedAt);
});

test('F1: kill -9 of the data process leaves form and call alone; after the password everything is saved', async ({
  world,
}) => {
  await startCall(world);
  await typeAtSpeed(world.seat);
  await world.app.killDataProcess();
  expect(await readContent(world)).toBe(SENTENCE);
  await world.seat.waitForCall('active');

  // Typing goes on while the data process is away.
  await world.seat.get(TEST_IDS.intakeContent).press('End');
  await world.app.page.keyboard.insertText('补充一句。');
  const password = world.seat.get(TEST_IDS.relockPassword);
  await expect(world.seat.get(TEST_IDS.relockBanner)).toContainText('通话仍在继续');
  await expectGuarded(password, 200);
  await password.fill(AGENT.password);
  await password.press('Enter');
  await world.seat.get(TEST_IDS.relockBanner).waitFor({ state: 'detached' });
  // The cursor is back in the sentence.
  await expect(world.seat.get(TEST_IDS.intakeContent)).toBeFocused();
  await world.app.page.keyboard.insertText('再补一句。');
  await world.seat.waitUntilSaved();
  await world.app.page.reload();
  await expect(world.seat.get(TEST_IDS.intakeContent)).toHaveValue(`${SENTENCE}补充一句。再补一句。`);
});

test('a reload of the page loses neither the call nor the text', async ({ world }) => {
  await startCall(world);
  await world.seat.write({ content: SENTENCE, title: '积水' });
  await world.seat.waitUntilSaved();
  await world.app.page.keyboard.press('F8');
  await world.seat.waitForCall('held');
  await world.app.page.reload();

  await world.seat.waitForCall('held');
  await expect(world.seat.get(TEST_IDS.callNumber)).toHaveText('138 0000 4720');
  // A form is drawn before the disk has answered what is in it.
  await expect(world.seat.get(TEST_IDS.intakeContent)).toHaveValue(SENTENCE);
  await world.app.page.keyboard.press('F8');
  await world.seat.waitForCall('active');
  await world.seat.hangUp();
});

test("F18: the window's process dies: call and text are back by themselves", async ({ world }) => {
  await startCall(world);
  await world.seat.write({ content: SENTENCE });
  await world.seat.waitUntilSaved();
  const { electron } = world.app;
  // Playwright's own page object stays with the dead process, so the new one is asked through main.
  const readScreen = () =>
    electron.evaluate(async ({ webContents }): Promise<{ call: string | null; text: string | null } | null> => {
      const page = webContents.getAllWebContents().find((contents) => contents.getURL().includes('index.html'));
      if (!page || page.isCrashed() || page.isLoading()) return null;
      const answer: Promise<{ call: string | null; text: string | null }> = page.executeJavaScript(
        `({ call: document.querySelector('[data-testid="call-card"]')?.dataset.phase ?? null,
            text: document.querySelector('[data-testid="intake-content"]')?.value ?? null })`,
      );
      return Promise.race([answer, new Promise<null>((resolve) => setTimeout(() => resolve(null), 1_000))]);
    });
  await electron.evaluate(({ webContents }) => {
    const page = webContents.getAllWebContents().find((contents) => contents.getURL().includes('index.html'));
    process.kill(page?.getOSProcessId() ?? 0, 'SIGKILL');
  });
  await waitFor('call and text are on the screen again', async () => {
    const shown = await readScreen();
    return shown?.call === 'active' && shown.text === SENTENCE;
  });
});

test('a half-written note survives kill -9 and leaves with the note that is sent', async ({ world }) => {
  const HALF = '市民又来电，说昨晚积水更深了，';
  await world.startApp();
  await world.seat.startShift(AGENT.account, AGENT.password);
  await world.app.page.keyboard.press('Control+n');
  await world.seat.write({
    type: 'help',
    category: '路灯',
    title: '积水',
    content: SENTENCE,
    callerPhone: '13800004721',
  });
  await world.seat.submit();
  const openIt = async () => {
    await world.app.page.keyboard.press('Alt+2');
    await world.app.page.getByRole('row').filter({ hasText: '积水' }).first().click();
    return world.seat.get(TEST_IDS.ticketNoteText);
  };
  const box = await openIt();
  await box.fill(HALF);
  // The promise itself: on disk 300 ms after the last key.
  await world.app.page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), DURABLE_AFTER_MS);
  await world.killApp();

  await world.startApp();
  await world.seat.startShift(AGENT.account, AGENT.password);
  const again = await openIt();
  await expect(again).toHaveValue(HALF);
  await world.seat.get(TEST_IDS.ticketAddNote).click();
  await expect(again).toHaveValue('');
});

test('a window whose shell could not be fetched is opened anew by itself, and whoever signs in gets to work', async ({
  world,
}) => {
  await world.startApp();
  const { page } = world.app;
  let fetches = 0;
  await page.route(/Shell-[^/]*\.js$/, (route) => {
    fetches++;
    return fetches === 1 ? route.abort() : route.continue();
  });
  await page.reload();
  await expect.poll(() => fetches, 'fetched ahead, in vain').toBe(1);
  await world.seat.startShift(AGENT.account, AGENT.password);
  expect(fetches, 'fetched again').toBe(2);
});
