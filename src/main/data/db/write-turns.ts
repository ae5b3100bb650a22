/** Places in the shared memory: whether somebody writes, how many of the main thread wait for it, and up to which job the other is to stop. */
const [HELD, WANTED, STOPPED] = [0, 1, 2];
const CELLS = 3;

/** So long a write waits for the turn; after that SQLite's own lock decides, as between strangers. */
const LONGEST_WAIT_MS = 1_000;

/**
 * Who writes to a database next, between this process' main thread and one other. SQLite lets one connection write at a time, but whoever finds
 * it taken looks again after pauses, while the other takes it anew a moment later: whoever works on end would never let anybody in. Here the
 * main thread says that it waits, and the other lets it go first.
 */
export interface WriteTurns {
  /** What the other thread makes its side of. */
  readonly memory: SharedArrayBuffer;
  /** Runs a write of the main thread. */
  write<T>(work: () => T): T;
  /** Tells the other thread to stop as soon as it can with all jobs up to this one. */
  stop(job: number): void;
  /** The other thread has ended, wherever it was. */
  free(): void;
}

/** The main thread's side. */
export function createWriteTurns(): WriteTurns {
  const memory = new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT);
  const cells = new Int32Array(memory);
  const take = () => Atomics.compareExchange(cells, HELD, 0, 1) === 0;
  const waitForIt = (): boolean => {
    const begun = performance.now();
    while (!take()) {
      const left = LONGEST_WAIT_MS - (performance.now() - begun);
      if (left <= 0) return false;
      Atomics.wait(cells, HELD, 1, left);
    }
    return true;
  };
  const writeNow = <T>(work: () => T, isTaken: boolean): T => {
    try {
      return work();
    } finally {
      if (isTaken) give(cells);
    }
  };
  return {
    memory,
    write: (work) => {
      if (take()) return writeNow(work, true);
      // Until the write is done: whoever has waited in vain still has to find SQLite's own lock free once.
      Atomics.add(cells, WANTED, 1);
      try {
        return writeNow(work, waitForIt());
      } finally {
        Atomics.sub(cells, WANTED, 1);
        Atomics.notify(cells, WANTED);
      }
    },
    stop: (job) => {
      Atomics.store(cells, STOPPED, job);
    },
    free: () => give(cells),
  };
}

/** The side of the thread that works on end. */
export interface PatientTurns {
  /** Runs a write when nobody of the main thread waits. */
  write<T>(work: () => T): T;
  /** Somebody waits: what is under way should end soon. */
  isWanted(): boolean;
  isStopped(job: number): boolean;
}

/** @param memory of the main thread's side */
export function joinWriteTurns(memory: SharedArrayBuffer): PatientTurns {
  const cells = new Int32Array(memory);
  const take = () => {
    for (;;) {
      const wanted = Atomics.load(cells, WANTED);
      if (wanted > 0) Atomics.wait(cells, WANTED, wanted);
      else if (Atomics.compareExchange(cells, HELD, 0, 1) === 0) return;
      else Atomics.wait(cells, HELD, 1);
    }
  };
  return {
    write: (work) => {
      take();
      try {
        return work();
      } finally {
        give(cells);
      }
    },
    isWanted: () => Atomics.load(cells, WANTED) > 0,
    isStopped: (job) => Atomics.load(cells, STOPPED) >= job,
  };
}

function give(cells: Int32Array): void {
  Atomics.store(cells, HELD, 0);
  Atomics.notify(cells, HELD);
}
