import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { DataState } from '#shared/contract/shell.contract.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import type { ConsoleApp } from '../../scripts/driver/console-app.ts';
import { waitFor } from '../../scripts/driver/wait-for.ts';
import { electronEnvironment, readRuntime, sandboxArguments } from '../../scripts/runtime.ts';
import { projectRoot } from '../support/bootstrap.ts';
import { openSandboxUser } from '../support/sandbox-user.ts';
import { AGENT, expect, test } from './world.ts';

/** The state as main announces it; asked for at a pace that the channel allows. */
async function readState(app: ConsoleApp): Promise<DataState> {
  return waitFor('main tells the state of the data process', () =>
    app.page.evaluate(() => window.hotline.invoke('shell:data-state', undefined).catch(() => null)),
  );
}

async function waitForRunning(app: ConsoleApp): Promise<void> {
  await waitFor('the data process runs', async () => (await readState(app)).kind === 'running');
}

/** Kills the data process and waits for what comes after it. @returns how long that took, in ms */
async function killAndWait(app: ConsoleApp, wanted: DataState['kind']): Promise<number> {
  const before = await waitFor('there is a data process', () => app.dataProcessId());
  const killedAt = systemClock.now();
  process.kill(before, 'SIGKILL');
  await waitFor(`the data process is ${wanted}`, async () => {
    const isGone = (await app.dataProcessId()) !== before;
    return isGone && (await readState(app)).kind === wanted;
  });
  return systemClock.now() - killedAt;
}

test('F1, FUSE-2: a killed data process is back in under three seconds', async ({ lonelyWorld }) => {
  const app = await lonelyWorld.startApp();
  await waitForRunning(app);
  const waits: number[] = [];
  for (let round = 0; round < 3; round++) waits.push(await killAndWait(app, 'running'));
  // A machine that is busy with other tests may be late once or twice.
  expect(Math.min(...waits)).toBeLessThan(3_000);
});

test('a data process that dies right after every start is given up, until the person tries again', async ({
  lonelyWorld,
}) => {
  const app = await lonelyWorld.startApp();
  await waitForRunning(app);
  let state = await readState(app);
  for (let round = 0; round < 8 && state.kind !== 'failed'; round++) {
    const pid = await app.dataProcessId();
    if (pid !== null) process.kill(pid, 'SIGKILL');
    state = await waitFor('the data process is started again or given up', async () => {
      const now = await readState(app);
      const isSettled = now.kind === 'failed' || (now.kind === 'running' && (await app.dataProcessId()) !== pid);
      return isSettled && now;
    });
  }
  expect(state).toMatchObject({ kind: 'failed', code: 'INTERNAL' });
  // Asked again and again above, the channel may want a rest before it takes the wish.
  await waitFor('main takes the wish to try again', () =>
    app.page.evaluate(() =>
      window.hotline.invoke('shell:data-restart', undefined).then(
        () => true,
        () => false,
      ),
    ),
  );
  await waitForRunning(app);
});

test('a port under another nonce than the page asked with is not taken: nothing is said on it', async ({
  lonelyWorld,
}) => {
  const app = await lonelyWorld.startApp();
  await waitForRunning(app);
  // While the page asks for a port to the new data process, somebody offers others.
  const before = await waitFor('there is a data process', () => app.dataProcessId());
  await app.electron.evaluate(({ BrowserWindow, MessageChannelMain }) => {
    const window = BrowserWindow.getAllWindows().find((one) => one.webContents.getURL().includes('index.html'));
    const found = { offered: 0, heard: [] as string[] };
    Object.assign(globalThis, { foundByTest: found });
    const offer = setInterval(() => {
      const { port1, port2 } = new MessageChannelMain();
      port2.on('message', ({ data }) => found.heard.push(String(data)));
      port2.start();
      window?.webContents.postMessage('shell:port', { to: 'data', nonce: '0'.repeat(32) }, [port1]);
      found.offered++;
    }, 5);
    Object.assign(globalThis, { stopOffering: () => clearInterval(offer) });
  });
  process.kill(before, 'SIGKILL');
  await waitFor('another data process runs', async () => {
    return (await app.dataProcessId()) !== before && (await readState(app)).kind === 'running';
  });
  // On the port that was asked for the page gets its answer.
  await lonelyWorld.seat.signIn(AGENT.account, AGENT.password);
  await expect(lonelyWorld.seat.get(TEST_IDS.signInError)).toHaveAttribute('data-code', 'NOT_CONFIGURED');
  const { offered, heard } = await app.electron.evaluate(() => {
    const given = globalThis as unknown as { foundByTest: { offered: number; heard: string[] }; stopOffering(): void };
    given.stopOffering();
    return given.foundByTest;
  });
  expect(offered).toBeGreaterThan(3);
  expect(heard).toEqual([]);
});

test('F9: a second console on the same profile shows the first one and ends', async ({ lonelyWorld }) => {
  const app = await lonelyWorld.startApp();
  await waitForRunning(app);
  const isVisible = () =>
    app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().some(
        (window) => window.isVisible() && window.webContents.getURL().includes('index.html'),
      ),
    );
  await app.electron.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) window.hide();
  });
  expect(await isVisible()).toBe(false);

  const runtime = readRuntime();
  const second = spawn(runtime.electronPath, [projectRoot, ...sandboxArguments()], {
    env: electronEnvironment(runtime, {
      DISPLAY: process.env.HOTLINE_TEST_DISPLAY ?? '',
      HOTLINE_MODE: 'demo',
      HOTLINE_PROFILE_DIR: lonelyWorld.profileDir,
    }),
    stdio: 'ignore',
  });
  const [code] = await once(second, 'exit');
  expect(code).toBe(0);
  await waitFor('the first window is shown', isVisible);
  expect(await readState(app)).toEqual({ kind: 'running' });
});

test('closing the window ends the data process before the application', async ({ lonelyWorld }) => {
  const app = await lonelyWorld.startApp();
  await waitForRunning(app);
  const pid = await waitFor('there is a data process', () => app.dataProcessId());
  await app.close();
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('F6: a folder that cannot be written ends in a clear screen, not in a broken console', async ({ lonelyWorld }) => {
  const user = openSandboxUser();
  test.skip(user === null, 'no sandbox on this machine');
  if (!user) return;
  const profileDir = path.join(path.dirname(user.makeFolder('x')), 'read-only');
  mkdirSync(profileDir, { mode: 0o555 });
  const app = await lonelyWorld.startApp({ ...user.launch, profileDir });
  expect(await readState(app)).toEqual({ kind: 'failed', code: 'READ_ONLY', detail: profileDir });
  await app.page.getByTestId(TEST_IDS.fatalScreen).waitFor();
  expect(await app.dataProcessId()).toBeNull();
  await app.close();
  user.close();
});

test('a console that knows no server says so and names the file in which it is set', async ({ lonelyWorld }) => {
  const home = path.join(lonelyWorld.profileDir, 'home');
  const app = await lonelyWorld.startApp({ mode: 'production', env: { XDG_CONFIG_HOME: home } });
  const line = app.page.locator(`[data-testid="${TEST_IDS.signInServerState}"][data-state="not-configured"]`);
  await expect(line).toContainText('/etc/hotline-12345/console.json');
  await expect(line).toContainText('serverUrl');
  await lonelyWorld.seat.signIn('zhang', 'Right-Horse-7');
  await expect(lonelyWorld.seat.get(TEST_IDS.signInError)).toHaveAttribute('data-code', 'NOT_CONFIGURED');
});

test('console.json points an installed console at its server', async ({ lonelyWorld }) => {
  const answers = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ state: 'ready', mode: 'production', phase: 'ready', done: 0, total: 0 }));
  });
  answers.listen(0, '127.0.0.1');
  await once(answers, 'listening');
  const home = path.join(lonelyWorld.profileDir, 'home');
  mkdirSync(path.join(home, 'hotline-12345-console'), { recursive: true });
  const { port } = answers.address() as AddressInfo;
  writeFileSync(
    path.join(home, 'hotline-12345-console', 'console.json'),
    JSON.stringify({ serverUrl: `http://127.0.0.1:${port}` }),
  );
  const app = await lonelyWorld.startApp({ mode: 'production', env: { XDG_CONFIG_HOME: home } });
  await app.page.locator(`[data-testid="${TEST_IDS.signInServerState}"][data-state="ready"]`).waitFor();
  await app.close();
  answers.close();
});

test('a configuration file with a mistake is named on the screen and nothing is started with a guess', async ({
  lonelyWorld,
}) => {
  const home = path.join(lonelyWorld.profileDir, 'home');
  mkdirSync(path.join(home, 'hotline-12345-console'), { recursive: true });
  writeFileSync(path.join(home, 'hotline-12345-console', 'console.json'), '{"serverUrl":"http://hotline.example.org"}');
  const app = await lonelyWorld.startApp({ mode: 'production', env: { XDG_CONFIG_HOME: home } });
  expect(await readState(app)).toMatchObject({ kind: 'failed', code: 'BAD_CONFIG' });
  await expect(app.page.getByTestId(TEST_IDS.fatalScreen)).toContainText('serverUrl');
});
