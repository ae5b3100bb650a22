import { z } from 'zod';
import type { SegmentEntry, SegmentPacking } from '#shared/sync/segments.ts';
import { pullResponseSchema } from '#shared/sync/wire.ts';
import { type Change, rawRowSchema } from '../apply-rows.ts';
import { behindCursor, type Changes } from '../apply-slices.ts';
import { unpackSegment } from '../segments/segment-content.ts';

/** Rows are checked one by one while they are applied, so that an unknown one can be parked. */
const rawPullSchema = pullResponseSchema.extend({ rows: z.array(rawRowSchema) });
type RawPull = z.infer<typeof rawPullSchema>;

/** What a page says of where its scopes stand. */
export type PageHead = Pick<RawPull, 'cursors' | 'more' | 'parity'>;

/** Why bytes are no page: they end too early, or are of another shape. */
export type NoPage = 'CUT_OFF' | 'UNKNOWN_SHAPE';

/** Changes of one scope that came from the server. */
export interface ReceivedChanges {
  readonly length: number;
  /** Uids of rows that were removed. */
  readonly removed: readonly string[];
  /** What is still to be applied where the cursor stands here: after a kill, after a slice that failed. Null when it cannot be read. */
  rest(seq: number): Changes | null;
}

export interface ReceivedPage {
  readonly head: PageHead;
  /** By scope. */
  readonly changes: ReadonlyMap<string, ReceivedChanges>;
}

/** Reads the answer to a pull. */
export function readPage(body: Uint8Array): ReceivedPage | NoPage {
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder().decode(body));
  } catch {
    return 'CUT_OFF';
  }
  const parsed = rawPullSchema.safeParse(content);
  if (!parsed.success) return 'UNKNOWN_SHAPE';
  const { cursors, more, parity } = parsed.data;
  return { head: { cursors, more, parity }, changes: changesByScope(parsed.data) };
}

/** In the order of their server numbers. */
function changesByScope({ rows, gone }: RawPull): ReadonlyMap<string, ReceivedChanges> {
  const byScope = new Map<string, Change[]>();
  const add = (scope: string, change: Change) => {
    const known = byScope.get(scope);
    if (known) known.push(change);
    else byScope.set(scope, [change]);
  };
  for (const raw of rows) add(raw.scope, { kind: 'row', seq: raw.seq, raw });
  for (const row of gone) add(row.scope, { kind: 'gone', seq: row.seq, gone: row });
  return new Map(
    [...byScope].map(([scope, changes]): [string, ReceivedChanges] => {
      changes.sort((a, b) => a.seq - b.seq);
      const removed = changes.flatMap((change) => (change.kind === 'gone' ? [change.gone.uid] : []));
      return [scope, { length: changes.length, removed, rest: (seq) => behindCursor(changes, seq) }];
    }),
  );
}

/** Unpacks a segment; null when it is not what the manifest speaks of. */
export async function readSegment(
  bytes: Uint8Array,
  packing: SegmentPacking,
  entry: SegmentEntry,
): Promise<ReceivedChanges | null> {
  const content = await unpackSegment(bytes, packing, entry);
  if (!content) return null;
  const { length, removed } = content;
  return { length, removed, rest: (seq) => behindCursor(content, seq) };
}
