import type { PersonHit } from '#shared/contract/citizen.contract.ts';
import type { Citizen, CitizenFields } from '#shared/domain/citizen.ts';
import { showCitizen } from '#shared/domain/masking.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import type { Role } from '#shared/domain/roles.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import {
  findCitizenByRowId,
  findCitizensByName,
  findCitizensByPhone,
  highestCitizenId,
  listCitizensByRowIds,
  listMergedInto,
} from '../repositories/citizen.repository.ts';
import { citizenText } from '../repositories/citizen-text.ts';
import { listQueuedCitizens } from '../repositories/search-queue.repository.ts';
import { indexRow } from './index-order.ts';
import { matchWords } from './match-words.ts';
import type { Query } from './parse-query.ts';
import type { TokenFrequency } from './search-tokens.ts';
import { matchExpression } from './token-query.ts';

export interface PersonSearchResult {
  readonly persons: readonly PersonHit[];
  /** More people fit than are given, or more would have had to be looked at than one query may. */
  readonly incomplete: boolean;
}

export interface PersonSearchDeps {
  readonly db: ReadableDb;
  readonly index: ReadableDb;
  readonly frequency: TokenFrequency;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
  readonly role: Role;
  /** The record that stands for a merged one. */
  readonly headOf: (citizen: Citizen) => Citizen;
  readonly toHit: (citizen: Citizen, marks: readonly string[]) => PersonHit;
}

const MOST_WAITING = 1_000;
const MOST_CHECKS = 2_000;
/** Candidates taken from the index at once, and read at once. */
const CHUNK = 128;
const READ = 16;
const QUERY_MS = 100;
/** So many times as many as are asked for are found before the best are chosen. */
const CHOICE = 2;

interface Found {
  readonly citizen: Citizen;
  readonly marks: readonly string[];
}

/**
 * Finds people by name, reading of the name, any part of a phone number, or remark. Those whose name or number is exactly what
 * was typed come first, then the ones changed last. A record that was merged is found under the one that stands for it.
 */
export function searchPersons(deps: PersonSearchDeps, query: Query, limit: number): PersonSearchResult {
  const { db, index, elapsed } = deps;
  if (query.clauses.length === 0) return { persons: [], incomplete: false };
  const begun = elapsed();
  const found = new Map<string, Found>();
  const consider = (citizen: Citizen | undefined) => {
    const seen = citizen && matchPerson(query, citizen.fields, []);
    if (!seen) return;
    // Who is secret under one record is so under all. They are found by the whole number of theirs, not by trying digit after digit.
    const head = deps.headOf(citizen);
    const confidential = [head, ...listMergedInto(db, head.uid)].some(({ fields }) => fields.confidential);
    const shown = showCitizen({ ...citizen, fields: { ...citizen.fields, confidential } }, deps.role);
    const marks = shown.masked ? matchPerson(query, shown.row.fields, citizen.fields.phones.map(normalizePhone)) : seen;
    if (!marks) return;
    found.set(head.uid, { citizen: head, marks: [...(found.get(head.uid)?.marks ?? []), ...marks] });
  };
  // Those people are among the first to be found, however many others the words fit as well.
  const wholes = wholeWords(query);
  for (const whole of wholes) {
    for (const citizen of findCitizensByName(db, whole, limit)) consider(citizen);
    for (const citizen of findCitizensByPhone(db, normalizePhone(whole))) consider(citizen);
  }
  const queued = listQueuedCitizens(db, MOST_WAITING + 1);
  for (const id of queued.slice(0, MOST_WAITING)) consider(findCitizenByRowId(db, id)?.citizen);
  let incomplete = queued.length > MOST_WAITING;
  const { expression } = matchExpression(query.clauses, { frequency: deps.frequency, rows: highestCitizenId(db) });
  let checks = 0;
  let isThrough = false;
  for (let after = indexRow(Number.MAX_SAFE_INTEGER); !isThrough; ) {
    const candidates = index.values<number>(
      'SELECT rowid FROM persons_fts WHERE persons_fts MATCH ? AND rowid > ? ORDER BY rowid LIMIT ?',
      expression,
      after,
      CHUNK,
    );
    isThrough = candidates.length < CHUNK;
    for (let at = 0; at < candidates.length; at += READ) {
      if (found.size >= limit * CHOICE || checks >= MOST_CHECKS || elapsed() - begun > QUERY_MS) {
        isThrough = true;
        incomplete = true;
        break;
      }
      const few = candidates.slice(at, at + READ);
      checks += few.length;
      for (const citizen of listCitizensByRowIds(db, few.map(indexRow))) consider(citizen);
    }
    after = candidates.at(-1) ?? 0;
  }
  const persons = [...found.values()]
    .map((person) => ({ ...person, rank: rank(person, wholes) }))
    .sort((a, b) => a.rank - b.rank || b.citizen.updatedAt - a.citizen.updatedAt)
    .slice(0, limit)
    .map(({ citizen, marks }) => deps.toHit(citizen, [...new Set(marks)]));
  return { persons, incomplete: incomplete || found.size > limit };
}

/** What was typed as one name or number, in every way it can be understood. */
function wholeWords({ clauses }: Query): ReadonlySet<string> {
  return new Set(
    clauses.flatMap((terms) => {
      const [only, ...more] = terms;
      return more.length === 0 ? (only?.texts ?? []) : [terms.map(({ texts }) => texts[0] ?? '').join(' ')];
    }),
  );
}

/** 0 when a word, or all that was typed, is the whole name or a whole number, else 1. */
function rank({ citizen, marks }: Found, wholes: ReadonlySet<string>): number {
  const whole = citizenText({ ...citizen.fields, remark: '' }).split('\n');
  return [...marks, ...wholes].some((word) => whole.includes(word)) ? 0 : 1;
}

function matchPerson({ clauses }: Query, fields: CitizenFields, whole: readonly string[]): readonly string[] | null {
  return matchWords(clauses, { text: citizenText(fields), names: () => [fields.name], whole });
}
