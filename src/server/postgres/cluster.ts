import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../log.ts';
import { StartupError } from '../startup-error.ts';
import { type PostgresBinaries, prepareBinaries } from './binaries.ts';
import {
  type ClusterFiles,
  findRunningPostmaster,
  hasCluster,
  isPostmasterOf,
  makeTemporaryData,
  resolveClusterFiles,
  trimLog,
  writePasswordFile,
} from './cluster-files.ts';
import { type OsUser, resolveOsUser } from './os-user.ts';

export interface Cluster {
  /** Connection string of a database of this cluster. */
  url(database: string): string;
  readonly pid: number;
  /** True when the cluster was already running (left by a killed server, or used by another tool). */
  readonly adopted: boolean;
  /** Stops PostgreSQL and waits until it is down. Committed data is safe whatever happens to the process. */
  stop(): Promise<void>;
}

const SUPERUSER = 'hotline';
const START_LIMIT_MS = 60_000;

/** Settings of the embedded cluster. Durability (fsync, synchronous_commit, full_page_writes) stays at its defaults: on. */
const SETTINGS: readonly string[] = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=80',
  'shared_buffers=256MB',
  'max_wal_size=4GB',
  'checkpoint_timeout=15min',
  'jit=off',
  'max_parallel_workers_per_gather=0',
  // No personal data in PostgreSQL's log: no statements, no parameters, no "Key (…)=(…)" details.
  'log_min_messages=warning',
  'log_min_error_statement=panic',
  'log_parameter_max_length_on_error=0',
  'log_error_verbosity=terse',
];

/**
 * Starts the embedded PostgreSQL of a data folder on 127.0.0.1, making the cluster first when there is none, or takes over
 * the one that a killed server left running.
 * @throws StartupError POSTGRES_MISSING, OS_USER_MISSING, FOLDER_UNUSABLE, POSTGRES_FAILED
 */
export async function startCluster(dir: string, log: Log): Promise<Cluster> {
  const user = resolveOsUser();
  const files = resolveClusterFiles(dir, user);
  const running = await adoptRunning(files);
  if (running) {
    log.info('postgres.ready', { adopted: true, pid: running.pid, port: running.port });
    return toCluster(files, running.port, running.pid, null, true);
  }
  const binaries = prepareBinaries(user);
  checkVersion(files, binaries);
  if (!hasCluster(files)) {
    log.info('postgres.creating', { version: binaries.version });
    await createCluster(files, binaries, user);
  }
  for (let attempt = 1; ; attempt++) {
    const port = await findFreePort();
    const child = spawnPostgres(files, binaries, user, port);
    const failure = await waitUntilReady(files, port, () => child.exitCode !== null || child.signalCode !== null);
    if (failure === null && child.pid !== undefined) {
      log.info('postgres.ready', { adopted: false, pid: child.pid, port });
      return toCluster(files, port, child.pid, child, false);
    }
    child.kill('SIGQUIT');
    // The chosen port may have been taken in between; anything else fails the same way again.
    if (attempt === 3) {
      throw new StartupError('POSTGRES_FAILED', `PostgreSQL did not start; see ${files.logFile}.`, { cause: failure });
    }
  }
}

async function adoptRunning(files: ClusterFiles): Promise<{ readonly pid: number; readonly port: number } | null> {
  const running = findRunningPostmaster(files);
  if (!running) return null;
  const gone = () => !isPostmasterOf(running.pid, files.data);
  const failure = await waitUntilReady(files, running.port, gone);
  if (failure === null) return running;
  if (gone()) return null;
  throw new StartupError(
    'POSTGRES_FAILED',
    `A PostgreSQL process (${running.pid}) uses ${files.data} but does not answer; stop it and start again.`,
    { cause: failure },
  );
}

function checkVersion(files: ClusterFiles, binaries: PostgresBinaries): void {
  if (!hasCluster(files)) return;
  const has = readFileSync(`${files.data}/PG_VERSION`, 'utf8').trim();
  const major = binaries.version.split('.')[0];
  if (has !== major) {
    throw new StartupError(
      'POSTGRES_VERSION',
      `The data folder was made by PostgreSQL ${has}, the installed one is ${major}; upgrade it with pg_upgrade or dump and restore.`,
    );
  }
}

async function createCluster(files: ClusterFiles, binaries: PostgresBinaries, user: OsUser | null): Promise<void> {
  const temporary = makeTemporaryData(files, user);
  const passwordFile = writePasswordFile(temporary, files.password, user);
  const args = [
    `--pgdata=${temporary}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-locale',
    '--data-checksums',
  ];
  const run = await runProgram(binaries.initdb, args, user);
  rmSync(passwordFile, { force: true });
  if (run.status !== 0) {
    rmSync(temporary, { recursive: true, force: true });
    throw new StartupError(
      'POSTGRES_FAILED',
      `The database cluster could not be made in ${files.data}: ${run.lastLine}`,
    );
  }
  renameSync(temporary, files.data);
}

function runProgram(
  program: string,
  args: readonly string[],
  user: OsUser | null,
): Promise<{ readonly status: number | null; readonly lastLine: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...identity(user),
      cwd: '/',
      env: environment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaints = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints += text;
    });
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, lastLine: complaints.trim().split('\n').at(-1) ?? '' }));
  });
}

function spawnPostgres(
  files: ClusterFiles,
  binaries: PostgresBinaries,
  user: OsUser | null,
  port: number,
): ChildProcess {
  trimLog(files);
  const output = openSync(files.logFile, 'a', 0o600);
  const args = ['-D', files.data, '-p', String(port), ...SETTINGS.flatMap((setting) => ['-c', setting])];
  const child = spawn(binaries.postgres, args, {
    ...identity(user),
    cwd: '/',
    env: environment(),
    stdio: ['ignore', output, output],
    // Its own process group: Ctrl-C in the terminal must reach the server first, which then stops PostgreSQL.
    detached: true,
  });
  child.on('error', () => {});
  child.unref();
  closeSync(output);
  return child;
}

/** Null once PostgreSQL answers; the last error when it ended or took too long. */
async function waitUntilReady(files: ClusterFiles, port: number, hasEnded: () => boolean): Promise<unknown> {
  const startedAt = performance.now();
  for (;;) {
    const client = new pg.Client({ connectionString: toUrl(files, port, 'postgres'), connectionTimeoutMillis: 5_000 });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.end();
      return null;
    } catch (error) {
      await client.end().catch(() => {});
      if (hasEnded() || performance.now() - startedAt > START_LIMIT_MS) return error;
    }
    await pause(40);
  }
}

function toCluster(
  files: ClusterFiles,
  port: number,
  pid: number,
  child: ChildProcess | null,
  adopted: boolean,
): Cluster {
  const isDown = () =>
    child ? child.exitCode !== null || child.signalCode !== null : !isPostmasterOf(pid, files.data);
  return {
    pid,
    adopted,
    url: (database) => toUrl(files, port, database),
    stop: async () => {
      // Fast shutdown: ends sessions, writes a checkpoint. After half a minute an immediate one (recovery at next start).
      for (const [signal, limitMs] of [['SIGINT', 30_000] as const, ['SIGQUIT', 10_000] as const]) {
        if (isDown()) return;
        try {
          process.kill(pid, signal);
        } catch {
          return;
        }
        for (let waited = 0; waited < limitMs && !isDown(); waited += 25) await pause(25);
      }
    },
  };
}

function toUrl(files: ClusterFiles, port: number, database: string): string {
  return `postgresql://${SUPERUSER}:${encodeURIComponent(files.password)}@127.0.0.1:${port}/${database}`;
}

function identity(user: OsUser | null): { uid?: number; gid?: number } {
  return user ? { uid: user.uid, gid: user.gid } : {};
}

function environment(): NodeJS.ProcessEnv {
  const { PATH, SYSTEMROOT, TEMP, TMP } = process.env;
  return { LC_ALL: 'C', TZ: 'UTC', ...(PATH ? { PATH } : {}), ...(SYSTEMROOT ? { SYSTEMROOT, TEMP, TMP } : {}) };
}

function findFreePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolvePort(address.port) : reject(new Error('no port')),
      );
    });
  });
}
