import type { DivisionEntry } from '../division.ts';
import { estateBeforeHouse, type NamedPart, namedPartAt, scanNames, textWordLength } from './address-names.ts';
import { dashedPartsAt, numberedPartAt } from './address-numbers.ts';
import type { AddressPart, AddressPartKind, ParsedAddress } from './address-part.ts';
import { comparableNumber, foldAddress } from './address-text.ts';
import { DIRECTION, DIRECTION_STARTS, NO_NAME_CHARACTERS } from './address-words.ts';
import { divisionAt, findMentions, isDivisionBorder, type Recognised, type Surroundings } from './division-at.ts';
import type { DivisionNames } from './division-names.ts';
import { resolveDivision } from './resolve-division.ts';

/** What a piece ends with in its written form and is left out when pieces are compared. */
const NUMBER_WORDS = /[号#室房户]|大?院$/g;

/** A date or a count: what follows it is no part of it. */
const NUMBER_IN_TEXT = /\d+(?:[号月日年点时个次户人元]|小时|分钟|天)?/y;

const isBlank = (character: string) => /[\s,，、;；。.()（）]/.test(character);

/**
 * Splits an address as it was told or pasted into its pieces, and says which division it names. Nothing is changed or left out:
 * the pieces joined are the text. Never throws, whatever the text.
 * @param names the divisions to look for; null recognises only what their endings show
 * @param centre division code of the own centre, for names that several cities have
 */
export function parseAddress(text: string, names: DivisionNames | null, centre: string): ParsedAddress {
  const folded = foldAddress(text);
  const parts: AddressPart[] = [];
  const mentions: (readonly DivisionEntry[])[] = [];
  const named = findMentions(folded, names);
  const scan = scanNames(folded, (at) => isDivisionBorder(folded, at, named[at] ?? null));
  let textFrom = 0;
  let position = 0;
  /** The last piece, as long as nothing but blanks came after it. */
  let before: AddressPartKind | null = null;
  let atStart = true;

  const closeText = () => {
    if (position === textFrom) return;
    parts.push({ kind: 'text', text: text.slice(textFrom, position) });
  };
  const take = (found: Recognised) => {
    closeText();
    const piece = text.slice(position, position + found.length);
    parts.push({ kind: found.kind, text: piece, value: found.value });
    if (found.divisions) mentions.push(found.divisions);
    position += found.length;
    textFrom = position;
    before = found.kind;
    atStart = false;
  };

  while (position < folded.length) {
    const character = folded.charAt(position);
    if (isBlank(character)) {
      position += 1;
      if (/[;；。]/.test(character)) before = null;
      atStart = atStart || character !== ' ';
      continue;
    }
    const dashed = dashedPartsAt(folded, position, before);
    if (dashed.length > 0) {
      for (const [index, part] of dashed.entries()) {
        if (index > 0) position += 1;
        take({ ...part, value: comparableNumber(part.value) });
      }
      continue;
    }
    const found = recognise(folded, position, {
      before,
      atStart,
      names,
      mentions: named,
      scan,
      last: mentions.at(-1) ?? [],
    });
    if (found) {
      take(found);
      continue;
    }
    const word = numberLength(folded, position) || textWordLength(folded, position);
    position += Math.max(1, word);
    // 与, 和 between two roads leave both of them what they are; any other text ends what came before.
    before = null;
    atStart = word > 0 || NO_NAME_CHARACTERS.has(character.charCodeAt(0));
  }
  closeText();
  return { parts, division: resolveDivision(mentions, centre) };
}

function numberLength(text: string, position: number): number {
  NUMBER_IN_TEXT.lastIndex = position;
  return NUMBER_IN_TEXT.exec(text)?.[0].length ?? 0;
}

function recognise(text: string, position: number, around: Surroundings): Recognised | null {
  const { before } = around;
  const division = divisionAt(text, position, around);
  if (division) return division;
  const numbered = numberedPartAt(text, position, before);
  if (numbered) return { ...numbered, value: comparableNumber(numbered.value.replace(NUMBER_WORDS, '')) };
  // Between two roads, and not the beginning of the second one's name.
  if (before !== null && /[与和及跟至到]/.test(text.charAt(position))) return null;
  const named = namedPartAt(around.scan, position);
  const direction = directionLength(text, position);
  if (direction > 0 && !(named && isNameRather(text, position, direction, named))) {
    return { kind: 'direction', length: direction, value: text.slice(position, position + direction) };
  }
  if (named) return named;
  const mayBeEstate = before === null ? position === 0 : before !== 'direction';
  return mayBeEstate ? estateBeforeHouse(around.scan, position) : null;
}

function directionLength(text: string, position: number): number {
  if (!DIRECTION_STARTS.has(text.charCodeAt(position))) return 0;
  DIRECTION.lastIndex = position;
  return DIRECTION.exec(text)?.[0].length ?? 0;
}

/** 东门, 东方城, 南湖路, 北门桥: a name that begins with a direction and goes on without a break; 东面农田 is two things. */
function isNameRather(text: string, position: number, direction: number, named: NamedPart): boolean {
  if (named.length <= direction) return false;
  return (
    named.value === '' || !/[面侧边头端对旁附周间内外前后两一沿米里]$/.test(text.slice(position, position + direction))
  );
}
