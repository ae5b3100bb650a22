import type { AddressPartKind } from './address-part.ts';
import { ESTATE_PART, NAME_BORDER, NAME_ENDINGS, NO_NAME, NO_NAME_CHARACTER, TEXT_WORDS } from './address-words.ts';

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
const NAME_CHARACTER = /[\p{Script=Han}A-Z0-9·]/u;
const DATE = /^\d+(?:[号月日年点时]|$)/;
const ROOM_OF_A_HOUSE = /[栋幢室]|单元|号楼/;
/** A name that goes on: 中央路 + 小学 is a school and no road. */
const GOES_ON =
  /^(?:小学|中学|幼儿园|学校|医院|卫生院|小区|社区|公园|广场|派出所|菜场|菜市场|农贸市场|地铁站|公交站|车站|站(?!点|着|在|台)|大桥|立交桥?|隧道|街道|新村|花园|校区|大厦|步行街|村)/;

const textWordsByStart = Map.groupBy(TEXT_WORDS, (word) => word.charAt(0));

/** A word of the sentence around an address at a position; 0 when there is none. */
export function textWordLength(text: string, position: number): number {
  const word = textWordsByStart.get(text.charAt(position))?.find((each) => text.startsWith(each, position));
  return word?.length ?? 0;
}

interface Ending {
  readonly kind: NamedPart['kind'];
  readonly length: number;
}

function endingAt(text: string, at: number): Ending | null {
  for (const { kind, ending, notBefore, isWeak } of NAME_ENDINGS.get(text.charAt(at)) ?? []) {
    if (!text.startsWith(ending, at)) continue;
    const rest = text.slice(at + ending.length, at + ending.length + 4);
    if (notBefore?.test(rest) || (isWeak && !NAME_BORDER.test(rest))) continue;
    return { kind, length: ending.length };
  }
  return null;
}

/**
 * The road, estate, village, landmark or crossing whose name starts at a position.
 * @param borders positions at which a division is named: no other name runs across them
 */
export function namedPartAt(text: string, position: number, borders: ReadonlySet<number>): NamedPart | null {
  const bare = endingAt(text, position);
  // 公园 alone is a place, but 公园路 is a road.
  const isWhole = bare !== null && endingAt(text, position + bare.length)?.kind !== 'road';
  if (bare && isWhole && bare.length > 1 && bare.kind !== 'street' && bare.kind !== 'road') {
    return { kind: bare.kind, length: bare.length, value: '' };
  }
  for (let at = position; at < Math.min(text.length, position + LONGEST_NAME); at++) {
    const character = text.charAt(at);
    if (!NAME_CHARACTER.test(character) || NO_NAME_CHARACTER.test(character)) return null;
    // Digits belong to the beginning of a name (1912街区), later they are numbers of houses.
    if (at > position && /\d/.test(character) && !/[A-Z0-9]/.test(text.charAt(at - 1))) return null;
    if (at === position) {
      if (textWordLength(text, at) > 0) return null;
      continue;
    }
    if (borders.has(at) || textWordLength(text, at) > 0) return null;
    const ending = endingAt(text, at);
    if (!ending) continue;
    const name = text.slice(position, at);
    if (ROOM_OF_A_HOUSE.test(name) || DATE.test(name)) return null;
    if ((ending.kind === 'road' || ending.kind === 'village' || ending.kind === 'street') && NO_NAME.test(name)) {
      return null;
    }
    return extend(text, position, name, { ...ending, length: at + ending.length - position });
  }
  return null;
}

function extend(text: string, position: number, name: string, part: Ending): NamedPart {
  const end = position + part.length;
  if (part.kind === 'road' || part.kind === 'village') {
    const more = GOES_ON.exec(text.slice(end, end + 5));
    if (more) {
      const ending = more[0];
      const kind = endingAt(text, end)?.kind ?? 'landmark';
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
export function estateBeforeHouse(text: string, position: number): NamedPart | null {
  const name = HOUSE_AHEAD.exec(text.slice(position, position + 20))?.[0];
  if (!name || NO_NAME_CHARACTER.test(name) || /[栋幢楼]$/.test(name)) return null;
  for (let at = position; at < position + name.length; at++) if (textWordLength(text, at) > 0) return null;
  return { kind: 'community', length: name.length, value: name };
}
