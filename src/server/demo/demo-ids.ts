import type { Rng } from './rng.ts';

const HEX = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
const DASH = 0x2d;
/** Written anew for each id: one flat string is made per id instead of a chain of pieces. */
const text = Buffer.alloc(36, DASH);

/**
 * A UUIDv7 (RFC 9562) whose random bits come from the generator's own chance: ids are ordered by time and the same run
 * gives the same ids. Not for anything that must be hard to guess.
 * @param at epoch milliseconds
 */
export function demoId<T extends string>(rng: Rng, at: number): T {
  putHex(0, 8, Math.floor(at / 0x10000));
  putHex(9, 4, at & 0xffff);
  putHex(14, 4, 0x7000 | rng.int(0x1000));
  putHex(19, 4, 0x8000 | rng.int(0x4000));
  putHex(24, 8, rng.int(0x1_0000_0000));
  putHex(32, 4, rng.int(0x10000));
  return text.toString('latin1') as T;
}

/** @param value an unsigned 32-bit integer */
function putHex(at: number, digits: number, value: number): void {
  let rest = value | 0;
  for (let i = at + digits - 1; i >= at; i--) {
    text[i] = HEX[rest & 15] ?? DASH;
    rest >>>= 4;
  }
}
