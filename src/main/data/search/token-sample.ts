import type { ReadableDb } from '../db/sqlite.ts';
import { listCitizensBelow } from '../repositories/citizen.repository.ts';
import { citizenText } from '../repositories/citizen-text.ts';
import { listTicketsBelowNumber } from '../repositories/ticket.repository.ts';
import { searchableNames, searchableText } from '../repositories/ticket-text.ts';
import { indexTokens, type TokenFrequency } from './search-tokens.ts';

/** Newest rows that are counted. */
const SAMPLE = 2_000;
const CHUNK = 8;
/** Share of a token that was never seen: rarer than anything that was. */
const UNSEEN = 1 / (4 * SAMPLE);

/** How common tokens are, counted over the newest rows. */
export interface TokenSample {
  readonly frequency: TokenFrequency;
  /** Rows that were counted for it. */
  readonly counted: number;
  /** Grows whenever the frequencies become others. */
  readonly edition: number;
  /** Counts some rows. @returns false when the sample is complete */
  grow(db: ReadableDb): boolean;
  /** Counts anew, because many rows have come since. The old counts serve until then. */
  restart(): void;
}

/** Tokens of some rows below a key, the highest key first, and the lowest key among them. */
type ReadTokens = (
  db: ReadableDb,
  below: number,
  limit: number,
) => { readonly rows: readonly ReadonlySet<string>[]; readonly lowest: number };

/** Tokens of tickets. */
export const readTicketTokens: ReadTokens = (db, below, limit) => {
  const tickets = listTicketsBelowNumber(db, below - 1, limit);
  return {
    rows: tickets.map((raw) => {
      const { ticket } = raw.parse();
      return indexTokens(searchableText(ticket), searchableNames(ticket));
    }),
    lowest: tickets.at(-1)?.number ?? 0,
  };
};

/** Tokens of people. */
export const readPersonTokens: ReadTokens = (db, below, limit) => {
  const people = listCitizensBelow(db, below, limit);
  return {
    rows: people.map(({ citizen }) => indexTokens(citizenText(citizen.fields), [citizen.fields.name])),
    lowest: people.at(-1)?.id ?? 0,
  };
};

export function createTokenSample(read: ReadTokens): TokenSample {
  let counted = 0;
  let edition = 0;
  let counts: ReadonlyMap<string, number> = new Map();
  let next: { below: number; seen: number; counts: Map<string, number> } | null = start();

  function start() {
    return { below: Number.MAX_SAFE_INTEGER, seen: 0, counts: new Map<string, number>() };
  }

  return {
    frequency: (token) => (counts.get(token) ?? 0) / Math.max(1, counted) || UNSEEN,
    get counted() {
      return counted;
    },
    get edition() {
      return edition;
    },
    restart: () => {
      next ??= start();
    },
    grow: (db) => {
      if (!next) return false;
      const { rows, lowest } = read(db, next.below, CHUNK);
      for (const tokens of rows) {
        for (const token of tokens) next.counts.set(token, (next.counts.get(token) ?? 0) + 1);
      }
      next.seen += rows.length;
      next.below = lowest;
      if (rows.length === CHUNK && next.seen < SAMPLE) return true;
      // A token seen once says no more than one never seen.
      counts = new Map([...next.counts].filter(([, count]) => count > 1));
      counted = next.seen;
      edition += 1;
      next = null;
      return false;
    },
  };
}
