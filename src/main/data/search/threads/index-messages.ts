import { z } from 'zod';
import type { QueuedRow } from '../../repositories/search-queue.repository.ts';
import type { FacetValue } from '../facet-dictionary.ts';
import type { PreparedCitizen, PreparedTicket } from '../prepare-rows.ts';

/** How much is done in one go. */
const sizesSchema = z.strictObject({
  /** Rows that wait, from which on the threads are worth their start. */
  worthStarting: z.number().int().positive(),
  /** Rows that are prepared together. */
  part: z.number().int().positive(),
  /**
   * Parts of one commit. Every commit leaves a part of the index that is merged with others later: with 2,000 rows merging is a third of all
   * writing, with 16,000 a seventh. Nobody waits for a commit of these threads.
   */
  parts: z.number().int().positive(),
});
export type IndexSizes = z.infer<typeof sizesSchema>;
export const INDEX_SIZES: IndexSizes = { worthStarting: 5_000, part: 2_000, parts: 8 };

const fileSchema = z.strictObject({ path: z.string(), key: z.string() });

/**
 * What a thread that indexes many rows is started with: the one that writes, which starts the one that reads the cache and takes texts apart
 * meanwhile. Keys are hexadecimal.
 */
export const indexSetupSchema = z.strictObject({
  role: z.enum(['writes', 'prepares']),
  cache: fileSchema,
  index: fileSchema,
  nativeBinding: z.string().nullable(),
  sizes: sizesSchema,
  /** One number: not 0 when everything is to end at the next row. */
  stop: z.instanceof(SharedArrayBuffer),
});
export type IndexSetup = z.infer<typeof indexSetupSchema>;

/** `next`: the newest rows that wait, then from where the last request ended. */
export type IndexRequest = { readonly kind: 'next' | 'close' };

/** Why rows could not be indexed; nothing of them was committed. */
export interface IndexFailure {
  readonly kind: 'failed';
  readonly code: string;
  readonly detail: string;
}

/** Rows that wait for the index, as they were found. */
export type PreparedRows =
  | { readonly kind: 'tickets'; readonly queued: readonly QueuedRow[]; readonly prepared: readonly PreparedTicket[] }
  | { readonly kind: 'citizens'; readonly queued: readonly QueuedRow[]; readonly prepared: readonly PreparedCitizen[] }
  | { readonly kind: 'none' }
  | IndexFailure;

/** Rows that were indexed and committed; they have to be taken out of their queues. */
export interface IndexedRows {
  readonly kind: 'indexed';
  readonly tickets: readonly QueuedRow[];
  readonly citizens: readonly QueuedRow[];
  /** Facets of the tickets, {@link FACET_CELLS} a ticket: its number and the columns of the table. */
  readonly facets: Float64Array;
  readonly entries: readonly FacetValue[];
  /** Nothing waits any more. */
  readonly isLast: boolean;
}
export type IndexAnswer = IndexedRows | IndexFailure;

export const FACET_CELLS = 7;
