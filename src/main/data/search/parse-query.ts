import { parsePhones } from '#shared/domain/phone.ts';
import { parseTicketNumber } from '#shared/domain/ticket-number.ts';
import { foldText } from '#shared/kernel/text.ts';
import { type Reading, readingsOf } from './reading-query.ts';

/** One word of a query: found when one of its texts is in a text, or when a name can be read like it. */
export interface Term {
  readonly texts: readonly string[];
  readonly readings: readonly Reading[];
}

/** Words that all have to be found. */
export type Clause = readonly Term[];

export interface Query {
  /** Ways to understand what was typed; one of them has to be found. None for an empty query. */
  readonly clauses: readonly Clause[];
  /** A ticket number, when it can be one. */
  readonly number: number | null;
}

/** Digits with what people write between and around them. */
const PHONE_LIKE = /^[\d\s+()\-—–.·]+$/;
/** Fewer digits are in every number. */
const LEAST_DIGITS = 3;
/** Fewer digits in front of what may be an extension are a number in a sentence: 早上5点出门，没有809路. */
const LEAST_WITH_EXTENSION = 7;
const QUOTED = /^["'“”‘’「『《]+(.+?)["'“”‘’」』》]+$/u;

/** Digits of a written number or a part of one, without the country code and the extension; null when it has no separators or too few digits. */
function joinedDigits(written: string): string | null {
  const [phone] = parsePhones(written);
  if (phone && phone.extension !== '' && phone.number.length >= LEAST_WITH_EXTENSION) return phone.number;
  if (!PHONE_LIKE.test(written) || !/\D/.test(written)) return null;
  const digits = written.replace(/^\s*(\+86|0086)/, '').replaceAll(/\D/g, '');
  return digits.length >= LEAST_DIGITS ? digits : null;
}

function toTerm(word: string): Term {
  const texts = [word];
  const bare = QUOTED.exec(word)?.[1];
  if (bare !== undefined) texts.push(bare);
  const digits = joinedDigits(word);
  if (digits !== null) texts.push(digits);
  return { texts, readings: readingsOf(bare ?? word) };
}

function toClause(words: readonly string[]): Clause {
  return [...new Set(words)].filter((word) => word !== '').map(toTerm);
}

/**
 * Understands what was typed as words that all have to occur. Every word is a text to look for, never query syntax: quotation
 * marks around it may be meant or not, so both are looked for. Digits with separators are also looked for as one number, and
 * signs that end a part of a sentence also as the end of a word.
 */
export function parseQuery(typed: string): Query {
  const query = foldText(typed).trim();
  const words = query.split(/\s+/);
  const clauses = [toClause(words)];
  const digits = joinedDigits(query);
  if (words.length > 1 && digits !== null) clauses.push([{ texts: [digits], readings: [] }]);
  const parts = query.split(/[\s,;、。]+/);
  if (parts.length > words.length || parts.includes('')) clauses.push(toClause(parts));
  const number = parseTicketNumber(query) ?? (/^\d{1,8}$/.test(query) ? Number(query) : null);
  return { clauses: clauses.filter((clause) => clause.length > 0), number };
}
