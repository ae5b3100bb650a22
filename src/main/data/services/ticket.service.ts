import type { TicketList, TicketSummary } from '#shared/contract/tickets.contract.ts';
import { showTicket } from '#shared/domain/masking.ts';
import type { OverlayKind } from '#shared/domain/overlay/overlay-step.ts';
import type { NoteKind, Ticket } from '#shared/domain/ticket.ts';
import type { ActAction } from '#shared/domain/ticket-act.ts';
import { assertNever } from '#shared/kernel/assert-never.ts';
import { type EventId, newId } from '#shared/kernel/ids.ts';
import { isTicketOp } from '#shared/sync/apply-op.ts';
import { DataError, hasCode } from '../errors.ts';
import { type AcrossList, listAcrossIds } from '../repositories/across-list.repository.ts';
import { listIdsToCall } from '../repositories/call-list.repository.ts';
import { listProposedIds } from '../repositories/cluster.repository.ts';
import { deleteNoteDraft } from '../repositories/note-draft.repository.ts';
import { listOutboxOf } from '../repositories/outbox.repository.ts';
import { listQueueIds, narrowIds } from '../repositories/queue-list.repository.ts';
import { findStanding, type RowStanding } from '../repositories/row-standing.repository.ts';
import { findSeenAt, touchSeen } from '../repositories/seen-ticket.repository.ts';
import { findTicket } from '../repositories/ticket.repository.ts';
import {
  type IdPage,
  listAwaitedIds,
  listElsewhereIds,
  listIdsByStatus,
  listJointIds,
  listMyIds,
  listOverdueIds,
  listSupervisedIds,
} from '../repositories/ticket-list.repository.ts';
import { listSummaries } from '../repositories/ticket-summary.ts';
import { listActs } from './act.service.ts';
import { canAmend } from './amend.service.ts';
import { listOverlays } from './overlay.service.ts';
import { needTicket, queueTicketOp } from './queue-ticket-op.ts';
import { spellOutTeam } from './team.service.ts';
import type { WorkContext } from './work-context.ts';

const DAY_MS = 86_400_000;

/** A ticket with its events, as this user may see it. @throws DataError NOT_FOUND */
export function getTicket(
  ctx: WorkContext,
  uid: string,
): Ticket &
  RowStanding & {
    readonly masked: boolean;
    readonly amendable: boolean;
    readonly acts: ActAction[];
    readonly overlays: OverlayKind[];
    readonly unconfirmed: EventId[];
  } {
  const stored = findTicket(ctx.db, uid);
  if (!stored) throw new DataError('NOT_FOUND', 'no such ticket');
  noteLook(ctx, stored.id, uid);
  const { row, masked } = showTicket(stored.ticket, ctx.user.role);
  const amendable = canAmend(ctx, stored.ticket);
  const acts = [...listActs(ctx, uid, row.status)];
  const overlays = [...listOverlays(ctx, uid, row.status)];
  const unconfirmed = [...listUnconfirmed(ctx, uid)];
  return { ...row, ...findStanding(ctx.db, uid), masked, amendable, acts, overlays, unconfirmed };
}

/** One outside of the held months stays for a while after it was looked at; written down once a day. */
function noteLook({ db, clock, write }: WorkContext, id: number, uid: string): void {
  const seenAt = findSeenAt(db, uid);
  if (seenAt === null || clock.now() - seenAt < DAY_MS) return;
  try {
    write(() => touchSeen(db, id, clock.now()));
  } catch (error) {
    // It can be read all the same.
    if (!hasCode(error, 'DISK_FULL') && !hasCode(error, 'READ_ONLY')) throw error;
  }
}

/** Events of a ticket that only this console knows so far; that of a creation is the ticket itself. */
function listUnconfirmed({ db }: WorkContext, uid: string): readonly EventId[] {
  return listOutboxOf(db, uid).flatMap(({ op, state }) =>
    state === 'waiting' && isTicketOp(op) ? [op.args.eventId] : [],
  );
}

/** A page of a list's row ids. @throws DataError NOT_FOUND when the ticket to continue after is gone */
export function listTicketIds(ctx: WorkContext, list: TicketList, limit: number, before?: number): IdPage {
  switch (list.kind) {
    case 'mine':
      return listMyIds(ctx.db, limit, before);
    case 'supervised':
    case 'joint':
    case 'waiting':
    case 'elsewhere':
    case 'overdue':
    case 'callback':
    case 'proposed': {
      const { kind, filter, sort = 'due' } = list;
      const now = ctx.clock.now();
      const whole = (most: number, after?: number) =>
        sort === 'due' ? inOwnOrder(ctx, kind, now, most, after) : listAcrossIds(ctx.db, kind, sort, now, most, after);
      return narrowIds(ctx.db, spellOutTeam(ctx.db, filter), whole, limit, before);
    }
    case 'queue': {
      const { statuses, sort = 'newest' } = list;
      const filter = spellOutTeam(ctx.db, list.filter);
      // Many states are most of the tickets: they have an index of their own, and are not narrowed but searched.
      if (!filter && sort === 'newest') return listIdsByStatus(ctx.db, statuses, limit, before);
      return listQueueIds(ctx.db, { statuses, filter, sort }, limit, before);
    }
    default:
      return assertNever(list, 'list');
  }
}

/** A list across the states in the order that is its own: what it waits for first at the top. */
function inOwnOrder({ db }: WorkContext, kind: AcrossList, now: number, limit: number, before?: number): IdPage {
  switch (kind) {
    case 'supervised':
      return listSupervisedIds(db, limit, before);
    case 'joint':
      return listJointIds(db, limit, before);
    case 'waiting':
      return listAwaitedIds(db, limit, before);
    case 'elsewhere':
      return listElsewhereIds(db, limit, before);
    case 'overdue':
      return listOverdueIds(db, now, limit, before);
    case 'callback':
      return listIdsToCall(db, now, limit, before);
    case 'proposed':
      return listProposedIds(db, limit, before);
    default:
      return assertNever(kind, 'list');
  }
}

/** The lines of some row ids, in their order; those that are gone are left out. */
export function listTicketRows(
  ctx: WorkContext,
  ids: readonly number[],
): readonly { readonly id: number; readonly ticket: TicketSummary }[] {
  return ids.flatMap((id) => {
    const [ticket] = listSummaries(ctx.db, [id], ctx.user.role);
    return ticket ? [{ id, ticket }] : [];
  });
}

/** What is added to a ticket; `dueAt` of a promise. */
export interface Note {
  readonly kind: NoteKind;
  readonly text: string;
  readonly dueAt?: number | undefined;
}

/** Adds a 补充, 催办 or 承诺 to a ticket, at once here and queued for the server. @throws DataError NOT_FOUND */
export function addNote(ctx: WorkContext, uid: string, { kind, text, dueAt }: Note): EventId {
  const eventId = newId<EventId>(ctx.clock.now());
  const args = { eventId, kind, text, ...(dueAt === undefined ? {} : { dueAt }) };
  const op = ctx.write(() =>
    ctx.db.transaction(() => {
      const queued = queueTicketOp(ctx, needTicket(ctx, uid), { kind: 'ticket.note', args });
      deleteNoteDraft(ctx.db, uid);
      return queued;
    }),
  );
  ctx.queued([op]);
  ctx.announce(['tickets', 'outbox', 'sync']);
  return eventId;
}
