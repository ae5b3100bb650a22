import type { Clock } from '#shared/kernel/clock.ts';
import { DataError, hasCode } from '../errors.ts';
import type { AttachmentFiles } from './attachment-files.ts';
import {
  type AttachmentMeta,
  type FileCipher,
  HEADER,
  newFileCipher,
  openFileCipher,
  PIECE,
  SLOT_AT,
} from './file-cipher.ts';
import type { FileWriter } from './file-writer.ts';

/** Pieces of files that one call takes along. */
const PIECES_AT_ONCE = 16;
const TAG = 16;

/** What is known beforehand of a file in a bundle. */
export type BundledFile = Pick<AttachmentMeta, 'sha256' | 'size' | 'name'>;

/**
 * Files on their way to another seat: one after the other as each lies on disk (file-cipher.ts), but sealed with a key of this journey. The key and
 * the list of files travel in the sealed and signed part of the file of unsent work. One bundle goes out and one comes in at a time;
 * an earlier one is given up.
 */
export interface FileBundles {
  /** Begins a bundle. @param key 32 bytes */
  beginOut(id: string, key: Uint8Array, list: readonly BundledFile[]): void;
  /** Its next bytes; empty at the end. @throws DataError NOT_FOUND, ATTACHMENT_DAMAGED */
  next(id: string): Buffer;
  /** Begins taking a bundle in. @param key 32 bytes */
  beginIn(id: string, key: Uint8Array, list: readonly BundledFile[]): void;
  /**
   * Takes its next bytes, cut anywhere.
   * @returns the files that are whole and on disk now, and how many are still to come
   * @throws DataError NOT_FOUND, and CARRIED_CUT for bytes that are not what was sealed
   */
  take(id: string, bytes: Uint8Array): { readonly arrived: readonly AttachmentMeta[]; readonly left: number };
  close(): void;
}

export function createFileBundles(files: AttachmentFiles, clock: Clock): FileBundles {
  let out: { readonly id: string; readonly bytes: Generator<Buffer, void> } | null = null;
  let into: { readonly id: string; readonly reader: BundleReader } | null = null;
  const giveUpIn = () => {
    into?.reader.abandon();
    into = null;
  };
  return {
    beginOut: (id, key, list) => {
      out = { id, bytes: sealFiles(files, key, list) };
    },
    next: (id) => {
      if (out?.id !== id) throw new DataError('NOT_FOUND', 'no such bundle goes out');
      const { value, done } = out.bytes.next();
      if (done) out = null;
      return value ?? Buffer.alloc(0);
    },
    beginIn: (id, key, list) => {
      giveUpIn();
      into = { id, reader: readBundle(files, clock, key, list) };
    },
    take: (id, bytes) => {
      if (into?.id !== id) throw new DataError('NOT_FOUND', 'no such bundle comes in');
      try {
        const taken = into.reader.take(bytes);
        if (taken.left === 0) giveUpIn();
        return taken;
      } catch (error) {
        giveUpIn();
        if (hasCode(error, 'ATTACHMENT_DAMAGED')) throw new DataError('CARRIED_CUT', 'a file is not what was sealed');
        throw error;
      }
    },
    close: () => {
      out = null;
      giveUpIn();
    },
  };
}

function* sealFiles(files: AttachmentFiles, key: Uint8Array, list: readonly BundledFile[]): Generator<Buffer, void> {
  for (const { sha256, size, name } of list) {
    const cipher = newFileCipher(key);
    const head = Buffer.from(cipher.start);
    // Type and time are found out again where it arrives.
    cipher.sealMeta({ sha256, size, name, type: '', addedAt: 0 }).copy(head, SLOT_AT);
    let parts: Buffer[] = [head];
    const count = Math.ceil(size / PIECE);
    for (let index = 0; index < count; index++) {
      const plain = files.read(sha256, index * PIECE, PIECE);
      parts.push(cipher.sealPiece(index, index === count - 1, plain));
      if (parts.length < PIECES_AT_ONCE) continue;
      yield Buffer.concat(parts);
      parts = [];
    }
    if (parts.length > 0) yield Buffer.concat(parts);
  }
}

interface BundleReader {
  take(bytes: Uint8Array): { readonly arrived: readonly AttachmentMeta[]; readonly left: number };
  /** Gives the file up that is not whole. */
  abandon(): void;
}

/** A file that is being read. */
interface Open {
  readonly cipher: FileCipher;
  readonly writer: FileWriter;
  pieces: number;
}

function readBundle(files: AttachmentFiles, clock: Clock, key: Uint8Array, list: readonly BundledFile[]): BundleReader {
  let waiting = Buffer.alloc(0);
  let at = 0;
  let open: Open | null = null;
  const cut = (length: number): Buffer | null => {
    if (waiting.length < length) return null;
    const taken = waiting.subarray(0, length);
    waiting = waiting.subarray(length);
    return taken;
  };
  const openNext = (file: BundledFile): Open | null => {
    const start = cut(HEADER);
    if (!start) return null;
    const cipher = openFileCipher(key, start);
    if (cipher.openMeta(start.subarray(SLOT_AT)).sha256 !== file.sha256)
      throw new DataError('ATTACHMENT_DAMAGED', 'another file');
    return { cipher, writer: files.begin(), pieces: 0 };
  };
  /** @returns null when bytes are missing, the file once it is whole */
  const readOn = (file: BundledFile): AttachmentMeta | null => {
    open ??= openNext(file);
    while (open) {
      const { cipher, writer } = open;
      const length = Math.min(PIECE, file.size - writer.received);
      const sealed = cut(length + TAG);
      if (!sealed) return null;
      const isLast = writer.received + length === file.size;
      writer.append(cipher.openPiece(open.pieces, isLast, sealed));
      open.pieces += 1;
      if (!isLast) continue;
      const given = { name: file.name, addedAt: clock.now(), place: 'unsent', sha256: file.sha256 } as const;
      const meta = files.finish(writer, given);
      open = null;
      return meta;
    }
    return null;
  };
  return {
    take: (bytes) => {
      waiting = Buffer.concat([waiting, bytes]);
      const arrived: AttachmentMeta[] = [];
      for (let file = list[at]; file; file = list[at]) {
        const whole = readOn(file);
        if (!whole) break;
        arrived.push(whole);
        at += 1;
      }
      return { arrived, left: list.length - at };
    },
    abandon: () => {
      open?.writer.abandon();
      open = null;
    },
  };
}
