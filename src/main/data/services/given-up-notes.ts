import type { DraftId } from '#shared/kernel/ids.ts';
import {
  listJoinedDrafts,
  type StoredDraft,
  setDraftState,
  updateDraftContent,
} from '../repositories/draft.repository.ts';
import { listOutboxOf, type OutboxEntry } from '../repositories/outbox.repository.ts';
import type { WorkContext } from './work-context.ts';

/** A joined draft one of whose notes is among these. */
function joinedDraftsOf({ db }: WorkContext, notes: readonly OutboxEntry[]): readonly StoredDraft[] {
  const events = new Set(notes.flatMap(({ op }) => (op.kind === 'ticket.note' ? [op.args.eventId] : [])));
  const tickets = new Set(notes.map(({ op }) => op.uid));
  return [...tickets]
    .flatMap((uid) => listJoinedDrafts(db, uid))
    .filter(({ joinedEvents }) => joinedEvents?.some((id) => events.has(id)));
}

/** Refused notes that came from the same drafts as these: the rest of words that were too long for one. */
export function listRestOfJoined(ctx: WorkContext, notes: readonly OutboxEntry[]): readonly OutboxEntry[] {
  const known = new Set(notes.map(({ op }) => op.opId));
  return joinedDraftsOf(ctx, notes).flatMap(({ draft, joinedEvents }) =>
    listOutboxOf(ctx.db, draft.ticketUid ?? '').filter(
      ({ op, state }) =>
        state !== 'waiting' &&
        !known.has(op.opId) &&
        op.kind === 'ticket.note' &&
        joinedEvents?.includes(op.args.eventId),
    ),
  );
}

/**
 * Opens the drafts again whose words were given up as notes on a ticket. Runs inside the caller's transaction.
 * @returns their ids
 */
export function reopenJoined(ctx: WorkContext, gone: readonly OutboxEntry[]): readonly DraftId[] {
  const now = ctx.clock.now();
  return joinedDraftsOf(ctx, gone).map(({ draft: { id, revision, content } }) => {
    setDraftState(ctx.db, id, 'open', now, null);
    // The new revision tells windows that it is back.
    updateDraftContent(ctx.db, id, revision, content, now);
    return id;
  });
}
