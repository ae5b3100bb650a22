/** Stands for ASCII white space and the end of a text, so that the last character of a word has a pair too. */
const END = '\uE0FF';
/** Runs of digits are also cut into groups of three: a pair of digits is in nearly every phone number. */
const DIGIT_GROUP = 3;
/** Pairs of a query that are looked up; more of them would cost more than they exclude. */
const MOST_TOKENS = 12;

/**
 * One UTF-16 unit as a character of a token. Letters and digits stand for themselves, other ASCII moves to the private use
 * area (the tokenizer would split there), and so do the halves of surrogate pairs (alone they are not UTF-8). A real
 * private-use character may look the same: that only makes a candidate that the check afterwards removes.
 */
function toTokenChar(unit: number): string {
  if (unit < 0x80) {
    if (unit <= 0x20) return END;
    const isWord = (unit >= 0x30 && unit <= 0x39) || (unit >= 0x61 && unit <= 0x7a);
    return isWord ? String.fromCharCode(unit) : String.fromCharCode(0xe000 + unit);
  }
  if (unit >= 0xd800 && unit <= 0xdfff) return String.fromCharCode(0xe100 + (unit - 0xd800));
  return String.fromCharCode(unit);
}

/** Index tokens of a folded text: every pair of neighbouring units, and every three neighbouring digits. */
export function indexTokens(text: string): ReadonlySet<string> {
  const tokens = new Set<string>();
  let previous = END;
  for (let i = 0; i < text.length; i++) {
    const current = toTokenChar(text.charCodeAt(i));
    if (previous !== END) tokens.add(previous + current);
    previous = current;
  }
  if (previous !== END) tokens.add(previous + END);
  for (const group of digitGroups(text)) tokens.add(group);
  return tokens;
}

function digitGroups(text: string): readonly string[] {
  const groups: string[] = [];
  for (const [run] of text.matchAll(/\d{3,}/g)) {
    for (let i = 0; i + DIGIT_GROUP <= run.length; i++) groups.push(run.slice(i, i + DIGIT_GROUP));
  }
  return groups;
}

/** Words of a query as they are compared with folded texts: separated by white space, each must occur. */
export function queryTerms(folded: string): readonly string[] {
  return [...new Set(folded.split(/\s+/).filter((term) => term !== ''))];
}

/**
 * The full-text expression for terms: an over-approximation of "contains each of them". Every token is quoted and no token
 * can contain a quote, so nothing a person types is ever read as query syntax (INP-2). Single characters are looked up as the
 * start of a pair, and only when there is nothing longer: that makes the index read every pair that starts with them.
 */
export function matchExpression(terms: readonly string[]): string {
  const long = terms.filter((term) => term.length > 1);
  if (long.length === 0) return terms.map((term) => `"${toTokenChar(term.charCodeAt(0))}" *`).join(' AND ');
  const tokens = new Set(long.flatMap((term) => [...digitGroups(term), ...queryPairs(term)]));
  return spread([...tokens], MOST_TOKENS)
    .map((token) => `"${token}"`)
    .join(' AND ');
}

/** Pairs of a term but those inside a group of digits, which add nothing to it. */
function queryPairs(term: string): readonly string[] {
  const inGroup = new Set<number>();
  for (const run of term.matchAll(/\d{3,}/g)) {
    for (let i = run.index; i + 1 < run.index + run[0].length; i++) inGroup.add(i);
  }
  const pairs: string[] = [];
  for (let i = 0; i + 1 < term.length; i++) {
    if (!inGroup.has(i)) pairs.push(toTokenChar(term.charCodeAt(i)) + toTokenChar(term.charCodeAt(i + 1)));
  }
  return pairs;
}

/** At most `most` items, evenly taken from the whole list. */
function spread(items: readonly string[], most: number): readonly string[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, i) => items[Math.floor((i * items.length) / most)] ?? '');
}
