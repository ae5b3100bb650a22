import type { AddressPart, AddressPartKind } from './address/address-part.ts';
import { foldAddress } from './address/address-text.ts';
import { parseAddress } from './address/parse-address.ts';
import { writtenPattern } from './written-forms.ts';

/** What everybody in a district shares: a ticket shows it anyway. */
const SHARED: readonly AddressPartKind[] = ['province', 'city', 'district', 'street', 'direction'];
/** What a number in an address is said with; the same house is 3栋, 3幢 or 3号楼. */
const NUMBER_WORD = '(?:号楼|号院|号|#|＃|栋|幢|座|单元|层|楼|室|房|户|组|弄)';
const NUMBER_WORDS = new RegExp(`${NUMBER_WORD}$`);
const BETWEEN = '[\\s,，、\\-－—–]*';
/** Shorter addresses are in every other sentence. */
const LEAST = 4;

/** A ticket has one address and a dozen texts: its patterns are made once. */
const known = new Map<string, readonly RegExp[]>();
const MOST_KNOWN = 64;

/**
 * Patterns that find an address in a text, longest first: as it was written, and every run of two or more of its closer pieces (road
 * and house number, house and room), in whatever form. A road or an estate alone is nobody's address.
 */
export function addressPatterns(address: string): readonly RegExp[] {
  const kept = known.get(address);
  if (kept) return kept;
  if (known.size >= MOST_KNOWN) known.clear();
  const patterns = makePatterns(address);
  known.set(address, patterns);
  return patterns;
}

function makePatterns(address: string): readonly RegExp[] {
  const written = foldAddress(address).replaceAll(/\s/g, '');
  if (written.length < LEAST) return [];
  const pieces = parseAddress(address, null, '').parts.filter(isCloser).map(toPiece);
  const runs = pieces.slice(0, -1).map((_, from) => toRun(pieces.slice(from)));
  return [writtenPattern(written), ...runs].map((pattern) => new RegExp(pattern, 'gi'));
}

type Piece = { readonly pattern: string; readonly isNumber: boolean };

function isCloser(part: AddressPart): boolean {
  return part.kind !== 'text' && !SHARED.includes(part.kind);
}

function toPiece({ text }: AddressPart): Piece {
  const folded = foldAddress(text).trim();
  const body = folded.replace(NUMBER_WORDS, '');
  const isNumber = /^[\dA-Z〇零一二两三四五六七八九十百]+$/i.test(body) && body !== '';
  return { pattern: writtenPattern(isNumber ? body : folded), isNumber };
}

/** The first two pieces, and as many of the others as follow. */
function toRun([first, second, ...rest]: readonly Piece[]): string {
  if (!first || !second) throw new Error('a run has two pieces');
  const others = rest.reduceRight((after, piece) => `(?:${BETWEEN}${withWord(piece)}${after})?`, '');
  // Between two bare numbers something has to stand: 3 and 301 are not in 3301.
  const border = first.isNumber ? '(?<![\\d０-９])' : '';
  const separator = first.isNumber ? `(?:${NUMBER_WORD}${BETWEEN}|[\\s,，、\\-－—–]+)` : BETWEEN;
  return `${border}${first.pattern}${separator}${withWord(second)}${others}`;
}

function withWord({ pattern, isNumber }: Piece): string {
  return isNumber ? `${pattern}(?![\\d０-９])(?:\\s*${NUMBER_WORD})?` : pattern;
}
