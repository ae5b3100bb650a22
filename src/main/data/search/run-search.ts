import type { TicketSummary } from '#shared/contract/data.contract.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import { parseTicketNumber } from '#shared/domain/ticket-number.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { countQueued, listQueued } from '../repositories/search-queue.repository.ts';
import {
  findTicketById,
  findTicketByNumber,
  listTicketsBelowNumber,
  type RawTicket,
  type StoredTicket,
  toSummary,
} from '../repositories/ticket.repository.ts';
import { foldCase, searchableText } from '../repositories/ticket-text.ts';
import { matchExpression, queryTerms, type TokenFrequency } from './search-tokens.ts';

/** What a query found. */
export interface SearchResult {
  readonly tickets: readonly TicketSummary[];
  /** There was more to look at than one query may; older tickets may be missing. */
  readonly incomplete: boolean;
  /** Tickets not yet in the index. */
  readonly indexing: number;
}

/**
 * What one query may cost, counted in tickets looked at (some 10 µs each) so that the same query gives the same answer on a
 * slow machine; the time is a second net only.
 */
const MOST_CHECKS = 4_000;
/** Of tickets not yet indexed, newest first; */
const MOST_WAITING = 2_000;
/** of the newest tickets, in a query of single characters. */
const MOST_NEWEST = 600;
const NEWEST_CHUNK = 50;
const QUERY_MS = 250;
const COUNT_MOST = 1_000_000;

interface Query {
  readonly terms: readonly string[];
  readonly number: number | null;
}

/** Other written forms a query stands for: a phone number with separators, a ticket number. */
function parseQuery(query: string): Query {
  const number = parseTicketNumber(query) ?? (/^\s*\d{1,8}\s*$/.test(query) ? Number(query) : null);
  const looksLikePhone = /^[\d\s+()（）\-—０-９＋－]+$/.test(query) && /\D/.test(query.trim());
  const phone = looksLikePhone && number === null ? normalizePhone(query) : '';
  return { terms: phone.length >= 3 ? [phone] : queryTerms(foldCase(query)), number };
}

/** True when a term stands inside stored JSON exactly as it is compared: nothing escaped in it, no letter whose case is folded. */
function isStoredVerbatim(term: string): boolean {
  for (let i = 0; i < term.length; i++) {
    const unit = term.charCodeAt(i);
    if (unit < 0x20 || unit === 0x22 || unit === 0x5c || (unit >= 0x61 && unit <= 0x7a)) return false;
  }
  return true;
}

/** Keeps what was found and decides when there is enough or the time is over. */
class Finder {
  readonly #db: ReadableDb;
  readonly #terms: readonly string[];
  /** Terms that stand in the stored document exactly as they are compared: their absence can be seen without parsing it. */
  readonly #plain: readonly string[];
  readonly found = new Map<number, { readonly stored: StoredTicket; readonly passage: string | undefined }>();

  constructor(db: ReadableDb, terms: readonly string[]) {
    this.#db = db;
    this.#terms = terms;
    this.#plain = terms.filter(isStoredVerbatim);
  }

  /** Adds a ticket whatever its text. */
  add(stored: StoredTicket): void {
    this.found.set(stored.id, { stored, passage: undefined });
  }

  /** Adds a ticket if it contains every term. @returns whether it was added now */
  consider(raw: RawTicket | null): boolean {
    if (!raw || this.found.has(raw.id)) return false;
    if (this.#plain.some((term) => !raw.doc.includes(term) && !raw.provisional_no.includes(term))) return false;
    const stored = raw.parse();
    const text = searchableText(stored.ticket);
    if (!this.#terms.every((term) => text.includes(term))) return false;
    this.found.set(stored.id, { stored, passage: passageOf(stored, this.#terms) });
    return true;
  }

  /** The newest of what was found: tickets without a number first. */
  newest(limit: number): SearchResult['tickets'] {
    const none = Number.MAX_SAFE_INTEGER;
    return [...this.found.values()]
      .sort((a, b) => (b.stored.ticket.number ?? none) - (a.stored.ticket.number ?? none) || b.stored.id - a.stored.id)
      .slice(0, limit)
      .map(({ stored, passage }) => toSummary(this.#db, stored, passage));
  }
}

/**
 * Finds the newest tickets that contain every word of a query, at most `limit`.
 * @param db the cache
 * @param index the full-text index, which may lag behind: what waits for it is looked at directly
 * @param frequency how common tokens are, to look up the rare ones
 * @param elapsed monotonic milliseconds
 */
export function runSearch(
  db: ReadableDb,
  index: ReadableDb,
  frequency: TokenFrequency,
  elapsed: () => number,
  text: string,
  limit: number,
): SearchResult {
  const { terms, number } = parseQuery(text);
  const begun = elapsed();
  const spent = () => elapsed() - begun;
  const finder = new Finder(db, terms);
  const numbered = number === null ? null : findTicketByNumber(db, number);
  if (numbered) finder.add(numbered.parse());
  let incomplete = false;
  if (terms.length > 0) {
    incomplete = scanQueue(db, finder, spent);
    // What the queue gave may be older than what the index gives: the index alone has to fill the page.
    if (searchIndex(db, index, frequency, finder, terms, limit, spent)) incomplete = true;
  }
  return { tickets: finder.newest(limit), incomplete, indexing: countQueued(db, COUNT_MOST) };
}

/** @returns true when not all waiting tickets were looked at */
function scanQueue(db: ReadableDb, finder: Finder, spent: () => number): boolean {
  const queued = listQueued(db, MOST_WAITING + 1);
  for (const id of queued.slice(0, MOST_WAITING)) {
    if (spent() > QUERY_MS) return true;
    finder.consider(findTicketById(db, id));
  }
  return queued.length > MOST_WAITING;
}

/** @returns true when the time was over before the index was through */
function searchIndex(
  db: ReadableDb,
  index: ReadableDb,
  frequency: TokenFrequency,
  finder: Finder,
  terms: readonly string[],
  limit: number,
  spent: () => number,
): boolean {
  let wanted = limit;
  let top = Number.MAX_SAFE_INTEGER;
  if (terms.every((term) => term.length === 1)) {
    const newest = scanNewest(db, finder, wanted);
    if (newest.found >= limit) return false;
    wanted -= newest.found;
    top = newest.below;
  }
  const candidates = index.eachValue<number>(
    'SELECT rowid FROM tickets_fts WHERE tickets_fts MATCH ? AND rowid <= ? ORDER BY rowid DESC',
    matchExpression(terms, frequency),
    top,
  );
  let checks = 0;
  for (const candidate of candidates) {
    if (++checks > MOST_CHECKS || spent() > QUERY_MS) return true;
    if (finder.consider(findTicketByNumber(db, candidate)) && --wanted === 0) return false;
  }
  return false;
}

/** Common characters are in every other ticket: the newest ones are looked at before the index is asked. */
function scanNewest(
  db: ReadableDb,
  finder: Finder,
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

/** Words around the first hit inside the content, so that a list shows why a ticket was found. */
function passageOf({ ticket }: StoredTicket, terms: readonly string[]): string | undefined {
  for (const text of [ticket.fields.content, ticket.fields.originalWords, ticket.fields.answer ?? '']) {
    const folded = foldCase(text);
    const at = terms.map((term) => folded.indexOf(term)).find((position) => position >= 0);
    if (at === undefined) continue;
    if (at <= 40) return undefined;
    const start = /[\uDC00-\uDFFF]/.test(text.charAt(at - 20)) ? at - 21 : at - 20;
    return `…${text.slice(start, start + 110)}`;
  }
  return undefined;
}
