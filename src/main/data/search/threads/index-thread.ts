import { type AskedWorker, startAskedWorker } from '../../asked-worker.ts';
import {
  INDEX_SIZES,
  type IndexAnswer,
  type IndexRequest,
  type IndexSetup,
  type IndexSizes,
} from './index-messages.ts';

/** The thread that indexes many rows, with the one that prepares them. It runs while there is something for it to do. */
export interface IndexThread {
  /** It may be asked: it has not failed. */
  readonly isUsable: boolean;
  readonly sizes: IndexSizes;
  /**
   * Indexes the next rows, some thousand in one commit: those that wait, the newest first, each once. Starts the thread when it does not run.
   * @returns `ended` when there is no answer: what was committed meanwhile is not known
   */
  next(): Promise<IndexAnswer | 'ended'>;
  /** Lets go of files, keys and memory; what is under way is given up at its next row. The next request begins anew. */
  dismiss(): Promise<void>;
  /** The same for good. */
  giveUp(): Promise<void>;
}

export interface IndexThreadOptions extends Omit<IndexSetup, 'role' | 'stop' | 'cache' | 'index' | 'sizes'> {
  /** File of the thread. */
  readonly entry: string;
  readonly cachePath: string;
  readonly indexPath: string;
  /** Asked for when the thread starts: it is kept nowhere here. */
  readonly key: (database: 'cache' | 'search') => string;
  /** Smaller ones in tests. */
  readonly sizes?: IndexSizes;
  /** Told of a failure of the thread itself; it is not used again then. */
  readonly onError: (error: unknown) => void;
}

interface Running {
  readonly worker: AskedWorker<IndexRequest, IndexAnswer>;
  readonly stop: Int32Array;
}

export function createIndexThread(options: IndexThreadOptions): IndexThread {
  const { entry, cachePath, indexPath, key, nativeBinding, sizes = INDEX_SIZES, onError } = options;
  let running: Running | null = null;
  /** Threads that were told to end and have not. */
  const ending = new Set<Promise<void>>();
  let isUsable = true;

  const start = (): Running => {
    const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const setup: IndexSetup = {
      role: 'writes',
      cache: { path: cachePath, key: key('cache') },
      index: { path: indexPath, key: key('search') },
      nativeBinding,
      sizes,
      stop,
    };
    return { worker: startAskedWorker(entry, setup, onError), stop: new Int32Array(stop) };
  };

  const dismiss = async () => {
    if (running) {
      const { worker, stop } = running;
      running = null;
      Atomics.store(stop, 0, 1);
      void worker.ask({ kind: 'close' });
      ending.add(worker.ended);
      void worker.ended.then(() => ending.delete(worker.ended));
    }
    await Promise.all(ending);
  };

  return {
    get isUsable() {
      return isUsable;
    },
    sizes,
    next: async () => {
      if (!isUsable) return 'ended';
      const asked = running ?? start();
      running = asked;
      const answer = await asked.worker.ask({ kind: 'next' });
      // Nobody told it to.
      if (answer === 'ended' && running === asked) isUsable = false;
      return answer;
    },
    dismiss,
    giveUp: async () => {
      isUsable = false;
      await dismiss();
    },
  };
}
