import type { TicketFilter, TicketHit } from '#shared/contract/tickets.contract.ts';
import { shownDueAt } from '#shared/domain/clock/clock-summary.ts';
import { type Shown, showTicket } from '#shared/domain/masking.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import type { Role } from '#shared/domain/roles.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { TicketSort } from '#shared/domain/ticket-view.ts';
import { foldText } from '#shared/kernel/text.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { isPartOfDivision } from '../repositories/division-names.ts';
import type { RawTicket, StoredTicket } from '../repositories/ticket.repository.ts';
import { toSummaries } from '../repositories/ticket-summary.ts';
import { formLines, isPartOfAnswerLabel, searchableNames, searchableText } from '../repositories/ticket-text.ts';
import { passesFilter } from './facet-store.ts';
import { matchWords } from './match-words.ts';
import type { Query, Term } from './parse-query.ts';

interface Hit {
  readonly id: number;
  readonly shown: Shown<Ticket>;
  /** Words of the ticket to mark. */
  readonly marks: readonly string[];
}

/** Tickets without a number are the newest. */
const NONE = Number.MAX_SAFE_INTEGER;
const byAge = (a: Hit, b: Hit) => (b.shown.row.number ?? NONE) - (a.shown.row.number ?? NONE) || b.id - a.id;
/** Of a ticket of which nothing runs out: after all others. */
const dueOf = ({ shown }: Hit) => shownDueAt(shown.row.clocks) ?? NONE;

/** The orders of the queues, over what was found. */
const ORDERS: Readonly<Record<TicketSort, (a: Hit, b: Hit) => number>> = {
  newest: byAge,
  oldest: (a, b) => byAge(b, a),
  due: (a, b) => dueOf(a) - dueOf(b) || byAge(a, b),
};

/**
 * True when a word stands inside stored JSON exactly as it is compared, so that its absence can be seen without parsing it: letters and
 * signs of ASCII may be escaped there, in capitals or full-width, and the names of divisions and the labels of choices are not in it.
 */
function isVerbatim({ texts, readings }: Term): boolean {
  const [text] = texts;
  return (
    text !== undefined &&
    texts.length === 1 &&
    readings.length === 0 &&
    !/[\0-\x2f\x3a-\x7f]/.test(text) &&
    !isPartOfDivision(text) &&
    !isPartOfAnswerLabel(text)
  );
}

/** Looks at tickets one by one and keeps those that are what a query and a filter ask for. */
export class TicketFinder {
  readonly #db: ReadableDb;
  /** Per clause, the words that stand in a stored document exactly as they are compared. */
  readonly #verbatim: readonly (readonly string[])[];
  readonly #query: Query;
  readonly #role: Role;
  readonly #filter: TicketFilter | null;
  readonly #found = new Map<number, Hit>();

  /** @param role whoever asks: a caller who is secret for them is found by what they may see, or by the whole number */
  constructor(db: ReadableDb, query: Query, filter: TicketFilter | null, role: Role) {
    this.#db = db;
    this.#role = role;
    this.#filter = filter;
    this.#query = query;
    this.#verbatim = query.clauses.map((terms) => terms.filter(isVerbatim).flatMap(({ texts }) => texts));
  }

  /** A word that stands in the stored document of every ticket that is asked for, null when that is not known of any. */
  get certainWord(): string | null {
    const [words = [], ...others] = this.#verbatim;
    return others.length > 0
      ? null
      : words.reduce((longest, word) => (word.length > longest.length ? word : longest), '') || null;
  }

  /** Adds a ticket whatever its text, if the filter lets it through. */
  addNumbered(stored: StoredTicket): void {
    const shown = showTicket(stored.ticket, this.#role);
    if (this.#filter && !passesFilter(shown.row, this.#filter)) return;
    const marks = [String(stored.ticket.number ?? '').padStart(8, '0')];
    this.#found.set(stored.id, { id: stored.id, shown, marks });
  }

  /** Adds a ticket if it is what is asked for. @returns whether it was added now */
  consider(raw: RawTicket | null): boolean {
    if (!raw || this.#found.has(raw.id)) return false;
    const isPossible = (words: readonly string[]) => words.every((word) => raw.mayHold(word));
    if (this.#verbatim.length > 0 && !this.#verbatim.some(isPossible)) return false;
    const stored = raw.parse();
    const shown = showTicket(stored.ticket, this.#role);
    const { row, masked } = shown;
    if (this.#filter && !passesFilter(row, this.#filter)) return false;
    const marks = matchWords(this.#query.clauses, {
      text: searchableText(row),
      names: () => searchableNames(row),
      whole: masked && !row.fields.caller.anonymous ? [normalizePhone(stored.ticket.fields.caller.phone)] : [],
    });
    if (!marks) return false;
    this.#found.set(stored.id, { id: stored.id, shown, marks });
    return true;
  }

  /** How many were found. */
  get count(): number {
    return this.#found.size;
  }

  /** The first of what was found in an order. */
  hits(limit: number, sort: TicketSort): readonly TicketHit[] {
    const hits = [...this.#found.values()].sort(ORDERS[sort]).slice(0, limit);
    const lines = toSummaries(
      this.#db,
      hits.map(({ shown, marks }) => {
        const passage = passageOf(shown.row, marks);
        return passage === undefined ? shown : { ...shown, passage };
      }),
    );
    return lines.map((line, i) => ({ ...line, marks: [...(hits[i]?.marks ?? [])] }));
  }
}

/** Words around the first hit inside the content or an answer of the form, so that a list shows why a ticket was found. */
function passageOf(ticket: Ticket, words: readonly string[]): string | undefined {
  const { content, originalWords, answer, title, subject, place } = ticket.fields;
  const hitIn = (text: string) => {
    const folded = foldText(text);
    return words.map((word) => folded.indexOf(word)).find((position) => position >= 0);
  };
  for (const text of [content, originalWords, answer ?? '']) {
    const at = hitIn(text);
    if (at !== undefined) return at <= 40 ? undefined : around(text, at);
  }
  // What the line shows beside the excerpt needs no passage.
  if ([title, subject, place.address, place.landmark].some((text) => hitIn(text) !== undefined)) return undefined;
  for (const line of formLines(ticket)) {
    const at = hitIn(line);
    if (at !== undefined) return at <= 40 ? line : around(line, at);
  }
  return undefined;
}

function around(text: string, at: number): string {
  const start = /[\uDC00-\uDFFF]/.test(text.charAt(at - 20)) ? at - 21 : at - 20;
  return `…${text.slice(start, start + 110)}`;
}
