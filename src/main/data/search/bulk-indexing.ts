import { setImmediate as giveWay } from 'node:timers/promises';
import type { WritableDb } from '../db/sqlite.ts';
import { dataErrorOf } from '../errors.ts';
import {
  dequeueCitizens,
  dequeueTickets,
  hasManyQueued,
  type QueuedRow,
} from '../repositories/search-queue.repository.ts';
import type { FacetRow, FacetStore } from './facet-store.ts';
import { FACET_CELLS, type IndexedRows, type IndexFailure } from './threads/index-messages.ts';
import type { IndexThread } from './threads/index-thread.ts';

/** Rows entered or taken out of a queue at once; a caller lookup waits no longer. */
const CHUNK = 500;

export interface BulkDeps {
  readonly bulk: WritableDb;
  readonly facets: FacetStore;
  /** Runs a write under the watch of the storage guard. */
  write<T>(work: () => T): T;
  /** Asked between commits: somebody else needs the machine, or nothing is to be done any more. */
  readonly isPaused: () => boolean;
  readonly onIndexed: (rows: number) => void;
}

/** Whether so many rows wait that {@link indexInThread} is worth it. */
export function isWorthThread(bulk: WritableDb, thread: IndexThread): boolean {
  return thread.isUsable && hasManyQueued(bulk, thread.sizes.worthStarting);
}

/** How indexing in the thread ended. */
export interface BulkOutcome {
  readonly rows: number;
  /** The threads ended by themselves: facets in memory may lack some that are on the disk. */
  readonly isLost: boolean;
  /** What a write of this side failed with. */
  readonly error?: unknown;
}

/**
 * Has everything indexed that waits, beside this thread, which only enters facets and takes rows out of their queues; ends early when it is to
 * pause. The threads are gone afterwards. Never throws.
 */
export async function indexInThread(thread: IndexThread, deps: BulkDeps): Promise<BulkOutcome> {
  let rows = 0;
  const end = async (outcome: Omit<BulkOutcome, 'rows'>): Promise<BulkOutcome> => {
    await thread.dismiss();
    return { rows, ...outcome };
  };
  for (let answering = thread.next(); ; ) {
    const answer = await answering;
    if (answer === 'ended') return end({ isLost: true });
    if (answer.kind === 'failed') {
      if (deps.isPaused()) return end({ isLost: false });
      // Not the disk, but something in the threads: nobody waits for them in vain a second time.
      if (answer.code === 'INTERNAL') await thread.giveUp();
      return end({ isLost: answer.code === 'INTERNAL', error: told(deps, answer) });
    }
    const isOver = answer.isLast || deps.isPaused();
    // The next ones are indexed while these are taken out of the queue.
    if (!isOver) answering = thread.next();
    rows += answer.tickets.length + answer.citizens.length;
    try {
      await adopt(answer, deps);
    } catch (error) {
      // What is indexed meanwhile has to be known here all the same.
      const last = isOver ? null : await answering;
      if (last && last !== 'ended' && last.kind === 'indexed') await enter(last, deps.facets);
      return end({ isLost: last === 'ended', error });
    }
    if (isOver) return end({ isLost: false });
  }
}

/** Lets the guard of the storage hear of a failure as if it had happened here. @returns it; undefined for one that is not of the storage */
function told({ write }: BulkDeps, { code, detail }: IndexFailure): unknown {
  if (code === 'INTERNAL') return undefined;
  const error = dataErrorOf(code, detail);
  try {
    write(() => {
      throw error;
    });
  } catch (thrown) {
    return thrown;
  }
  return error;
}

async function adopt(indexed: IndexedRows, { bulk, facets, write, onIndexed }: BulkDeps): Promise<void> {
  await enter(indexed, facets);
  await inChunks(indexed.tickets, (rows) => write(() => dequeueTickets(bulk, rows)));
  await inChunks(indexed.citizens, (rows) => write(() => dequeueCitizens(bulk, rows)));
  onIndexed(indexed.tickets.length + indexed.citizens.length);
}

async function enter({ facets: cells, entries }: IndexedRows, facets: FacetStore): Promise<void> {
  facets.enter([], entries);
  for (let from = 0; from < cells.length; from += CHUNK * FACET_CELLS) {
    facets.enter(toRows(cells.subarray(from, from + CHUNK * FACET_CELLS)), []);
    await giveWay();
  }
}

function* toRows(cells: Float64Array): Iterable<FacetRow> {
  for (let at = 0; at < cells.length; at += FACET_CELLS) {
    const [number = 0, status = 0, category = 0, division = 0, unit = 0, agent = 0, time = 0] = cells.subarray(
      at,
      at + FACET_CELLS,
    );
    yield { number, status, category, division, unit, agent, at: time };
  }
}

async function inChunks(rows: readonly QueuedRow[], take: (rows: readonly QueuedRow[]) => void): Promise<void> {
  for (let from = 0; from < rows.length; from += CHUNK) {
    take(rows.slice(from, from + CHUNK));
    await giveWay();
  }
}
