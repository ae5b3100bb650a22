import type { ReadableDb } from '../db/sqlite.ts';
import { listTicketsBelowNumber } from '../repositories/ticket.repository.ts';
import { searchableText } from '../repositories/ticket-text.ts';
import { indexTokens, type TokenFrequency } from './search-tokens.ts';

/** Newest tickets that are counted. */
const SAMPLE = 2_000;
const CHUNK = 8;
/** Share of a token that was never seen: rarer than anything that was. */
const UNSEEN = 1 / (4 * SAMPLE);

/** How common tokens are, counted over the newest tickets. */
export interface TokenSample {
  readonly frequency: TokenFrequency;
  /** Counts some tickets. @returns false when the sample is complete */
  grow(db: ReadableDb): boolean;
  /** Counts anew, because many tickets have come since. The old counts serve until then. */
  restart(): void;
}

export function createTokenSample(): TokenSample {
  let counted = 0;
  let counts: ReadonlyMap<string, number> = new Map();
  let next: { below: number; seen: number; counts: Map<string, number> } | null = start();

  function start() {
    return { below: Number.MAX_SAFE_INTEGER, seen: 0, counts: new Map<string, number>() };
  }

  return {
    frequency: (token) => (counts.get(token) ?? 0) / Math.max(1, counted) || UNSEEN,
    restart: () => {
      next ??= start();
    },
    grow: (db) => {
      if (!next) return false;
      const chunk = listTicketsBelowNumber(db, next.below, CHUNK);
      for (const raw of chunk) {
        for (const token of indexTokens(searchableText(raw.parse().ticket))) {
          next.counts.set(token, (next.counts.get(token) ?? 0) + 1);
        }
      }
      next.seen += chunk.length;
      next.below = (chunk.at(-1)?.number ?? 1) - 1;
      if (chunk.length === CHUNK && next.seen < SAMPLE) return true;
      // A token seen once says no more than one never seen.
      counts = new Map([...next.counts].filter(([, count]) => count > 1));
      counted = next.seen;
      next = null;
      return false;
    },
  };
}
