import type { AddressPartKind } from './address-part.ts';
import { UnitSet } from './address-text.ts';
import { ESTATE_PART, NAME_BORDER, NAME_ENDINGS, NO_NAME, NO_NAME_CHARACTERS, TEXT_WORDS } from './address-words.ts';

/** A named piece found at a position. */
export interface NamedPart {
  readonly kind: Extract<
    AddressPartKind,
    'district' | 'street' | 'road' | 'community' | 'village' | 'landmark' | 'crossing'
  >;
  readonly length: number;
  /** What distinguishes it: the name, for an estate without 小区. Empty for a bare 小区, 学校, 路口. */
  readonly value: string;
}

const LONGEST_NAME = 12;
const isDigit = (unit: number) => unit >= 0x30 && unit <= 0x39;
const isCapital = (unit: number) => unit >= 0x41 && unit <= 0x5a;
const MIDDLE_DOT = 0xb7;

/** Chinese characters of the basic plane (rare ones are halves of pairs, and no part of names here), capitals, digits. */
function isNameUnit(unit: number): boolean {
  return (unit >= 0x3400 && unit <= 0x9fff) || isCapital(unit) || isDigit(unit) || unit === MIDDLE_DOT;
}

const DATE = /^\d+(?:[号月日年点时]|$)/;
const ROOM_OF_A_HOUSE = /[栋幢室]|单元|号楼/;
/** A name that goes on: 中央路 + 小学 is a school and no road. */
const GOES_ON =
  /^(?:小学|中学|幼儿园|学校|医院|卫生院|小区|社区|公园|广场|派出所|菜场|菜市场|农贸市场|地铁站|公交站|车站|站(?!点|着|在|台)|大桥|立交桥?|隧道|街道|新村|花园|校区|大厦|步行街|村)/;

const textWordsByStart = Map.groupBy(TEXT_WORDS, (word) => word.charAt(0));
const textWordStarts = UnitSet.of([...textWordsByStart.keys()].join(''));
const endingStarts = UnitSet.of([...NAME_ENDINGS.keys()].join(''));

/** A word of the sentence around an address at a position; 0 when there is none. */
export function textWordLength(text: string, position: number): number {
  if (!textWordStarts.has(text.charCodeAt(position))) return 0;
  const word = textWordsByStart.get(text.charAt(position))?.find((each) => text.startsWith(each, position));
  return word?.length ?? 0;
}

interface Ending {
  readonly kind: NamedPart['kind'];
  readonly length: number;
}

function endingAt(text: string, at: number): Ending | null {
  if (!endingStarts.has(text.charCodeAt(at))) return null;
  for (const { kind, ending, notBefore, isWeak } of NAME_ENDINGS.get(text.charAt(at)) ?? []) {
    if (!text.startsWith(ending, at)) continue;
    const rest = text.slice(at + ending.length, at + ending.length + 4);
    if (notBefore?.test(rest) || (isWeak && !NAME_BORDER.test(rest))) continue;
    return { kind, length: ending.length };
  }
  return null;
}

/**
 * What every position of a text is to the names in it, worked out once per text: where a name may end, and across what none runs.
 */
export interface NameScan {
  readonly text: string;
  /** The ending that starts at a position. */
  readonly endings: readonly (Ending | null)[];
  /** The next position at or after this one where an ending starts; the length of the text when there is none. */
  readonly nextEnding: Uint16Array;
  /** No name starts at this position. */
  readonly noStart: Uint8Array;
  /** The next position at or after this one that a name which started before does not run across. */
  readonly nextBreak: Uint16Array;
}

/** A text this long is no address; the rest of it is not looked at for names. */
const LONGEST_SCANNED = 20_000;

/** @param isBorder true at positions where a division is named: no other name runs across them */
export function scanNames(text: string, isBorder: (at: number) => boolean): NameScan {
  const length = Math.min(text.length, LONGEST_SCANNED);
  const endings: (Ending | null)[] = [];
  const noStart = new Uint8Array(length + 1);
  const isBreak = new Uint8Array(length + 1);
  for (let at = 0; at < length; at++) {
    endings.push(endingAt(text, at));
    const unit = text.charCodeAt(at);
    const isOutside = !isNameUnit(unit) || NO_NAME_CHARACTERS.has(unit) || textWordLength(text, at) > 0;
    // Digits belong to the beginning of a name (1912街区), later they are numbers of houses.
    const before = text.charCodeAt(at - 1);
    const isNumber = isDigit(unit) && !isDigit(before) && !isCapital(before);
    if (isOutside) noStart[at] = 1;
    if (isOutside || isNumber || isBorder(at)) isBreak[at] = 1;
  }
  const nextEnding = new Uint16Array(length + 1).fill(length);
  const nextBreak = new Uint16Array(length + 1).fill(length);
  for (let at = length - 1; at >= 0; at--) {
    nextEnding[at] = endings[at] ? at : (nextEnding[at + 1] ?? length);
    nextBreak[at] = isBreak[at] ? at : (nextBreak[at + 1] ?? length);
  }
  return { text, endings, nextEnding, noStart, nextBreak };
}

/** The road, estate, village, landmark or crossing whose name starts at a position. */
export function namedPartAt(scan: NameScan, position: number): NamedPart | null {
  const { text, endings, nextEnding, nextBreak, noStart } = scan;
  const bare = endings[position] ?? null;
  // 公园 alone is a place, but 公园路 is a road.
  const isWhole = bare !== null && endings[position + bare.length]?.kind !== 'road';
  if (bare && isWhole && bare.length > 1 && bare.kind !== 'street' && bare.kind !== 'road') {
    return { kind: bare.kind, length: bare.length, value: '' };
  }
  const at = nextEnding[position + 1] ?? text.length;
  const ending = endings[at] ?? null;
  const runsUntil = nextBreak[position + 1] ?? 0;
  if (noStart[position] || !ending || at >= runsUntil || at - position >= LONGEST_NAME) return null;
  const name = text.slice(position, at);
  if (ROOM_OF_A_HOUSE.test(name) || DATE.test(name)) return null;
  if ((ending.kind === 'road' || ending.kind === 'village' || ending.kind === 'street') && NO_NAME.test(name)) {
    return null;
  }
  // 夜里, 校园, 县城: one character before such an ending is a word, except 怡苑 and the like.
  const isWord = ending.kind === 'community' && ending.length === 1 && name.length < 2;
  if (isWord && !/[苑郡]/.test(text.charAt(at))) return null;
  return extend(scan, position, name, { ...ending, length: at + ending.length - position });
}

function extend(scan: NameScan, position: number, name: string, part: Ending): NamedPart {
  const { text } = scan;
  const end = position + part.length;
  if (part.kind === 'road' || part.kind === 'village') {
    const more = GOES_ON.exec(text.slice(end, end + 5));
    if (more) {
      const ending = more[0];
      const kind = scan.endings[end]?.kind ?? 'landmark';
      const whole = text.slice(position, end);
      if (kind === 'street') return { kind, length: part.length + ending.length, value: whole + ending };
      const value = kind === 'community' ? whole : whole + ending;
      const length = part.length + ending.length;
      return kind === 'community' ? withEstatePart(text, position, length, value) : { kind, length, value };
    }
  }
  if (part.kind === 'crossing') return { kind: 'crossing', length: part.length, value: name };
  if (part.kind !== 'community') return { kind: part.kind, length: part.length, value: text.slice(position, end) };
  const whole = text.slice(position, end);
  return withEstatePart(text, position, part.length, whole.replace(/(?:小区|社区)$/, ''));
}

/** Takes 三期, B区, 小区 behind the name of an estate along. */
function withEstatePart(text: string, position: number, length: number, value: string): NamedPart {
  let end = position + length;
  if (text.startsWith('小区', end)) end += 2;
  ESTATE_PART.lastIndex = end;
  const part = ESTATE_PART.exec(text);
  if (part) end += part[0].length;
  return { kind: 'community', length: end - position, value };
}

const HOUSE_AHEAD =
  /^[\p{Script=Han}·]{2,10}?(?=[A-Z]?\d{1,3}[A-Z]?\s*(?:栋|幢|号楼|#|座|单元)|[一二三四五六七八九十]{1,3}(?:栋|幢|号楼|单元))/u;

/** An estate told by its name alone, recognised by the house that follows: 米兰春天2栋. */
export function estateBeforeHouse({ text, noStart }: NameScan, position: number): NamedPart | null {
  const name = HOUSE_AHEAD.exec(text.slice(position, position + 20))?.[0];
  if (!name || /[栋幢楼]$/.test(name)) return null;
  for (let at = position; at < position + name.length; at++) if (noStart[at]) return null;
  return { kind: 'community', length: name.length, value: name };
}
