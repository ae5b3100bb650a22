import type { TicketList, TicketSummary } from '#shared/contract/data.contract.ts';
import { showTicket } from '#shared/domain/masking.ts';
import type { NoteKind, Ticket } from '#shared/domain/ticket.ts';
import { type EventId, newId } from '#shared/kernel/ids.ts';
import { applyOpToTicket } from '#shared/sync/apply-op.ts';
import type { Op, OpOf } from '#shared/sync/wire.ts';
import { DataError } from '../errors.ts';
import { deleteNoteDraft } from '../repositories/note-draft.repository.ts';
import { listOutboxOf } from '../repositories/outbox.repository.ts';
import { findTicket, listSummaries, saveTicket } from '../repositories/ticket.repository.ts';
import { type IdPage, listIdsByStatus, listMyIds } from '../repositories/ticket-list.repository.ts';
import { queueOp } from './queue-op.ts';
import { actorOf, type WorkContext } from './work-context.ts';

/** A ticket with its events, as this user may see it. @throws DataError NOT_FOUND */
export function getTicket(
  ctx: WorkContext,
  uid: string,
): Ticket & { readonly pending: boolean; readonly masked: boolean } {
  const stored = findTicket(ctx.db, uid);
  if (!stored) throw new DataError('NOT_FOUND', 'no such ticket');
  const { row, masked } = showTicket(stored.ticket, ctx.user.role);
  return { ...row, pending: listOutboxOf(ctx.db, uid).length > 0, masked };
}

/** A page of a list's row ids. @throws DataError NOT_FOUND when the ticket to continue after is gone */
export function listTicketIds(ctx: WorkContext, list: TicketList, limit: number, before?: number): IdPage {
  return list.kind === 'mine'
    ? listMyIds(ctx.db, limit, before)
    : listIdsByStatus(ctx.db, list.statuses, limit, before);
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
export function addNote(ctx: WorkContext, uid: string, { kind, text, dueAt }: Note): void {
  const op = ctx.write(() =>
    ctx.db.transaction(() => {
      const stored = findTicket(ctx.db, uid);
      if (!stored) throw new DataError('NOT_FOUND', 'no such ticket');
      deleteNoteDraft(ctx.db, uid);
      return writeNote(ctx, stored.ticket, { kind, text, dueAt });
    }),
  );
  ctx.queued([op]);
  ctx.announce(['tickets', 'outbox', 'sync']);
}

/** Writes an event that the console adds to a ticket, with its operation. Runs inside the caller's transaction. */
export function writeNote(
  ctx: WorkContext,
  ticket: Ticket,
  { kind, text, dueAt }: Omit<OpOf<'ticket.note'>['args'], 'eventId'>,
): Op {
  const now = ctx.clock.now();
  const creation = listOutboxOf(ctx.db, ticket.uid).find((entry) => entry.op.kind === 'ticket.create');
  const op = queueOp(
    ctx.db,
    {
      kind: 'ticket.note',
      uid: ticket.uid,
      args: { eventId: newId<EventId>(now), kind, text, ...(dueAt === undefined ? {} : { dueAt }) },
    },
    {
      at: now,
      baseVersion: ticket.version,
      label: ticket.fields.title || ticket.provisionalNo,
      ...(creation ? { dependsOn: creation.op.opId } : {}),
    },
  );
  const next = applyOpToTicket(ticket, op, actorOf(ctx));
  if (next) saveTicket(ctx.db, next);
  return op;
}
