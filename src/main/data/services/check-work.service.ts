import type { QualitySide } from '#shared/contract/quality.contract.ts';
import { CHECKING_ROLES, type Marks, siblingOf } from '#shared/domain/quality/check.ts';
import { reasonsToCheck } from '#shared/domain/quality/sampling.ts';
import { sheetOfLine, shippedSampling } from '#shared/domain/quality/shipped-sheets.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import { DataError } from '../errors.ts';
import { type CheckDraft, deleteCheckDraft, saveCheckDraft } from '../repositories/check.repository.ts';
import { findRecord } from '../repositories/record.repository.ts';
import { recordUidOf, ticketNoOf } from './quality.service.ts';
import { performRecordOp } from './queue-record-op.ts';
import { needTicket } from './queue-ticket-op.ts';
import type { WorkContext } from './work-context.ts';

/**
 * Gives a ticket its first score, at once here and queued for the server; what was begun is forgotten with the same commit.
 * @throws DataError NOT_FOUND, FORBIDDEN, OWN_TICKET, ALREADY_CHECKED, NOT_FINISHED, BAD_INPUT
 */
export function scoreTicket(ctx: WorkContext, ticketUid: TicketId, marks: Marks): void {
  const ticket = needTicket(ctx, ticketUid);
  const facts = factsOf(ctx, ticket);
  const args = { ...facts, why: [...reasonsToCheck(ticket, shippedSampling())], scoreId: newEvent(ctx), marks };
  finish(ctx, { kind: 'check.score', uid: siblingOf(ticketUid, 'check'), args }, labelOf(facts));
}

/** The agent's appeal. @throws DataError NOT_FOUND, FORBIDDEN, APPEAL_CLOSED */
export function appealCheck(ctx: WorkContext, ticketUid: TicketId, words: string): void {
  const args = { centre: ctx.user.centre, ticketUid, appealId: newEvent(ctx), words };
  const uid = siblingOf(ticketUid, 'copy');
  finish(ctx, { kind: 'check.appeal', uid, args }, labelOfRecord(ctx, uid));
}

/**
 * A second checker decides about an appeal: null leaves the score as it is.
 * @throws DataError NOT_FOUND, FORBIDDEN, OWN_TICKET, SAME_CHECKER, APPEAL_SETTLED, BAD_INPUT
 */
export function settleCheck(ctx: WorkContext, ticketUid: TicketId, marks: Marks | null, words: string): void {
  const args = { centre: ctx.user.centre, ticketUid, settleId: newEvent(ctx), marks, words };
  const uid = siblingOf(ticketUid, 'check');
  finish(ctx, { kind: 'check.settle', uid, args }, labelOfRecord(ctx, uid));
}

/** Opens a calibration on a ticket; nothing happens when it has one. @throws DataError NOT_FOUND, FORBIDDEN, NOT_FINISHED */
export function startCalibration(ctx: WorkContext, ticketUid: TicketId): void {
  const facts = factsOf(ctx, needTicket(ctx, ticketUid));
  finish(ctx, { kind: 'calibration.start', uid: siblingOf(ticketUid, 'calibration'), args: facts }, labelOf(facts));
}

/** This checker's marks in a calibration. @throws DataError NOT_FOUND, FORBIDDEN, OWN_TICKET, ALREADY_CHECKED, BAD_INPUT */
export function calibrate(ctx: WorkContext, ticketUid: TicketId, marks: Marks): void {
  const args = { centre: ctx.user.centre, ticketUid, scoreId: newEvent(ctx), marks };
  const uid = siblingOf(ticketUid, 'calibration');
  finish(ctx, { kind: 'calibration.score', uid, args }, labelOfRecord(ctx, uid));
}

/** Keeps marks and words that were begun; on disk when this returns. */
export function keepCheckDraft(ctx: WorkContext, ticketUid: TicketId, side: QualitySide, draft: CheckDraft): void {
  const { deductions, vetoes, remark } = draft.marks;
  const isEmpty = deductions.length + vetoes.length === 0 && remark === '' && draft.words === '';
  const uid = recordUidOf(ticketUid, side);
  ctx.write(() => (isEmpty ? deleteCheckDraft(ctx.db, uid) : saveCheckDraft(ctx.db, uid, draft, ctx.clock.now())));
}

type Body = Parameters<typeof performRecordOp>[1];

function finish(ctx: WorkContext, body: Body, label: string): void {
  performRecordOp(ctx, body, label, () => deleteCheckDraft(ctx.db, body.uid));
}

function newEvent(ctx: WorkContext): EventId {
  return newId<EventId>(ctx.clock.now());
}

/** What a check says of its ticket. */
function factsOf({ user }: WorkContext, ticket: Ticket) {
  if (!CHECKING_ROLES.includes(user.role)) throw new DataError('FORBIDDEN');
  const { uid: ticketUid, createdById: agentId, createdByName: agentName, closedAt, number, fields } = ticket;
  // Before the server has given a number there is nothing it could compare a check with.
  if (agentId === null || closedAt === null || number === null) throw new DataError('NOT_FINISHED');
  const { id, version } = sheetOfLine(fields.line);
  return {
    centre: user.centre,
    ticketUid,
    ticketNo: ticketNoOf(ticket),
    line: fields.line,
    agentId,
    agentName,
    sheet: { id, version },
  };
}

function labelOf({ ticketNo, agentName }: { readonly ticketNo: string; readonly agentName: string }): string {
  return `${ticketNo} ${agentName}`;
}

function labelOfRecord({ db }: WorkContext, uid: string): string {
  const record = findRecord(db, uid);
  return record && 'ticketNo' in record.doc ? labelOf(record.doc) : '';
}
