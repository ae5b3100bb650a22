import type { DivisionEntry } from '../division.ts';
import { estateBeforeHouse, LONGEST_NAME, type NamedPart, namedPartAt } from './address-names.ts';
import { dashedPartsAt, LONE_NUMBER_STARTS, numberedPartAt } from './address-numbers.ts';
import type { AddressPart, ParsedAddress } from './address-part.ts';
import {
  BLANK_UNITS,
  comparableNumber,
  foldAddress,
  isDigit,
  isPlainHan,
  isPlainNumber,
  UnitSet,
  unitAt,
} from './address-text.ts';
import { DIRECTION, DIRECTION_SECONDS, DIRECTION_STARTS, NO_NAME_CHARACTERS } from './address-words.ts';
import { divisionAt, hasUnknownEnding, type Recognised, type Surroundings } from './division-at.ts';
import type { DivisionNames } from './division-names.ts';
import { NameScan, textWordLength } from './name-scan.ts';
import { resolveDivision } from './resolve-division.ts';

/** What a piece ends with in its written form and is left out when pieces are compared. */
const NUMBER_WORDS = /[号#室房户]|大?院$/g;

/** A date or a count: what follows it is no part of it. */
const NUMBER_IN_TEXT = /\d+(?:[号月日年点时个次户人元]|小时|分钟|天)?/y;

const BLANKS = UnitSet.union(BLANK_UNITS, UnitSet.of(',，、;；。.()（）'));
/** Blanks across which nothing belongs together. */
const STOPS = UnitSet.of(';；。');
const BETWEEN = UnitSet.of('与和及跟至到');
const SPACE = 0x20;

/**
 * Passes over text, as long as nothing of an address comes right before: to the next position where anything else may begin.
 * Most characters are looked at here and nowhere else.
 */
function skipText(around: { atStart: boolean; readonly scan: NameScan }, position: number): number {
  const { scan } = around;
  const { text, starts } = scan;
  const end = scan.nextStart(position, LONGEST_NAME);
  let { atStart } = around;
  let at = position;
  let next = unitAt(text, at);
  for (; at < end; at++) {
    const unit = next;
    next = unitAt(text, at + 1);
    if (LONE_NUMBER_STARTS.has(unit) || starts.may(unit, next) || mayBeDirection(unit, next)) break;
    if (BLANKS.has(unit)) atStart ||= unit !== SPACE;
    else if (atStart && hasUnknownEnding(text, at)) break;
    else atStart = NO_NAME_CHARACTERS.has(unit);
  }
  around.atStart = atStart;
  return at;
}

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
  const around: { -readonly [key in keyof Surroundings]: Surroundings[key] } = {
    before: null,
    atStart: true,
    names,
    scan: new NameScan(folded, names),
    last: [],
  };
  let textFrom = 0;
  let position = 0;

  const closeText = () => {
    if (position === textFrom) return;
    parts.push({ kind: 'text', text: text.slice(textFrom, position) });
  };
  const take = (found: Recognised) => {
    closeText();
    const piece = text.slice(position, position + found.length);
    parts.push({ kind: found.kind, text: piece, value: found.value });
    if (found.divisions) {
      mentions.push(found.divisions);
      around.last = found.divisions;
    }
    position += found.length;
    textFrom = position;
    around.before = found.kind;
    around.atStart = false;
  };

  for (;;) {
    if (around.before === null && position > 0) position = skipText(around, position);
    if (position >= folded.length) break;
    const unit = unitAt(folded, position);
    if (BLANKS.has(unit)) {
      position += 1;
      if (STOPS.has(unit)) around.before = null;
      around.atStart ||= unit !== SPACE;
      continue;
    }
    const dashed = dashedPartsAt(folded, position, around.before);
    if (dashed.length > 0) {
      for (const [index, part] of dashed.entries()) {
        if (index > 0) position += 1;
        take({ ...part, value: comparableNumber(part.value) });
      }
      continue;
    }
    const found = recognise(folded, position, around);
    if (found) {
      take(found);
      continue;
    }
    const word = numberLength(folded, position) || textWordLength(folded, position);
    position += Math.max(1, word);
    // 与, 和 between two roads leave both of them what they are; any other text ends what came before.
    around.before = null;
    around.atStart = word > 0 || NO_NAME_CHARACTERS.has(unit);
  }
  closeText();
  return { parts, division: resolveDivision(mentions, centre) };
}

function numberLength(text: string, position: number): number {
  if (!isDigit(unitAt(text, position))) return 0;
  NUMBER_IN_TEXT.lastIndex = position;
  return NUMBER_IN_TEXT.exec(text)?.[0].length ?? 0;
}

function recognise(text: string, position: number, around: Surroundings): Recognised | null {
  const { before } = around;
  const division = divisionAt(text, position, around);
  if (division) return division;
  const numbered = numberedPartAt(text, position, before);
  if (numbered) return { ...numbered, value: numberValue(numbered.value) };
  // Between two roads, and not the beginning of the second one's name.
  if (before !== null && BETWEEN.has(unitAt(text, position))) return null;
  const named = namedPartAt(around.scan, position);
  const direction = directionLength(text, position);
  if (direction > 0 && !(named && isNameRather(text, position, direction, named))) {
    return { kind: 'direction', length: direction, value: text.slice(position, position + direction) };
  }
  if (named) return named;
  const mayBeEstate = before === null ? position === 0 : before !== 'direction';
  return mayBeEstate ? estateBeforeHouse(around.scan, position) : null;
}

function numberValue(written: string): string {
  const bare = written.endsWith('号') ? written.slice(0, -1) : written;
  return isPlainNumber(bare) ? bare : comparableNumber(written.replace(NUMBER_WORDS, ''));
}

/** 旁 is a direction alone. */
const BESIDE = '旁'.charCodeAt(0);

function mayBeDirection(first: number, second: number): boolean {
  if (!DIRECTION_STARTS.has(first)) return false;
  return !isPlainHan(second) || DIRECTION_SECONDS.has(second) || first === BESIDE;
}

function directionLength(text: string, position: number): number {
  if (!mayBeDirection(unitAt(text, position), unitAt(text, position + 1))) return 0;
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
