import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** Headers of Ed25519 keys in their DER forms, before the 32 bytes of the key itself. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** The key a console signs its work with when somebody carries it to another seat. */
export interface SigningKey {
  /** 32 bytes, base64. */
  readonly publicKey: string;
  /** Ed25519 signature of a text, base64. */
  sign(text: string): string;
}

/** The signing key that belongs to 32 secret bytes; the same ones give the same key. */
export function openSigningKey(secret: Uint8Array): SigningKey {
  const der = Buffer.concat([PKCS8, secret]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  return {
    publicKey: publicBytes(key).toString('base64'),
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), key).toString('base64'),
  };
}

function publicBytes(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(SPKI.length);
}

/** Whether a text was signed by the owner of a public key (32 bytes, base64). */
export function isSigned(text: string, signature: string, publicKey: string): boolean {
  try {
    const der = Buffer.concat([SPKI, Buffer.from(publicKey, 'base64')]);
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return verify(null, Buffer.from(text, 'utf8'), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}
