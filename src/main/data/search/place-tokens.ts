import type { PlaceKey } from '#shared/domain/address/place-keys.ts';
import { toTokenChar } from './search-tokens.ts';

/** Starts the token of a place; no pair of a text begins with it. */
const PLACE = '\uF8F2';

/** The index token of a place key. */
export function placeToken({ key }: PlaceKey): string {
  let token = PLACE;
  for (let i = 0; i < key.length; i++) token += toTokenChar(key.charCodeAt(i));
  return token;
}
