/** What a console costs while nobody touches it: processor time of all its processes, and the requests it makes. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { DEMO_ACCOUNTS } from '#shared/domain/demo.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { type ConsoleApp, launchConsole } from '../../scripts/driver/console-app.ts';
import { Seat } from '../../scripts/driver/seat.ts';
import { startServerProcess } from '../../scripts/driver/server-process.ts';
import { PROJECT_ROOT, readRuntime, sandboxArguments } from '../../scripts/runtime.ts';
import { isHeadless, startVirtualDisplay } from '../../scripts/xvfb.ts';
import { createTestDatabase, setup, teardown } from '../support/postgres-global.ts';
import { processorSeconds } from './support/processor-time.ts';
import { printTable } from './support/report.ts';

const IDLE_S = Number(process.env.IDLE_SECONDS ?? 120);
/** At rest: less than this share of a core for the time between two looks. */
const REST = 0.02;
const LOOK_S = 10;
const LONGEST_LOOKS = 60;

const folder = mkdtempSync(join(tmpdir(), 'hotline-bench-'));
const display = isHeadless() ? await startVirtualDisplay() : null;
const runtime = readRuntime();
await setup();
const database = await createTestDatabase();
try {
  const logFile = join(folder, 'server.log');
  const server = await startServerProcess({ mode: 'demo', port: 0, databaseUrl: database.url, logFile });
  const app = await launchConsole({
    appDir: PROJECT_ROOT,
    electronPath: runtime.electronPath,
    nativeBinding: runtime.nativeBinding,
    profileDir: join(folder, 'profile'),
    mode: 'demo',
    serverUrl: server.url,
    display: display?.display ?? process.env.DISPLAY ?? '',
    noSandbox: sandboxArguments().length > 0,
    logFile: join(folder, 'console.log'),
  });
  const seat = new Seat(app.page);
  const agent = forceUnwrap(
    'the demo centre has an agent',
    DEMO_ACCOUNTS.find(({ role }) => role === 'agent'),
  );
  await seat.startShift(agent.account, agent.password);
  await app.page.locator(`[data-testid="${TEST_IDS.statusScope}"][data-parity="equal"]`).waitFor({ timeout: 120_000 });
  await seat.getReady();
  await untilAtRest(app);
  const requests = countRequests(logFile);
  const begun = performance.now();
  const before = await readProcesses(app);
  await pause(IDLE_S * 1_000);
  const after = await readProcesses(app);
  const seconds = (performance.now() - begun) / 1_000;
  const asked = countRequests(logFile).slice(requests.length);
  const share = ({ pid, worked }: ProcessWork) =>
    (100 * (worked - (before.find((process) => process.pid === pid)?.worked ?? 0))) / seconds;
  const total = after.reduce((sum, process) => sum + share(process), 0);
  printTable(`A console of an agent who waits for a call, ${Math.round(seconds)} s (per cent of one core)`, [
    ...after.map((process) => ({
      what: process.type,
      measured: `${share(process).toFixed(2)} %`,
      target: '',
      met: null,
    })),
    { what: 'all processes', measured: `${total.toFixed(2)} %`, target: '≤ 1 %', met: total <= 1 },
    { what: 'requests meanwhile', measured: summarize(asked), target: '', met: null },
  ]);
  await app.close();
  await server.stop();
} finally {
  await database.drop();
  await teardown();
  await display?.stop();
  rmSync(folder, { recursive: true, force: true });
}

interface ProcessWork {
  readonly pid: number;
  readonly type: string;
  /** Seconds of processor time so far. */
  readonly worked: number;
}

async function readProcesses({ electron }: ConsoleApp): Promise<readonly ProcessWork[]> {
  const metrics = await electron.evaluate(({ app }) =>
    app.getAppMetrics().map(({ pid, type, name, serviceName }) => ({ pid, type: name ?? serviceName ?? type })),
  );
  return metrics.map(({ pid, type }) => ({ pid, type, worked: processorSeconds(pid) }));
}

/** After the first sync history is indexed and learnt from. */
async function untilAtRest(app: ConsoleApp): Promise<void> {
  const sum = async () => (await readProcesses(app)).reduce((all, { worked }) => all + worked, 0);
  let last = await sum();
  for (let look = 0; look < LONGEST_LOOKS; look++) {
    await pause(LOOK_S * 1_000);
    const now = await sum();
    if (now - last < REST * LOOK_S) return;
    last = now;
  }
  throw new Error('the console did not come to rest');
}

function countRequests(logFile: string): readonly string[] {
  return readFileSync(logFile, 'utf8')
    .split('\n')
    .flatMap((line) => /"event":"request".*"route":"([^"]+)"/.exec(line)?.[1] ?? []);
}

function summarize(routes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const route of routes) counts.set(route, (counts.get(route) ?? 0) + 1);
  return [...counts].map(([route, count]) => `${route} ${count}`).join(', ') || 'none';
}
