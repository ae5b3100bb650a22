import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { stopChild, waitForEnd } from './child-process.ts';
import { CACHE_DIR, PROJECT_ROOT } from './runtime.ts';

const LISTEN_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 30_000;
const POLL_MS = 300;

/** Where `npm start` keeps the demo: the server's database, the console's profile, the server's log. */
export const DEMO_DIR = path.join(CACHE_DIR, 'demo');
/** Profile of the demo console. */
export const DEMO_PROFILE_DIR = path.join(DEMO_DIR, 'profile');

/** A central server in demo mode that runs as a child process. */
export interface DemoServer {
  readonly url: string;
  /** Resolves when the server has ended by itself or by `stop`. */
  readonly ended: Promise<number | null>;
  /** Shuts the server down in order; kills it when that takes more than 30 s. */
  stop(): Promise<void>;
}

/** How far a starting server is; `done` of `total` records while it makes the demo centre. */
export interface Preparation {
  readonly state: 'preparing' | 'ready';
  readonly phase: string;
  readonly done: number;
  readonly total: number;
}

/**
 * Starts the embedded central server with the demo centre and waits until it accepts requests; making the demo centre
 * goes on after that, see `waitUntilReady`.
 * @param options.port 0 takes any free port; a fixed one lets a restarted server be found again
 * @param options.watch restarts the server when its sources change
 * @throws Error with the server's own sentence when it does not come up
 */
export async function startDemoServer(
  options: { readonly port?: number; readonly watch?: boolean } = {},
): Promise<DemoServer> {
  mkdirSync(DEMO_DIR, { recursive: true });
  const log = createWriteStream(path.join(DEMO_DIR, 'server.log'));
  // The demo never touches somebody's own database.
  const { DATABASE_URL: _, ...env } = process.env;
  const args = [
    'src/server/main.ts',
    '--demo',
    '--units',
    '--seats',
    '--data',
    path.join(DEMO_DIR, 'server'),
    '--port',
    `${options.port ?? 0}`,
  ];
  const child = spawn(process.execPath, [...(options.watch ? ['--watch'] : []), ...args], {
    cwd: PROJECT_ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // In its own process group: Ctrl+C must not stop the server while the console still saves to it.
    detached: process.platform !== 'win32',
  });
  const killWithParent = () => child.kill('SIGTERM');
  process.once('exit', killWithParent);
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-2_000);
    log.write(text);
  });
  const ended = waitForEnd(child);
  void ended.then(() => process.removeListener('exit', killWithParent));
  const stop = async () => {
    await stopChild(child, STOP_LIMIT_MS);
    log.end();
  };
  try {
    const url = await Promise.race([
      waitForUrl(child.stdout, (line) => log.write(`${line}\n`)),
      ended.then(() => Promise.reject(new Error('it ended'))),
      delay(LISTEN_LIMIT_MS, undefined, { ref: false }).then(() => Promise.reject(new Error('it took too long'))),
    ]);
    return { url, ended, stop };
  } catch (error) {
    await stop();
    throw new Error(complaints.trim() || `The demo server did not start: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

/**
 * Waits until the server has its demo centre.
 * @throws Error when the server ends before
 */
export async function waitUntilReady(server: DemoServer, onProgress: (step: Preparation) => void): Promise<void> {
  let hasEnded = false;
  void server.ended.then(() => {
    hasEnded = true;
  });
  while (!hasEnded) {
    const step = await readPreparation(server.url);
    if (step) onProgress(step);
    if (step?.state === 'ready') return;
    await delay(POLL_MS);
  }
  throw new Error(`The demo server ended while it was starting; read ${path.join(DEMO_DIR, 'server.log')}.`);
}

async function readPreparation(url: string): Promise<Preparation | null> {
  try {
    return (await (await fetch(`${url}/readyz`)).json()) as Preparation;
  } catch {
    return null; // between two states of a restart
  }
}

function waitForUrl(output: Readable, keep: (line: string) => void): Promise<string> {
  return new Promise((resolve) => {
    createInterface({ input: output }).on('line', (line) => {
      keep(line);
      const url = readListeningUrl(line);
      if (url !== null) resolve(url);
    });
  });
}

/** The address in a log line of the server that says where it listens, null for any other line. */
export function readListeningUrl(line: string): string | null {
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== 'object' || entry === null || !('event' in entry) || !('url' in entry)) return null;
    return entry.event === 'listening' && typeof entry.url === 'string' ? entry.url : null;
  } catch {
    return null; // not one of the server's log lines
  }
}
