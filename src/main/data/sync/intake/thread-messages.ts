import { z } from 'zod';
import type { OpActor } from '#shared/sync/apply-op.ts';
import type { SegmentEntry, SegmentPacking } from '#shared/sync/segments.ts';
import type { ScopeState } from '../../repositories/scope.repository.ts';
import type { ApplyFailure } from '../apply-slices.ts';
import type { NoPage, PageHead } from './received-rows.ts';

/** What the thread that applies rows is started with. The key is hexadecimal. */
export const threadSetupSchema = z.strictObject({
  path: z.string(),
  key: z.string(),
  nativeBinding: z.string().nullable(),
  /** Of the turns of writing (write-turns.ts). */
  turns: z.instanceof(SharedArrayBuffer),
});
export type ThreadSetup = z.infer<typeof threadSetupSchema>;

/** What the thread is asked. `content` names what it keeps of what it has read. */
export type ThreadRequest =
  | { readonly kind: 'page'; readonly content: number; readonly body: Uint8Array }
  | {
      readonly kind: 'segment';
      readonly content: number;
      readonly bytes: Uint8Array;
      readonly packing: SegmentPacking;
      readonly entry: SegmentEntry;
    }
  | {
      readonly kind: 'apply';
      readonly content: number;
      readonly start: ScopeState;
      readonly actor: OpActor;
      /** Epoch ms. */
      readonly now: number;
    }
  | { readonly kind: 'close' };

/** Changes as the other side knows them. */
export interface ChangesHead {
  readonly length: number;
  readonly removed: readonly string[];
}

/** Answers by what was asked; `apply` says why it could not go on. */
export interface ThreadAnswers {
  readonly page: NoPage | { readonly head: PageHead; readonly changes: ReadonlyMap<string, ChangesHead> };
  readonly segment: ChangesHead | null;
  readonly apply: ApplyFailure | null;
  readonly close: null;
}

export type Asked = ThreadRequest & {
  /** Rises from request to request. */
  readonly job: number;
};

export interface Answered {
  readonly job: number;
  readonly answer: ThreadAnswers[ThreadRequest['kind']];
}
