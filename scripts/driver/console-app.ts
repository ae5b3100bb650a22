import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { type ElectronApplication, _electron as electron, errors, type Page } from '@playwright/test';
import { WaitedInVain, waitFor } from './wait-for.ts';

export interface ConsoleLaunch {
  /** Folder of the built application (package.json, out/). */
  readonly appDir: string;
  readonly electronPath: string;
  /** SQLite binding of the runtime, null when the shipped one fits. */
  readonly nativeBinding: string | null;
  readonly profileDir: string;
  readonly mode: 'demo' | 'production';
  readonly serverUrl: string | null;
  readonly display: string;
  /** Chromium runs without its sandbox: needed as root. */
  readonly noSandbox: boolean;
  /** What the processes print goes here. */
  readonly logFile: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A running console, driven from outside like a person at the seat would. */
export interface ConsoleApp {
  readonly electron: ElectronApplication;
  /** The window the agent sees. */
  readonly page: Page;
  /** Process id of the data process; null while there is none. */
  dataProcessId(): Promise<number | null>;
  killDataProcess(): Promise<void>;
  /** SIGKILL to the whole application. */
  kill(): Promise<void>;
  /** Closes it as a person does. */
  close(): Promise<void>;
}

/** A start takes one or two seconds, on a crowded machine twenty. */
const START_TIMEOUT_MS = 30_000;
/** Of the first try, see {@link start}: with eight programs to a core none that came at all took half as long. */
const FIRST_TRY_MS = 8_000;

interface Started {
  readonly app: ElectronApplication;
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
  readonly page: Page;
}

/**
 * Starts the process and waits for its window.
 *
 * One to three starts in a hundred stand still when Node's inspector, which the driver steers the main process by, is attached while that process begins: its
 * event loop is not woken any more (Electron 33; none of 600 starts without the inspector did). So it is tried once more, and said.
 */
async function start(launch: ConsoleLaunch): Promise<Started> {
  try {
    return await startOnce(launch, FIRST_TRY_MS);
  } catch (error) {
    if (!(error instanceof errors.TimeoutError || error instanceof WaitedInVain)) throw error;
    process.stderr.write(
      `A console stood still under the driver, it is started again: ${error.message.split('\n', 1)[0]}\n`,
    );
    return await startOnce(launch, START_TIMEOUT_MS);
  }
}

/** @throws TimeoutError or WaitedInVain when it stands still, Error when it ended */
async function startOnce(launch: ConsoleLaunch, timeout: number): Promise<Started> {
  const app = await electron.launch({
    timeout,
    executablePath: launch.electronPath,
    args: [launch.appDir],
    chromiumSandbox: !launch.noSandbox,
    env: {
      ...inherited(),
      DISPLAY: launch.display,
      HOTLINE_MODE: launch.mode,
      HOTLINE_PROFILE_DIR: launch.profileDir,
      HOTLINE_SERVER_URL: launch.serverUrl ?? '',
      HOTLINE_NATIVE_BINDING: launch.nativeBinding ?? '',
      HOTLINE_DEMO_CALLS: 'manual',
      ...launch.env,
    },
  });
  const child = app.process();
  const record = (chunk: Buffer) => appendFileSync(launch.logFile, chunk);
  child.stdout?.on('data', record);
  child.stderr?.on('data', record);
  const ended = once(child, 'exit');
  const findPage = () => {
    if (!isAlive(child)) throw new Error(`The console ended with ${child.exitCode ?? child.signalCode}`);
    return app.windows().find((window) => path.basename(new URL(window.url()).pathname) === 'index.html');
  };
  try {
    return { app, child, ended, page: await waitFor('the window of the console is there', findPage, timeout) };
  } catch (error) {
    if (isAlive(child)) child.kill('SIGKILL');
    await ended;
    throw error;
  }
}

const isAlive = (child: ChildProcess) => child.exitCode === null && child.signalCode === null;

/** Starts the real application and waits for its window. */
export async function launchConsole(launch: ConsoleLaunch): Promise<ConsoleApp> {
  const { app, child, ended, page } = await start(launch);
  const record = (line: string) => appendFileSync(launch.logFile, line);
  page.on('console', (message) => record(`[page ${message.type()}] ${message.text()}\n`));
  page.on('pageerror', (error) => record(`[page error] ${error.message}\n`));

  const dataProcessId = () =>
    app.evaluate(({ app: main }) => {
      const metrics = main
        .getAppMetrics()
        .find((metric) => metric.name === 'hotline-data' || metric.serviceName === 'hotline-data');
      return metrics?.pid ?? null;
    });
  return {
    electron: app,
    page,
    dataProcessId,
    killDataProcess: async () => {
      const pid = await waitFor('there is a data process', dataProcessId);
      process.kill(pid, 'SIGKILL');
    },
    kill: async () => {
      if (isAlive(child)) child.kill('SIGKILL');
      await ended;
    },
    close: async () => {
      if (isAlive(child)) await app.close();
      await ended;
    },
  };
}

/** Variables a desktop session gives to a program. Settings of this console on the machine stay out. */
function inherited(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(HOTLINE_|NODE_|npm_|ELECTRON_|PLAYWRIGHT_|TEST_|PW_)/i.test(entry[0]),
  );
  return Object.fromEntries(kept);
}
