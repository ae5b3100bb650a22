import { placesOf } from '#shared/domain/matter.ts';
import type { OpenDb, WritableDb } from '../db/sqlite.ts';
import { findCitizenByRowId } from '../repositories/citizen.repository.ts';
import { citizenText } from '../repositories/citizen-text.ts';
import { DIVISION_NAMES } from '../repositories/division-names.ts';
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
import { findTicketById } from '../repositories/ticket.repository.ts';
import { searchableNames, searchableText } from '../repositories/ticket-text.ts';
import type { FacetStore } from './facet-store.ts';
import { forgetGoneTickets } from './forget-tickets.ts';
import { indexRow } from './index-order.ts';
import { placeToken } from './place-tokens.ts';
import { type ReadRun, readNames } from './reading-match.ts';
import { indexTokens } from './search-tokens.ts';

/** One slice of indexing; nobody waits longer for it. */
const SLICE_MS = 8;
/**
 * Rows per commit of the index. Every commit leaves a part that is merged with others later: parts of 250 rows made a quarter of all
 * work merging. More rows would make the commit itself long.
 */
const BATCH = 2_000;
/** Index pages merged per slice. */
const MERGE_PAGES = 16;

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
  let merging: readonly ('tickets_fts' | 'persons_fts')[] = [];

  const indexTicket = ({ id, hasNewText }: QueuedTicket) => {
    const ticket = findTicketById(bulk, id)?.parse().ticket;
    if (!ticket || ticket.number === null) return;
    facets.put(ticket);
    if (!hasNewText) return;
    index.run(
      'INSERT OR REPLACE INTO tickets_fts (rowid, text) VALUES (?, ?)',
      indexRow(ticket.number),
      [
        tokenText(searchableText(ticket), readNames(searchableNames(ticket))),
        ...placesOf(ticket.fields, DIVISION_NAMES, ticket.centre).map(placeToken),
      ].join(' '),
    );
  };

  const indexCitizen = ({ id }: QueuedRow) => {
    const citizen = findCitizenByRowId(bulk, id)?.citizen;
    if (!citizen) {
      index.run('DELETE FROM persons_fts WHERE rowid = ?', indexRow(id));
      return;
    }
    index.run(
      'INSERT OR REPLACE INTO persons_fts (rowid, text) VALUES (?, ?)',
      indexRow(id),
      tokenText(citizenText(citizen.fields), readNames([citizen.fields.name])),
    );
  };

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
    facets.flush();
    index.exec('COMMIT');
    facets.committed();
    dequeue();
    onIndexed(length);
    batch = null;
    merging = ['tickets_fts', 'persons_fts'];
  };

  const abandon = () => {
    if (index.isOpen && index.inTransaction) index.exec('ROLLBACK');
    batch = null;
    done = 0;
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
      if (!batch) return false;
      index.exec('BEGIN IMMEDIATE');
    }
    const begun = elapsed();
    while (done < batch.length && elapsed() - begun < SLICE_MS) batch.index(done++);
    if (done >= batch.length) commit(batch);
    return true;
  };

  return {
    abandon,
    slice: () => {
      try {
        return work();
      } catch (error) {
        abandon();
        throw error;
      }
    },
  };
}

function tokenText(text: string, names: readonly ReadRun[]): string {
  return [...indexTokens(text, names)].join(' ');
}

/** Merges a few pages of the index. @returns false when there is nothing worth merging */
function mergeSome(index: OpenDb, table: 'tickets_fts' | 'persons_fts'): boolean {
  const before = index.value<number>('SELECT total_changes()') ?? 0;
  index.run(`INSERT INTO ${table} (${table}, rank) VALUES ('merge', ?)`, MERGE_PAGES);
  return (index.value<number>('SELECT total_changes()') ?? 0) - before > 1;
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
