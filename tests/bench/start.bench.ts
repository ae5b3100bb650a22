/** What a person waits for: cold start against an empty Electron window, and the pop from the ring to the painted panel. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron as electron, type Page } from '@playwright/test';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { DEMO_ACCOUNTS } from '#shared/domain/demo.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { type ConsoleLaunch, launchConsole } from '../../scripts/driver/console-app.ts';
import { Seat } from '../../scripts/driver/seat.ts';
import { startServerProcess } from '../../scripts/driver/server-process.ts';
import { PROJECT_ROOT, readRuntime, sandboxArguments } from '../../scripts/runtime.ts';
import { isHeadless, startVirtualDisplay } from '../../scripts/xvfb.ts';
import { createTestDatabase, setup, teardown } from '../support/postgres-global.ts';
import { ms, percentile, printTable } from './support/report.ts';

const STARTS = 5;
const POPS = 40;

const folder = mkdtempSync(join(tmpdir(), 'hotline-bench-'));
const display = isHeadless() ? await startVirtualDisplay() : null;
const screen = display?.display ?? process.env.DISPLAY ?? '';
const runtime = readRuntime();
const launch: ConsoleLaunch = {
  appDir: PROJECT_ROOT,
  electronPath: runtime.electronPath,
  nativeBinding: runtime.nativeBinding,
  profileDir: join(folder, 'profile'),
  mode: 'demo',
  serverUrl: null,
  display: screen,
  noSandbox: sandboxArguments().length > 0,
  logFile: join(folder, 'console.log'),
};

try {
  await measureStart();
  await measurePop();
} finally {
  await display?.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Program start to the first screen that takes input, alternating with a window that only shows a word. */
async function measureStart(): Promise<void> {
  const empty: number[] = [];
  const console: number[] = [];
  for (let i = 0; i < STARTS; i++) {
    let begun = performance.now();
    const window = await electron.launch({
      executablePath: runtime.electronPath,
      args: [join(import.meta.dirname, 'empty-window'), ...sandboxArguments()],
      env: { ...(process.env as Record<string, string>), DISPLAY: screen },
    });
    const page = await window.firstWindow();
    await page.locator('#ready').waitFor();
    empty.push(performance.now() - begun);
    await window.close();

    begun = performance.now();
    const app = await launchConsole(launch);
    await app.page.getByTestId(TEST_IDS.signInAccount).click({ trial: true });
    console.push(performance.now() - begun);
    await app.close();
  }
  const ratio = percentile(console, 0.5) / percentile(empty, 0.5);
  printTable('Cold start (median of alternating starts)', [
    { what: 'empty Electron window', measured: ms(percentile(empty, 0.5)), target: '', met: null },
    { what: 'console, to an interactive sign-in', measured: ms(percentile(console, 0.5)), target: '', met: null },
    { what: 'ratio', measured: `${ratio.toFixed(2)} ×`, target: '≤ 1.6 ×', met: ratio <= 1.6 },
  ]);
}

/** Rings of known callers in the demo centre of 60,000 tickets. */
async function measurePop(): Promise<void> {
  await setup();
  const database = await createTestDatabase();
  try {
    const server = await startServerProcess({
      mode: 'demo',
      port: 0,
      databaseUrl: database.url,
      logFile: join(folder, 'server.log'),
    });
    const app = await launchConsole({ ...launch, profileDir: join(folder, 'pop-profile'), serverUrl: server.url });
    const seat = new Seat(app.page);
    // A 班长 holds all of them; an agent's console the last thirteen months.
    const lead = forceUnwrap(
      'the demo centre has a 班长',
      DEMO_ACCOUNTS.find(({ role }) => role === 'lead'),
    );
    await seat.startShift(lead.account, lead.password);
    await app.page
      .locator(`[data-testid="${TEST_IDS.statusScope}"][data-parity="equal"]`)
      .waitFor({ timeout: 120_000 });
    const numbers = await readCallerNumbers(database.url);
    await seat.getReady();
    const samples: number[] = [];
    for (let i = 0; i < POPS; i++) samples.push(await timePop(app.page, numbers[i % numbers.length] ?? ''));
    await app.close();
    await server.stop();
    const p95 = percentile(samples, 0.95);
    printTable('Screen-pop with 60,000 tickets (offered call → phone window → lookup → frame drawn)', [
      { what: 'p50', measured: ms(percentile(samples, 0.5)), target: '', met: null },
      { what: 'p95', measured: ms(p95), target: '≤ 50 ms', met: p95 <= 50 },
      { what: 'worst', measured: ms(percentile(samples, 1)), target: '', met: null },
    ]);
  } finally {
    await database.drop();
    await teardown();
  }
}

/** Numbers that called several times, so that the panel has a history to paint. */
async function readCallerNumbers(databaseUrl: string): Promise<readonly string[]> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ caller_phone: string }>(
    `SELECT caller_phone FROM tickets WHERE caller_phone <> '' AND line = '12345'
     GROUP BY caller_phone HAVING count(*) >= 5 ORDER BY caller_phone LIMIT ${POPS}`,
  );
  await client.end();
  return rows.map((row) => row.caller_phone);
}

/**
 * From the moment the telephone side offers the call (its own stamp, ms) to the frame that shows number and history having
 * been drawn: the first task after the animation frame that follows the change of the page.
 */
async function timePop(page: Page, ani: string): Promise<number> {
  await page.getByTestId(TEST_IDS.simulateOpen).click();
  await page.getByTestId(TEST_IDS.simulateNumber).fill(ani);
  const elapsed = await page.evaluate(
    ({ ids, digits }) => {
      const find = (id: string) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`);
      const isShown = () =>
        (find(ids.number)?.textContent ?? '').replace(/\D/g, '') === digits &&
        (find(ids.tickets)?.querySelectorAll('[data-testid^="citizen-ticket-"]').length ?? 0) > 0;
      return new Promise<number>((resolve) => {
        const finish = () => {
          const paintedAt = performance.timeOrigin + performance.now();
          resolve(paintedAt - Date.parse(find(ids.timer)?.getAttribute('datetime') ?? ''));
        };
        const observer = new MutationObserver(() => {
          if (!isShown()) return;
          observer.disconnect();
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = finish;
            port2.postMessage(null);
          });
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
        find(ids.ring)?.click();
      });
    },
    {
      ids: {
        number: TEST_IDS.citizenNumber,
        tickets: TEST_IDS.citizenTickets,
        ring: TEST_IDS.simulateRing,
        timer: TEST_IDS.callTimer,
      },
      digits: ani,
    },
  );
  await page.getByTestId(TEST_IDS.callReject).click();
  await page.getByTestId(TEST_IDS.callCard).waitFor({ state: 'detached' });
  return elapsed;
}
