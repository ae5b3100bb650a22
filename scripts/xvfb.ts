import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { stopChild } from './child-process.ts';

const SCREEN = '1920x1080x24';
const START_LIMIT_MS = 20_000;
const STOP_LIMIT_MS = 5_000;

/** A screen in memory for windows that nobody looks at. */
export interface VirtualDisplay {
  /** Value for DISPLAY, e.g. ":99". */
  readonly display: string;
  stop(): Promise<void>;
}

/** Whether this process has no screen to open windows on. */
export function isHeadless(): boolean {
  return process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
}

/**
 * Starts Xvfb on a display number that Xvfb itself found free.
 * @throws Error when Xvfb is missing or does not come up
 */
export async function startVirtualDisplay(): Promise<VirtualDisplay> {
  const args = ['-displayfd', '3', '-ac', '-nolisten', 'tcp', '-screen', '0', SCREEN];
  const child = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const numbers = createInterface({ input: child.stdio[3] as Readable });
  const number = await new Promise<string>((resolve, reject) => {
    const fail = (reason: string) =>
      reject(new Error(`Xvfb ${reason}: install the package xvfb. ${complaints.trim()}`));
    const timer = setTimeout(() => fail('did not start in time'), START_LIMIT_MS);
    numbers.once('line', (line) => {
      clearTimeout(timer);
      resolve(line.trim());
    });
    child.once('error', () => fail('is not installed'));
    child.once('exit', () => {
      clearTimeout(timer);
      fail('ended');
    });
  }).catch(async (error: unknown) => {
    await stopChild(child, STOP_LIMIT_MS);
    throw error;
  });
  // Nothing may keep this process alive for the screen's sake, and an ended parent must not leave one behind.
  const killWithParent = () => child.kill('SIGKILL');
  process.once('exit', killWithParent);
  return {
    display: `:${number}`,
    stop: async () => {
      process.removeListener('exit', killWithParent);
      await stopChild(child, STOP_LIMIT_MS);
    },
  };
}
