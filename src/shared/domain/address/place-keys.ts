import type { AddressPart, AddressPartKind } from './address-part.ts';

/**
 * How closely two places agree, the closest first: the same flat, house, 门牌 or crossing, the same estate, village or landmark, the
 * same road.
 */
export const PLACE_LEVELS = ['room', 'house', 'number', 'crossing', 'site', 'road'] as const;
export type PlaceLevel = (typeof PLACE_LEVELS)[number];

/** One way in which a place can be the same as another. */
export interface PlaceKey {
  readonly level: PlaceLevel;
  /** Equal for the same place, whatever the spelling; unique among all levels. */
  readonly key: string;
  /** For people: 中央路260号. */
  readonly name: string;
}

const SITES: ReadonlySet<AddressPartKind> = new Set(['community', 'village', 'landmark']);
/** Shorter names are words (南站, 工地) rather than names. */
const SHORTEST_SITE = 3;
/** More places than this are a list of places, not a place. */
const MOST_KEYS = 12;
const SPELLING = /(?:小区|社区|花园|家园)$/;

/** A name without what is as often left out as said: 麓谷明珠小区 and 麓谷明珠 are one. */
function comparableName(name: string): string {
  const short = name.replace(SPELLING, '');
  return short.length >= 2 ? short : name;
}

/**
 * The keys by which the places of an address are found again: one for each level that the address names.
 * @param parts an address or a text as `parseAddress` splits it
 */
export function placeKeys(parts: readonly AddressPart[]): readonly PlaceKey[] {
  const keys: PlaceKey[] = [];
  const add = (level: PlaceLevel, key: string, name: string) => {
    if (keys.length >= MOST_KEYS) return;
    for (const known of keys) if (known.key === key) return;
    keys.push({ level, key, name });
  };
  /** What numbers that follow belong to: a road with its number, or an estate. */
  let anchor: { readonly key: string; readonly name: string } | null = null;
  let road: string | null = null;
  let roadBefore: string | null = null;
  let house: { readonly key: string; readonly name: string } | null = null;
  for (const part of parts) {
    if (part.kind === 'text') continue;
    const { kind, value, text } = part;
    if (kind === 'road') {
      add('road', `r:${value}`, value);
      roadBefore = road;
      road = value;
      anchor = null;
      house = null;
    } else if (kind === 'number' && road !== null && anchor === null) {
      anchor = { key: `n:${road}${value}`, name: `${road}${text.trim()}` };
      add('number', anchor.key, anchor.name);
      house = null;
    } else if (kind === 'crossing' && road !== null) {
      // 珠江路中山路口: the second road is part of the crossing.
      const other = value === '' ? roadBefore : text.trim().replace(/口$/, '');
      if (other !== null) {
        const [first, second] = other < road ? [other, road] : [road, other];
        add('crossing', `x:${first}+${second}`, `${first}与${second}`);
      }
    } else if (SITES.has(kind) && value.length >= SHORTEST_SITE) {
      const name = comparableName(value);
      anchor = { key: `s:${name}`, name: value };
      add('site', anchor.key, value);
      house = null;
    } else if (kind === 'group' && anchor !== null) {
      anchor = { key: `${anchor.key}#${value}`, name: `${anchor.name}${text.trim()}` };
      add('house', anchor.key, anchor.name);
    } else if (kind === 'building' && anchor !== null) {
      house = { key: `${anchor.key}/${value}`, name: `${anchor.name}${text.trim()}` };
      add('house', house.key, house.name);
    } else if (kind === 'room' && house !== null) {
      add('room', `${house.key}/${value}`, `${house.name}${text.trim()}`);
    }
  }
  return keys;
}
