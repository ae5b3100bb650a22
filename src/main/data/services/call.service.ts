import type { CallLogItem } from '#shared/contract/data.contract.ts';
import { DEFAULT_WRAP_UP_MS, type SeatParty, wrapUpMsSchema } from '#shared/domain/call-events.ts';
import { type CallRecord, findHandOff, findTransfer } from '#shared/domain/call-record.ts';
import { maskName } from '#shared/domain/mask-text.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import { isMaskedFor } from '#shared/domain/roles.ts';
import type { CallFacts } from '#shared/domain/ticket.ts';
import { type DraftId, type EventId, newId } from '#shared/kernel/ids.ts';
import type { Op } from '#shared/sync/wire.ts';
import { DataError } from '../errors.ts';
import { findCall } from '../repositories/call.repository.ts';
import {
  type CallFilter,
  countUnreturned,
  findCallByRow,
  findLoggedCall,
  type LoggedCall,
  listCallsOfNumber,
  listCallIds as listIds,
  saveCallRecord,
} from '../repositories/call-log.repository.ts';
import {
  findDraftByCall,
  setDraftHandOff,
  setDraftState,
  updateDraftCall,
  updateDraftContent,
} from '../repositories/draft.repository.ts';
import { findSetting, saveSetting } from '../repositories/identity.repository.ts';
import { findTicket } from '../repositories/ticket.repository.ts';
import { handOverDraft } from './handover.service.ts';
import { queueTicketOp } from './queue-ticket-op.ts';
import type { WorkContext } from './work-context.ts';

/** What became of the form of a call that was passed on. */
export interface HandedOver {
  readonly draftId: DraftId;
  readonly to: SeatParty;
}

/**
 * Keeps a call in the call log and everything that follows from it, in one transaction: newer facts in its draft, the emergency
 * service it was handed over to, the form sent after a transferred call, the note on a ticket that was called about. Repeating
 * it changes nothing.
 */
export function recordCall(ctx: WorkContext, record: CallRecord): HandedOver | null {
  const queued: Op[] = [];
  const result = ctx.write(() => {
    queued.length = 0;
    return ctx.db.transaction(() => writeRecord(ctx, record, queued));
  });
  if (queued.length > 0) ctx.queued(queued);
  ctx.announce(queued.length > 0 ? ['calls', 'drafts', 'tickets', 'outbox', 'sync'] : ['calls', 'drafts']);
  return result;
}

function writeRecord(ctx: WorkContext, record: CallRecord, queued: Op[]): HandedOver | null {
  const { db } = ctx;
  const now = ctx.clock.now();
  const wasOver = findLoggedCall(db, record.callId)?.record.outcome != null;
  saveCallRecord(db, record, now);
  const facts = findCall(db, record.callId);
  if (!facts) throw new Error('a saved call is there');
  if (record.outcome !== null && !wasOver) queued.push(...noteOnTicket(ctx, record));
  const stored = findDraftByCall(db, record.callId);
  if (!stored) return null;
  updateDraftCall(db, stored.draft.id, facts);
  const handOff = findHandOff(record.legs);
  if (handOff && stored.draft.handOff === null && stored.draft.ticketUid === null) {
    setDraftHandOff(db, stored.draft.id, handOff);
    // A hand-over is never without its form, even if that was thrown away; the new revision tells windows that it is back.
    if (stored.state === 'discarded') {
      setDraftState(db, stored.draft.id, 'open', now, null);
      updateDraftContent(db, stored.draft.id, stored.draft.revision, stored.draft.content, now);
    }
  }
  return passOn(ctx, record, facts, queued);
}

function passOn(ctx: WorkContext, record: CallRecord, facts: CallFacts, queued: Op[]): HandedOver | null {
  const to = findTransfer(record);
  const stored = to && findDraftByCall(ctx.db, record.callId);
  const op = to && handOverDraft(ctx, stored, to, facts);
  if (!op || !stored) return null;
  queued.push(op);
  return { draftId: stored.draft.id, to };
}

/** An outbound call about a ticket is an event of that ticket. */
function noteOnTicket(ctx: WorkContext, record: CallRecord): readonly Op[] {
  const uid = record.direction === 'out' ? (record.about?.ticketUid ?? null) : null;
  const ticket = uid === null ? null : (findTicket(ctx.db, uid)?.ticket ?? null);
  if (!ticket) return [];
  const eventId = newId<EventId>(ctx.clock.now());
  const text = record.answeredAt === null ? 'unanswered' : 'answered';
  return [queueTicketOp(ctx, ticket, { kind: 'ticket.note', args: { eventId, kind: 'called', text } })];
}

/** A call as this user may see it. The number stays: somebody has to be able to call back; who it is does not have to be said. */
function toItem(
  { user }: WorkContext,
  { record, knownName, isSecret, returnedAt, openDraftId, ticketUid }: LoggedCall,
): CallLogItem {
  const isMasked = isMaskedFor(user.role, isSecret || record.line === '12350');
  return {
    ...record,
    name: isMasked ? maskName(record.name) : record.name,
    knownName: isMasked ? maskName(knownName) : knownName,
    returnedAt,
    draftId: openDraftId as CallLogItem['draftId'],
    ticketUid: ticketUid as CallLogItem['ticketUid'],
  };
}

/** A page of row ids of the call log, newest first. */
export function listCallIds(ctx: WorkContext, filter: CallFilter, limit: number, before?: number) {
  return listIds(ctx.db, filter, limit, before);
}

/** The calls of some row ids, in their order. */
export function listCallRows(
  ctx: WorkContext,
  ids: readonly number[],
): readonly { readonly id: number; readonly call: CallLogItem }[] {
  return ids.flatMap((id) => {
    const found = findCallByRow(ctx.db, id);
    return found ? [{ id, call: toItem(ctx, found) }] : [];
  });
}

/** The last calls of a number in any written form, newest first; a withheld one has none. */
export function listCallsOf(ctx: WorkContext, phone: string, limit: number): readonly CallLogItem[] {
  return listCallsOfNumber(ctx.db, normalizePhone(phone), limit).map((call) => toItem(ctx, call));
}

/** One call of the log. @throws DataError NOT_FOUND */
export function getCall(ctx: WorkContext, callId: string): CallLogItem {
  const found = findLoggedCall(ctx.db, callId);
  if (!found) throw new DataError('NOT_FOUND', 'no such call');
  return toItem(ctx, found);
}

/** How far back a missed call is counted as one that somebody should return. */
const UNRETURNED_MS = 7 * 86_400_000;

/** Numbers that called in vain lately and were not spoken to since. */
export function countMissed(ctx: WorkContext): number {
  return countUnreturned(ctx.db, ctx.clock.now() - UNRETURNED_MS);
}

const WRAP_UP_SETTING = 'wrap-up-ms';

/** Length of the wrap-up this agent has chosen. */
export function getWrapUpMs(ctx: WorkContext): number {
  const stored = wrapUpMsSchema.safeParse(Number(findSetting(ctx.db, WRAP_UP_SETTING)));
  return stored.success ? stored.data : DEFAULT_WRAP_UP_MS;
}

export function saveWrapUpMs(ctx: WorkContext, wrapUpMs: number): void {
  ctx.write(() => saveSetting(ctx.db, WRAP_UP_SETTING, String(wrapUpMs)));
  ctx.announce(['calls']);
}
