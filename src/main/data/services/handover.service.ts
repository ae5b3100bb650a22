import type { SeatParty } from '#shared/domain/call-events.ts';
import type { Draft } from '#shared/domain/intake.ts';
import { joinIntakes } from '#shared/domain/join-intakes.ts';
import type { RecordOf } from '#shared/domain/record.ts';
import { fromSentIntake, toSentIntake } from '#shared/domain/sent-intake.ts';
import type { CallFacts } from '#shared/domain/ticket.ts';
import { type DraftId, newId, type RecordId } from '#shared/kernel/ids.ts';
import type { Op, OpOf } from '#shared/sync/wire.ts';
import type { WritableDb } from '../db/sqlite.ts';
import {
  findDraftByCall,
  hasHandover,
  insertDraft,
  moveDraft,
  type StoredDraft,
  setDraftHandedFrom,
  setDraftHandedTo,
  setDraftParent,
  updateDraftContent,
} from '../repositories/draft.repository.ts';
import { signPromise } from './promise.service.ts';
import { queueOp } from './queue-op.ts';
import type { WorkContext } from './work-context.ts';

/** Forms older than this are not opened: a cache that is pulled anew must not show last month's calls. */
const OPENED_FOR_MS = 24 * 3_600_000;

/**
 * Sends the form of a transferred call after it and closes the draft here; it can be restored. Runs inside the transaction that
 * writes the call down, so that neither happens without the other. A form goes once.
 * @returns the operation, or null when there is no form to send
 */
export function handOverDraft(
  ctx: WorkContext,
  stored: StoredDraft | null,
  to: SeatParty,
  call: CallFacts,
): Extract<Op, { kind: 'draft.hand_over' }> | null {
  if (stored?.state !== 'open' || stored.draft.handedTo !== null) return null;
  const { db, user } = ctx;
  const { id, content, parentUid } = stored.draft;
  const now = ctx.clock.now();
  const sent = toSentIntake(signPromise(content, user.name));
  const op = queueOp(
    db,
    {
      kind: 'draft.hand_over',
      uid: newId<RecordId>(now),
      args: { centre: user.centre, toSeat: to.seat, call, content: sent, ...(parentUid ? { parentUid } : {}) },
    },
    { at: now, baseVersion: 0, label: `${to.seat} ${to.name}`.trim() },
  );
  setDraftHandedTo(db, id, to);
  moveDraft(db, id, 'discarded', now);
  return op;
}

/**
 * Opens a form again that the server did not send on. Runs inside the caller's transaction.
 * @returns its draft, null when it was restored, submitted or thrown away meanwhile
 */
export function takeBackHandover(db: WritableDb, { args }: OpOf<'draft.hand_over'>, now: number): DraftId | null {
  const stored = args.call && findDraftByCall(db, args.call.callId);
  if (stored?.state !== 'discarded' || stored.draft.handedTo?.seat !== args.toSeat) return null;
  const { id, revision, content } = stored.draft;
  moveDraft(db, id, 'open', now);
  setDraftHandedTo(db, id, null);
  // The new revision tells windows that it is back.
  updateDraftContent(db, id, revision, content, now);
  return id;
}

/**
 * Opens the form that came with a call passed on to this seat, as a draft of that call. What was typed here before it arrived
 * stays; what is still empty is taken from the colleague. Runs inside the transaction of the pull and does nothing twice.
 */
export function takeHandover(db: WritableDb, record: RecordOf<'handover'>, seat: string, now: number): void {
  const { doc, uid } = record;
  if (doc.toSeat !== seat || now - doc.at > OPENED_FOR_MS || hasHandover(db, uid)) return;
  const from = { seat: doc.fromSeat, name: doc.fromName, at: doc.at };
  const received = fromSentIntake(doc.content);
  const existing = doc.call && findDraftByCall(db, doc.call.callId);
  // A ticket was made of this call here already: the colleague's words are still shown, beside it.
  const isTaken = existing?.draft.ticketUid != null;
  if (existing && !isTaken) {
    const { draft } = existing;
    if (existing.state !== 'open') moveDraft(db, draft.id, 'open', now);
    const content = existing.state === 'open' ? joinIntakes(draft.content, received) : received;
    updateDraftContent(db, draft.id, draft.revision, content, now);
    setDraftHandedFrom(db, draft.id, from, uid);
    if (doc.parentUid && draft.parentUid === null) setDraftParent(db, draft.id, doc.parentUid, now);
    // It may be passed on again.
    setDraftHandedTo(db, draft.id, null);
    return;
  }
  const fresh: Draft = {
    id: uid as unknown as DraftId,
    callId: isTaken ? null : (doc.call?.callId ?? null),
    call: doc.call,
    revision: 0,
    content: received,
    createdAt: now,
    updatedAt: now,
    handedFrom: from,
    handedTo: null,
    handOffs: [],
    ticketUid: null,
    correctsUid: null,
    parentUid: null,
  };
  insertDraft(db, fresh);
  setDraftHandedFrom(db, fresh.id, from, uid);
  // Planned on a ticket that is not here, it is passed over when the form is submitted.
  if (doc.parentUid) setDraftParent(db, fresh.id, doc.parentUid, now);
}
