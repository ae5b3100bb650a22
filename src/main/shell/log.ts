import { chmodSync, closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '#shared/kernel/clock.ts';

const MAX_BYTES = 10 * 1024 * 1024;
const KEPT_FILES = 5;

/** Everything the console may write to its log. No event has a field for text of a case or data of a person. */
export type LogEvent =
  | {
      readonly event: 'started';
      readonly appVersion: string;
      readonly electron: string;
      readonly runtime: string;
      readonly mode: string;
    }
  | { readonly event: 'keyring'; readonly state: 'used' | 'absent' | 'unreadable'; readonly backend: string }
  | { readonly event: 'data-state'; readonly state: string; readonly code?: string; readonly attempt?: number }
  | { readonly event: 'data-ended'; readonly how: 'exit' | 'crash'; readonly exitCode: number }
  | { readonly event: 'data-output'; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | { readonly event: 'window-gone'; readonly window: string; readonly reason: string; readonly exitCode: number }
  | { readonly event: 'window-unresponsive'; readonly window: string }
  | { readonly event: 'child-gone'; readonly type: string; readonly reason: string }
  | { readonly event: 'denied'; readonly what: string; readonly scheme: string }
  | { readonly event: 'ipc-refused'; readonly channel: string; readonly why: string }
  | { readonly event: 'ipc-failed'; readonly channel: string; readonly error: string }
  | { readonly event: 'preferences-unreadable' }
  | { readonly event: 'read-ahead'; readonly bytes: number; readonly ms: number }
  | { readonly event: 'lock-requested'; readonly by: string }
  | { readonly event: 'quit' };

export type Log = (event: LogEvent) => void;

/**
 * Opens the console's log: one JSON object per line (so control characters are escaped), owner-readable,
 * rotated at 10 MB, five old files kept. A log that cannot be written must not stop the console: later lines are dropped.
 */
export function openLog(folder: string, clock: Clock, maxBytes: number = MAX_BYTES): Log {
  const file = path.join(folder, 'console.log');
  let handle: number | null = null;
  let size = 0;

  const open = () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    handle = openSync(file, 'a', 0o600);
    chmodSync(file, 0o600);
    size = fstatSync(handle).size;
  };
  const rotate = () => {
    if (handle !== null) closeSync(handle);
    handle = null;
    for (let i = KEPT_FILES - 1; i >= 1; i--) renameIfExists(`${file}.${i}`, `${file}.${i + 1}`);
    renameIfExists(file, `${file}.1`);
  };

  return (event) => {
    const line = Buffer.from(`${JSON.stringify({ at: new Date(clock.now()).toISOString(), ...event })}\n`);
    try {
      if (handle === null) open();
      if (size > 0 && size + line.length > maxBytes) {
        rotate();
        open();
      }
      if (handle !== null) size += writeSync(handle, line);
    } catch {
      handle = null;
    }
  };
}

function renameIfExists(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
