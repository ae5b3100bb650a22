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
   * Indexes the next rows, some thousand in one commit. Starts the thread when it does not run.
   * @param fresh from the newest row on; else from where it was
   * @returns `ended` when there is no answer: what was committed meanwhile is not known
   */
  next(fresh: boolean): Promise<IndexAnswer | 'ended'>;
  /** Lets go of the files and of the memory; what is under way is given up at its next row. It may be asked again. */
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
    const started: Running = { worker: startAskedWorker(entry, setup, onError), stop: new Int32Array(stop) };
    void started.worker.ended.then(() => {
      // Nobody told it to.
      if (running === started) isUsable = false;
    });
    return started;
  };

  const dismiss = async () => {
    if (!running) return;
    const { worker, stop } = running;
    running = null;
    Atomics.store(stop, 0, 1);
    void worker.ask({ kind: 'close' });
    await worker.ended;
  };

  return {
    get isUsable() {
      return isUsable;
    },
    sizes,
    next: async (fresh) => {
      if (!isUsable) return 'ended';
      running ??= start();
      return running.worker.ask({ kind: 'next', fresh });
    },
    dismiss,
    giveUp: async () => {
      isUsable = false;
      await dismiss();
    },
  };
}
