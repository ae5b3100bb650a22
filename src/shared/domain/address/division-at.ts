import type { DivisionEntry } from '../division.ts';
import { namedPartAt } from './address-names.ts';
import type { AddressPartKind } from './address-part.ts';
import { UnitSet, unitAt } from './address-text.ts';
import { anonymousAt } from './division-border.ts';
import type { DivisionMention, DivisionNames } from './division-names.ts';
import type { NameScan } from './name-scan.ts';

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
  readonly scan: NameScan;
  /** Divisions of the last name. */
  readonly last: readonly DivisionEntry[];
}

/** The division named at a position: one of the list, or one that shows by its ending. */
export function divisionAt(text: string, position: number, around: Surroundings): Recognised | null {
  const { before, atStart, names } = around;
  const isPlaced = atStart || before === 'province' || before === 'city' || before === 'district';
  const known = names?.at(text, position);
  if (known) {
    if (!known.isShort || (isPlaced && isMeant(known, position, around))) {
      return {
        kind: levelOf(known),
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
  const province = names?.provinceAt(text, position);
  if (province && !SHORT_GOES_ON.test(text.slice(position + province.length))) {
    return { kind: 'province', length: province.length, value: province };
  }
  return unknownDivisionAt(text, position, before);
}

function levelOf({ entries }: DivisionMention): DivisionEntry['level'] {
  return entries[0]?.level ?? 'city';
}

/** True when a short name stands for the division and not for something else that begins with it. */
function isMeant(known: DivisionMention, position: number, { scan, last }: Surroundings): boolean {
  const end = position + known.length;
  return (
    !SHORT_GOES_ON.test(scan.text.slice(end, end + 4)) &&
    (levelOf(known) !== 'street' || isBelow(known, last)) &&
    !isOfBody(scan, position)
  );
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

const PROVINCE_ENDING = UnitSet.of('省');
const CITY_ENDING = UnitSet.of('市');
const DISTRICT_ENDING = UnitSet.of('区县');
const UNKNOWN_ENDINGS = UnitSet.of('省市区县');
/** How far behind its beginning such an ending is at most. */
const UNKNOWN_WITHIN = 8;

/** False where no division may start that the list does not have. @param endings the kinds looked for */
export function hasUnknownEnding(text: string, position: number, endings: UnitSet = UNKNOWN_ENDINGS): boolean {
  const end = Math.min(text.length, position + UNKNOWN_WITHIN + 1);
  for (let at = position + 1; at < end; at++) if (endings.has(unitAt(text, at))) return true;
  return false;
}

function unknownDivisionAt(text: string, position: number, before: AddressPartKind | null): Recognised | null {
  if (!hasUnknownEnding(text, position)) return null;
  const match = (pattern: RegExp, endings: UnitSet, kind: 'province' | 'city' | 'district'): Recognised | null => {
    if (!hasUnknownEnding(text, position, endings)) return null;
    pattern.lastIndex = position;
    const value = pattern.exec(text)?.[0];
    if (value === undefined || NO_DISTRICT.test(value)) return null;
    return { kind, length: value.length, value };
  };
  if (before === null || before === 'province') {
    const city = match(UNKNOWN_PROVINCE, PROVINCE_ENDING, 'province') ?? match(UNKNOWN_CITY, CITY_ENDING, 'city');
    if (city) return city;
  }
  if (before === null || before === 'city') return match(UNKNOWN_DISTRICT, DISTRICT_ENDING, 'district');
  return null;
}
