import type { OpenDb, ReadableDb, WritableDb } from '../db/sqlite.ts';
import { findSetting, saveSetting } from '../repositories/identity.repository.ts';
import { dequeue, listIndexable, requeueChunk } from '../repositories/search-queue.repository.ts';
import { findTicketById } from '../repositories/ticket.repository.ts';
import { searchableText } from '../repositories/ticket-text.ts';
import { runSearch, type SearchResult } from './run-search.ts';
import type { SearchFile } from './search-file.ts';
import { indexTokens } from './search-tokens.ts';
import { createTokenSample } from './token-sample.ts';

export interface SearchIndex {
  /** The newest tickets that contain every word of the query. */
  search(query: string, limit: number): SearchResult;
  /** There may be tickets to index. */
  wake(): void;
  /** Waits until nothing is left to index. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** One slice of indexing; nobody waits longer for it. */
const SLICE_MS = 8;
/** Tickets per commit of the index: fewer make more work for merging, more make the commit itself long. */
const BATCH = 250;
/** Index pages merged per slice. */
const MERGE_PAGES = 8;
/** How common tokens are is counted again after so many newly indexed tickets. */
const RESAMPLE_AFTER = 20_000;

export interface SearchDeps {
  readonly file: SearchFile;
  /** Reading connection of the agent. */
  readonly db: ReadableDb;
  /** Connection whose commits may be redone. */
  readonly bulk: WritableDb;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
  /** Runs a write under the watch of the storage guard. */
  write<T>(work: () => T): T;
  /** Asked between slices: the disk is full, or something more urgent runs. Needs a wake afterwards. */
  readonly isPaused: () => boolean;
  /** Everything is indexed for now; told with how many tickets were indexed on the way. */
  readonly onIdle: (indexed: number) => void;
  readonly onError: (error: unknown) => void;
}

/** Finds tickets by any part of their text, newest first; the index is built in the background in short slices. */
export function createSearchIndex(deps: SearchDeps): SearchIndex {
  const { db, bulk, elapsed } = deps;
  const index = deps.file.db;
  let closed = false;
  let running: Promise<void> | null = null;
  let again = false;

  if (deps.file.isNew) saveSetting(bulk, REQUEUE_SETTING, String(Number.MAX_SAFE_INTEGER));

  const sample = createTokenSample();
  let indexedSinceSample = 0;
  const run = async () => {
    let indexed = 0;
    const builder = createBuilder(index, bulk, elapsed, (tickets) => {
      indexed += tickets;
      indexedSinceSample += tickets;
    });
    try {
      do {
        again = false;
        while (!closed && !deps.isPaused() && deps.write(builder.slice)) {
          await new Promise((resolve) => setImmediate(resolve));
        }
        if (indexedSinceSample > RESAMPLE_AFTER) {
          indexedSinceSample = 0;
          sample.restart();
        }
        while (!closed && sample.grow(db)) await new Promise((resolve) => setImmediate(resolve));
      } while (again && !closed && !deps.isPaused());
    } finally {
      builder.abandon();
    }
    if (!closed) deps.onIdle(indexed);
  };

  return {
    wake: () => {
      if (closed) return;
      again = true;
      running ??= run()
        .catch(deps.onError)
        .finally(() => {
          running = null;
        });
    },
    idle: async () => {
      await running;
    },
    close: async () => {
      closed = true;
      await running;
      index.close();
    },
    search: (query, limit) => runSearch(db, index, sample.frequency, elapsed, query, limit),
  };
}

/** Where the refilling of the queue for a new index stands: row ids below it are still to come, empty when done. */
const REQUEUE_SETTING = 'search_requeue_below';

interface Builder {
  /** Does some milliseconds of work. @returns false when nothing is left */
  slice(): boolean;
  /** Gives up what was not committed; it stays in the queue. */
  abandon(): void;
}

function createBuilder(
  index: OpenDb,
  bulk: WritableDb,
  elapsed: () => number,
  onIndexed: (tickets: number) => void,
): Builder {
  let batch: readonly number[] = [];
  let done = 0;
  let merging = false;

  /** Tickets leave the queue only after the index is on disk: taken out too early they would not be found any more. */
  const commit = () => {
    index.exec('COMMIT');
    dequeue(bulk, batch);
    onIndexed(batch.length);
    batch = [];
    merging = true;
  };

  const abandon = () => {
    if (index.isOpen && index.inTransaction) index.exec('ROLLBACK');
    batch = [];
    done = 0;
  };

  const work = (): boolean => {
    if (merging) {
      merging = mergeSome(index);
      return true;
    }
    if (refillQueue(bulk)) return true;
    if (batch.length === 0) {
      batch = listIndexable(bulk, BATCH);
      done = 0;
      if (batch.length === 0) return false;
      index.exec('BEGIN IMMEDIATE');
    }
    const begun = elapsed();
    while (done < batch.length && elapsed() - begun < SLICE_MS) {
      const id = batch[done++];
      const ticket = id === undefined ? undefined : findTicketById(bulk, id)?.parse().ticket;
      if (!ticket || ticket.number === null) continue;
      const tokens = [...indexTokens(searchableText(ticket))].join(' ');
      index.run('INSERT OR REPLACE INTO tickets_fts (rowid, text) VALUES (?, ?)', ticket.number, tokens);
    }
    if (done >= batch.length) commit();
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

/** Merges a few pages of the index. @returns false when there is nothing worth merging */
function mergeSome(index: OpenDb): boolean {
  const before = index.value<number>('SELECT total_changes()') ?? 0;
  index.run(`INSERT INTO tickets_fts (tickets_fts, rank) VALUES ('merge', ?)`, MERGE_PAGES);
  return (index.value<number>('SELECT total_changes()') ?? 0) - before > 1;
}

/** Puts the next part of all tickets into the queue after the index was started anew. @returns false when all are in */
function refillQueue(bulk: WritableDb): boolean {
  const below = findSetting(bulk, REQUEUE_SETTING) ?? '';
  if (below === '') return false;
  const next = requeueChunk(bulk, Number(below));
  saveSetting(bulk, REQUEUE_SETTING, next === null ? '' : String(next));
  return true;
}
