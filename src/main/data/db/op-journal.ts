import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Op } from '#shared/sync/wire.ts';
import { opSchema } from '#shared/sync/wire.ts';
import { DataError, toDataError } from '../errors.ts';
import { syncFolder } from './files.ts';

/** An operation with what is needed to queue it again. */
export interface JournalEntry {
  readonly op: Op;
  readonly incarnation: number;
  readonly schema: number;
  readonly label: string;
}

/**
 * Second, append-only copy of the operations the server has not confirmed (BK-3): they are the only data that exists nowhere
 * else, so they survive the loss of the whole cache. Records are encrypted one by one (AES-256-GCM, bound to file and position).
 */
export interface OpJournal {
  /** Appends operations; on disk when this returns. */
  append(entries: readonly JournalEntry[]): void;
  /** Notes that the server has answered these operations. */
  acknowledge(opIds: readonly string[]): void;
  /** Operations appended and not acknowledged, in order. */
  pending(): readonly JournalEntry[];
  /** Records that could not be read when the file was opened. */
  readonly damagedRecords: number;
  close(): void;
}

const MAGIC = Buffer.from('HLJ1');
const HEADER = MAGIC.length + 16;
const FRAME = 4 + 12 + 16;
const LONGEST_RECORD = 16 * 1024 * 1024;
/** Records in a row that damage may take without hiding those behind them. */
const MOST_LOST = 16;
/** A file of this size with mostly confirmed records is written anew. */
const COMPACT_BYTES = 1024 * 1024;

const entrySchema = z.object({
  op: opSchema,
  incarnation: z.number().int(),
  schema: z.number().int(),
  label: z.string(),
});
const recordSchema = z.discriminatedUnion('t', [
  z.object({ t: z.literal('ops'), entries: z.array(entrySchema) }),
  z.object({ t: z.literal('ack'), ids: z.array(z.string()) }),
]);
type JournalRecord = z.infer<typeof recordSchema>;

function aadOf(fileId: Uint8Array, index: number): Buffer {
  const position = Buffer.alloc(8);
  position.writeBigUInt64BE(BigInt(index));
  return Buffer.concat([fileId, position]);
}

function encodeRecord(key: Uint8Array, fileId: Uint8Array, index: number, record: JournalRecord): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(aadOf(fileId, index));
  const body = Buffer.concat([cipher.update(JSON.stringify(record), 'utf8'), cipher.final()]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, nonce, body, cipher.getAuthTag()]);
}

interface ReadJournal {
  readonly fileId: Buffer;
  readonly records: readonly JournalRecord[];
  /** Position of the next record. */
  readonly index: number;
  /** Bytes up to the end of the last whole record. */
  readonly length: number;
  readonly damaged: number;
}

function readJournal(key: Uint8Array, bytes: Buffer): ReadJournal | null {
  if (bytes.length < HEADER || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const fileId = Buffer.from(bytes.subarray(MAGIC.length, HEADER));
  const records: JournalRecord[] = [];
  let offset = HEADER;
  let index = 0;
  let damaged = 0;
  while (offset + FRAME <= bytes.length) {
    const found = recordAt(key, fileId, index, bytes, offset);
    if (found) {
      records.push(found.record);
      offset = found.end;
      index++;
      continue;
    }
    const next = findNext(key, fileId, index, bytes, offset);
    if (!next) break;
    damaged += next.index - index;
    ({ offset, index } = next);
  }
  // A damaged record of a believable length at the end keeps its place; a torn one is cut off.
  const last = endOf(bytes, offset);
  return last === null
    ? { fileId, records, index, length: offset, damaged }
    : { fileId, records, index: index + 1, length: last, damaged: damaged + 1 };
}

/** Where the record at an offset ends by its own length; null when that leads out of the file. */
function endOf(bytes: Buffer, offset: number): number | null {
  if (offset + FRAME > bytes.length) return null;
  const length = bytes.readUInt32BE(offset);
  const end = offset + FRAME + length;
  return length > LONGEST_RECORD || end > bytes.length ? null : end;
}

function recordAt(
  key: Uint8Array,
  fileId: Uint8Array,
  index: number,
  bytes: Buffer,
  offset: number,
): { readonly record: JournalRecord; readonly end: number } | null {
  const end = endOf(bytes, offset);
  const record = end === null ? null : decodeRecord(key, fileId, index, bytes.subarray(offset, end));
  return record && end !== null ? { record, end } : null;
}

/** The next record that opens, wherever it begins: the length of a damaged one cannot be believed. */
function findNext(
  key: Uint8Array,
  fileId: Uint8Array,
  index: number,
  bytes: Buffer,
  from: number,
): { readonly offset: number; readonly index: number } | null {
  for (let offset = from + 1; offset + FRAME <= bytes.length; offset++) {
    if (endOf(bytes, offset) === null) continue;
    for (let lost = 1; lost <= MOST_LOST; lost++) {
      if (recordAt(key, fileId, index + lost, bytes, offset)) return { offset, index: index + lost };
    }
  }
  return null;
}

function decodeRecord(key: Uint8Array, fileId: Uint8Array, index: number, frame: Buffer): JournalRecord | null {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, frame.subarray(4, 16), { authTagLength: 16 });
    decipher.setAAD(aadOf(fileId, index));
    decipher.setAuthTag(frame.subarray(-16));
    const plain = Buffer.concat([decipher.update(frame.subarray(16, -16)), decipher.final()]);
    const parsed = recordSchema.safeParse(JSON.parse(plain.toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/**
 * Opens the journal of a profile, cutting off a record that a kill left half written.
 * @param key 32 bytes
 * @param onDamage told of the whole file before anything is cut off that does not open
 * @throws DataError DATABASE_DAMAGED when the file is not a journal of ours, DISK_FULL, READ_ONLY
 */
export function openJournal(
  path: string,
  key: Uint8Array,
  onDamage: (bytes: Uint8Array) => void = () => undefined,
): OpJournal {
  const pending = new Map<string, JournalEntry>();
  let fileId: Buffer = randomBytes(16);
  let index = 0;
  let size = 0;
  let damaged = 0;
  let handle: number;

  const absorb = (record: JournalRecord) => {
    if (record.t === 'ops') for (const entry of record.entries) pending.set(entry.op.opId, entry);
    else for (const id of record.ids) pending.delete(id);
  };

  try {
    rmSync(`${path}.new`, { force: true });
    if (existsSync(path)) {
      const bytes = readFileSync(path);
      const read = readJournal(key, bytes);
      if (!read && bytes.length > 0) throw new DataError('DATABASE_DAMAGED', 'the operation journal is not readable');
      handle = openSync(path, 'r+', 0o600);
      if (read) {
        read.records.forEach(absorb);
        ({ fileId, index, damaged } = read);
        size = read.length;
        if (damaged > 0 || size < bytes.length) onDamage(bytes);
        if (size < bytes.length) ftruncateSync(handle, size);
      } else size = writeHeader(handle, fileId);
    } else {
      handle = openSync(path, 'w+', 0o600);
      size = writeHeader(handle, fileId);
      fdatasyncSync(handle);
      syncFolder(dirname(path));
    }
  } catch (error) {
    throw toDataError(error);
  }

  const write = (record: JournalRecord, durable: boolean) => {
    const bytes = encodeRecord(key, fileId, index, record);
    try {
      writeAll(handle, bytes, size);
      if (durable) fdatasyncSync(handle);
    } catch (error) {
      // What was written of it is cut off, so that the next record follows a whole one.
      ftruncateSync(handle, size);
      throw toDataError(error);
    }
    size += bytes.length;
    index++;
    absorb(record);
  };

  /** Starts a fresh file with the open operations only; a kill leaves the old or the new one. */
  const compact = () => {
    const temporary = `${path}.new`;
    const freshId = randomBytes(16);
    const fresh = openSync(temporary, 'w+', 0o600);
    let length = writeHeader(fresh, freshId);
    let records = 0;
    if (pending.size > 0) {
      const bytes = encodeRecord(key, freshId, 0, { t: 'ops', entries: [...pending.values()] });
      writeAll(fresh, bytes, length);
      length += bytes.length;
      records = 1;
    }
    fdatasyncSync(fresh);
    closeSync(handle);
    renameSync(temporary, path);
    syncFolder(dirname(path));
    handle = fresh;
    fileId = freshId;
    index = records;
    size = length;
  };

  // What does not open has been kept elsewhere: without it the file is whole again.
  if (damaged > 0) compact();

  return {
    damagedRecords: damaged,
    append: (entries) => {
      if (entries.length > 0) write({ t: 'ops', entries: [...entries] }, true);
    },
    acknowledge: (opIds) => {
      const known = opIds.filter((id) => pending.has(id));
      if (known.length === 0) return;
      // Not synced: a lost acknowledgement only makes the operation be sent again, which has no second effect.
      write({ t: 'ack', ids: known }, false);
      if (size > COMPACT_BYTES && pending.size * 16_000 < size) compact();
    },
    pending: () => [...pending.values()],
    close: () => closeSync(handle),
  };
}

function writeHeader(handle: number, fileId: Uint8Array): number {
  writeAll(handle, Buffer.concat([MAGIC, fileId]), 0);
  return HEADER;
}

function writeAll(handle: number, bytes: Uint8Array, position: number): void {
  let written = 0;
  while (written < bytes.length)
    written += writeSync(handle, bytes, written, bytes.length - written, position + written);
}
