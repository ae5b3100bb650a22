import type { PlaceKey } from '#shared/domain/address/place-keys.ts';
import { toTokenChar } from './search-tokens.ts';

/** Starts the token of a place; no pair of a text begins with it. */
const PLACE = 0xf8f2;

/** What units are in a token; 0, which none of them is, as long as nobody has asked. */
const known = new Uint16Array(0x10000);

function tokenUnit(unit: number): number {
  if (!known[unit]) known[unit] = toTokenChar(unit).charCodeAt(0);
  return known[unit] ?? 0;
}

/** The index token of a place key. */
export function placeToken({ key }: PlaceKey): string {
  const units = [PLACE];
  for (let i = 0; i < key.length; i++) units.push(tokenUnit(key.charCodeAt(i)));
  return String.fromCharCode(...units);
}
