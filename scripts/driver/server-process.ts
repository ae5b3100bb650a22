import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { readyStateSchema } from '#shared/contract/server.contract.ts';
import { readListeningUrl } from '../demo-server.ts';
import { PROJECT_ROOT } from '../runtime.ts';
import { waitFor } from './wait-for.ts';

export interface ServerProcessOptions {
  readonly mode: 'demo' | 'production';
  /** 0 = any free port. */
  readonly port: number;
  /** Existing PostgreSQL; without it the embedded one in `dataDir`. */
  readonly databaseUrl?: string;
  readonly dataDir?: string;
  /** Everything the server prints goes here. */
  readonly logFile: string;
  /** Told how far the preparation is. */
  readonly onProgress?: (done: number, total: number) => void;
  /** How long the preparation may take. */
  readonly readyTimeoutMs?: number;
}

export interface ServerProcess {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends it in order (SIGTERM) and waits. */
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** Starts the central server as its own process, as `npm run server` does, and waits until it is ready. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const args = [
    path.join(PROJECT_ROOT, 'src/server/main.ts'),
    ...(options.mode === 'demo' ? ['--demo'] : []),
    ...(options.dataDir ? ['--data', options.dataDir] : []),
    '--port',
    String(options.port),
  ];
  const env = { ...process.env };
  delete env.DATABASE_URL;
  if (options.databaseUrl) env.DATABASE_URL = options.databaseUrl;
  const child = spawn(process.execPath, args, { cwd: PROJECT_ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  const log = createWriteStream(options.logFile, { flags: 'a' });
  child.stderr.pipe(log, { end: false });
  let url: string | null = null;
  createInterface({ input: child.stdout }).on('line', (line) => {
    log.write(`${line}\n`);
    url ??= readListeningUrl(line);
  });
  const isAlive = () => child.exitCode === null && child.signalCode === null;
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (isAlive()) child.kill(signal);
    await ended;
    log.end();
  };
  try {
    const base = await waitFor('the server listens', () => failIfGone(isAlive, options.logFile) && url, 30_000);
    await waitFor(
      'the server is ready',
      () => failIfGone(isAlive, options.logFile) && isReady(base, options.onProgress),
      options.readyTimeoutMs ?? 120_000,
    );
    return {
      url: base,
      port: Number(new URL(base).port),
      pid: child.pid ?? 0,
      stop: () => end('SIGTERM'),
      kill: () => end('SIGKILL'),
    };
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
}

function failIfGone(isAlive: () => boolean, logFile: string): true {
  if (!isAlive()) throw new Error(`The server ended while it was starting, see ${logFile}`);
  return true;
}

async function isReady(base: string, onProgress: ServerProcessOptions['onProgress']): Promise<boolean> {
  const response = await fetch(`${base}/readyz`);
  const state = readyStateSchema.parse(await response.json());
  onProgress?.(state.done, state.total);
  return response.ok;
}
