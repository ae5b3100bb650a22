import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { z } from 'zod';
import { SYNC_TABLES } from '#shared/sync/protocol.ts';
import { SEGMENT_TYPES, type SegmentEntry, type SegmentPacking } from '#shared/sync/segments.ts';
import { type Change, rawRowSchema } from '../apply-rows.ts';
import type { Changes } from '../apply-slices.ts';

const gunzip = promisify(zlib.gunzip);
/** Absent in the development runtime (Node 20): a decoder in JavaScript takes twice as long as gzip there, and holds everybody else up. */
const unzstd = typeof zlib.zstdDecompress === 'function' ? promisify(zlib.zstdDecompress) : null;

/** What this runtime can unpack, as the server is told. */
export const ACCEPTED_SEGMENTS = unzstd ? SEGMENT_TYPES.zstd : SEGMENT_TYPES.gzip;

const goneSchema = z.object({
  table: z.enum(SYNC_TABLES),
  scope: z.string(),
  seq: z.number().int().nonnegative(),
  uid: z.string(),
});

const NEWLINE = 0x0a;
/** A removal is a shorter line than any row. */
const LONGEST_REMOVAL = 250;

/** The changes of a segment in their order. A line is read when its turn comes: all at once would take longer than anybody should wait. */
export interface SegmentContent extends Changes {
  /** Uids of rows that were removed. */
  readonly removed: readonly string[];
}

/**
 * Unpacks a segment and compares it with what the manifest says of it.
 * @returns null when it is not what the manifest speaks of
 */
export async function unpackSegment(
  bytes: Uint8Array,
  packing: SegmentPacking,
  entry: SegmentEntry,
): Promise<SegmentContent | null> {
  const content = await unpack(bytes, packing, entry.size);
  if (!content || content.length !== entry.size) return null;
  const digest = await crypto.subtle.digest('SHA-256', content);
  if (Buffer.from(digest).toString('hex') !== entry.sha256) return null;
  const starts = lineStarts(content);
  return starts.length - 1 === entry.changes ? toContent(content, starts) : null;
}

async function unpack(bytes: Uint8Array, packing: SegmentPacking, size: number): Promise<Buffer<ArrayBuffer> | null> {
  const decode = packing === 'zstd' ? unzstd : gunzip;
  try {
    const content = await decode?.(bytes, { maxOutputLength: size });
    return content ? Buffer.from(content.buffer as ArrayBuffer, content.byteOffset, content.length) : null;
  } catch {
    return null;
  }
}

/** Where each line begins, and behind the last one where the next would. */
function lineStarts(content: Buffer): readonly number[] {
  const starts = [0];
  for (let end = content.indexOf(NEWLINE); end >= 0; end = content.indexOf(NEWLINE, end + 1)) starts.push(end + 1);
  return starts;
}

/** @returns null when a line that is as short as a removal cannot be read */
function toContent(content: Buffer, starts: readonly number[]): SegmentContent | null {
  const length = starts.length - 1;
  const sizeOf = (index: number) => (starts[index + 1] ?? 0) - (starts[index] ?? 0);
  const read = (index: number) => readChange(content.toString('utf8', starts[index], starts[index + 1]));
  const short = Array.from({ length }, (_, index) => index).filter((index) => sizeOf(index) <= LONGEST_REMOVAL);
  try {
    return {
      length,
      at: (index) => (index < length ? read(index) : undefined),
      removed: short.map(read).flatMap((change) => (change.kind === 'gone' ? [change.gone.uid] : [])),
    };
  } catch {
    return null;
  }
}

/** @throws when the line is none of a segment: its maker and this build do not speak of the same thing */
function readChange(line: string): Change {
  const parsed: unknown = JSON.parse(line);
  if (!(parsed instanceof Object && 'row' in parsed)) {
    const gone = goneSchema.parse(parsed);
    return { kind: 'gone', seq: gone.seq, gone };
  }
  const raw = rawRowSchema.parse(parsed);
  return { kind: 'row', seq: raw.seq, raw };
}
