import { DEFAULT_WRAP_UP_MS, type SeatParty, wrapUpMsSchema } from '#shared/domain/call-events.ts';
import { type CallRecord, findHandOffs, findTransfer } from '#shared/domain/call-record.ts';
import type { CallFacts, HandOff } from '#shared/domain/ticket.ts';
import { type DraftId, type EventId, newId } from '#shared/kernel/ids.ts';
import type { Op } from '#shared/sync/wire.ts';
import { findCall } from '../repositories/call.repository.ts';
import { findLoggedCall, saveCallRecord } from '../repositories/call-log.repository.ts';
import {
  findDraftByCall,
  moveDraft,
  type StoredDraft,
  setDraftHandOffs,
  updateDraftCall,
  updateDraftContent,
  updateFurtherDrafts,
} from '../repositories/draft.repository.ts';
import { findSetting, saveSetting } from '../repositories/identity.repository.ts';
import { findTicket } from '../repositories/ticket.repository.ts';
import { noteHandOverLegs } from './hand-over-legs.ts';
import { handOverDraft } from './handover.service.ts';
import { needTicket, queueTicketOp } from './queue-ticket-op.ts';
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
  updateFurtherDrafts(db, facts);
  const stored = findDraftByCall(db, record.callId);
  if (!stored) return null;
  updateDraftCall(db, stored.draft.id, facts);
  const known = stored.draft.handOffs;
  const fresh = findHandOffs(record.legs).filter(
    ({ service, at }) => !known.some((other) => other.service === service && other.at === at),
  );
  if (fresh.length > 0) queued.push(...keepHandOffs(ctx, stored, fresh, now));
  const { ticketUid } = stored.draft;
  if (ticketUid !== null) queued.push(...noteHandOverLegs(ctx, ticketUid, record));
  return passOn(ctx, record, facts, queued);
}

/**
 * A hand-over is never without its form, even if that was thrown away; when a ticket was made of the form before, each one is an event
 * of that ticket.
 */
function keepHandOffs(
  ctx: WorkContext,
  { draft, state }: StoredDraft,
  fresh: readonly HandOff[],
  now: number,
): readonly Op[] {
  const { db } = ctx;
  setDraftHandOffs(db, draft.id, [...draft.handOffs, ...fresh]);
  const { ticketUid } = draft;
  if (ticketUid !== null && findTicket(db, ticketUid)) {
    return fresh.map(({ service: text }) => {
      const args = { eventId: newId<EventId>(now), kind: 'handed_off' as const, text };
      return queueTicketOp(ctx, needTicket(ctx, ticketUid), { kind: 'ticket.note', args });
    });
  }
  if (state !== 'discarded') return [];
  moveDraft(db, draft.id, 'open', now);
  // The new revision tells windows that it is back.
  updateDraftContent(db, draft.id, draft.revision, draft.content, now);
  return [];
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
