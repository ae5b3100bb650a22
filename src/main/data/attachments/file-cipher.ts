import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { DataError } from '../errors.ts';

/**
 * One attachment on disk: magic, salt, a slot with what the file is, then its content in pieces of 64 KiB. Every piece is sealed on
 * its own (AES-256-GCM), so that a large file is never in memory as a whole and any part of it can be read alone. The key is the
 * file's own; the nonce counts the pieces and marks the last one: a piece that was changed, moved, taken from another file or cut off
 * does not open (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár).
 */
export const PIECE = 64 * 1024;
const TAG = 16;
const NONCE = 12;
const MAGIC = Buffer.from('HLA1');
const SALT = 16;
/** Room for {@link AttachmentMeta}; its longest form needs some 900 bytes. */
const SLOT = 2_048;
export const HEADER = MAGIC.length + SALT + SLOT;
const SEALED_PIECE = PIECE + TAG;

/** What a file is, kept inside it: a lost cache does not take this along. */
export interface AttachmentMeta {
  readonly sha256: string;
  readonly size: number;
  readonly type: string;
  readonly name: string;
  readonly addedAt: number;
}

/** Seals and opens the pieces of one file. */
export interface FileCipher {
  /** The first bytes of the file; the slot is empty. */
  readonly start: Buffer;
  sealPiece(index: number, isLast: boolean, plain: Uint8Array): Buffer;
  /** @throws DataError ATTACHMENT_DAMAGED */
  openPiece(index: number, isLast: boolean, sealed: Uint8Array): Buffer;
  /** Bytes of the slot, to be written at {@link SLOT_AT}. */
  sealMeta(meta: AttachmentMeta): Buffer;
  openMeta(slot: Uint8Array): AttachmentMeta;
}

export const SLOT_AT = MAGIC.length + SALT;

/** A cipher for a new file. @param key 32 bytes, of all attachments */
export function newFileCipher(key: Uint8Array): FileCipher {
  return createFileCipher(key, randomBytes(SALT));
}

/**
 * The cipher of an existing file.
 * @param start its first {@link HEADER} bytes
 * @throws DataError ATTACHMENT_DAMAGED
 */
export function openFileCipher(key: Uint8Array, start: Uint8Array): FileCipher {
  if (start.length < HEADER || !MAGIC.equals(start.subarray(0, MAGIC.length))) throw damaged('no attachment file');
  return createFileCipher(key, Buffer.from(start.subarray(MAGIC.length, SLOT_AT)));
}

function createFileCipher(key: Uint8Array, salt: Buffer): FileCipher {
  const derive = (what: string) => Buffer.from(hkdfSync('sha256', key, salt, `hotline attachment ${what} v1`, 32));
  const pieceKey = derive('pieces');
  const metaKey = derive('meta');
  return {
    start: Buffer.concat([MAGIC, salt, Buffer.alloc(SLOT)]),
    sealPiece: (index, isLast, plain) => seal(pieceKey, pieceNonce(index, isLast), plain),
    openPiece: (index, isLast, sealed) => unseal(pieceKey, pieceNonce(index, isLast), sealed),
    sealMeta: (meta) => {
      const nonce = randomBytes(NONCE);
      const sealed = seal(metaKey, nonce, Buffer.from(JSON.stringify(meta), 'utf8'));
      const slot = Buffer.alloc(SLOT);
      slot.writeUInt16BE(sealed.length);
      nonce.copy(slot, 2);
      if (sealed.copy(slot, 2 + NONCE) !== sealed.length) throw new Error('attachment meta is too long');
      return slot;
    },
    openMeta: (slot) => {
      const bytes = Buffer.from(slot);
      const from = 2 + NONCE;
      const sealed = bytes.subarray(from, from + bytes.readUInt16BE());
      return JSON.parse(unseal(metaKey, bytes.subarray(2, from), sealed).toString('utf8')) as AttachmentMeta;
    },
  };
}

function pieceNonce(index: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(NONCE);
  nonce.writeUInt32BE(index, 7);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

function seal(key: Buffer, nonce: Uint8Array, plain: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function unseal(key: Buffer, nonce: Uint8Array, sealed: Uint8Array): Buffer {
  if (sealed.length < TAG) throw damaged('piece is cut off');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
    decipher.setAuthTag(sealed.subarray(-TAG));
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG)), decipher.final()]);
  } catch {
    throw damaged('piece is not genuine');
  }
}

function damaged(message: string): DataError {
  return new DataError('ATTACHMENT_DAMAGED', message);
}

/** Where a piece begins in the file. */
export function offsetOfPiece(index: number): number {
  return HEADER + index * SEALED_PIECE;
}

/** How long the file of a content of `size` bytes is. */
export function lengthOnDisk(size: number): number {
  return HEADER + size + TAG * Math.ceil(size / PIECE);
}
