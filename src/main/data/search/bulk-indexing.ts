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

/**
 * Has everything indexed that waits, beside this thread, which only enters facets and takes rows out of their queues.
 * @returns `lost` when the threads ended by themselves: facets in memory may lack some that are on the disk
 * @throws DataError for every failure of the storage
 */
export async function indexInThread(thread: IndexThread, deps: BulkDeps): Promise<'done' | 'paused' | 'lost'> {
  let answering = thread.next(true);
  for (;;) {
    const answer = await answering;
    if (answer === 'ended') return 'lost';
    if (answer.kind === 'failed') {
      if (deps.isPaused()) return 'paused';
      // Not the disk, but something in the threads: nobody waits for them in vain a second time.
      if (answer.code === 'INTERNAL') return giveUp(thread);
      return deps.write(() => fail(answer));
    }
    const isOver = answer.isLast || deps.isPaused();
    // The next ones are indexed while these are taken out of the queue.
    if (!isOver) answering = thread.next(false);
    await adopt(answer, deps).catch(async (error: unknown) => {
      // What is indexed meanwhile has to be known here all the same.
      const last = isOver ? null : await answering;
      if (last && last !== 'ended' && last.kind === 'indexed') await enter(last, deps.facets);
      throw error;
    });
    if (isOver) return answer.isLast ? 'done' : 'paused';
  }
}

async function giveUp(thread: IndexThread): Promise<'lost'> {
  await thread.giveUp();
  return 'lost';
}

/** @throws DataError as the thread met it */
function fail({ code, detail }: IndexFailure): never {
  throw dataErrorOf(code, detail);
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
