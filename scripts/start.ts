/**
 * `npm start`: the central server in demo mode and the console on it. Without a display the demo shift is played on a
 * screen in memory instead. `--dev` rebuilds and reloads while sources change.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { stopChild, waitForEnd } from './child-process.ts';
import { DEMO_PROFILE_DIR, type DemoServer, type Preparation, startDemoServer, waitUntilReady } from './demo-server.ts';
import {
  CACHE_DIR,
  type ElectronRuntime,
  electronEnvironment,
  PROJECT_ROOT,
  readRuntime,
  sandboxArguments,
} from './runtime.ts';
import { isHeadless, startVirtualDisplay } from './xvfb.ts';

const CONSOLE_STOP_LIMIT_MS = 15_000;
/** Chromium complains about every service that a small machine lacks; the console has its own log. */
const QUIET_CHROMIUM = '--log-level=3';

let lastPercent = -1;

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 1;
});

async function main(args: readonly string[]): Promise<number> {
  const runtime = readRuntime();
  if (runtime.kind === 'fallback') {
    console.log(
      `Running on Electron ${runtime.electronVersion}, the runtime for closed networks; it is never shipped.`,
    );
  }
  if (sandboxArguments().length > 0) {
    console.log(
      'Chromium runs without its sandbox here (root, or user namespaces are forbidden): demo and tests only.',
    );
  }
  const display = isHeadless() ? await startVirtualDisplay() : null;
  if (display) process.env.DISPLAY = display.display;
  try {
    if (args.includes('--dev')) return await runDevelopment(runtime);
    return display ? await runDemoShift(display.display) : await runConsole(runtime);
  } finally {
    await display?.stop();
  }
}

/** The shift starts and stops the server itself: losing it is part of the play. */
async function runDemoShift(display: string): Promise<number> {
  console.log(`No display here: playing the demo shift on a virtual one (${display}).`);
  const script = path.join(PROJECT_ROOT, 'scripts', 'demo-shift.ts');
  return await runUntilEnd(spawn(process.execPath, [script], { cwd: PROJECT_ROOT, stdio: 'inherit' }));
}

async function runConsole(runtime: ElectronRuntime): Promise<number> {
  const server = await startDemoServer();
  try {
    console.log(`Central server: ${server.url}`);
    const electron = spawn(runtime.electronPath, [...sandboxArguments(), QUIET_CHROMIUM, PROJECT_ROOT], {
      cwd: PROJECT_ROOT,
      stdio: 'inherit',
      env: demoEnvironment(runtime, server),
    });
    void waitUntilReady(server, printPreparation).catch((error: Error) => console.error(error.message));
    return await runUntilEnd(electron);
  } finally {
    await server.stop();
  }
}

async function runDevelopment(runtime: ElectronRuntime): Promise<number> {
  // What the watcher leaves in out/ is a development build: the next start builds again.
  rmSync(path.join(CACHE_DIR, 'build-stamp'), { force: true });
  // A fixed port, so that the console finds the server again after each of its restarts.
  const server = await startDemoServer({ port: await findFreePort(), watch: true });
  try {
    const cli = path.join(PROJECT_ROOT, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
    const electronVite = spawn(process.execPath, [cli, 'dev', '--watch'], {
      cwd: PROJECT_ROOT,
      stdio: 'inherit',
      env: {
        ...demoEnvironment(runtime, server),
        ELECTRON_EXEC_PATH: runtime.electronPath,
        ...(sandboxArguments().length > 0 ? { NO_SANDBOX: '1' } : {}),
      },
    });
    return await runUntilEnd(electronVite);
  } finally {
    await server.stop();
  }
}

function demoEnvironment(runtime: ElectronRuntime, server: DemoServer): Record<string, string> {
  return electronEnvironment(runtime, {
    HOTLINE_MODE: 'demo',
    HOTLINE_SERVER_URL: server.url,
    HOTLINE_PROFILE_DIR: process.env.HOTLINE_PROFILE_DIR || DEMO_PROFILE_DIR,
  });
}

/** Waits for a child; passes a wish to end on to it, so that what it has open is closed in order. */
async function runUntilEnd(child: ChildProcess): Promise<number> {
  const failedToStart = new Promise<never>((_, reject) => child.once('error', reject));
  let isWanted = false;
  const endChild = () => {
    isWanted = true;
    void stopChild(child, CONSOLE_STOP_LIMIT_MS);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, endChild);
  const code = await Promise.race([waitForEnd(child), failedToStart]);
  return isWanted ? 0 : (code ?? 1);
}

function printPreparation(step: Preparation): void {
  if (step.phase !== 'seeding' || step.total === 0) return;
  const percent = Math.floor((100 * step.done) / step.total);
  if (percent === lastPercent) return;
  lastPercent = percent;
  if (process.stdout.isTTY) {
    const bar = '█'.repeat(percent / 5).padEnd(20, '░');
    process.stdout.write(`\rMaking the demo centre ${bar} ${percent} %${percent === 100 ? '\n' : ''}`);
  } else if (percent % 20 === 0) {
    console.log(`Making the demo centre: ${percent} %`);
  }
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
