/** The first start of the demo: from an empty folder to a centre that answers, then to a console that holds all of it. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { DEMO_ACCOUNTS } from '#shared/domain/demo.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { launchConsole } from '../../scripts/driver/console-app.ts';
import { Seat } from '../../scripts/driver/seat.ts';
import { startServerProcess } from '../../scripts/driver/server-process.ts';
import { waitFor } from '../../scripts/driver/wait-for.ts';
import { PROJECT_ROOT, readRuntime, sandboxArguments } from '../../scripts/runtime.ts';
import { isHeadless, startVirtualDisplay } from '../../scripts/xvfb.ts';
import { printTable } from './support/report.ts';

const LIMIT_MS = 300_000;
const TARGET_S = 15;

const folder = mkdtempSync(join(tmpdir(), 'hotline-demo-bench-'));
// PostgreSQL's own user has to pass through when this runs as root.
chmodSync(folder, 0o711);
const display = isHeadless() ? await startVirtualDisplay() : null;
try {
  await measure(display?.display ?? process.env.DISPLAY ?? '');
} finally {
  await display?.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(screen: string): Promise<void> {
  const begun = performance.now();
  const server = await startServerProcess({
    mode: 'demo',
    port: 0,
    dataDir: join(folder, 'server'),
    logFile: join(folder, 'server.log'),
    readyTimeoutMs: LIMIT_MS,
  });
  const readyS = (performance.now() - begun) / 1_000;
  try {
    const runtime = readRuntime();
    const app = await launchConsole({
      appDir: PROJECT_ROOT,
      electronPath: runtime.electronPath,
      nativeBinding: runtime.nativeBinding,
      profileDir: join(folder, 'profile'),
      mode: 'demo',
      serverUrl: server.url,
      display: screen,
      noSandbox: sandboxArguments().length > 0,
      logFile: join(folder, 'console.log'),
    });
    const seat = new Seat(app.page);
    const agent = forceUnwrap('the demo centre has an agent', DEMO_ACCOUNTS[0]);
    const signedInAt = performance.now();
    await seat.startShift(agent.account, agent.password);
    const scope = seat.get(TEST_IDS.statusScope);
    await app.page
      .locator(`[data-testid="${TEST_IDS.statusScope}"][data-parity="equal"]`)
      .waitFor({ timeout: LIMIT_MS });
    const syncedS = (performance.now() - signedInAt) / 1_000;
    const held = await scope.textContent();
    await seat.search('路灯');
    const state = seat.get(TEST_IDS.searchState);
    const isComplete = async () => /^(?!.*索引).*\d+ 件/s.test((await state.textContent()) ?? '');
    await waitFor('the search index is complete', isComplete, LIMIT_MS);
    const searchedS = (performance.now() - signedInAt) / 1_000;
    await app.close();
    printTable('First start of the demo', [
      {
        what: 'empty folder → server ready with its demo centre',
        measured: `${readyS.toFixed(1)} s`,
        target: `< ${TARGET_S} s`,
        met: readyS < TARGET_S,
      },
      { what: `sign-in → first sync complete (${held})`, measured: `${syncedS.toFixed(1)} s`, target: '', met: null },
      { what: 'sign-in → everything found by search', measured: `${searchedS.toFixed(1)} s`, target: '', met: null },
    ]);
  } finally {
    await server.stop();
  }
}
