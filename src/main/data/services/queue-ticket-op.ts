import type { Ticket } from '#shared/domain/ticket.ts';
import { applyOpToTicket, type TicketOp } from '#shared/sync/apply-op.ts';
import { DataError } from '../errors.ts';
import { listOutboxOf } from '../repositories/outbox.repository.ts';
import { findTicket, findTicketState, saveTicket, saveTicketBase } from '../repositories/ticket.repository.ts';
import { queueOp } from './queue-op.ts';
import { actorOf, type WorkContext } from './work-context.ts';

type Body = { [K in TicketOp['kind']]: Pick<Extract<TicketOp, { kind: K }>, 'kind' | 'args'> }[Exclude<
  TicketOp['kind'],
  'ticket.create'
>];

/** A ticket of the cache. @throws DataError NOT_FOUND */
export function needTicket(ctx: WorkContext, uid: string): Ticket {
  const stored = findTicket(ctx.db, uid);
  if (!stored) throw new DataError('NOT_FOUND', 'no such ticket');
  return stored.ticket;
}

/**
 * Queues what a person does to a ticket, and shows it. Has to run inside the caller's transaction.
 * @returns the operation, for the journal and the sync
 */
export function queueTicketOp(ctx: WorkContext, ticket: Ticket, body: Body): TicketOp {
  const waiting = listOutboxOf(ctx.db, ticket.uid);
  // A decision stands on the one before it: refused, that one takes it along.
  const before = body.kind === 'ticket.act' ? waiting.findLast(({ op }) => op.kind === 'ticket.act') : undefined;
  const base = before ?? waiting.find(({ op }) => op.kind === 'ticket.create');
  const state = findTicketState(ctx.db, ticket.uid);
  // Taking the operation back shows this again.
  if (waiting.length === 0 && state && state.base_version > 0) saveTicketBase(ctx.db, state.id, ticket);
  const op: TicketOp = queueOp(
    ctx.db,
    { ...body, uid: ticket.uid },
    {
      at: ctx.clock.now(),
      baseVersion: ticket.version,
      label: ticket.fields.title || ticket.provisionalNo,
      ...(base ? { dependsOn: base.op.opId } : {}),
    },
  );
  const next = applyOpToTicket(ticket, op, actorOf(ctx));
  if (next) saveTicket(ctx.db, next, state ?? null);
  return op;
}
