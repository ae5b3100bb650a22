import { emptyIntake, type IntakeContent } from '#shared/domain/intake.ts';
import { handOffsOf } from '#shared/domain/ticket.ts';
import type { DraftId, OpId, TicketId } from '#shared/kernel/ids.ts';
import type { Op, OpOf } from '#shared/sync/wire.ts';
import { DataError } from '../errors.ts';
import {
  findDraft,
  findDraftByCall,
  findDraftByTicket,
  insertDraft,
  setDraftHandOffs,
  setDraftParent,
  setDraftState,
  updateDraftContent,
} from '../repositories/draft.repository.ts';
import { listOutboxOf, type OutboxEntry } from '../repositories/outbox.repository.ts';
import { settleOp } from './attention/settle-op.ts';
import { intakePromiseId } from './promise.service.ts';
import { findRefusedRoot, getRefused, listBlockedBy, queueAgain } from './refused-entries.ts';
import { showRow } from './show-row.ts';
import { actorOf, type WorkContext } from './work-context.ts';

type Creation = OpOf<'ticket.create'>;

/** A ticket the server refused, with what was blocked by that. */
export interface RefusedTicket {
  readonly creation: Creation;
  readonly entry: OutboxEntry;
  readonly blocked: readonly OutboxEntry[];
}

/**
 * Opens the form of a refused ticket again, with everything that was typed. What was refused stays in the outbox until the corrected
 * ticket takes its place (see {@link findCorrected}), so that the ticket is never without an operation that makes it.
 * @returns the draft; the same one when it is open already
 * @throws DataError NOT_FOUND when it is not there or was not refused, BAD_INPUT when it makes no ticket
 */
export function correctTicket(ctx: WorkContext, opId: OpId): DraftId {
  const { db } = ctx;
  const draftId = ctx.write(() =>
    db.transaction(() => {
      const root = findRefusedRoot(db, getRefused(db, opId));
      if (root.op.kind !== 'ticket.create') throw new DataError('BAD_INPUT', 'no ticket to correct');
      const known = findDraftByTicket(db, root.op.uid);
      if (known?.draft.correctsUid && known.state === 'open') return known.draft.id;
      const blocked = listBlockedBy(db, root);
      return reopenIntake(ctx, root.op, root.op.uid, blocked);
    }),
  );
  ctx.announce(['drafts', 'outbox']);
  return draftId;
}

/** The 母单 that was proposed (null: taken back) for a ticket that did not get to the server; undefined when there was no talk of one. */
function parentOf(blocked: readonly Pick<OutboxEntry, 'op'>[]): TicketId | null | undefined {
  const last = blocked.findLast(({ op }) => op.kind === 'ticket.link' || op.kind === 'ticket.unlink');
  if (!last) return undefined;
  return last.op.kind === 'ticket.link' ? last.op.args.parentUid : null;
}

/**
 * Opens the form a ticket was made from. When the cache has lost it, it is made again from what was to be sent. Runs inside the caller's
 * transaction.
 * @param correctsUid the refused ticket it is to correct; null when that was given up
 * @param blocked what was added to the ticket: its files are files of the form again, its promise and 母单 those of the form
 */
export function reopenIntake(
  ctx: WorkContext,
  op: Creation,
  correctsUid: TicketId | null,
  blocked: readonly Pick<OutboxEntry, 'op'>[],
): DraftId {
  const { db } = ctx;
  const now = ctx.clock.now();
  const stored = findDraftByTicket(db, op.uid);
  const id = stored?.draft.id ?? rebuildDraft(ctx, op, blocked, now);
  setDraftState(db, id, 'open', now, correctsUid);
  const parentUid = parentOf(blocked);
  if (parentUid !== undefined) setDraftParent(db, id, parentUid, now);
  const draft = stored?.draft ?? findDraft(db, id)?.draft;
  // The new revision tells windows that it is back.
  const files = blocked.flatMap(({ op: { kind, args } }) =>
    kind === 'ticket.note' && args.kind === 'attached' ? [args.text] : [],
  );
  if (draft) updateDraftContent(db, id, draft.revision, withFiles(draft.content, files), now);
  return id;
}

function withFiles(content: IntakeContent, files: readonly string[]): IntakeContent {
  return { ...content, attachments: [...new Set([...content.attachments, ...files])] };
}

function rebuildDraft(
  { db }: WorkContext,
  { uid, args }: Creation,
  blocked: readonly Pick<OutboxEntry, 'op'>[],
  now: number,
): DraftId {
  const { channel: _c, line: _l, citizenUid: _p, call, handOff, handOffs, answer, ...written } = args.fields;
  const promised = blocked.map((entry) => entry.op).find(isIntakePromise)?.args;
  const promise = promised ? { text: promised.text, dueAt: promised.dueAt ?? null, byName: '' } : null;
  const content: IntakeContent = { ...emptyIntake(''), ...written, answer: answer ?? '', promise };
  const id = uid as unknown as DraftId;
  const isTaken = call !== null && findDraftByCall(db, call.callId) !== null;
  insertDraft(db, {
    id,
    callId: isTaken ? null : (call?.callId ?? null),
    call,
    revision: 0,
    content,
    createdAt: args.createdAt,
    updatedAt: now,
    handedFrom: null,
    handedTo: null,
    handOffs: [],
    ticketUid: null,
    correctsUid: null,
    parentUid: null,
  });
  setDraftHandOffs(db, id, handOffsOf({ handOff, handOffs }));
  return id;
}

/** Ends the correction of a ticket that is sent again as it was. @throws DataError BAD_INPUT while somebody writes it */
export function closeCorrection(ctx: WorkContext, op: Op): void {
  const stored = op.kind === 'ticket.create' ? findDraftByTicket(ctx.db, op.uid) : null;
  if (!stored?.draft.correctsUid) return;
  if (stored.state === 'open') throw new DataError('BAD_INPUT', 'it is being corrected');
  setDraftState(ctx.db, stored.draft.id, 'submitted', ctx.clock.now(), stored.draft.correctsUid);
}

/** The refused ticket a draft corrects; null when it corrects none, or that was decided otherwise meanwhile. */
export function findCorrected({ db }: WorkContext, correctsUid: TicketId | null): RefusedTicket | null {
  if (correctsUid === null) return null;
  const entry = listOutboxOf(db, correctsUid).find(
    ({ op, state }) => op.kind === 'ticket.create' && state !== 'waiting',
  );
  return entry?.op.kind === 'ticket.create' ? { creation: entry.op, entry, blocked: listBlockedBy(db, entry) } : null;
}

/** True for the promise that came with the form of its ticket. */
export function isIntakePromise(op: Op): op is OpOf<'ticket.note'> {
  return op.kind === 'ticket.note' && op.args.kind === 'promise' && op.args.eventId === intakePromiseId(op.uid);
}

/** Takes a refused creation and what was blocked by it out of the outbox. @returns their ids */
export function dropRefusedTicket(ctx: WorkContext, { entry, blocked }: RefusedTicket): readonly OpId[] {
  const entries = [entry, ...blocked];
  for (const each of entries) settleOp(ctx, each, 'merged');
  return entries.map(({ op }) => op.opId);
}

/** True for a file that was added to a ticket. */
export const isFile = (op: Op) => op.kind === 'ticket.note' && op.args.kind === 'attached';

/**
 * Queues again what people had added to a ticket before it was refused, behind its corrected creation, and shows it. 母单, files and the
 * promise of the form are not among it: the corrected form says whether there are any.
 */
export function queueBlockedAgain(ctx: WorkContext, refused: RefusedTicket, creation: Creation): readonly Op[] {
  const newIds = new Map<OpId, OpId>([[refused.creation.opId, creation.opId]]);
  const queued = refused.blocked
    .filter(({ op }) => op.kind !== 'ticket.link' && op.kind !== 'ticket.unlink' && !isFile(op) && !isIntakePromise(op))
    .map((entry) => {
      const op = queueAgain(ctx.db, entry, newIds, ctx.clock.now());
      newIds.set(entry.op.opId, op.opId);
      return op;
    });
  showRow(ctx.db, 'ticket.create', creation.uid, actorOf(ctx));
  return queued;
}
