import { beijingMidnight, COUNT, monthOf, toCount, yearOf } from './parse-day.ts';

/** Words that make a month no other one. */
const VAGUE_BEFORE = /^(?:大约|大概|约|从|自)\s*/;
const VAGUE_AFTER = /\s*(?:左右|前后|起|开始|以来|至今)$/;

const THIRD = '(?:的?\\s*(月?初|上旬|月?中旬?|下旬|月?底|月?末))?';
const YEAR_WORDS: Readonly<Record<string, number>> = { 前年: -2, 去年: -1, 今年: 0, 明年: 1 };
const MONTH_WORDS: Readonly<Record<string, number>> = { 上上: -2, 上: -1, 这: 0, 本: 0, 下: 1 };
const MONTH_NAMES = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const ENGLISH_THIRDS: Readonly<Record<string, string>> = { early: '上旬', mid: '中旬', late: '下旬' };

const WRITTEN = new RegExp(`^(\\d{4}|\\d{2})\\s*年\\s*(${COUNT})\\s*月份?${THIRD}$`);
const NUMBERS = new RegExp(`^(\\d{4})\\s*[-/.]\\s*(\\d{1,2})\\s*${THIRD}$`);
const OF_YEAR = new RegExp(`^(?:(前年|去年|今年|明年)\\s*的?\\s*)?(${COUNT})\\s*月份?${THIRD}$`);
const END_OF_YEAR = /^(?:(\d{4}|\d{2})\s*年|(前年|去年|今年|明年)年?|年)\s*(初|底|末)$/;
const BY_WORD = new RegExp(`^(上上|上|这|本|下)\\s*个?月份?${THIRD}$`);
const ENGLISH =
  /^(?:(early|mid|late)[-\s]*)?(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|ust|ember|tember|ober)?\.?,?\s*(\d{4})?$/i;
const ENGLISH_WORD = /^(last|this)\s+month$/i;

/** The third (旬) a word names, or an empty text. */
function thirdOf(word: string | undefined): string {
  if (!word) return '';
  if (/初|上/.test(word)) return '上旬';
  return word.includes('中') ? '中旬' : '下旬';
}

function write(year: number, month: number, third: string | undefined): string | null {
  if (!(month >= 1 && month <= 12) || year < 1900 || year > 2199) return null;
  return `${year}-${String(month).padStart(2, '0')}${third ?? ''}`;
}

/** A year in two or four digits: 25年 is 2025年. */
const fullYear = (written: string): number => Number(written) + (written.length === 2 ? 2000 : 0);

/**
 * Reads a month as people say it: 6月, 6月中旬, 去年12月, 2025年3月, 上个月底, 去年年底, June 2025. Without its year it is the latest that
 * has begun.
 * @returns 2026-06, with its third when one is named (2026-06中旬), or null when it is no month to its last word
 */
export function parseMonth(written: string, now: number): string | null {
  const text = written.normalize('NFKC').trim().replace(VAGUE_BEFORE, '').replace(VAGUE_AFTER, '');
  const today = beijingMidnight(now);
  const [year, month] = [yearOf(today), monthOf(today)];
  const latest = (said: number, third?: string) => write(said <= month ? year : year - 1, said, third);

  const dated = WRITTEN.exec(text) ?? NUMBERS.exec(text);
  if (dated) return write(fullYear(dated[1] ?? ''), toCount(dated[2] ?? ''), thirdOf(dated[3]));
  const named = OF_YEAR.exec(text);
  if (named) {
    const [, word, said = '', third] = named;
    if (word === undefined) return latest(toCount(said), thirdOf(third));
    return write(year + (YEAR_WORDS[word] ?? 0), toCount(said), thirdOf(third));
  }
  const ofYear = END_OF_YEAR.exec(text);
  if (ofYear) {
    const [, digits, word, end] = ofYear;
    const said = end === '初' ? 1 : 12;
    if (digits !== undefined) return write(fullYear(digits), said, '');
    return word === undefined ? latest(said) : write(year + (YEAR_WORDS[word] ?? 0), said, '');
  }
  const english = ENGLISH.exec(text);
  if (english) {
    const [, third, name = '', ofYearSaid] = english;
    const said = MONTH_NAMES.indexOf(name.slice(0, 3).toLowerCase()) + 1;
    const part = third && ENGLISH_THIRDS[third.toLowerCase()];
    return ofYearSaid === undefined ? latest(said, part) : write(Number(ofYearSaid), said, part);
  }
  const byWord = BY_WORD.exec(text);
  const away = byWord
    ? MONTH_WORDS[byWord[1] ?? '']
    : { last: -1, this: 0 }[ENGLISH_WORD.exec(text)?.[1]?.toLowerCase() ?? ''];
  if (away === undefined) return null;
  const months = year * 12 + month - 1 + away;
  return write(Math.floor(months / 12), (months % 12) + 1, thirdOf(byWord?.[2]));
}
