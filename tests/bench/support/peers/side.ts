import { fork } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { stopChild } from '../../../../scripts/child-process.ts';

/** One engine with its client and its server. All times in ms; what has to be prepared for a measurement is not part of it. */
export interface Side {
  /** `count` new tickets were written without a network: until the server has confirmed all of them to the client. */
  push(count: number): Promise<number>;
  /** `count` new tickets are on the server: until a client that held everything before has all of them, with its indices. */
  pull(count: number): Promise<number>;
  /**
   * The server holds `total` tickets, the client nothing.
   * @returns until all of them are there, and until the history of one phone number could be shown
   */
  firstSync(total: number): Promise<FirstSync>;
  close(): Promise<void>;
}

export interface FirstSync {
  readonly fetched: number;
  /** Out of the client's own rows; null where that would take far too long. */
  readonly usable: number | null;
  /** Until it could be shown whole to somebody who asked while rows were on their way; null for an engine that cannot be asked then. */
  readonly popAt: number | null;
}

const requestSchema = z.object({ call: z.enum(['push', 'pull', 'firstSync', 'close']), count: z.number().int() });
type Request = z.infer<typeof requestSchema>;
const firstSyncSchema = z.object({
  fetched: z.number(),
  usable: z.number().nullable(),
  popAt: z.number().nullable(),
});
const replySchema = z.union([
  z.object({ ok: z.literal(true), value: z.union([z.number(), firstSyncSchema]) }),
  z.object({ ok: z.literal(false), error: z.string() }),
]);
type Reply = z.infer<typeof replySchema>;

/** Memory of a side's client: an engine that keeps every record in memory must not be measured by its garbage collector. */
const HEAP_MIB = 8_192;

/** Answers the bench out of a process of its own, so that no engine works on another one's heap. */
export function serveSide(side: Side): void {
  let isClosed = false;
  const answer = async ({ call, count }: Request): Promise<Reply> => {
    try {
      if (call === 'close') {
        isClosed = true;
        await side.close();
        return { ok: true, value: 0 };
      }
      return { ok: true, value: await side[call](count) };
    } catch (error) {
      return { ok: false, error: error instanceof Error ? String(error.stack) : String(error) };
    }
  };
  process.on('message', async (message) => {
    const request = requestSchema.parse(message);
    process.send?.(await answer(request));
    if (request.call === 'close') process.disconnect();
  });
  // Asked to close or left alone by the bench: nothing of this side outlives it.
  process.on('disconnect', async () => {
    if (!isClosed) await side.close().catch(() => undefined);
    process.exit();
  });
  process.send?.({ ok: true, value: 0 } satisfies Reply);
}

/** Starts the process of a side and waits until it is ready. @param file module that calls {@link serveSide} */
export async function startSide(file: string, folder: string): Promise<Side> {
  const child = fork(file, [folder], {
    execArgv: [`--max-old-space-size=${HEAP_MIB}`],
    // Libraries check more, and are slower, while somebody develops with them.
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${file} ended before it answered`)));
  ended.catch(() => undefined);
  const nextReply = async () => {
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [unknown];
    const reply = replySchema.parse(message);
    if (!reply.ok) throw new Error(reply.error);
    return reply.value;
  };
  const ask = (call: Request['call'], count: number) => {
    const reply = nextReply();
    child.send({ call, count } satisfies Request);
    return reply;
  };
  const isMs = (value: number | FirstSync) => (typeof value === 'number' ? value : null);
  const first = (value: number | FirstSync) => (typeof value === 'number' ? null : value);
  await nextReply();
  return {
    push: async (count) => forceUnwrap('no time', isMs(await ask('push', count))),
    pull: async (count) => forceUnwrap('no time', isMs(await ask('pull', count))),
    firstSync: async (total) => forceUnwrap('no times', first(await ask('firstSync', total))),
    close: async () => {
      await ask('close', 0).catch(() => undefined);
      await stopChild(child, 5_000);
    },
  };
}
