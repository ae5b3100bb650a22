import type { DraftId, OpId } from '#shared/kernel/ids.ts';
import type { Op } from '#shared/sync/wire.ts';
import type { OutboxEntry } from '../repositories/outbox.repository.ts';
import { settleOp } from './attention/settle-op.ts';
import { closeCorrection, reopenIntake } from './correct-ticket.service.ts';
import { listRestOfJoined, reopenJoined } from './given-up-notes.ts';
import { takeBackHandover } from './handover.service.ts';
import { findRefusedRoot, getRefused, listBlockedBy, queueAgain } from './refused-entries.ts';
import { showRow } from './show-row.ts';
import { actorOf, type WorkContext } from './work-context.ts';

/**
 * Queues a refused operation again as a new one with the same content, together with those that were only blocked by it and the one it
 * was blocked by.
 * @returns how many
 * @throws DataError NOT_FOUND when it is not there or was not refused, BAD_INPUT while it is being corrected
 */
export function redoOp(ctx: WorkContext, opId: OpId): number {
  const { db } = ctx;
  const { queued, redone } = ctx.write(() =>
    db.transaction(() => {
      const root = findRefusedRoot(db, getRefused(db, opId));
      closeCorrection(ctx, root.op);
      const entries = [root, ...listBlockedBy(db, root)];
      const newIds = new Map<OpId, OpId>();
      const queued = entries.map((entry) => {
        const op = queueAgain(db, entry, newIds, ctx.clock.now());
        newIds.set(entry.op.opId, op.opId);
        settleOp(ctx, entry, 'mine');
        return op;
      });
      for (const op of queued) showRow(db, op.kind, op.uid, actorOf(ctx));
      return { queued, redone: entries.map(({ op }) => op.opId) };
    }),
  );
  // The new ones are in the journal before the old ones leave it.
  ctx.queued(queued);
  ctx.dropped(redone);
  announce(ctx);
  return queued.length;
}

/** What discarding did; `draftId` is the form that a ticket or a 补充 was made from or that was passed on, open again. */
export interface Discarded {
  readonly count: number;
  readonly draftId: DraftId | null;
}

/**
 * Gives a refused operation up, with those that only made sense after it. The row shows what the server holds; the words of a ticket that
 * was to be made, and of forms that were added to one, come back as drafts.
 * @throws DataError NOT_FOUND when it is not there or was not refused
 */
export function discardOp(ctx: WorkContext, opId: OpId): Discarded {
  const { db } = ctx;
  const { gone, draftId } = ctx.write(() =>
    db.transaction(() => {
      const entry = getRefused(db, opId);
      const given = [entry, ...listBlockedBy(db, entry)];
      const gone = [...given, ...listRestOfJoined(ctx, given)];
      for (const entry of gone) settleOp(ctx, entry, 'theirs');
      for (const { op } of gone) showRow(db, op.kind, op.uid, actorOf(ctx));
      return { gone: gone.map(({ op }) => op.opId), draftId: reopenDrafts(ctx, entry.op, gone) };
    }),
  );
  ctx.dropped(gone);
  announce(ctx);
  return { count: gone.length, draftId };
}

/** Opens every form again whose words would be gone. @returns the one that the given-up operation came from */
function reopenDrafts(ctx: WorkContext, op: Op, gone: readonly OutboxEntry[]): DraftId | null {
  // Also words that were added to a ticket which is not made any more.
  const [joined = null] = reopenJoined(ctx, gone);
  if (op.kind === 'draft.hand_over') return takeBackHandover(ctx.db, op, ctx.clock.now());
  return op.kind === 'ticket.create' ? reopenIntake(ctx, op, null, gone) : joined;
}

function announce(ctx: WorkContext): void {
  ctx.announce(['tickets', 'citizens', 'records', 'drafts', 'outbox', 'sync']);
}
