import type { DivisionEntry } from '../division.ts';
import { type NameScan, namedPartAt } from './address-names.ts';
import type { AddressPartKind } from './address-part.ts';
import type { DivisionMention, DivisionNames } from './division-names.ts';

/** A city or district whose name was made anonymous: A市, A3区. It is one wherever it stands. */
const ANONYMOUS = /[A-Z](?:市(?![民场])|\d{1,2}(?:区|县|市))/y;
/** A city or district that the list does not have: 合肥市蜀山区. */
const UNKNOWN_PROVINCE = /\p{Script=Han}{2,3}省/uy;
const UNKNOWN_CITY = /\p{Script=Han}{2,4}市(?![民场政区委府面容中里内])/uy;
const UNKNOWN_DISTRICT = /\p{Script=Han}{1,4}(?:区|县)(?!域|别|间|政|委|城|长[的在说办])/uy;
const NO_DISTRICT =
  /(?:小|社|校|园|厂|景|库|辖|郊|片|街|开发|工业|度假|住宅|生活|服务|休息|停车|老城|新城|地|商业|居民|主城|市)[区县]$/;

/** A short name of a division before one of these is part of another name: 鼓楼医院, 建邺路, 栖霞山. */
const SHORT_GOES_ON =
  /^(?:[东南西北中新老大]?[路街巷]|大道|大街|[河湖山门桥站寺塔岛港口镇村城]|地铁|人民|中医|第[一二三]|妇幼|实验|外国语|医院|中学|小学|大学|学院|学校|校区|幼儿园|公园|广场|新村|小区|花园|家园|苑|陵园|机场|火车|汽车|高架|隧道|大厦|酒店|宾馆|饭店|银行|法院|烈士|政府|税务|公安|分局|派出所|方向|话|人(?!民)|商场|体育|文化|图书|北路|监狱)/;

/** One piece of an address with what it says. */
export interface Recognised {
  readonly kind: AddressPartKind;
  readonly length: number;
  readonly value: string;
  readonly divisions?: readonly DivisionEntry[];
}

/** What a position is judged by. */
export interface Surroundings {
  /** Kind of the piece right before, null when other text is between. */
  readonly before: AddressPartKind | null;
  /** Nothing but words of the sentence stands before: a division may begin here. */
  readonly atStart: boolean;
  readonly names: DivisionNames | null;
  /** Names of the list by the position where they start. */
  readonly mentions: readonly (DivisionMention | null)[];
  readonly scan: NameScan;
  /** Divisions of the last name. */
  readonly last: readonly DivisionEntry[];
}

/** The name of the list that starts at each position, null for none. */
export function findMentions(text: string, names: DivisionNames | null): readonly (DivisionMention | null)[] {
  return Array.from({ length: text.length }, (_, position) => names?.at(text, position) ?? null);
}

/** True where a division is named in full: no other name runs across that. */
export function isDivisionBorder(text: string, at: number, mention: DivisionMention | null): boolean {
  return (mention !== null && !mention.isShort) || anonymousAt(text, at) !== null;
}

function anonymousAt(text: string, at: number): string | null {
  const unit = text.charCodeAt(at);
  if (unit < 0x41 || unit > 0x5a) return null;
  ANONYMOUS.lastIndex = at;
  return ANONYMOUS.exec(text)?.[0] ?? null;
}

/** The division named at a position: one of the list, or one that shows by its ending. */
export function divisionAt(text: string, position: number, around: Surroundings): Recognised | null {
  const { before, atStart, names, mentions, scan, last } = around;
  const isPlaced = atStart || before === 'province' || before === 'city' || before === 'district';
  const known = mentions[position] ?? null;
  if (known) {
    const rest = text.slice(position + known.length, position + known.length + 4);
    const level = known.entries[0]?.level ?? 'city';
    const isMeant = () =>
      isPlaced &&
      !SHORT_GOES_ON.test(rest) &&
      (level !== 'street' || isBelow(known, last)) &&
      !isOfBody(scan, position);
    if (!known.isShort || isMeant()) {
      return {
        kind: level,
        length: known.length,
        value: text.slice(position, position + known.length),
        divisions: known.entries,
      };
    }
  }
  const anonymous = anonymousAt(text, position);
  if (anonymous !== null) {
    return { kind: anonymous.length === 2 ? 'city' : 'district', length: anonymous.length, value: anonymous };
  }
  if (!isPlaced) return null;
  const province = names?.province.find((name) => name !== '' && text.startsWith(name, position));
  if (province && !SHORT_GOES_ON.test(text.slice(position + province.length))) {
    return { kind: 'province', length: province.length, value: province };
  }
  return unknownDivisionAt(text, position, before);
}

/** 南京邮电大学, 鼓楼实验小学: the name of a body that begins with the name of a place. */
function isOfBody(scan: NameScan, position: number): boolean {
  const named = namedPartAt(scan, position);
  return named?.kind === 'landmark' && /(?:大学|学院|医院|中学|小学|学校|银行|公司)$/.test(named.value);
}

/** A street's short name counts behind the name of its district only: most of them are names of roads and places too. */
function isBelow(known: DivisionMention, districts: readonly DivisionEntry[]): boolean {
  return known.entries.some((entry) => districts.some((district) => entry.code.startsWith(district.code)));
}

function unknownDivisionAt(text: string, position: number, before: AddressPartKind | null): Recognised | null {
  const match = (pattern: RegExp, kind: 'province' | 'city' | 'district'): Recognised | null => {
    pattern.lastIndex = position;
    const value = pattern.exec(text)?.[0];
    if (value === undefined || NO_DISTRICT.test(value)) return null;
    return { kind, length: value.length, value };
  };
  if (before === null || before === 'province') {
    const city = match(UNKNOWN_PROVINCE, 'province') ?? match(UNKNOWN_CITY, 'city');
    if (city) return city;
  }
  if (before === null || before === 'city') return match(UNKNOWN_DISTRICT, 'district');
  return null;
}
