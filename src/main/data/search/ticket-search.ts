import type { TicketFilter, TicketHit } from '#shared/contract/tickets.contract.ts';
import type { Role } from '#shared/domain/roles.ts';
import type { TicketSort } from '#shared/domain/ticket-view.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { countQueuedTexts, listQueued } from '../repositories/search-queue.repository.ts';
import { findTicketById, findTicketByNumber, listTicketsByNumbers } from '../repositories/ticket.repository.ts';
import type { FacetStore } from './facet-store.ts';
import type { FacetFilter } from './facet-table.ts';
import { indexRow } from './index-order.ts';
import type { Query } from './parse-query.ts';
import type { TokenFrequency } from './search-tokens.ts';
import { TicketFinder } from './ticket-finder.ts';
import { COST, type Lookup, matchExpression } from './token-query.ts';

/** What a query found. */
export interface TicketSearchResult {
  readonly tickets: readonly TicketHit[];
  /** There was more to look at than one query may; older tickets may be missing. */
  readonly incomplete: boolean;
  /** Tickets not yet in the index. */
  readonly indexing: number;
  /** How many of the newest were put in order, when older ones may fit as well; null when the order is that of all. */
  readonly ordered: number | null;
}

export interface TicketSearchDeps {
  /** The cache. */
  readonly db: ReadableDb;
  /** The full-text index, which may lag behind: what waits for it is looked at directly. */
  readonly index: ReadableDb;
  readonly facets: FacetStore;
  /** Whoever asks: what is masked for them is not searched either. */
  readonly role: Role;
  /** How common tokens are, to look up the rare ones. */
  readonly frequency: TokenFrequency;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
}

/**
 * What one query may cost, counted in tickets looked at and steps through the index, so that the same query gives the same answer on
 * a slow machine; the time is a second net only.
 */
const MOST_CHECKS = 4_000;
const MOST_STEPS = 300_000;
/** Of tickets not yet indexed, newest first; */
const MOST_WAITING = 2_000;
/** of tickets that pass a filter, before the words are asked of the index after all. */
const MOST_DIRECT = 400;
/** Candidates taken from the index at once, beside those that are wanted. */
const LEAST_CHUNK = 8;
const MOST_CHUNK = 8_192;
/** Tickets read at once, when those read first were not enough. */
const MOST_READ = 64;
/** The newest that fit are put in another order, so many of them: the index knows none but theirs. */
const MOST_ORDERED = 500;
const QUERY_MS = 200;
const COUNT_MOST = 1_000_000;

/** One running query. */
interface Search {
  readonly deps: TicketSearchDeps;
  readonly finder: TicketFinder;
  readonly limit: number;
  readonly isOver: () => boolean;
}

/**
 * Finds the newest tickets that contain every word of a query and pass a filter, at most `limit`. A query without words lists what
 * passes the filter, and nothing without one. In another order than the newest first, the first of up to {@link MOST_ORDERED} newest ones.
 * @param sort what comes first
 */
export function searchTickets(
  deps: TicketSearchDeps,
  query: Query,
  filter: TicketFilter | null,
  limit: number,
  sort: TicketSort = 'newest',
): TicketSearchResult {
  const { db, elapsed } = deps;
  const begun = elapsed();
  const finder = new TicketFinder(db, query, filter, deps.role);
  const wanted = sort === 'newest' ? limit : Math.max(limit, MOST_ORDERED);
  const search: Search = { deps, finder, limit: wanted, isOver: () => elapsed() - begun > QUERY_MS };
  const numbered = query.number === null ? null : findTicketByNumber(db, query.number);
  if (numbered) finder.addNumbered(numbered.parse());
  let incomplete = false;
  if (query.clauses.length > 0 || filter) {
    incomplete = scanQueue(search);
    // What the queue gave may be older than what the index gives: the index alone has to fill the page.
    const isThrough = filter ? searchFiltered(search, query, filter) : searchWords(search, query);
    if (!isThrough) incomplete = true;
  }
  const ordered = sort !== 'newest' && finder.count >= wanted ? finder.count : null;
  return { tickets: finder.hits(limit, sort), incomplete, indexing: countQueuedTexts(db, COUNT_MOST), ordered };
}

/** @returns true when not all waiting tickets were looked at */
function scanQueue({ deps: { db }, finder, isOver }: Search): boolean {
  const queued = listQueued(db, MOST_WAITING + 1);
  for (const id of queued.slice(0, MOST_WAITING)) {
    if (isOver()) return true;
    finder.consider(findTicketById(db, id));
  }
  return queued.length > MOST_WAITING;
}

/** How a part of the work ended: enough was found, there is no more, or it had to stop before. */
type Outcome = 'full' | 'through' | 'cut';

/** @returns false when the query was cut short before everything was looked at */
function searchWords(search: Search, query: Query): boolean {
  const { frequency, facets } = search.deps;
  const lookup = matchExpression(query.clauses, { frequency, rows: facets.table.size });
  const walk = { lookup, top: Number.MAX_SAFE_INTEGER, bottom: 0, wanted: search.limit, passing: 1 };
  return walkIndex(search, walk, () => true) !== 'cut';
}

/** @returns false when the query was cut short, or tickets are missing in the list of facets */
function searchFiltered(search: Search, query: Query, filter: TicketFilter): boolean {
  const { facets, frequency } = search.deps;
  const { table } = facets;
  const compiled = facets.compile(filter);
  if (!compiled) return facets.isLoaded;
  const outcome =
    query.clauses.length === 0
      ? listFiltered(search, compiled)
      : searchBoth(search, matchExpression(query.clauses, { frequency, rows: table.size }), compiled);
  return outcome === 'full' || (outcome === 'through' && facets.isLoaded);
}

/**
 * Words and a filter: from the rarer side. Either the newest tickets that pass are looked at one by one, or those that have the words
 * are taken from the index and compared with the facets in memory. When tickets that pass have the words more seldom than it was
 * guessed, the index is asked for the rest.
 */
function searchBoth(search: Search, lookup: Lookup, filter: FacetFilter): Outcome {
  const { table } = search.deps.facets;
  const all = table.all(filter);
  const [newest, oldest] = all ? [all.numbers[0], all.numbers.at(-1)] : [Number.MAX_SAFE_INTEGER, 0];
  if (newest === undefined || oldest === undefined) return 'through';
  const rows = all?.rows ?? table.size;
  const count = all?.numbers.length ?? Math.max(1, table.share(filter) * rows);
  let wanted = search.limit;
  let top = newest;
  const reads = Math.min(count, wanted / Math.max(lookup.share, Number.EPSILON));
  const steps = Math.min(lookup.share * rows, (wanted * rows) / count);
  const perStep = COST.row + lookup.cost / Math.max(1, lookup.share * table.size);
  // The lists of the index are walked from their newest ticket on, also to a place in their middle.
  const ahead = (lookup.cost * (all?.newer ?? 0)) / Math.max(1, table.size);
  if (reads * COST.check < steps * perStep + ahead) {
    const few = all
      ? { numbers: all.numbers.slice(0, MOST_DIRECT), isAll: all.numbers.length <= MOST_DIRECT }
      : table.collect(filter, MOST_DIRECT);
    const found = lookAt(search, few.numbers, wanted);
    if (found === null) return 'cut';
    if (found >= wanted) return 'full';
    if (few.isAll) return 'through';
    wanted -= found;
    top = (few.numbers.at(-1) ?? 0) - 1;
  }
  return walkIndex(search, { lookup, top, bottom: oldest, wanted, passing: count / rows }, table.tester(filter));
}

/** The newest tickets that pass a filter. Values in the list may be older than the tickets, so every ticket is looked at. */
function listFiltered(search: Search, filter: FacetFilter): Outcome {
  let below = Number.MAX_SAFE_INTEGER;
  let wanted = search.limit;
  for (let checks = 0; checks < MOST_CHECKS; ) {
    const chunk = search.deps.facets.table.collect(filter, wanted, below);
    const found = lookAt(search, chunk.numbers, wanted);
    if (found === null) return 'cut';
    wanted -= found;
    if (wanted === 0) return 'full';
    if (chunk.isAll) return 'through';
    checks += chunk.numbers.length;
    below = (chunk.numbers.at(-1) ?? 0) - 1;
  }
  return 'cut';
}

/**
 * Looks at tickets, a handful read at a time, until enough were found.
 * @returns how many, null when the time was over before
 */
function lookAt({ deps: { db }, finder, isOver }: Search, numbers: readonly number[], wanted: number): number | null {
  let found = 0;
  for (let at = 0, read = wanted; at < numbers.length && found < wanted; read = Math.min(MOST_READ, 2 * read)) {
    if (isOver()) return null;
    const few = numbers.slice(at, at + read);
    for (const raw of listTicketsByNumbers(db, few, finder.certainWord)) {
      if (found < wanted && finder.consider(raw)) found++;
    }
    at += few.length;
  }
  return found;
}

/** Which part of the index is walked through. */
interface Walk {
  readonly lookup: Lookup;
  /** Highest and lowest number of tickets that may be wanted. */
  readonly top: number;
  readonly bottom: number;
  /** Hits that are enough. */
  readonly wanted: number;
  /** Share of the candidates (0–1) that is guessed to pass the test. */
  readonly passing: number;
}

/** Takes candidates from the index, newest first, and looks at those that pass a test. */
function walkIndex(
  search: Search,
  { lookup, top, bottom, wanted, passing }: Walk,
  passes: (number: number) => boolean,
): Outcome {
  let checks = 0;
  let left = wanted;
  let from = top;
  let chunk = Math.min(MOST_CHUNK, Math.ceil(LEAST_CHUNK + (1.2 * wanted) / passing));
  for (let steps = 0; steps < MOST_STEPS; ) {
    if (search.isOver()) return 'cut';
    const candidates = search.deps.index.values<number>(
      'SELECT rowid FROM tickets_fts WHERE tickets_fts MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid LIMIT ?',
      lookup.expression,
      indexRow(from),
      indexRow(bottom),
      chunk,
    );
    const numbers = candidates.map(indexRow).filter(passes);
    const affordable = numbers.slice(0, MOST_CHECKS - checks);
    const found = lookAt(search, affordable, left);
    if (found === null) return 'cut';
    left -= found;
    if (left === 0) return 'full';
    if (affordable.length < numbers.length) return 'cut';
    checks += numbers.length;
    if (candidates.length < chunk) return 'through';
    steps += chunk;
    // As many as will do when hits go on coming as they came; half a hit more than there were, because there may have been none.
    const enough = (1.2 * left * steps) / (wanted - left + 0.5);
    chunk = Math.min(MOST_CHUNK, chunk * 4, Math.ceil(LEAST_CHUNK + enough));
    from = indexRow(candidates.at(-1) ?? 0) - 1;
  }
  return 'cut';
}
