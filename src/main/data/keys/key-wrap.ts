import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { hashRaw } from '@node-rs/argon2';
import { KDF_COST } from './kdf-cost.ts';

/** Version of the wrap format, part of the authenticated data. */
export const WRAP_VERSION = 1;

export interface KdfParameters {
  /** Base64, 16 bytes. */
  readonly salt: string;
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

export interface SealedBytes {
  /** Base64, 12 bytes. */
  readonly nonce: string;
  /** Base64, ciphertext followed by the 16-byte tag. */
  readonly data: string;
}

/** Whose key it is; a wrap moved to another user or device does not open. */
export interface WrapOwner {
  readonly account: string;
  readonly mode: string;
  readonly device: string;
}

function ownerData(owner: WrapOwner): Buffer {
  return Buffer.from(JSON.stringify(['hotline-key', WRAP_VERSION, owner.mode, owner.account, owner.device]), 'utf8');
}

/** Fresh parameters for a new wrap. */
export function newKdfParameters(): KdfParameters {
  return { salt: randomBytes(16).toString('base64'), ...KDF_COST };
}

/**
 * Key-encryption key: HKDF-SHA256(Argon2id(password) ‖ device secret).
 * @param deviceSecret 32 bytes out of the system keyring, or null where there is none
 */
export async function deriveWrapKey(
  password: string,
  kdf: KdfParameters,
  deviceSecret: Uint8Array | null,
  owner: WrapOwner,
): Promise<Buffer> {
  const stretched = await hashRaw(Buffer.from(password, 'utf8'), {
    salt: Buffer.from(kdf.salt, 'base64'),
    memoryCost: kdf.memoryKib,
    timeCost: kdf.passes,
    parallelism: kdf.lanes,
    outputLen: 32,
  });
  const secret = deviceSecret ? Buffer.concat([stretched, deviceSecret]) : stretched;
  const key = Buffer.from(hkdfSync('sha256', secret, Buffer.from(kdf.salt, 'base64'), ownerData(owner), 32));
  stretched.fill(0);
  secret.fill(0);
  return key;
}

/** AES-256-GCM under `key`; `aad` is authenticated, not hidden. */
export function seal(key: Uint8Array, plain: Uint8Array, aad: Uint8Array): SealedBytes {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(aad);
  const data = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return { nonce: nonce.toString('base64'), data: data.toString('base64') };
}

/** The inverse of {@link seal}; null when key, content or `aad` is another one. */
export function unseal(key: Uint8Array, sealed: SealedBytes, aad: Uint8Array): Buffer | null {
  const nonce = Buffer.from(sealed.nonce, 'base64');
  const data = Buffer.from(sealed.data, 'base64');
  if (nonce.length !== 12 || data.length < 16) return null;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
    decipher.setAAD(aad);
    decipher.setAuthTag(data.subarray(-16));
    return Buffer.concat([decipher.update(data.subarray(0, -16)), decipher.final()]);
  } catch {
    return null;
  }
}

/** Wraps the data key for its owner. */
export function wrapDataKey(wrapKey: Uint8Array, dataKey: Uint8Array, owner: WrapOwner): SealedBytes {
  return seal(wrapKey, dataKey, ownerData(owner));
}

/** The data key, or null when the password, the device secret or the owner is another one. */
export function unwrapDataKey(wrapKey: Uint8Array, wrapped: SealedBytes, owner: WrapOwner): Buffer | null {
  return unseal(wrapKey, wrapped, ownerData(owner));
}

/** A key for one purpose out of the data key (`cache`, `search`, `journal`, `profile`). */
export function deriveKey(dataKey: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', dataKey, Buffer.alloc(0), `hotline ${purpose} v1`, 32));
}

/** Proof that a key is the right one without the database: tells a wrong key from a damaged file (KM-5). */
export function keyCheckValue(key: Uint8Array, purpose: string): string {
  return createHmac('sha256', key).update(`hotline ${purpose} check v1`).digest().subarray(0, 16).toString('base64');
}

/** Compares a key with its check value in constant time. */
export function matchesKeyCheck(key: Uint8Array, purpose: string, expected: string): boolean {
  const actual = Buffer.from(keyCheckValue(key, purpose), 'base64');
  const wanted = Buffer.from(expected, 'base64');
  return actual.length === wanted.length && timingSafeEqual(actual, wanted);
}
