import type { TicketFilter, TicketHit } from '#shared/contract/data.contract.ts';
import type { Role } from '#shared/domain/roles.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { countQueuedTexts, listQueued } from '../repositories/search-queue.repository.ts';
import { findTicketById, findTicketByNumber, listTicketsBelowNumber } from '../repositories/ticket.repository.ts';
import type { FacetStore } from './facet-store.ts';
import type { FacetFilter } from './facet-table.ts';
import type { Query } from './parse-query.ts';
import { type Lookup, matchExpression, type TokenFrequency } from './search-tokens.ts';
import { TicketFinder } from './ticket-finder.ts';

/** What a query found. */
export interface TicketSearchResult {
  readonly tickets: readonly TicketHit[];
  /** There was more to look at than one query may; older tickets may be missing. */
  readonly incomplete: boolean;
  /** Tickets not yet in the index. */
  readonly indexing: number;
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
 * What one query may cost, counted in tickets looked at (some 10 µs each) and steps through the index, so that the same query
 * gives the same answer on a slow machine; the time is a second net only.
 */
const MOST_CHECKS = 4_000;
const MOST_STEPS = 300_000;
/** Of tickets not yet indexed, newest first; */
const MOST_WAITING = 2_000;
/** of the newest tickets, in a query of single characters; */
const MOST_NEWEST = 600;
const NEWEST_CHUNK = 50;
/** of tickets that pass a filter, when there are so few of them that the words need no index. */
const MOST_DIRECT = 1_500;
/** Looking at a ticket costs as much as so many steps through the index. */
const CHECK_COST = 24;
const QUERY_MS = 80;
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
 * passes the filter, and nothing without one.
 */
export function searchTickets(
  deps: TicketSearchDeps,
  query: Query,
  filter: TicketFilter | null,
  limit: number,
): TicketSearchResult {
  const { db, elapsed } = deps;
  const begun = elapsed();
  const finder = new TicketFinder(db, query, filter, deps.role);
  const search: Search = { deps, finder, limit, isOver: () => elapsed() - begun > QUERY_MS };
  const numbered = query.number === null ? null : findTicketByNumber(db, query.number);
  if (numbered) finder.addNumbered(numbered.parse());
  let incomplete = false;
  if (query.clauses.length > 0 || filter) {
    incomplete = scanQueue(search);
    // What the queue gave may be older than what the index gives: the index alone has to fill the page.
    const isThrough = filter ? searchFiltered(search, query, filter) : searchWords(search, query);
    if (!isThrough) incomplete = true;
  }
  return { tickets: finder.newest(limit), incomplete, indexing: countQueuedTexts(db, COUNT_MOST) };
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

/** Every word is a single character, at least in one of the ways it can be meant. */
function isOfSingles(query: Query): boolean {
  return query.clauses.every((clause) => clause.every(({ texts }) => texts.some((text) => text.length === 1)));
}

/** @returns false when the query was cut short before everything was looked at */
function searchWords(search: Search, query: Query): boolean {
  let wanted = search.limit;
  let top = Number.MAX_SAFE_INTEGER;
  if (isOfSingles(query)) {
    const newest = scanNewest(search, wanted);
    if (newest.found >= wanted) return true;
    wanted -= newest.found;
    top = newest.below;
  }
  return walkIndex(search, matchExpression(query.clauses, search.deps.frequency), top, wanted, () => true);
}

/** Common characters are in every other ticket: the newest ones are looked at before the index is asked. */
function scanNewest(
  { deps: { db }, finder }: Search,
  wanted: number,
): { readonly found: number; readonly below: number } {
  let below = Number.MAX_SAFE_INTEGER;
  let found = 0;
  for (let seen = 0; seen < MOST_NEWEST && found < wanted; seen += NEWEST_CHUNK) {
    const chunk = listTicketsBelowNumber(db, below, NEWEST_CHUNK);
    for (const raw of chunk) if (finder.consider(raw)) found++;
    const last = chunk.at(-1)?.number ?? null;
    if (last === null) return { found, below: 0 };
    below = last - 1;
  }
  return { found, below };
}

/** @returns false when the query was cut short, or tickets are missing in the list of facets */
function searchFiltered(search: Search, query: Query, filter: TicketFilter): boolean {
  const { facets, frequency } = search.deps;
  const { limit } = search;
  const compiled = facets.compile(filter);
  if (!compiled) return facets.isLoaded;
  if (query.clauses.length === 0) return listFiltered(search, compiled) && facets.isLoaded;
  const lookup = matchExpression(query.clauses, frequency);
  let top = Number.MAX_SAFE_INTEGER;
  let wanted = limit;
  const singles = isOfSingles(query);
  const few = facets.table.collect(compiled, singles ? MOST_NEWEST : MOST_DIRECT);
  // The cheaper side: look at all tickets that pass, or walk through all that have the words.
  if (singles || (few.isAll && few.numbers.length * CHECK_COST < lookup.share * facets.table.size)) {
    const found = lookAt(search, few.numbers, wanted);
    if (found === null) return false;
    if (few.isAll || found >= wanted) return facets.isLoaded || found >= wanted;
    wanted -= found;
    top = (few.numbers.at(-1) ?? 0) - 1;
  }
  return walkIndex(search, lookup, top, wanted, facets.table.tester(compiled)) && facets.isLoaded;
}

/** The newest tickets that pass a filter. Values in the list may be older than the tickets, so every ticket is looked at. */
function listFiltered(search: Search, filter: FacetFilter): boolean {
  let below = Number.MAX_SAFE_INTEGER;
  let wanted = search.limit;
  for (let checks = 0; checks < MOST_CHECKS; ) {
    const chunk = search.deps.facets.table.collect(filter, wanted, below);
    const found = lookAt(search, chunk.numbers, wanted);
    if (found === null) return false;
    wanted -= found;
    if (wanted === 0 || chunk.isAll) return true;
    checks += chunk.numbers.length;
    below = (chunk.numbers.at(-1) ?? 0) - 1;
  }
  return false;
}

/** Looks at tickets one by one until enough were found. @returns how many, null when the time was over before */
function lookAt({ deps: { db }, finder, isOver }: Search, numbers: readonly number[], wanted: number): number | null {
  let found = 0;
  for (const number of numbers) {
    if (isOver()) return null;
    if (finder.consider(findTicketByNumber(db, number)) && ++found === wanted) break;
  }
  return found;
}

/** @returns false when the query was cut short before the index was through */
function walkIndex(
  { deps: { db, index }, finder, isOver }: Search,
  lookup: Lookup,
  top: number,
  wanted: number,
  passes: (number: number) => boolean,
): boolean {
  const candidates = index.eachValue<number>(
    'SELECT rowid FROM tickets_fts WHERE tickets_fts MATCH ? AND rowid <= ? ORDER BY rowid DESC',
    lookup.expression,
    top,
  );
  let checks = 0;
  let steps = 0;
  let left = wanted;
  for (const candidate of candidates) {
    if (++steps > MOST_STEPS || ((steps & 63) === 0 && isOver())) return false;
    if (!passes(candidate)) continue;
    if (++checks > MOST_CHECKS || isOver()) return false;
    if (finder.consider(findTicketByNumber(db, candidate)) && --left === 0) return true;
  }
  return true;
}
