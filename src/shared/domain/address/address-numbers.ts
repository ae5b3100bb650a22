import type { AddressPartKind } from './address-part.ts';
import { BLANK_UNITS, HAN_NUMBER, isDigit, UnitSet, unitAt } from './address-text.ts';

/** A numbered piece found at a position. `value` is its number as written. */
export interface NumberedPart {
  readonly kind: Extract<AddressPartKind, 'number' | 'building' | 'unit' | 'floor' | 'room' | 'group'>;
  readonly length: number;
  readonly value: string;
}

interface Pattern {
  readonly kind: NumberedPart['kind'];
  /** What it may begin with; null for anything. */
  readonly starts: string | null;
  /** What the word behind the number begins with; null when there may be none. */
  readonly word: UnitSet | null;
  /** First group: the number. */
  readonly pattern: RegExp;
  /** Kinds of which one has to stand right before; null when the pattern is clear enough alone. */
  readonly after: ReadonlySet<AddressPartKind> | null;
}

const HAN = `${HAN_NUMBER}{1,4}`;
const PLACES = new Set<AddressPartKind>([
  'city',
  'district',
  'street',
  'road',
  'community',
  'village',
  'group',
  'landmark',
]);
const HOUSES = new Set<AddressPartKind>([...PLACES, 'number', 'building', 'unit', 'floor']);
const INSIDE = new Set<AddressPartKind>(['number', 'building', 'unit', 'floor', 'community']);

const DIGIT = '0123456789';
const CAPITAL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const NUMERAL = '〇零一二两三四五六七八九十百';

/** In this order: 3号楼 before 3号, a room with its 室 before a bare number. */
export const NUMBER_PATTERNS: readonly Pattern[] = [
  {
    kind: 'building',
    starts: `${DIGIT}${CAPITAL}${NUMERAL}第-甲乙丙丁`,
    word: UnitSet.of('号#栋幢'),
    pattern: new RegExp(
      `第?((?:[A-Z]?-?\\d{1,4}[A-Z]?|${HAN}|[A-Z甲乙丙丁])(?:\\s*[-、,~至和]\\s*\\d{1,3})?)\\s*(?:号楼|#楼|栋楼?|幢|#(?!\\d))`,
      'y',
    ),
    after: null,
  },
  {
    kind: 'building',
    starts: `${DIGIT}${CAPITAL}${NUMERAL}`,
    word: UnitSet.of('座'),
    pattern: new RegExp(`(\\d{1,3}|${HAN}|[A-Z])\\s*座(?!位|椅|谈)`, 'y'),
    after: HOUSES,
  },
  {
    kind: 'unit',
    starts: `${DIGIT}${CAPITAL}${NUMERAL}第甲乙丙丁东西`,
    word: UnitSet.of('单'),
    pattern: new RegExp(`第?(\\d{1,2}|${HAN}|[A-Z甲乙丙丁东西])\\s*单元`, 'y'),
    after: null,
  },
  {
    kind: 'group',
    starts: `${DIGIT}${NUMERAL}第`,
    word: UnitSet.of('村小组队'),
    pattern: new RegExp(`第?(\\d{1,2}|${HAN})\\s*(?:村民小?组|小?组|队)(?![织成员长])`, 'y'),
    after: null,
  },
  {
    kind: 'group',
    starts: null,
    word: null,
    pattern: /(\p{Script=Han}{1,4}?)(?:村民)?组(?![织成员长])/uy,
    after: new Set(['village']),
  },
  {
    kind: 'number',
    starts: `${DIGIT}${NUMERAL}甲乙丙丁新老临`,
    word: UnitSet.of('弄巷'),
    pattern: new RegExp(
      `([甲乙丙丁新老临]?(?:\\d{1,5}|${HAN})(?:-\\d{1,4}){0,2}\\s*(?:弄|巷)\\s*\\d{1,5})\\s*号(?![线楼机令]|门(?![口前外内旁]))`,
      'y',
    ),
    after: PLACES,
  },
  {
    kind: 'number',
    starts: `${DIGIT}${NUMERAL}甲乙丙丁新老临附`,
    word: UnitSet.of('号'),
    pattern: new RegExp(
      `([甲乙丙丁新老临附]?(?:\\d{1,5}|${HAN})[A-Z]?(?:\\s*[-、,~至]\\s*\\d{1,5})?\\s*号(?:之\\d{1,3}|-\\d{1,4})?)(?![线楼机令召口]|门(?![口前外内旁]))(?:大?院(?!长|士|校))?`,
      'y',
    ),
    after: PLACES,
  },
  { kind: 'number', starts: DIGIT, word: UnitSet.of('#'), pattern: /(\d{1,5})#(?!楼)/y, after: new Set(['road']) },
  {
    kind: 'floor',
    starts: `${DIGIT}${NUMERAL}负地-`,
    word: UnitSet.of('楼层'),
    pattern: new RegExp(`((?:负|地下|-)?(?:\\d{1,2}|${HAN}))\\s*[楼层](?![梯道顶盘板房主])`, 'y'),
    after: HOUSES,
  },
  {
    kind: 'room',
    starts: `${DIGIT}${CAPITAL}`,
    word: UnitSet.of('室房户'),
    pattern: /([A-Z]?\d{1,4}[A-Z]?)\s*(?:室|房(?![子屋间产东价管])|户(?![主型外]))/y,
    after: HOUSES,
  },
  {
    kind: 'room',
    starts: DIGIT,
    word: null,
    pattern: /(\d{3,4}[A-Z]?)(?![\d.A-Z]|\s*[米元年月日人户栋幢号万亩平度块])/y,
    after: INSIDE,
  },
  { kind: 'number', starts: DIGIT, word: null, pattern: /(\d{1,4})(?=$|[\s,，。;；、)）])/y, after: new Set(['road']) },
];

const patternsByStart: ReadonlyMap<number, readonly Pattern[]> = new Map(
  Array.from(new Set(NUMBER_PATTERNS.map(({ starts }) => starts ?? '').join('')), (start) => [
    start.charCodeAt(0),
    NUMBER_PATTERNS.filter(({ starts }) => starts?.includes(start)),
  ]),
);
/** What a numbered piece begins with, apart from a named 组 behind a village. */
const NUMBER_STARTS = new UnitSet(patternsByStart.keys());
/** The same where nothing of an address comes right before. */
export const LONE_NUMBER_STARTS = UnitSet.of(
  NUMBER_PATTERNS.map(({ starts, after }) => (after === null && starts) || '').join(''),
);
/** What may stand in a numbered piece before the word behind its number. */
const NUMBER_UNITS = UnitSet.union(NUMBER_STARTS, UnitSet.of('下、,~至和'), BLANK_UNITS);
const NONE: readonly Pattern[] = [];
/** Behind more than this the patterns have to tell. */
const LONGEST_NUMBER = 16;

function patternsAt(text: string, position: number, before: AddressPartKind | null): readonly Pattern[] {
  if (before === 'village') return NUMBER_PATTERNS;
  const start = unitAt(text, position);
  return (NUMBER_STARTS.has(start) && patternsByStart.get(start)) || NONE;
}

/** First unit of the word behind the number at a position, -1 when the number is too long for looking. */
function unitBehindNumber(text: string, position: number): number {
  const end = position + LONGEST_NUMBER;
  for (let at = position; at < end; at++) {
    const unit = unitAt(text, at);
    if (!NUMBER_UNITS.has(unit)) return unit;
  }
  return -1;
}

/** The numbered piece that starts at a position. @param before kind of the piece right before it, null when there is none */
export function numberedPartAt(text: string, position: number, before: AddressPartKind | null): NumberedPart | null {
  const patterns = patternsAt(text, position, before);
  if (patterns === NONE) return null;
  const behind = unitBehindNumber(text, position);
  for (const { kind, pattern, word, after } of patterns) {
    if (after && (before === null || !after.has(before))) continue;
    if (word && behind >= 0 && !word.has(behind)) continue;
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match) return { kind, length: match[0].length, value: match[1] ?? '' };
  }
  return null;
}

/** 3-2-501 behind an estate, a road number or a building: building, unit and room. */
const DASHED = /(?:(\d{1,3})-)?(\d{1,2})-(\d{3,4})(?![\d-])/y;

const NO_PARTS: readonly NumberedPart[] = [];

/** Pieces of a dashed house number at a position, the dashes between them left out; empty when there is none. */
export function dashedPartsAt(text: string, position: number, before: AddressPartKind | null): readonly NumberedPart[] {
  if (before === null || !isDigit(unitAt(text, position)) || !INSIDE.has(before)) return NO_PARTS;
  DASHED.lastIndex = position;
  const match = DASHED.exec(text);
  if (!match) return NO_PARTS;
  const [, first, second = '', third = ''] = match;
  const room = { kind: 'room', length: third.length, value: third } as const;
  if (first !== undefined) {
    return [
      { kind: 'building', length: first.length, value: first },
      { kind: 'unit', length: second.length, value: second },
      room,
    ];
  }
  const kind = before === 'building' ? 'unit' : 'building';
  return [{ kind, length: second.length, value: second }, room];
}
