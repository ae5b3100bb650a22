import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { type ElectronApplication, _electron as electron, errors, type Page } from '@playwright/test';
import { waitFor } from './wait-for.ts';

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

/** A start takes two seconds, on a crowded machine twenty. */
const ATTACH_TIMEOUT_MS = 60_000;

/**
 * Starts the process and attaches to it.
 *
 * Attaching hung once among thousands of starts: the debugger was attached and Chromium never said where it listens.
 * That is between the driver and Electron, before the console's own code runs, so it is tried once more and said.
 */
async function attach(launch: ConsoleLaunch): Promise<ElectronApplication> {
  try {
    return await start(launch);
  } catch (error) {
    if (!(error instanceof errors.TimeoutError)) throw error;
    process.stderr.write(`The driver could not attach to a console in ${ATTACH_TIMEOUT_MS} ms, starting it again\n`);
    return await start(launch);
  }
}

function start(launch: ConsoleLaunch): Promise<ElectronApplication> {
  return electron.launch({
    timeout: ATTACH_TIMEOUT_MS,
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
}

/** Starts the real application and waits for its window. */
export async function launchConsole(launch: ConsoleLaunch): Promise<ConsoleApp> {
  const app = await attach(launch);
  const child = app.process();
  const ended = once(child, 'exit');
  const record = (chunk: Buffer) => appendFileSync(launch.logFile, chunk);
  child.stdout?.on('data', record);
  child.stderr?.on('data', record);
  const isAlive = () => child.exitCode === null && child.signalCode === null;
  const findPage = () => app.windows().find((window) => path.basename(new URL(window.url()).pathname) === 'index.html');
  const page = await waitFor('the window of the console is there', () => {
    if (!isAlive()) throw new Error(`The console ended with ${child.exitCode ?? child.signalCode}`);
    return findPage();
  });
  page.on('console', (message) => record(Buffer.from(`[page ${message.type()}] ${message.text()}\n`)));
  page.on('pageerror', (error) => record(Buffer.from(`[page error] ${error.message}\n`)));

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
      if (isAlive()) child.kill('SIGKILL');
      await ended;
    },
    close: async () => {
      if (isAlive()) await app.close();
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
