import { type PairWeight, pairText } from '#shared/domain/character-pairs.ts';
import { compareMatters, type Likeness, type Matter } from '#shared/domain/duplicate.ts';
import { type MatterSource, toMatter } from '#shared/domain/matter.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { DIVISION_NAMES } from '../repositories/division-names.ts';
import { listQueued } from '../repositories/search-queue.repository.ts';
import {
  findTicketById,
  findTicketByNumber,
  type RawTicket,
  type StoredTicket,
} from '../repositories/ticket.repository.ts';
import { listIdsByPhones } from '../repositories/ticket-list.repository.ts';
import { placeToken } from '../search/place-tokens.ts';
import type { TicketTokens } from '../search/search-index.ts';

/** What is looked for: a call that is being written down, or a ticket. */
export interface DuplicateProbe extends MatterSource {
  /** When it was told, epoch ms. */
  readonly at: number;
  /** The ticket itself, when there is one already. */
  readonly uid: TicketId | null;
}

/** A ticket that may be about the same matter. */
export interface FoundDuplicate {
  readonly stored: StoredTicket;
  readonly likeness: Likeness;
}

export interface DuplicateFinder {
  /** The likeliest tickets first, at most `limit`; none when nothing is told that could be compared. */
  find(probe: DuplicateProbe, limit: number): readonly FoundDuplicate[];
}

/**
 * What one query may cost, counted in look-ups so that the same query gives the same answer on a slow machine: tokens asked of the
 * index, tickets taken per token (the newest), tickets compared in full.
 */
const MOST_PAIRS = 28;
const PER_PAIR = 60;
const PER_PLACE = 60;
const OF_PHONE = 20;
const MOST_COMPARED = 45;
/** Tickets that the index does not have yet, newest first. */
const MOST_WAITING = 300;
/** A pair in more than one of fifty tickets tells nothing. */
const LEAST_WEIGHT = Math.log(50);
/** So many further tickets of which each pair is in one of a thousand count along, so that a few tickets alone do not say what is rare. */
const ASSUMED = { tickets: 200, share: 0.001 };
/** A pair of the title is looked up before others; so is one that is said again and again. */
const TITLE_SAID = 2;
/** What a shared place counts for when candidates are chosen, in the unit of squared pair weights (some 80). */
const PLACE_COUNTS = { room: 500, house: 500, number: 500, crossing: 500, site: 300, road: 80 } as const;
/** Less likely ones are not worth a line. */
const LEAST_PROBABILITY = 0.05;
/** Matters of tickets kept from one query to the next: while somebody types, the same candidates come again and again. */
const MOST_KEPT = 400;
/** Weights of pairs kept, some 10 MB at most. */
const MOST_WEIGHTS = 200_000;

/** Finds tickets about the same matter, from the cache alone. */
export function createDuplicateFinder(db: ReadableDb, tokens: TicketTokens, centre: string): DuplicateFinder {
  const weights = new Map<number, number>();
  const kept = new Map<string, { readonly updatedAt: number; readonly version: number; readonly matter: Matter }>();
  let edition = tokens.edition;

  const weight: PairWeight = (code) => {
    const before = weights.get(code);
    if (before !== undefined) return before;
    const { counted } = tokens;
    const holding = tokens.frequency(pairText(code)) * counted + ASSUMED.share * ASSUMED.tickets;
    const value = -Math.log(holding / (counted + ASSUMED.tickets));
    if (weights.size < MOST_WEIGHTS) weights.set(code, value);
    return value;
  };
  /** Matters are comparable only when they are weighted alike. */
  const renewWeights = () => {
    if (tokens.edition === edition) return;
    edition = tokens.edition;
    weights.clear();
    kept.clear();
  };

  const matterOf = ({ ticket }: StoredTicket): Matter => {
    const before = kept.get(ticket.uid);
    if (before?.version === ticket.version && before.updatedAt === ticket.updatedAt) return before.matter;
    const matter = toMatter(ticket.fields, ticket.createdAt, DIVISION_NAMES, ticket.centre, weight);
    kept.delete(ticket.uid);
    kept.set(ticket.uid, { updatedAt: ticket.updatedAt, version: ticket.version, matter });
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    return matter;
  };

  return {
    find: (probe, limit) => {
      renewWeights();
      const matter = toMatter(probe, probe.at, DIVISION_NAMES, centre, weight);
      const pairs = tellingPairs(matter);
      const candidates = new Map<string, StoredTicket>();
      const consider = (raw: RawTicket | null) => {
        const stored = raw?.parse();
        if (stored && stored.ticket.uid !== probe.uid) candidates.set(stored.ticket.uid, stored);
      };
      for (const id of listIdsByPhones(db, [matter.phone], OF_PHONE)) consider(findTicketById(db, id));
      for (const number of chooseNumbers(matter, pairs, tokens)) consider(findTicketByNumber(db, number));
      for (const raw of waiting(db, matter, pairs)) consider(raw);
      return [...candidates.values()]
        .map((stored) => ({ stored, likeness: compareMatters(matter, matterOf(stored)) }))
        .filter(({ likeness }) => likeness.probability >= LEAST_PROBABILITY)
        .sort((a, b) => b.likeness.probability - a.likeness.probability || b.stored.id - a.stored.id)
        .slice(0, limit);
    },
  };
}

interface TellingPair {
  readonly text: string;
  readonly weight: number;
}

/** The pairs of characters that tell most about a matter: rare ones, those of the title, those said more than once. */
function tellingPairs({ pairs }: Matter): readonly TellingPair[] {
  const rated: { readonly code: number; readonly weight: number; readonly rating: number }[] = [];
  for (const [i, code] of pairs.codes.entries()) {
    const weight = pairs.weights[i] ?? 0;
    if (weight < LEAST_WEIGHT) continue;
    const times = (pairs.times[i] ?? 0) + (pairs.inTitle[i] ? TITLE_SAID : 0);
    rated.push({ code, weight, rating: weight * Math.log1p(times) });
  }
  rated.sort((a, b) => b.rating - a.rating);
  return rated.slice(0, MOST_PAIRS).map(({ code, weight }) => ({ text: pairText(code), weight }));
}

/** Numbers of the tickets that share most with a matter, without reading any of them. */
function chooseNumbers(matter: Matter, pairs: readonly TellingPair[], tokens: TicketTokens): readonly number[] {
  const counts = new Map<number, number>();
  const count = (numbers: readonly number[], value: number) => {
    for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + value);
  };
  for (const { text, weight } of pairs) count(tokens.newest(text, PER_PAIR), weight ** 2);
  for (const place of matter.places) count(tokens.newest(placeToken(place), PER_PLACE), PLACE_COUNTS[place.level]);
  return [...counts]
    .sort(([numberA, a], [numberB, b]) => b - a || numberB - numberA)
    .slice(0, MOST_COMPARED)
    .map(([number]) => number);
}

/** Of the tickets that wait for the index those that hold a place or two telling pairs: made at this seat, or just received. */
function waiting(db: ReadableDb, matter: Matter, pairs: readonly TellingPair[]): readonly RawTicket[] {
  const names = matter.places.filter(({ level }) => level !== 'road').map(({ name }) => name);
  return listQueued(db, MOST_WAITING).flatMap((id) => {
    const raw = findTicketById(db, id);
    if (!raw) return [];
    const holds = (text: string) => raw.mayHold(text);
    return names.some(holds) || pairs.filter(({ text }) => holds(text)).length >= 2 ? [raw] : [];
  });
}
