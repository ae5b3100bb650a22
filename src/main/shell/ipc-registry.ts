import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import type { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from '#shared/contract/error-codes.ts';
import {
  type ShellChannel,
  type ShellInput,
  type ShellOutput,
  shellContract,
} from '#shared/contract/shell.contract.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Log } from './log.ts';
import { TokenBucket } from './token-bucket.ts';
import type { WindowKind } from './windows.ts';

const BURST = 60;
const PER_SECOND = 20;

/** An expected failure of a handler; only the code reaches the page. */
export class ShellError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode) {
    super(code);
    this.code = code;
  }

  /** Parts that know nothing of channels throw errors whose message is a code; any other error stays what it is. */
  static from(error: unknown): unknown {
    const code = ERROR_CODES.find((known) => error instanceof Error && error.message === known);
    return code === undefined ? error : new ShellError(code);
  }
}

/** What goes back over the channel. A page never sees a stack, a path or a message. */
export type ShellAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: ErrorCode };

export type ShellHandlers = {
  readonly [C in ShellChannel]: (input: ShellInput<C>, sender: WebContents) => ShellOutput<C> | Promise<ShellOutput<C>>;
};

/** Which windows may use a channel. The phone window asks for nothing. */
const ALLOWED: Readonly<Record<ShellChannel, readonly WindowKind[]>> = {
  'shell:info': ['ui'],
  'shell:preferences:get': ['ui'],
  'shell:preferences:set': ['ui'],
  'shell:data-state': ['ui'],
  'shell:data-restart': ['ui'],
  'shell:save-file': ['ui'],
  'shell:save-begin': ['ui'],
  'shell:save-append': ['ui'],
  'shell:save-end': ['ui'],
  'shell:print': ['ui'],
  'shell:lock-now': ['ui'],
  'shell:close': ['ui'],
  'shell:connect': ['ui'],
};

/** Goes only into a file whose place a person has just chosen, one call after the other: as fast as the disk is. */
const UNMETERED: readonly ShellChannel[] = ['shell:save-append'];

export interface ShellIpcOptions {
  readonly origin: string;
  readonly kindOf: (contents: WebContents) => WindowKind | null;
  readonly handlers: ShellHandlers;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Registers every channel of the shell contract, and nothing else. Each call passes the same gate: sender, rate, argument;
 * each answer is checked too. Handlers behind it stay plain.
 */
export function registerShellIpc(ipc: Pick<IpcMain, 'handle'>, options: ShellIpcOptions): void {
  const buckets = new WeakMap<WebContents, TokenBucket>();
  const hasTokens = (contents: WebContents): boolean => {
    const bucket = buckets.get(contents) ?? new TokenBucket(BURST, PER_SECOND, options.clock);
    buckets.set(contents, bucket);
    return bucket.take();
  };
  for (const channel of Object.keys(shellContract) as ShellChannel[]) {
    ipc.handle(channel, async (event: IpcMainInvokeEvent, ...args: unknown[]): Promise<ShellAnswer> => {
      const refused = findSenderProblem(event, ALLOWED[channel], options);
      if (refused !== null) {
        options.log({ event: 'ipc-refused', channel, why: refused });
        return { ok: false, code: 'FORBIDDEN' };
      }
      if (!UNMETERED.includes(channel) && !hasTokens(event.sender)) return { ok: false, code: 'RATE_LIMITED' };
      return answer(channel, args, event.sender, options);
    });
  }
}

function findSenderProblem(
  event: IpcMainInvokeEvent,
  allowed: readonly WindowKind[],
  options: ShellIpcOptions,
): string | null {
  const frame = event.senderFrame;
  if (!frame) return 'no frame';
  if (frame.parent !== null) return 'not a top frame';
  if (frame.origin !== options.origin) return 'foreign origin';
  const kind = options.kindOf(event.sender);
  if (kind === null || !allowed.includes(kind)) return 'window kind';
  return null;
}

async function answer(
  channel: ShellChannel,
  args: readonly unknown[],
  sender: WebContents,
  { handlers, log }: ShellIpcOptions,
): Promise<ShellAnswer> {
  const { input, output }: { input: z.ZodType; output: z.ZodType } = shellContract[channel];
  const parsed = input.safeParse(args[0]);
  if (!parsed.success || args.length > 1) {
    log({ event: 'ipc-refused', channel, why: 'argument' });
    return { ok: false, code: 'BAD_INPUT' };
  }
  try {
    const handle = handlers[channel] as (input: unknown, sender: WebContents) => unknown;
    return { ok: true, value: output.parse(await handle(parsed.data, sender)) };
  } catch (error) {
    if (error instanceof ShellError) return { ok: false, code: error.code };
    log({ event: 'ipc-failed', channel, error: error instanceof Error ? error.name : 'unknown' });
    return { ok: false, code: 'INTERNAL' };
  }
}
