import { createHmac, randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { syncFolder } from '../db/files.ts';
import { DataError, hasCode } from '../errors.ts';
import {
  type AttachmentMeta,
  HEADER,
  lengthOnDisk,
  offsetOfPiece,
  openFileCipher,
  PIECE,
  SLOT_AT,
} from './file-cipher.ts';
import { type FileWriter, openFileWriter } from './file-writer.ts';

/**
 * Where a file lies. `unsent`: nobody but this console has it, and nothing here that tidies up ever looks into that folder.
 * `kept`: the server has it too, and it can be fetched again.
 */
export type AttachmentPlace = 'unsent' | 'kept';

/** The attachments of one profile as encrypted files. A file is found by the hash of its content and exists once. */
export interface AttachmentFiles {
  /** Begins a file; its bytes are encrypted as they come. */
  begin(): FileWriter;
  /**
   * Ends a file and puts it into its place. When the same content is here already, that one stays.
   * @throws DataError ATTACHMENT_EMPTY, ATTACHMENT_TYPE, and ATTACHMENT_DAMAGED when it is not the content that was expected
   */
  finish(writer: FileWriter, given: NewFile): AttachmentMeta;
  placeOf(sha256: string): AttachmentPlace | null;
  /** Some bytes of a file. @throws DataError NOT_FOUND, ATTACHMENT_DAMAGED */
  read(sha256: string, offset: number, length: number): Buffer;
  /** The server has it now. */
  settle(sha256: string): void;
  /** Removes a copy that can be fetched again. Never touches what is unsent. */
  dropKept(sha256: string): void;
  /** Removes a file that only this console has: for {@link sweepAttachments} and nobody else. */
  dropUnsent(sha256: string): void;
  /** Every file with what it is; one that does not open is left out and stays. */
  list(): readonly (AttachmentMeta & { readonly place: AttachmentPlace })[];
}

export interface NewFile {
  readonly name: string;
  readonly addedAt: number;
  readonly place: AttachmentPlace;
  /** The hash it has to have. */
  readonly sha256?: string;
}

/** @param folder is made when it is missing; @param key 32 bytes */
export function openAttachmentFiles(folder: string, key: Uint8Array): AttachmentFiles {
  const nameKey = createHmac('sha256', key).update('hotline attachment names v1').digest();
  const incoming = join(folder, 'incoming');
  // What was being written when the process ended was never acknowledged.
  rmSync(incoming, { recursive: true, force: true });
  for (const each of [incoming, join(folder, 'unsent'), join(folder, 'kept')]) {
    mkdirSync(each, { recursive: true, mode: 0o700 });
  }
  /** A keyed hash: who sees the folder cannot tell whether a known file is in it. */
  const nameOf = (sha256: string) => createHmac('sha256', nameKey).update(sha256).digest('hex').slice(0, 40);
  const pathIn = (place: AttachmentPlace, sha256: string) => join(folder, place, nameOf(sha256));
  const paths = new WeakMap<FileWriter, string>();

  const placeOf = (sha256: string): AttachmentPlace | null => {
    if (existsSync(pathIn('unsent', sha256))) return 'unsent';
    return existsSync(pathIn('kept', sha256)) ? 'kept' : null;
  };
  const move = (from: string, to: string) => {
    renameSync(from, to);
    syncFolder(join(to, '..'));
    syncFolder(join(from, '..'));
  };
  const readMeta = (path: string): AttachmentMeta => withFile(path, (handle) => openHeader(handle, key).meta);

  return {
    begin: () => {
      const path = join(incoming, randomUUID());
      const writer = openFileWriter(path, key);
      paths.set(writer, path);
      return writer;
    },
    finish: (writer, given) => {
      const path = paths.get(writer);
      if (!path) throw new Error('not a writer of this folder');
      const meta = writer.finish(given.name, given.addedAt);
      if (given.sha256 !== undefined && given.sha256 !== meta.sha256) {
        writer.abandon();
        throw new DataError('ATTACHMENT_DAMAGED', 'not the content that was expected');
      }
      const known = placeOf(meta.sha256);
      if (known && isWhole(pathIn(known, meta.sha256), readMeta)) {
        writer.abandon();
        return meta;
      }
      move(path, pathIn(known ?? given.place, meta.sha256));
      return meta;
    },
    placeOf,
    read: (sha256, offset, length) => {
      const place = placeOf(sha256);
      if (!place) throw new DataError('NOT_FOUND', 'no such file here');
      return withFile(pathIn(place, sha256), (handle) => readRange(handle, key, sha256, offset, length));
    },
    settle: (sha256) => {
      if (placeOf(sha256) === 'unsent') move(pathIn('unsent', sha256), pathIn('kept', sha256));
    },
    dropKept: (sha256) => rmSync(pathIn('kept', sha256), { force: true }),
    dropUnsent: (sha256) => rmSync(pathIn('unsent', sha256), { force: true }),
    list: () =>
      (['unsent', 'kept'] as const).flatMap((place) =>
        readdirSync(join(folder, place)).flatMap((name) => {
          try {
            return [{ ...readMeta(join(folder, place, name)), place }];
          } catch (error) {
            if (hasCode(error, 'ATTACHMENT_DAMAGED')) return [];
            throw error;
          }
        }),
      ),
  };
}

function isWhole(path: string, readMeta: (path: string) => AttachmentMeta): boolean {
  try {
    readMeta(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ATTACHMENT_DAMAGED')) return false;
    throw error;
  }
}

function withFile<T>(path: string, work: (handle: number) => T): T {
  const handle = openSync(path, 'r');
  try {
    return work(handle);
  } finally {
    closeSync(handle);
  }
}

function readBytes(handle: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const more = readSync(handle, bytes, read, length - read, at + read);
    if (more === 0) break;
    read += more;
  }
  return bytes.subarray(0, read);
}

function openHeader(handle: number, key: Uint8Array) {
  const start = readBytes(handle, 0, HEADER);
  const cipher = openFileCipher(key, start);
  const meta = cipher.openMeta(start.subarray(SLOT_AT));
  if (fstatSync(handle).size !== lengthOnDisk(meta.size)) {
    throw new DataError('ATTACHMENT_DAMAGED', 'file has another length');
  }
  return { cipher, meta };
}

function readRange(handle: number, key: Uint8Array, sha256: string, offset: number, length: number): Buffer {
  const { cipher, meta } = openHeader(handle, key);
  if (meta.sha256 !== sha256) throw new DataError('ATTACHMENT_DAMAGED', 'file is another one');
  const end = Math.min(meta.size, offset + length);
  if (offset >= end) return Buffer.alloc(0);
  const last = Math.ceil(meta.size / PIECE) - 1;
  const first = Math.floor(offset / PIECE);
  const parts: Buffer[] = [];
  for (let index = first; index * PIECE < end; index++) {
    const sealed = readBytes(handle, offsetOfPiece(index), offsetOfPiece(index + 1) - offsetOfPiece(index));
    parts.push(cipher.openPiece(index, index === last, sealed));
  }
  return Buffer.concat(parts).subarray(offset - first * PIECE, end - first * PIECE);
}
