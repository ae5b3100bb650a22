import type { AddressPartKind } from './address-part.ts';
import { HAN_NUMBER } from './address-text.ts';

/** A numbered piece found at a position. `value` is its number as written. */
export interface NumberedPart {
  readonly kind: Extract<AddressPartKind, 'number' | 'building' | 'unit' | 'floor' | 'room' | 'group'>;
  readonly length: number;
  readonly value: string;
}

interface Pattern {
  readonly kind: NumberedPart['kind'];
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

/** What a numbered piece begins with; a named 组 may follow a village. */
const STARTS = /[\dA-Z\-#第甲乙丙丁东西新老临附负地〇零一二两三四五六七八九十百]/;

/** In this order: 3号楼 before 3号, a room with its 室 before a bare number. */
const PATTERNS: readonly Pattern[] = [
  {
    kind: 'building',
    pattern: new RegExp(
      `第?((?:[A-Z]?-?\\d{1,4}[A-Z]?|${HAN}|[A-Z甲乙丙丁])(?:\\s*[-、,~至和]\\s*\\d{1,3})?)\\s*(?:号楼|#楼|栋楼?|幢|#(?!\\d))`,
      'y',
    ),
    after: null,
  },
  { kind: 'building', pattern: new RegExp(`(\\d{1,3}|${HAN}|[A-Z])\\s*座(?!位|椅|谈)`, 'y'), after: HOUSES },
  { kind: 'unit', pattern: new RegExp(`第?(\\d{1,2}|${HAN}|[A-Z甲乙丙丁东西])\\s*单元`, 'y'), after: null },
  {
    kind: 'group',
    pattern: new RegExp(`第?(\\d{1,2}|${HAN})\\s*(?:村民小?组|小?组|队)(?![织成员长])`, 'y'),
    after: null,
  },
  { kind: 'group', pattern: /(\p{Script=Han}{1,4}?)(?:村民)?组(?![织成员长])/uy, after: new Set(['village']) },
  {
    kind: 'number',
    pattern: new RegExp(
      `([甲乙丙丁新老临]?(?:\\d{1,5}|${HAN})(?:-\\d{1,4}){0,2}\\s*(?:弄|巷)\\s*\\d{1,5})\\s*号(?![线楼机令]|门(?![口前外内旁]))`,
      'y',
    ),
    after: PLACES,
  },
  {
    kind: 'number',
    pattern: new RegExp(
      `([甲乙丙丁新老临附]?(?:\\d{1,5}|${HAN})[A-Z]?(?:\\s*[-、,~至]\\s*\\d{1,5})?\\s*号(?:之\\d{1,3}|-\\d{1,4})?)(?![线楼机令召口]|门(?![口前外内旁]))(?:大?院(?!长|士|校))?`,
      'y',
    ),
    after: PLACES,
  },
  { kind: 'number', pattern: /(\d{1,5})#(?!楼)/y, after: new Set(['road']) },
  {
    kind: 'floor',
    pattern: new RegExp(`((?:负|地下|-)?(?:\\d{1,2}|${HAN}))\\s*[楼层](?![梯道顶盘板房主])`, 'y'),
    after: HOUSES,
  },
  { kind: 'room', pattern: /([A-Z]?\d{1,4}[A-Z]?)\s*(?:室|房(?![子屋间产东价管])|户(?![主型外]))/y, after: HOUSES },
  { kind: 'room', pattern: /(\d{3,4}[A-Z]?)(?![\d.A-Z]|\s*[米元年月日人户栋幢号万亩平度块])/y, after: INSIDE },
  { kind: 'number', pattern: /(\d{1,4})(?=$|[\s,，。;；、)）])/y, after: new Set(['road']) },
];

/** The numbered piece that starts at a position. @param before kind of the piece right before it, null when there is none */
export function numberedPartAt(text: string, position: number, before: AddressPartKind | null): NumberedPart | null {
  if (before !== 'village' && !STARTS.test(text.charAt(position))) return null;
  for (const { kind, pattern, after } of PATTERNS) {
    if (after && (before === null || !after.has(before))) continue;
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match) return { kind, length: match[0].length, value: match[1] ?? '' };
  }
  return null;
}

/** 3-2-501 behind an estate, a road number or a building: building, unit and room. */
const DASHED = /(?:(\d{1,3})-)?(\d{1,2})-(\d{3,4})(?![\d-])/y;

/** Pieces of a dashed house number at a position, the dashes between them left out; empty when there is none. */
export function dashedPartsAt(text: string, position: number, before: AddressPartKind | null): readonly NumberedPart[] {
  if (before === null || !INSIDE.has(before)) return [];
  DASHED.lastIndex = position;
  const match = DASHED.exec(text);
  if (!match) return [];
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
