import type { PersonHit } from '#shared/contract/citizen.contract.ts';
import type { TicketFilter } from '#shared/contract/tickets.contract.ts';
import type { Citizen } from '#shared/domain/citizen.ts';
import type { Role } from '#shared/domain/roles.ts';
import type { TicketSort } from '#shared/domain/ticket-view.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';
import { findHead } from '../repositories/citizen.repository.ts';
import { indexInThread, isWorthThread } from './bulk-indexing.ts';
import { createFacetStore, type FacetChoice } from './facet-store.ts';
import { createIndexBuilder, requeueEverything } from './index-builder.ts';
import { indexRow } from './index-order.ts';
import { parseQuery } from './parse-query.ts';
import { type PersonSearchResult, searchPersons } from './person-search.ts';
import { emptySearchFile, type SearchFile } from './search-file.ts';
import type { TokenFrequency } from './search-tokens.ts';
import type { IndexThread } from './threads/index-thread.ts';
import { searchTickets, type TicketSearchResult } from './ticket-search.ts';
import { createTokenSample, readPersonTokens, readTicketTokens } from './token-sample.ts';

export interface SearchIndex {
  /** The newest tickets that contain every word of the query and pass the filter. */
  search(query: string, limit: number, filter?: TicketFilter | null, sort?: TicketSort): TicketSearchResult;
  /** People with every word of the query in their name, the reading of it, their numbers or the remark on them. */
  searchPersons(
    query: string,
    limit: number,
    toHit: (citizen: Citizen, marks: readonly string[]) => PersonHit,
  ): PersonSearchResult;
  /** What the index knows of single tokens of tickets. */
  readonly tokens: TicketTokens;
  /** Units and agents that tickets have, for the filter. */
  choices(): { readonly units: readonly FacetChoice[]; readonly agents: readonly FacetChoice[] };
  /** There may be rows to index. */
  wake(): void;
  /** Empties the index and builds it anew in the background; until then a search may miss what is older, and says so. */
  rebuild(): Promise<void>;
  /** Waits until nothing is left to index. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Single tokens of tickets: pairs of characters, places. */
export interface TicketTokens {
  readonly frequency: TokenFrequency;
  /** Tickets that were counted for it. */
  readonly counted: number;
  /** Grows whenever the frequencies become others. */
  readonly edition: number;
  /** Numbers of the newest tickets that have a token, at most `limit`. */
  newest(token: string, limit: number): readonly number[];
}

/** How common tokens are is counted again after so many newly indexed rows. */
const RESAMPLE_AFTER = 20_000;

export interface SearchDeps {
  readonly file: SearchFile;
  /** Reading connection of the agent. */
  readonly db: ReadableDb;
  /** Role of whoever is signed in. */
  readonly role: Role;
  /** Connection whose commits may be redone. */
  readonly bulk: WritableDb;
  /** Where many rows are indexed; without one they are indexed in this thread, a slice at a time. */
  readonly thread?: IndexThread | null;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
  /** Runs a write under the watch of the storage guard. */
  write<T>(work: () => T): T;
  /** Asked between slices: the disk is full, or something more urgent runs. Needs a wake afterwards. */
  readonly isPaused: () => boolean;
  /** Everything is indexed for now; told with how many rows were indexed on the way. */
  readonly onIdle: (indexed: number) => void;
  readonly onError: (error: unknown) => void;
}

/** Finds tickets and people by any part of their text, newest first; the index is built in the background in short slices. */
export function createSearchIndex(deps: SearchDeps): SearchIndex {
  const { db, bulk, elapsed, role, thread = null } = deps;
  const index = deps.file.db;
  let facets = createFacetStore(index);
  const ticketSample = createTokenSample(readTicketTokens);
  const personSample = createTokenSample(readPersonTokens);
  let closed = false;
  let isEmptying = false;
  let running: Promise<void> | null = null;
  let again = false;
  let indexedSinceSample = 0;

  if (deps.file.isNew) requeueEverything(bulk);

  const isStopped = () => closed || isEmptying;
  const untilNext = () => new Promise((resolve) => setImmediate(resolve));
  const run = async () => {
    let indexed = 0;
    const onIndexed = (rows: number) => {
      indexed += rows;
      indexedSinceSample += rows;
    };
    let builder = createIndexBuilder(index, bulk, facets, elapsed, onIndexed);
    const isPaused = () => isStopped() || deps.isPaused();
    /** Indexes many rows in the thread. @returns false when there are not many, or no thread */
    const indexMany = async (): Promise<boolean> => {
      if (!thread || !builder.isBetween || !isWorthThread(bulk, thread)) return false;
      const { rows, isLost, error } = await indexInThread(thread, {
        bulk,
        facets,
        write: deps.write,
        isPaused,
        onIndexed,
      });
      if (isLost && !isStopped()) {
        facets = createFacetStore(index);
        builder = createIndexBuilder(index, bulk, facets, elapsed, onIndexed);
        while (!isStopped() && facets.load()) await untilNext();
      }
      if (error !== undefined) throw error;
      return rows > 0;
    };
    try {
      while (!isStopped() && facets.load()) await untilNext();
      do {
        again = false;
        while (!isPaused() && ((await indexMany()) || deps.write(builder.slice))) await untilNext();
        if (indexedSinceSample > RESAMPLE_AFTER) {
          indexedSinceSample = 0;
          ticketSample.restart();
          personSample.restart();
        }
        while (!isStopped() && (ticketSample.grow(db) || personSample.grow(db))) await untilNext();
      } while (again && !isStopped() && !deps.isPaused());
    } finally {
      builder.abandon();
    }
    if (!isStopped()) deps.onIdle(indexed);
  };
  const wake = () => {
    if (isStopped()) return;
    again = true;
    running ??= run()
      .catch(deps.onError)
      .finally(() => {
        running = null;
      });
  };

  return {
    wake,
    rebuild: async () => {
      if (isStopped()) return;
      isEmptying = true;
      try {
        await thread?.dismiss();
        await running;
        if (closed) return;
        // In this order: whoever is interrupted in between indexes over what is there.
        deps.write(() => requeueEverything(bulk));
        deps.write(() => emptySearchFile(index));
        facets = createFacetStore(index);
        indexedSinceSample = 0;
      } finally {
        isEmptying = false;
      }
      wake();
    },
    idle: async () => {
      await running;
    },
    close: async () => {
      closed = true;
      await thread?.dismiss();
      await running;
      index.close();
    },
    search: (query, limit, filter = null, sort = 'newest') =>
      searchTickets(
        { db, index, facets, role, frequency: ticketSample.frequency, elapsed },
        parseQuery(query),
        filter && Object.values(filter).some((value) => value !== undefined) ? filter : null,
        limit,
        sort,
      ),
    searchPersons: (query, limit, toHit) =>
      searchPersons(
        {
          db,
          index,
          role,
          frequency: personSample.frequency,
          elapsed,
          headOf: (citizen) => findHead(db, citizen),
          toHit,
        },
        parseQuery(query),
        limit,
      ),
    tokens: {
      frequency: ticketSample.frequency,
      get counted() {
        return ticketSample.counted;
      },
      get edition() {
        return ticketSample.edition;
      },
      newest: (token, limit) =>
        index
          .values<number>(
            'SELECT rowid FROM tickets_fts WHERE tickets_fts MATCH ? ORDER BY rowid LIMIT ?',
            `"${token}"`,
            limit,
          )
          .map(indexRow),
    },
    choices: () => ({ units: facets.choices('unit'), agents: facets.choices('agent') }),
  };
}
