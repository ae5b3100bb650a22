import { isDigit, UnitSet, unitAt } from './address-text.ts';
import { ESTATE_PART, type NameEnding, NO_NAME } from './address-words.ts';
import type { NameScan } from './name-scan.ts';

/** A named piece found at a position. */
export interface NamedPart {
  readonly kind: NameEnding['kind'];
  readonly length: number;
  /** What distinguishes it: the name, for an estate without 小区. Empty for a bare 小区, 学校, 路口. */
  readonly value: string;
}

/** The ending of a name is less than so many characters behind its beginning. */
export const LONGEST_NAME = 12;
const DATE = /^\d+(?:[号月日年点时]|$)/;
const ROOM_OF_A_HOUSE = /[栋幢室]|单元|号楼/;
const ROOM_UNITS = UnitSet.of('栋幢室单号');
/** A name that goes on: 中央路 + 小学 is a school and no road. */
const MORE_WORDS =
  '小学|中学|幼儿园|学校|医院|卫生院|小区|社区|公园|广场|派出所|菜场|菜市场|农贸市场|地铁站|公交站|车站|站(?!点|着|在|台)|大桥|立交桥?|隧道|街道|新村|花园|校区|大厦|步行街|村';
const GOES_ON = new RegExp(`^(?:${MORE_WORDS})`);
const GOES_ON_STARTS = UnitSet.of(
  MORE_WORDS.split('|')
    .map((word) => word.charAt(0))
    .join(''),
);

/** The road, estate, village, landmark or crossing whose name starts at a position. */
export function namedPartAt(scan: NameScan, position: number): NamedPart | null {
  const { text } = scan;
  const bare = scan.endingAt(position);
  // 公园 alone is a place, but 公园路 is a road.
  if (bare && bare.length > 1 && bare.kind !== 'street' && bare.kind !== 'road') {
    const isWhole = scan.endingAt(position + bare.length)?.kind !== 'road';
    if (isWhole) return { kind: bare.kind, length: bare.length, value: '' };
  }
  const at = scan.endAfter(position);
  if (at < 0 || at - position >= LONGEST_NAME || scan.isOutside(position)) return null;
  const ending = scan.endingAt(at);
  if (!ending) return null;
  const name = text.slice(position, at);
  if (isInHouse(text, position, at) || (isDigit(unitAt(text, position)) && DATE.test(name))) return null;
  if ((ending.kind === 'road' || ending.kind === 'village' || ending.kind === 'street') && NO_NAME.test(name)) {
    return null;
  }
  // 夜里, 校园, 县城: one character before such an ending is a word, except 怡苑 and the like.
  const isWord = ending.kind === 'community' && ending.length === 1 && name.length < 2;
  if (isWord && !/[苑郡]/.test(text.charAt(at))) return null;
  return extend(scan, position, name, { kind: ending.kind, length: at + ending.length - position });
}

/** A name with a room of a house in it is none. */
function isInHouse(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    if (ROOM_UNITS.has(unitAt(text, at))) return ROOM_OF_A_HOUSE.test(text.slice(from, to));
  }
  return false;
}

function extend(scan: NameScan, position: number, name: string, part: Omit<NamedPart, 'value'>): NamedPart {
  const { text } = scan;
  const end = position + part.length;
  if (part.kind === 'road' || part.kind === 'village') {
    const more = GOES_ON_STARTS.has(unitAt(text, end)) ? GOES_ON.exec(text.slice(end, end + 5)) : null;
    if (more) {
      const ending = more[0];
      const kind = scan.endingAt(end)?.kind ?? 'landmark';
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

/** A house has one of these behind its number. */
const HOUSE_WORDS = UnitSet.of('栋幢号#座单');
/** How far the house behind a name is looked for. */
const HOUSE_WITHIN = 20;

function hasHouseWord(text: string, position: number): boolean {
  const end = Math.min(text.length, position + HOUSE_WITHIN);
  for (let at = position; at < end; at++) if (HOUSE_WORDS.has(unitAt(text, at))) return true;
  return false;
}

/** An estate told by its name alone, recognised by the house that follows: 米兰春天2栋. */
export function estateBeforeHouse(scan: NameScan, position: number): NamedPart | null {
  const { text } = scan;
  if (!hasHouseWord(text, position)) return null;
  const name = HOUSE_AHEAD.exec(text.slice(position, position + HOUSE_WITHIN))?.[0];
  if (!name || /[栋幢楼]$/.test(name)) return null;
  for (let at = position; at < position + name.length; at++) if (scan.isOutside(at)) return null;
  return { kind: 'community', length: name.length, value: name };
}
