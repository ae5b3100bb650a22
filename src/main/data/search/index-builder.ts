import type { OpenDb, WritableDb } from '../db/sqlite.ts';
import { findSetting, saveSetting } from '../repositories/identity.repository.ts';
import {
  dequeueCitizens,
  dequeueTickets,
  listIndexable,
  listIndexableCitizens,
  type QueuedRow,
  type QueuedTicket,
  requeueCitizens,
  requeueTickets,
} from '../repositories/search-queue.repository.ts';
import type { FacetRow, FacetStore } from './facet-store.ts';
import { forgetGoneTickets } from './forget-tickets.ts';
import { prepareCitizen, prepareTicket } from './prepare-rows.ts';
import { type FullText, mergeSome, writeCitizen, writeTicket } from './write-rows.ts';

/** One slice of indexing; nobody waits longer for it. */
const SLICE_MS = 8;
/**
 * Rows per commit of the index. Every commit leaves a part that is merged with others later: parts of 250 rows made a quarter of all
 * work merging. More rows would make the commit itself long.
 */
const BATCH = 2_000;

/** Where the refilling of a queue for a new index stands: row ids below it are still to come, empty when done. */
const REQUEUE_SETTINGS = [
  { name: 'search_requeue_below', requeue: requeueTickets },
  { name: 'search_requeue_citizens_below', requeue: requeueCitizens },
] as const;

/** Says that everything has to be indexed again. */
export function requeueEverything(bulk: WritableDb): void {
  for (const { name } of REQUEUE_SETTINGS) saveSetting(bulk, name, String(Number.MAX_SAFE_INTEGER));
}

export interface IndexBuilder {
  /** Nothing is half done, and every row that has to be indexed is in its queue. */
  readonly isBetween: boolean;
  /** Does some milliseconds of work. @returns false when nothing is left */
  slice(): boolean;
  /** Gives up what was not committed; it stays in the queue. */
  abandon(): void;
}

/** Rows of one kind that are indexed and committed together. */
interface Batch {
  readonly length: number;
  /** Indexes one row. */
  readonly index: (at: number) => void;
  /** Takes all rows out of their queue. */
  readonly dequeue: () => void;
}

/**
 * Takes rows out of the queues and brings them into the index, tickets before people.
 * @param onIndexed told how many rows were committed
 */
export function createIndexBuilder(
  index: OpenDb,
  bulk: WritableDb,
  facets: FacetStore,
  elapsed: () => number,
  onIndexed: (rows: number) => void,
): IndexBuilder {
  let batch: Batch | null = null;
  let done = 0;
  let merging: readonly FullText[] = [];
  /** Of the batch that is being indexed. */
  let entered: FacetRow[] = [];

  const indexTicket = (queued: QueuedTicket) => {
    const ticket = prepareTicket(bulk, queued);
    if (!ticket) return;
    entered.push({ ...writeTicket(index, facets.dictionary, ticket), number: ticket.facets.number });
  };
  const indexCitizen = ({ id }: QueuedRow) => writeCitizen(index, prepareCitizen(bulk, id));

  const nextBatch = (): Batch | null => {
    const tickets = listIndexable(bulk, BATCH);
    if (tickets.length > 0) {
      return {
        length: tickets.length,
        index: (at) => tickets.slice(at, at + 1).forEach(indexTicket),
        dequeue: () => dequeueTickets(bulk, tickets),
      };
    }
    const citizens = listIndexableCitizens(bulk, BATCH);
    if (citizens.length === 0) return null;
    return {
      length: citizens.length,
      index: (at) => citizens.slice(at, at + 1).forEach(indexCitizen),
      dequeue: () => dequeueCitizens(bulk, citizens),
    };
  };

  /** Rows leave the queue only after the index is on disk: taken out too early they would not be found any more. */
  const commit = ({ length, dequeue }: Batch) => {
    facets.dictionary.flush();
    index.exec('COMMIT');
    facets.enter(entered, facets.dictionary.committed());
    dequeue();
    onIndexed(length);
    batch = null;
    merging = ['tickets_fts', 'persons_fts'];
  };

  const abandon = () => {
    const wasBegun = batch !== null;
    batch = null;
    done = 0;
    entered = [];
    if (wasBegun) facets.dictionary.distrust();
    if (index.isOpen && index.inTransaction) index.exec('ROLLBACK');
  };

  const work = (): boolean => {
    const [table, ...others] = merging;
    if (table) {
      if (!mergeSome(index, table)) merging = others;
      return true;
    }
    if (!batch && forgetGoneTickets(index, bulk)) return true;
    if (refillQueue(bulk)) return true;
    if (!batch) {
      batch = nextBatch();
      done = 0;
      entered = [];
      if (!batch) return false;
      index.exec('BEGIN IMMEDIATE');
    }
    const begun = elapsed();
    while (done < batch.length && elapsed() - begun < SLICE_MS) batch.index(done++);
    if (done >= batch.length) commit(batch);
    return true;
  };

  return {
    get isBetween() {
      return batch === null && merging.length === 0 && !isRefilling(bulk);
    },
    abandon,
    slice: () => {
      try {
        return work();
      } catch (error) {
        try {
          abandon();
        } catch {
          // What went wrong first says more.
        }
        throw error;
      }
    },
  };
}

function isRefilling(bulk: WritableDb): boolean {
  return REQUEUE_SETTINGS.some(({ name }) => (findSetting(bulk, name) ?? '') !== '');
}

/** Puts the next part of all rows into the queue after the index was started anew. @returns false when all are in */
function refillQueue(bulk: WritableDb): boolean {
  for (const { name, requeue } of REQUEUE_SETTINGS) {
    const below = findSetting(bulk, name) ?? '';
    if (below === '') continue;
    const next = requeue(bulk, Number(below));
    saveSetting(bulk, name, next === null ? '' : String(next));
    return true;
  }
  return false;
}
