import type { TicketFilter, TicketHit } from '#shared/contract/data.contract.ts';
import { foldText } from '#shared/kernel/text.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { isPartOfDivision } from '../repositories/division-names.ts';
import { type RawTicket, type StoredTicket, toSummary } from '../repositories/ticket.repository.ts';
import { searchableNames, searchableText } from '../repositories/ticket-text.ts';
import { passesFilter } from './facet-store.ts';
import { matchWords } from './match-words.ts';
import type { Query, Term } from './parse-query.ts';

interface Hit {
  readonly stored: StoredTicket;
  /** Words of the ticket to mark. */
  readonly marks: readonly string[];
}

/**
 * True when a word stands inside stored JSON exactly as it is compared, so that its absence can be seen without parsing it:
 * ASCII may be escaped there, in capitals or full-width, and the names of divisions are not in it at all.
 */
function isVerbatim({ texts, readings }: Term): boolean {
  const [text] = texts;
  return (
    text !== undefined &&
    texts.length === 1 &&
    readings.length === 0 &&
    !/[\0-\x7f]/.test(text) &&
    !isPartOfDivision(text)
  );
}

/** Looks at tickets one by one and keeps those that are what a query and a filter ask for. */
export class TicketFinder {
  readonly #db: ReadableDb;
  /** Per clause, the words that stand in a stored document exactly as they are compared. */
  readonly #verbatim: readonly (readonly string[])[];
  readonly #query: Query;
  readonly #filter: TicketFilter | null;
  readonly #found = new Map<number, Hit>();

  constructor(db: ReadableDb, query: Query, filter: TicketFilter | null) {
    this.#db = db;
    this.#filter = filter;
    this.#query = query;
    this.#verbatim = query.clauses.map((terms) => terms.filter(isVerbatim).flatMap(({ texts }) => texts));
  }

  /** Adds a ticket whatever its text, if the filter lets it through. */
  addNumbered(stored: StoredTicket): void {
    if (this.#filter && !passesFilter(stored.ticket, this.#filter)) return;
    this.#found.set(stored.id, { stored, marks: [String(stored.ticket.number ?? '').padStart(8, '0')] });
  }

  /** Adds a ticket if it is what is asked for. @returns whether it was added now */
  consider(raw: RawTicket | null): boolean {
    if (!raw || this.#found.has(raw.id)) return false;
    const isPossible = (words: readonly string[]) =>
      words.every((word) => raw.doc.includes(word) || raw.provisional_no.includes(word));
    if (this.#verbatim.length > 0 && !this.#verbatim.some(isPossible)) return false;
    const stored = raw.parse();
    if (this.#filter && !passesFilter(stored.ticket, this.#filter)) return false;
    const { ticket } = stored;
    const marks = matchWords(this.#query.clauses, {
      text: searchableText(ticket),
      names: () => searchableNames(ticket),
    });
    if (!marks) return false;
    this.#found.set(stored.id, { stored, marks });
    return true;
  }

  /** The newest of what was found: tickets without a number first. */
  newest(limit: number): readonly TicketHit[] {
    const none = Number.MAX_SAFE_INTEGER;
    return [...this.#found.values()]
      .sort((a, b) => (b.stored.ticket.number ?? none) - (a.stored.ticket.number ?? none) || b.stored.id - a.stored.id)
      .slice(0, limit)
      .map(({ stored, marks }) => ({ ...toSummary(this.#db, stored, passageOf(stored, marks)), marks: [...marks] }));
  }
}

/** Words around the first hit inside the content, so that a list shows why a ticket was found. */
function passageOf({ ticket }: StoredTicket, words: readonly string[]): string | undefined {
  for (const text of [ticket.fields.content, ticket.fields.originalWords, ticket.fields.answer ?? '']) {
    const folded = foldText(text);
    const at = words.map((word) => folded.indexOf(word)).find((position) => position >= 0);
    if (at === undefined) continue;
    if (at <= 40) return undefined;
    const start = /[\uDC00-\uDFFF]/.test(text.charAt(at - 20)) ? at - 21 : at - 20;
    return `…${text.slice(start, start + 110)}`;
  }
  return undefined;
}
