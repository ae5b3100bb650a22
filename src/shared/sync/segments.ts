import { z } from 'zod';
import { tableOfScope } from './protocol.ts';

/** Changes in one segment at most. */
export const SEGMENT_MAX_CHANGES = 5_000;
/** What is in a segment: raised when rows are written in another way, so that nobody gets those made before. */
export const SEGMENT_FORMAT = 1;
/** Bytes (unpacked) in one segment, unless a single change is longer. */
export const SEGMENT_BYTES = 16 * 1024 * 1024;
/** A segment of more bytes (unpacked) is none of ours. */
export const SEGMENT_MAX_BYTES = 64 * 1024 * 1024;

/** How segments travel, by media type; the server keeps them in the first one. */
export const SEGMENT_TYPES = { zstd: 'application/zstd', gzip: 'application/gzip' } as const;
export type SegmentPacking = keyof typeof SEGMENT_TYPES;

/** Whether a scope can have segments: those of lines and citizens grow large, and everybody who may read them sees the same rows. */
export function mayHaveSegments(scope: string): boolean {
  return tableOfScope(scope) !== 'records';
}

const seq = z.number().int().nonnegative();
const epoch = z.number().int().positive();

/** Where a console stands in the scope whose segments it asks for. */
export const segmentsRequestSchema = z.strictObject({
  scope: z.string().max(40),
  epoch: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  seq: z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
  /** As in a pull's cursor. */
  anew: z
    .literal('true')
    .transform(() => true as const)
    .optional(),
});

/**
 * A segment holds the changes of a scope up to `until`, from where the one before it ends: one wire row or removal a line (JSON), ordered
 * by seq, as a pull would answer.
 */
export const segmentEntrySchema = z.object({
  id: z.uuid(),
  until: seq,
  /** Lines. */
  changes: z.number().int().positive().max(SEGMENT_MAX_CHANGES),
  /** Bytes, unpacked, and their SHA-256 (hex). */
  size: z.number().int().positive().max(SEGMENT_MAX_BYTES),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type SegmentEntry = z.infer<typeof segmentEntrySchema>;

/** Segments after the asked seq, in order; after the last one, a pull from `seq` goes on. */
export const segmentManifestSchema = z.object({
  scope: z.string(),
  epoch,
  seq,
  segments: z.array(segmentEntrySchema),
});
export type SegmentManifest = z.infer<typeof segmentManifestSchema>;
