// Progress, child processes and failures of the bootstrap: plain Node 20, no dependencies.
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root folder of the project. */
export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
/** Everything the bootstrap makes outside node_modules; git ignores it and deleting it only costs time. */
export const cacheDir = path.join(projectRoot, '.cache');
/** The full output of every command the bootstrap ran. */
export const logFile = path.join(cacheDir, 'bootstrap.log');

const heartbeatMs = 10_000;

/** A failure that the user can act on: the message is one sentence that says what to do. */
export class BootstrapError extends Error {}

/** Prints numbered steps; a step that had nothing to do takes one line. */
export class Reporter {
  /** @param {number} total number of steps */
  constructor(total) {
    this.total = total;
    this.index = 0;
    this.title = '';
    this.working = false;
  }

  /**
   * Runs one step. `work` returns a short note on the result.
   * @template T
   * @param {string} title
   * @param {() => Promise<{ note: string, value?: T }>} work
   * @returns {Promise<T>}
   */
  async step(title, work) {
    this.index += 1;
    this.title = title;
    this.working = false;
    const startedAt = performance.now();
    const { note, value } = await work();
    const took = this.working ? ` (${formatSeconds(performance.now() - startedAt)})` : '';
    this.print(`${note}${took}`);
    return /** @type {T} */ (value);
  }

  /** Says what the running step is doing now. @param {string} activity */
  doing(activity) {
    this.working = true;
    this.print(`${activity} …`);
  }

  /** @param {string} text */
  print(text) {
    console.log(`[${this.index}/${this.total}] ${this.title}: ${text}`);
  }

  /**
   * Prints the elapsed time now and then while `work` runs, so that a long step is not mistaken for a hang.
   * @template T
   * @param {() => Promise<T>} work
   * @param {() => string} [detail] what to print beside the time
   * @returns {Promise<T>}
   */
  async withHeartbeat(work, detail) {
    const startedAt = performance.now();
    const timer = setInterval(() => {
      this.print(`… ${formatSeconds(performance.now() - startedAt)}${detail ? ` ${detail()}` : ''}`);
    }, heartbeatMs);
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  }
}

/** @param {number} ms */
export function formatSeconds(ms) {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

/** @param {number} bytes */
export function formatMegabytes(bytes) {
  return `${Math.round(bytes / 1e6)} MB`;
}

/** Children still running, so that an interrupted bootstrap takes them down with it. */
const children = new Set();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    for (const child of children) child.kill('SIGTERM');
    console.error('\nInterrupted; run the same command again to go on.');
    process.exit(130);
  });
}

/**
 * Runs a command and collects its output; never throws for a failed command.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, shell?: boolean, onOutput?: (text: string) => void }} [options]
 * @returns {Promise<{ code: number | null, stdout: string, output: string, timedOut: boolean }>} `code` is null when it could not start or was killed
 */
export function run(command, args, options = {}) {
  log(`\n$ ${command} ${args.join(' ')}\n`);
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? projectRoot,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: options.shell ?? false,
    });
    children.add(child);
    let stdout = '';
    let output = '';
    let timedOut = false;
    const timer = options.timeoutMs
      ? setTimeout(() => {
          timedOut = true;
          child.kill('SIGKILL');
        }, options.timeoutMs)
      : undefined;
    const finish = (/** @type {number | null} */ code) => {
      clearTimeout(timer);
      children.delete(child);
      resolve({ code, stdout, output, timedOut });
    };
    const take = (/** @type {string} */ text) => {
      output += text;
      log(text);
      options.onOutput?.(text);
    };
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      take(text);
    });
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', (error) => {
      take(String(error));
      finish(null);
    });
    child.on('close', finish);
  });
}

/**
 * Turns the output of a failed command into the sentence for the user.
 * @param {string} what e.g. "npm ci"
 * @param {string} output
 * @returns {BootstrapError}
 */
export function explainFailure(what, output) {
  if (/ENOSPC|no space left on device/i.test(output)) {
    return new BootstrapError(
      `${what} failed because the disk is full: free about 3 GB for ${projectRoot} and run the command again.`,
    );
  }
  if (
    /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|Temporary failure resolving|Could not connect|Failed to fetch/i.test(
      output,
    )
  ) {
    return new BootstrapError(
      `${what} failed because the network cannot be reached: check the connection (npm config get registry, proxy settings) and run the command again.`,
    );
  }
  if (/Unable to locate package|no installation candidate/i.test(output)) {
    return new BootstrapError(
      `${what} failed because apt knows no such package here: make "apt-get update" reach the package sources of this system (/etc/apt/sources.list, network, proxy) and run the command again.`,
    );
  }
  if (/EACCES|EPERM|Permission denied/i.test(output)) {
    return new BootstrapError(
      `${what} failed because a file may not be written: make ${projectRoot} belong to the user who runs the command and run it again.`,
    );
  }
  const tail = output.trim().split('\n').slice(-15).join('\n');
  return new BootstrapError(`${tail}\n${what} failed: read ${logFile}, correct the cause and run the command again.`);
}

/**
 * Asked before long work: some tools carry on when the disk is full and leave half of their files.
 * @param {number} neededBytes
 */
export async function requireDiskSpace(neededBytes) {
  await mkdir(cacheDir, { recursive: true });
  const { bavail, bsize } = await statfs(cacheDir);
  if (bavail * bsize >= neededBytes) return;
  throw new BootstrapError(
    `Only ${formatMegabytes(bavail * bsize)} are free for ${projectRoot}: free ${formatMegabytes(neededBytes)} and run the command again.`,
  );
}

/** @param {string} text */
function log(text) {
  try {
    mkdirSync(cacheDir, { recursive: true });
    appendFileSync(logFile, text);
  } catch {
    // The log is a convenience: on a full disk the step itself reports what is wrong.
  }
}
