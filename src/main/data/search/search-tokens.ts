import type { Clause, Term } from './parse-query.ts';
import { addReadingTokens, type ReadRun, readingGroups } from './reading-match.ts';

/** Stands for ASCII white space and the end of a text, so that the last character of a word has a pair too. */
const END = '\uE0FF';
/** Runs of digits are also cut into groups: a pair of digits is in nearly every phone number, a group of four in one of a thousand. */
const DIGIT_GROUPS = [3, 4] as const;
/** Most tokens of a query that are looked up. */
const MOST_TOKENS = 4;
/** Checking a candidate costs as much as so many steps through a token's list (measured: 12 µs against 0.5 µs). */
const CHECK_COST = 24;
/** Share of candidates that is guessed to have a further token as well: more when it overlaps with one already chosen. */
const KEEPS_APART = 0.05;
const KEEPS_OVERLAPPING = 0.3;

/**
 * One UTF-16 unit as a character of a token. Letters and digits stand for themselves, other ASCII moves to the private use
 * area (the tokenizer would split there), and so do the halves of surrogate pairs (alone they are not UTF-8). A real
 * private-use character may look the same: that only makes a candidate that the check afterwards removes.
 */
export function toTokenChar(unit: number): string {
  if (unit < 0x80) {
    if (unit === 0x20 || (unit >= 0x09 && unit <= 0x0d)) return END;
    const isWord = (unit >= 0x30 && unit <= 0x39) || (unit >= 0x61 && unit <= 0x7a);
    return isWord ? String.fromCharCode(unit) : String.fromCharCode(0xe000 + unit);
  }
  if (unit >= 0xd800 && unit <= 0xdfff) return String.fromCharCode(0xe100 + (unit - 0xd800));
  return String.fromCharCode(unit);
}

/**
 * Index tokens of a folded text: every pair of neighbouring units, and groups of neighbouring digits.
 * @param names what of it is also found by how it is read
 */
export function indexTokens(text: string, names: readonly ReadRun[]): ReadonlySet<string> {
  const tokens = new Set<string>();
  addReadingTokens(tokens, names);
  let previous = END;
  for (let i = 0; i < text.length; i++) {
    const current = toTokenChar(text.charCodeAt(i));
    if (previous !== END) tokens.add(previous + current);
    previous = current;
  }
  if (previous !== END) tokens.add(previous + END);
  for (const { token } of digitGroups(text, 'all')) tokens.add(token);
  return tokens;
}

/** A token with its place in the text. */
interface PlacedToken {
  readonly token: string;
  readonly at: number;
}

/** Groups of neighbouring digits: all sizes, or only the largest that fits into each run. */
function digitGroups(text: string, sizes: 'all' | 'largest'): readonly PlacedToken[] {
  const groups: PlacedToken[] = [];
  for (const run of text.matchAll(/\d{3,}/g)) {
    for (const size of DIGIT_GROUPS) {
      if (sizes === 'largest' && size !== Math.min(4, run[0].length)) continue;
      for (let i = 0; i + size <= run[0].length; i++)
        groups.push({ token: run[0].slice(i, i + size), at: run.index + i });
    }
  }
  return groups;
}

/** Share of the tickets (0–1) that have a token, as far as known. */
export type TokenFrequency = (token: string) => number;

/** What to look up, and which share of the rows (0–1) that is guessed to give. */
export interface Lookup {
  readonly expression: string;
  readonly share: number;
}

const quoted = (token: string) => `"${token}"`;
const NONE: Lookup = { expression: '', share: 0 };

/**
 * The full-text expression for a query: an over-approximation of what it asks for, made of the rarest tokens. Every token is quoted
 * and no token can contain a quote, so nothing a person types is ever read as query syntax (INP-2). Single characters are
 * looked up as the start of a pair, and only when there is nothing longer: that makes the index read every pair that starts
 * with them.
 */
export function matchExpression(clauses: readonly Clause[], frequency: TokenFrequency): Lookup {
  return anyOf(clauses.map((clause) => lookUpClause(clause, frequency)));
}

function anyOf(lookups: readonly Lookup[]): Lookup {
  const [first = NONE, ...others] = lookups;
  if (others.length === 0) return first;
  return {
    expression: lookups.map(({ expression }) => `(${expression})`).join(' OR '),
    share: Math.min(
      1,
      lookups.reduce((sum, { share }) => sum + share, 0),
    ),
  };
}

function allOf(lookups: readonly Lookup[]): Lookup {
  return {
    expression: lookups.map(({ expression }) => `(${expression})`).join(' AND '),
    share: lookups.reduce((product, { share }) => product * share, 1),
  };
}

/** From this share on it does not pay to narrow the candidates further by words that can be found in several ways. */
const FEW = 0.0005;

function lookUpClause(clause: Clause, frequency: TokenFrequency): Lookup {
  const plain: string[] = [];
  const several: Lookup[] = [];
  for (const { texts, readings } of clause) {
    // A single character in one of the ways: the word cannot narrow anything down.
    if (texts.some((text) => text.length === 1)) continue;
    const [text] = texts;
    if (texts.length === 1 && readings.length === 0 && text !== undefined) plain.push(text);
    else {
      const ways = texts.map((one) => chooseTokens([one], frequency));
      for (const reading of readings) {
        const groups = readingGroups(reading);
        if (groups) ways.push(lookUpGroups(groups, frequency));
      }
      several.push(anyOf(ways));
    }
  }
  const chosen = plain.length > 0 ? chooseTokens(plain, frequency) : null;
  if (chosen && (several.length === 0 || chosen.share < FEW)) return chosen;
  const parts = [...(chosen ? [chosen] : []), ...several];
  if (parts.length > 0) return parts.length === 1 ? (parts[0] ?? NONE) : allOf(parts);
  return allOf(clause.map(lookUpSingle));
}

/** A word of one character, or one that is one character in one of its ways. */
function lookUpSingle({ texts }: Term): Lookup {
  const ways = texts.map((text) => `${quoted(toTokenChar(text.charCodeAt(0)))} *`);
  return { expression: ways.join(' OR '), share: 1 };
}

/** Every group with one of its tokens; the rarest groups are enough. */
function lookUpGroups(groups: readonly (readonly string[])[], frequency: TokenFrequency): Lookup {
  const measured = groups
    .map((tokens) => ({ tokens, share: tokens.reduce((sum, token) => sum + frequency(token), 0) }))
    .sort((a, b) => a.share - b.share)
    .slice(0, MOST_TOKENS);
  const [first] = measured;
  return {
    expression: measured.map(({ tokens }) => `(${tokens.map(quoted).join(' OR ')})`).join(' AND '),
    share: Math.min(1, first?.share ?? 0),
  };
}

/**
 * The rarest token, and further ones as long as walking through their lists costs less than the candidates they spare.
 */
function chooseTokens(terms: readonly string[], frequency: TokenFrequency): Lookup {
  // Terms are laid out far from each other, so that tokens of different terms never count as overlapping.
  const rest = terms
    .flatMap((term, index) =>
      [...digitGroups(term, 'largest'), ...queryPairs(term)].map(({ token, at }) => ({
        token,
        at: at + index * 1_000,
      })),
    )
    .map((placed) => ({ ...placed, share: frequency(placed.token) }))
    .sort((a, b) => a.share - b.share);
  const first = rest.shift();
  if (!first) throw new Error('a term of two units has a pair');
  const chosen = [first];
  let candidates = first.share;
  while (chosen.length < MOST_TOKENS) {
    let best: { readonly index: number; readonly gain: number; readonly keeps: number } | null = null;
    for (const [index, { token, at, share }] of rest.entries()) {
      if (chosen.some((other) => other.token === token)) continue;
      const overlaps = chosen.some((other) => Math.abs(other.at - at) < other.token.length);
      const keeps = Math.max(share, overlaps ? KEEPS_OVERLAPPING : KEEPS_APART);
      const gain = candidates * CHECK_COST * (1 - keeps) - share;
      if (gain > 0 && (!best || gain > best.gain)) best = { index, gain, keeps };
    }
    const [next] = best ? rest.splice(best.index, 1) : [];
    if (!best || !next) break;
    chosen.push(next);
    candidates *= best.keeps;
  }
  return { expression: chosen.map(({ token }) => quoted(token)).join(' AND '), share: candidates };
}

/** Pairs of a term but those inside a group of digits, which add nothing to it. */
function queryPairs(term: string): readonly PlacedToken[] {
  const inGroup = new Set<number>();
  for (const run of term.matchAll(/\d{3,}/g)) {
    for (let i = run.index; i + 1 < run.index + run[0].length; i++) inGroup.add(i);
  }
  const pairs: PlacedToken[] = [];
  for (let i = 0; i + 1 < term.length; i++) {
    if (inGroup.has(i)) continue;
    pairs.push({ token: toTokenChar(term.charCodeAt(i)) + toTokenChar(term.charCodeAt(i + 1)), at: i });
  }
  return pairs;
}
