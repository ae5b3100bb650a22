import type { Clause, Term } from './parse-query.ts';
import { readingGroups } from './reading-match.ts';
import { type TokenFrequency, termTokens } from './search-tokens.ts';

/**
 * What parts of a query cost, in µs of one core; only how they compare matters. Looking a token up, one step through its list, one
 * row handed out of the index, one row read, parsed and compared.
 */
export const COST = { open: 60, step: 0.1, seek: 10, row: 0.2, check: 30 } as const;
/** Most tokens of a word that are looked up. */
const MOST_TOKENS = 4;
/** Share of candidates that is guessed to have a further token as well: more when it overlaps with one already chosen. */
const KEEPS_APART = 0.05;
const KEEPS_OVERLAPPING = 0.3;
/** Words count as so far from each other that none of their tokens overlap. */
const WORD_LENGTH = 1_000;

/** What is known of the rows before any is looked at. */
export interface TokenKnowledge {
  readonly frequency: TokenFrequency;
  /** Rows in the index. */
  readonly rows: number;
}

/** What to look up, which share of the rows (0–1) that is guessed to give, and what walking through all of it costs. */
export interface Lookup {
  readonly expression: string;
  readonly share: number;
  readonly cost: number;
}

const quoted = (token: string) => `"${token}"`;
const NONE: Lookup = { expression: '', share: 0, cost: 0 };

/**
 * The full-text expression for a query: an over-approximation of what it asks for, made of the rarest tokens. Every token is quoted
 * and no token can contain a quote, so nothing a person types is ever read as query syntax (INP-2).
 */
export function matchExpression(clauses: readonly Clause[], known: TokenKnowledge): Lookup {
  return anyOf(clauses.map((clause) => lookUpClause(clause, known)));
}

function anyOf(lookups: readonly Lookup[]): Lookup {
  const different = [...new Map(lookups.map((lookup) => [lookup.expression, lookup])).values()];
  const [first = NONE, ...others] = different;
  if (others.length === 0) return first;
  return {
    expression: different.map(({ expression }) => `(${expression})`).join(' OR '),
    share: Math.min(
      1,
      different.reduce((sum, { share }) => sum + share, 0),
    ),
    cost: different.reduce((sum, { cost }) => sum + cost, 0),
  };
}

/** One of the tokens has to be there. */
function anyToken(tokens: readonly string[], { frequency, rows }: TokenKnowledge): Lookup {
  const share = tokens.reduce((sum, token) => sum + frequency(token), 0);
  return {
    expression: tokens.map(quoted).join(' OR '),
    share: Math.min(1, share),
    cost: tokens.length * COST.open + share * rows * COST.step,
  };
}

/** A part of what is asked for, and where in the query it stands. */
interface Part extends Lookup {
  readonly at: number;
  readonly length: number;
}

/** The rarest part, and further ones as long as walking through their lists costs less than the candidates they spare. */
function chooseParts(parts: readonly Part[], rows: number): Lookup {
  const rest = [...parts].sort((a, b) => a.share - b.share || a.cost - b.cost);
  const first = rest.shift();
  if (!first) return NONE;
  const chosen = [first];
  let { share, cost } = first;
  while (chosen.length < MOST_TOKENS) {
    let best: { readonly index: number; readonly gain: number; readonly keeps: number } | null = null;
    for (const [index, part] of rest.entries()) {
      if (chosen.some(({ expression }) => expression === part.expression)) continue;
      const overlaps = chosen.some(({ at, length }) => at < part.at + part.length && part.at < at + length);
      const keeps = Math.max(part.share, overlaps ? KEEPS_OVERLAPPING : KEEPS_APART);
      const walk = Math.min(part.cost, COST.open + first.share * rows * COST.seek);
      const gain = share * rows * COST.check * (1 - keeps) - walk;
      if (gain > 0 && (!best || gain > best.gain)) best = { index, gain, keeps };
    }
    const [next] = best ? rest.splice(best.index, 1) : [];
    if (!best || !next) break;
    chosen.push(next);
    share *= best.keeps;
    cost += next.cost;
  }
  const [only] = chosen;
  if (chosen.length === 1 && only) return { expression: only.expression, share, cost };
  return { expression: chosen.map(({ expression }) => `(${expression})`).join(' AND '), share, cost };
}

function lookUpClause(clause: Clause, known: TokenKnowledge): Lookup {
  const parts = clause.flatMap((term, i): readonly Part[] => {
    const at = i * WORD_LENGTH;
    const [text] = term.texts;
    const isPlain = term.texts.length === 1 && term.readings.length === 0 && text !== undefined;
    return isPlain ? partsOf(text, at, known) : [{ ...lookUpTerm(term, known), at, length: WORD_LENGTH }];
  });
  return chooseParts(parts, known.rows);
}

function partsOf(text: string, from: number, known: TokenKnowledge): readonly Part[] {
  return termTokens(text).map(({ token, at }) => ({
    ...anyToken([token], known),
    at: from + at,
    length: token.length,
  }));
}

/** A word that can be meant in several ways. */
function lookUpTerm({ texts, readings }: Term, known: TokenKnowledge): Lookup {
  const ways = texts.map((text) => chooseParts(partsOf(text, 0, known), known.rows));
  for (const reading of readings) {
    const groups = readingGroups(reading);
    if (!groups) continue;
    // Groups of one reading stand in one name: they count as overlapping.
    const parts = groups.map((tokens) => ({ ...anyToken(tokens, known), at: 0, length: 1 }));
    ways.push(chooseParts(parts, known.rows));
  }
  return anyOf(ways);
}
