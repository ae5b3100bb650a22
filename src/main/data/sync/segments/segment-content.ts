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
  const lines = splitLines(content);
  return lines.length === entry.changes ? toContent(lines) : null;
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

function splitLines(content: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < content.length; ) {
    const end = content.indexOf(NEWLINE, from);
    if (end < 0) break;
    lines.push(content.subarray(from, end));
    from = end + 1;
  }
  return lines;
}

function toContent(lines: readonly Buffer[]): SegmentContent {
  return {
    length: lines.length,
    at: (index) => {
      const line = lines[index];
      return line && readChange(line);
    },
    removed: lines
      .filter((line) => line.length <= LONGEST_REMOVAL)
      .map(readChange)
      .flatMap((change) => (change.kind === 'gone' ? [change.gone.uid] : [])),
  };
}

/** @throws when the line is none of a segment: its maker and this build do not speak of the same thing */
function readChange(line: Buffer): Change {
  const parsed: unknown = JSON.parse(line.toString('utf8'));
  if (!(parsed instanceof Object && 'row' in parsed)) {
    const gone = goneSchema.parse(parsed);
    return { kind: 'gone', seq: gone.seq, gone };
  }
  const raw = rawRowSchema.parse(parsed);
  return { kind: 'row', seq: raw.seq, raw };
}
