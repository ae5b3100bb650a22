import type { DivisionEntry } from '../division.ts';

/** What a recognised piece of an address is. */
export type AddressPartKind =
  | 'province'
  | 'city'
  | 'district'
  /** Street office, town or township: the third level of the divisions. */
  | 'street'
  | 'road'
  /** 门牌 */
  | 'number'
  /** Housing estate or neighbourhood. */
  | 'community'
  | 'village'
  /** 村民组 */
  | 'group'
  | 'building'
  | 'unit'
  | 'floor'
  | 'room'
  | 'crossing'
  | 'landmark'
  /** 东面, 对面, 往西200米: kept as told. */
  | 'direction';

/**
 * One piece of an address. All pieces joined are the address, character for character: `text` is whatever was not recognised.
 * `text` of a piece is as typed; `value` is as compared: half-width, numerals read, without 号, 栋, 室, a name without 小区, and empty for
 * a bare 小区, 学校, 路口.
 */
export type AddressPart =
  | { readonly kind: AddressPartKind; readonly text: string; readonly value: string }
  | { readonly kind: 'text'; readonly text: string };

/**
 * The division an address names.
 * - found: one and only one. `basis` says why: it was named with its city or has a name that exists once (`named`), the name
 *   exists in several cities and this is the one of the own city (`own-city`).
 * - ambiguous: several places bear the name and none of them, or more than one, is in the own city: a person has to choose.
 */
export type FoundDivision =
  | { readonly kind: 'found'; readonly entry: DivisionEntry; readonly basis: 'named' | 'own-city' }
  | { readonly kind: 'ambiguous'; readonly choices: readonly DivisionEntry[] };

export interface ParsedAddress {
  /** In the order of the text, without gaps. */
  readonly parts: readonly AddressPart[];
  /** Null when no division is named. */
  readonly division: FoundDivision | null;
}
