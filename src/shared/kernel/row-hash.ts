/**
 * 64-bit hash of a short key as two unsigned 32-bit lanes (MurmurHash3-style mixing, two seeds).
 * Used to prove that a cache equals the server, not for security.
 */
export function rowHash(key: string): readonly [number, number] {
  let a = 0x9747b28c;
  let b = 0x1b873593;
  for (let i = 0; i < key.length; i++) {
    const c = key.charCodeAt(i);
    a = Math.imul(a ^ c, 0x85ebca6b);
    a = (a << 13) | (a >>> 19);
    b = Math.imul(b ^ c, 0xc2b2ae35);
    b = (b << 17) | (b >>> 15);
  }
  a = Math.imul(a ^ (a >>> 16) ^ key.length, 0x85ebca6b);
  b = Math.imul(b ^ (b >>> 15) ^ key.length, 0xc2b2ae35);
  return [(a ^ (a >>> 13)) >>> 0, (b ^ (b >>> 16)) >>> 0];
}

/** Sum of row hashes per 32-bit lane (mod 2³²): order does not matter, and adding or removing a row is O(1). */
export interface Digest {
  readonly hi: number;
  readonly lo: number;
}

export const EMPTY_DIGEST: Digest = { hi: 0, lo: 0 };

/** Adds (`sign` 1) or removes (`sign` −1) one row version to a digest. */
export function addToDigest(digest: Digest, uid: string, version: number, sign: 1 | -1 = 1): Digest {
  const [hi, lo] = rowHash(`${uid}:${version}`);
  return { hi: (digest.hi + sign * hi) >>> 0, lo: (digest.lo + sign * lo) >>> 0 };
}

/** A digest as 16 hexadecimal digits, as it goes over the wire. */
export function formatDigest(digest: Digest): string {
  return digest.hi.toString(16).padStart(8, '0') + digest.lo.toString(16).padStart(8, '0');
}

/** The inverse of {@link formatDigest}. */
export function parseDigest(text: string): Digest {
  if (!/^[0-9a-f]{16}$/.test(text)) throw new Error(`Not a digest: ${text}`);
  return { hi: Number.parseInt(text.slice(0, 8), 16), lo: Number.parseInt(text.slice(8), 16) };
}
