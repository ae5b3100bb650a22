import type { SegmentEntry, SegmentPacking } from '#shared/sync/segments.ts';
import type { ScopeState } from '../../repositories/scope.repository.ts';
import { applyChanges } from '../apply-slices.ts';
import { ownProblem } from '../problems.ts';
import type { SyncContext, SyncProblem } from '../sync-context.ts';
import { type NoPage, type PageHead, type ReceivedChanges, readPage, readSegment } from './received-rows.ts';

/** Changes of one scope on their way into the cache. */
export interface ChangeSet {
  readonly length: number;
  /** Uids of rows that were removed. */
  readonly removed: readonly string[];
  /** Applies them in short transactions, each of which moves the cursor. Ends early when the signal says so. Once only. */
  apply(start: ScopeState, signal: AbortSignal): Promise<SyncProblem | null>;
}

export interface PulledPage extends PageHead {
  changesOf(scope: string): ChangeSet;
}

/** Reads what came from the server and applies it: on the spot, or in a thread of its own. */
export interface RowIntake {
  readPage(body: Uint8Array<ArrayBuffer>): Promise<PulledPage | NoPage>;
  /** Null when it is not what the manifest speaks of. */
  readSegment(bytes: Uint8Array<ArrayBuffer>, packing: SegmentPacking, entry: SegmentEntry): Promise<ChangeSet | null>;
}

export const NO_CHANGES: ChangeSet = { length: 0, removed: [], apply: async () => null };

/** In this thread, in slices that let a caller lookup through: for what is soon done. */
export function createIntakeHere(ctx: SyncContext): RowIntake {
  const toSet = (changes: ReceivedChanges): ChangeSet => ({
    length: changes.length,
    removed: changes.removed,
    apply: async (start, signal) => {
      const rest = changes.rest(start.seq);
      if (!rest) return ownProblem('INTERNAL', `${start.scope}: cannot be read`);
      const failure = await applyChanges(ctx, start, rest, signal);
      return failure && ownProblem(failure.code, failure.detail);
    },
  });
  return {
    readPage: async (body) => {
      const page = readPage(body);
      if (typeof page === 'string') return page;
      return {
        ...page.head,
        changesOf: (scope) => {
          const changes = page.changes.get(scope);
          return changes ? toSet(changes) : NO_CHANGES;
        },
      };
    },
    readSegment: async (bytes, packing, entry) => {
      const content = await readSegment(bytes, packing, entry);
      return content && toSet(content);
    },
  };
}
