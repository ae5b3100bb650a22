import { Worker } from 'node:worker_threads';
import { letLogGrow } from '../../db/open.ts';
import type { OpenDb } from '../../db/sqlite.ts';
import type { WriteTurns } from '../../db/write-turns.ts';
import { threadError } from '../../errors.ts';
import type { Answered, ThreadAnswers, ThreadRequest, ThreadSetup } from './thread-messages.ts';

/** With nothing to do for so long it ends and gives its memory back; the next large answer starts another one. */
const IDLE_MS = 60_000;

/** The thread that applies rows. It runs while there is something for it to do. */
export interface ApplyThread {
  /** It may be asked: it was not closed, and it has not failed. */
  readonly isUsable: boolean;
  readonly isRunning: boolean;
  /**
   * Starts it when it does not run.
   * @returns its answer; `ended` when there is none
   */
  ask<Kind extends ThreadRequest['kind']>(
    request: Extract<ThreadRequest, { kind: Kind }>,
    options?: { readonly signal?: AbortSignal; readonly transfer?: readonly ArrayBuffer[] },
  ): Promise<ThreadAnswers[Kind] | 'ended'>;
  /** Lets go of the database. What is under way stops at its next row. */
  close(): Promise<void>;
}

export interface ApplyThreadOptions extends Omit<ThreadSetup, 'turns' | 'key'> {
  /** Asked for when the thread starts: it is kept nowhere here. */
  readonly key: () => string;
  /** File of the thread. */
  readonly entry: string;
  readonly turns: WriteTurns;
  /** Those of this thread that write to the same database. */
  readonly connections: readonly OpenDb[];
  /** Told of a failure of the thread itself; it is not used again then. */
  readonly onError: (error: unknown) => void;
}

type Waiting = (answered: Answered | 'ended') => void;

interface Running {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
  readonly ended: Promise<void>;
}

export function createApplyThread(options: ApplyThreadOptions): ApplyThread {
  const { entry, path, key, nativeBinding, turns, connections, onError } = options;
  let running: Running | null = null;
  /** Threads that were told to end and have not. */
  const ending = new Set<Promise<void>>();
  let isUsable = true;
  let job = 0;
  let idle: NodeJS.Timeout | undefined;

  const start = (): Running => {
    const waiting = new Map<number, Waiting>();
    const setup: ThreadSetup = { path, key: key(), nativeBinding, turns: turns.memory };
    const worker = new Worker(entry, { workerData: setup });
    for (const db of connections) letLogGrow(db, true);
    worker.on('message', (answered: Answered) => {
      waiting.get(answered.job)?.(answered);
      waiting.delete(answered.job);
    });
    worker.on('error', (error) => onError(threadError(error)));
    const ended = new Promise<void>((resolve) => {
      worker.once('exit', () => {
        if (running?.worker === worker) {
          // Nobody told it to.
          running = null;
          isUsable = false;
        }
        // Another one may have been started meanwhile.
        if (!running) {
          turns.free();
          for (const db of connections) if (db.isOpen) letLogGrow(db, false);
        }
        for (const answer of waiting.values()) answer('ended');
        resolve();
      });
    });
    return { worker, waiting, ended };
  };

  const dismiss = async () => {
    clearTimeout(idle);
    const dismissed = running;
    if (dismissed) {
      running = null;
      turns.stop(job);
      dismissed.worker.postMessage({ kind: 'close', job: ++job });
      ending.add(dismissed.ended);
      void dismissed.ended.then(() => ending.delete(dismissed.ended));
    }
    await Promise.all(ending);
  };

  const thread: ApplyThread = {
    get isUsable() {
      return isUsable;
    },
    get isRunning() {
      return running !== null;
    },
    ask: async <Kind extends ThreadRequest['kind']>(
      request: Extract<ThreadRequest, { kind: Kind }>,
      { signal, transfer = [] }: { readonly signal?: AbortSignal; readonly transfer?: readonly ArrayBuffer[] } = {},
    ): Promise<ThreadAnswers[Kind] | 'ended'> => {
      if (!isUsable) return 'ended';
      running ??= start();
      clearTimeout(idle);
      const { worker, waiting } = running;
      const own = ++job;
      const stop = () => turns.stop(own);
      try {
        const answered = await new Promise<Answered | 'ended'>((resolve) => {
          waiting.set(own, resolve);
          worker.postMessage({ ...request, job: own }, [...transfer]);
          if (signal?.aborted) stop();
          signal?.addEventListener('abort', stop, { once: true });
        });
        return answered === 'ended' ? answered : (answered.answer as ThreadAnswers[Kind]);
      } finally {
        signal?.removeEventListener('abort', stop);
        if (running?.worker === worker && waiting.size === 0) {
          idle = setTimeout(() => void dismiss(), IDLE_MS);
          idle.unref();
        }
      }
    },
    close: async () => {
      isUsable = false;
      await dismiss();
    },
  };
  return thread;
}
