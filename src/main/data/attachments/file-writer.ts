import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import {
  detectAttachmentType,
  HEAD_BYTES,
  MAX_ATTACHMENT_BYTES,
  TAIL_BYTES,
  toAttachmentName,
} from '#shared/domain/attachment/attachment-type.ts';
import { DataError } from '../errors.ts';
import { type AttachmentMeta, type FileCipher, newFileCipher, offsetOfPiece, PIECE, SLOT_AT } from './file-cipher.ts';

/** Writes one file, piece by piece, encrypted from its first byte. */
export interface FileWriter {
  /** Bytes taken so far. */
  readonly received: number;
  /** @throws DataError ATTACHMENT_TOO_LARGE, and the storage's own */
  append(bytes: Uint8Array): void;
  /**
   * Ends the file: on disk and synced when this returns.
   * @throws DataError ATTACHMENT_EMPTY, ATTACHMENT_TYPE
   */
  finish(givenName: string, addedAt: number): AttachmentMeta;
  /** Closes and removes the file. Harmless after {@link finish}. */
  abandon(): void;
}

/** @param path of the file to be made */
export function openFileWriter(path: string, key: Uint8Array): FileWriter {
  const handle = openSync(path, 'wx', 0o600);
  const cipher = newFileCipher(key);
  const hash = createHash('sha256');
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  let rest = Buffer.alloc(0);
  let pieces = 0;
  let received = 0;
  let isOpen = true;
  writeAt(handle, cipher.start, 0);
  const writePiece = (plain: Uint8Array, isLast: boolean) => {
    writeAt(handle, cipher.sealPiece(pieces, isLast, plain), offsetOfPiece(pieces));
    pieces += 1;
  };
  const close = () => {
    if (isOpen) closeSync(handle);
    isOpen = false;
  };
  return {
    get received() {
      return received;
    },
    append: (bytes) => {
      if (received + bytes.length > MAX_ATTACHMENT_BYTES) throw new DataError('ATTACHMENT_TOO_LARGE');
      let waiting = Buffer.concat([rest, bytes]);
      const before = pieces;
      try {
        // The last piece is marked as such: one is kept back until it is known not to be it.
        while (waiting.length > PIECE) {
          writePiece(waiting.subarray(0, PIECE), false);
          waiting = waiting.subarray(PIECE);
        }
      } catch (error) {
        // Nothing of these bytes counts; a second try writes the same pieces to the same place.
        pieces = before;
        throw error;
      }
      rest = Buffer.from(waiting);
      hash.update(bytes);
      if (head.length < HEAD_BYTES) head = Buffer.concat([head, bytes]).subarray(0, HEAD_BYTES);
      tail = Buffer.concat([tail, bytes]).subarray(-TAIL_BYTES);
      received += bytes.length;
    },
    finish: (givenName, addedAt) => {
      if (received === 0) throw new DataError('ATTACHMENT_EMPTY');
      const type = detectAttachmentType(head, tail);
      if (type === null) throw new DataError('ATTACHMENT_TYPE');
      const meta: AttachmentMeta = {
        sha256: hash.copy().digest('hex'),
        size: received,
        type,
        name: toAttachmentName(givenName, type),
        addedAt,
      };
      writeEnd(handle, cipher, pieces, rest, meta);
      close();
      return meta;
    },
    abandon: () => {
      close();
      rmSync(path, { force: true });
    },
  };
}

function writeEnd(handle: number, cipher: FileCipher, pieces: number, rest: Uint8Array, meta: AttachmentMeta): void {
  writeAt(handle, cipher.sealPiece(pieces, true, rest), offsetOfPiece(pieces));
  writeAt(handle, cipher.sealMeta(meta), SLOT_AT);
  fsyncSync(handle);
}

function writeAt(handle: number, bytes: Uint8Array, at: number): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(handle, bytes, written, bytes.length - written, at + written);
  }
}
