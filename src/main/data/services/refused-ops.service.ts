import type { DraftId, OpId } from '#shared/kernel/ids.ts';
import type { Op } from '#shared/sync/wire.ts';
import { DataError } from '../errors.ts';
import { findDraftByTicket, setDraftState } from '../repositories/draft.repository.ts';
import { deleteRefused, findOutboxEntry, listOutboxOf, type OutboxEntry } from '../repositories/outbox.repository.ts';
import { takeBackHandover } from './handover.service.ts';
import { queueOp } from './queue-op.ts';
import { showRow } from './show-row.ts';
import { actorOf, type WorkContext } from './work-context.ts';

/**
 * Queues a refused operation again as a new one with the same content, together with those that were only blocked by it and the one it
 * was blocked by.
 * @returns how many
 * @throws DataError NOT_FOUND when it is not there or was not refused
 */
export function redoOp(ctx: WorkContext, opId: OpId): number {
  const { db } = ctx;
  const { queued, redone } = ctx.write(() =>
    db.transaction(() => {
      const entries = withRelated(ctx, getRefused(ctx, opId));
      const newIds = new Map<OpId, OpId>();
      const queued = entries.map((entry) => {
        const op = queueAgain(ctx, entry, newIds);
        newIds.set(entry.op.opId, op.opId);
        deleteRefused(db, entry.op.opId);
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

function queueAgain(ctx: WorkContext, { op, label }: OutboxEntry, newIds: ReadonlyMap<OpId, OpId>): Op {
  const { db } = ctx;
  const before = op.dependsOn === undefined ? undefined : (newIds.get(op.dependsOn) ?? op.dependsOn);
  // An operation that has left the outbox is applied; the server knows its id.
  const dependsOn = before !== undefined && findOutboxEntry(db, before) ? { dependsOn: before } : {};
  const { kind, uid, args } = op;
  return queueOp(db, { kind, uid, args } as Parameters<typeof queueOp>[1], {
    at: op.at,
    baseVersion: op.baseVersion,
    label,
    ...dependsOn,
  });
}

/** What discarding did; `draftId` is the form that a ticket was made from or that was passed on, open again. */
export interface Discarded {
  readonly count: number;
  readonly draftId: DraftId | null;
}

/**
 * Gives a refused operation up, with those that only made sense after it. The row shows what the server holds; the words of a ticket that
 * was to be made come back as a draft.
 * @throws DataError NOT_FOUND when it is not there or was not refused
 */
export function discardOp(ctx: WorkContext, opId: OpId): Discarded {
  const { db } = ctx;
  const { gone, draftId } = ctx.write(() =>
    db.transaction(() => {
      const entry = getRefused(ctx, opId);
      const gone = [entry, ...listBlockedBy(ctx, entry)];
      for (const { op } of gone) deleteRefused(db, op.opId);
      for (const { op } of gone) showRow(db, op.kind, op.uid, actorOf(ctx));
      return { gone: gone.map(({ op }) => op.opId), draftId: reopenDraft(ctx, entry.op) };
    }),
  );
  ctx.dropped(gone);
  announce(ctx);
  return { count: gone.length, draftId };
}

function reopenDraft(ctx: WorkContext, op: Op): DraftId | null {
  if (op.kind === 'draft.hand_over') return takeBackHandover(ctx.db, op, ctx.clock.now());
  if (op.kind !== 'ticket.create') return null;
  const stored = findDraftByTicket(ctx.db, op.uid);
  if (!stored) return null;
  setDraftState(ctx.db, stored.draft.id, 'open', ctx.clock.now(), null);
  return stored.draft.id;
}

function getRefused(ctx: WorkContext, opId: OpId): OutboxEntry {
  const entry = findOutboxEntry(ctx.db, opId);
  if (!entry || entry.state === 'waiting') throw new DataError('NOT_FOUND', 'no such refused operation');
  return entry;
}

/** A refused operation, what it was blocked by, and what they block, oldest first. */
function withRelated(ctx: WorkContext, entry: OutboxEntry): readonly OutboxEntry[] {
  const before = entry.op.dependsOn === undefined ? null : findOutboxEntry(ctx.db, entry.op.dependsOn);
  if (before && before.state !== 'waiting') return withRelated(ctx, before);
  return [entry, ...listBlockedBy(ctx, entry)];
}

/** Operations that were blocked because this one was refused, oldest first. */
function listBlockedBy(ctx: WorkContext, { op }: OutboxEntry): readonly OutboxEntry[] {
  const ids = new Set<string>([op.opId]);
  return listOutboxOf(ctx.db, op.uid).filter((other) => {
    const { dependsOn, opId } = other.op;
    if (other.state !== 'blocked' || dependsOn === undefined || !ids.has(dependsOn)) return false;
    ids.add(opId);
    return true;
  });
}

function announce(ctx: WorkContext): void {
  ctx.announce(['tickets', 'citizens', 'records', 'drafts', 'outbox', 'sync']);
}
