import { isCoStep } from '#shared/domain/overlay/overlay-rights.ts';
import { type OverlayKind, refOf } from '#shared/domain/overlay/overlay-step.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { applyOpToTicket, type TicketOp } from '#shared/sync/apply-op.ts';
import type { Op } from '#shared/sync/wire.ts';
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
 * A decision stands on the one before it: refused, that one takes it along. What is written on an order stands on the order, the end of a
 * 等待 on its beginning, a 权属 step on whatever said that a unit acts first, a 协办单 on the dispatch and on what was said of it before.
 */
function standsOn(body: Body, earlier: Op): boolean {
  if (body.kind === 'ticket.act') return earlier.kind === 'ticket.act';
  if (body.kind !== 'ticket.overlay') return false;
  const { step } = body.args;
  if (step.step === 'co_order' || step.step === 'co_withdraw') return beginsCoOrder(earlier, step.unit);
  if (step.step === 'wait_end' && step.ref === undefined) {
    return earlier.kind === 'ticket.overlay' && earlier.args.step.step === 'wait';
  }
  if (refOf(step) !== '') return earlier.kind === 'ticket.overlay' && earlier.args.eventId === refOf(step);
  if (!STANDS_ON_OWNERSHIP.includes(step.step)) return false;
  return earlier.kind === 'ticket.act' || (earlier.kind === 'ticket.overlay' && earlier.args.step.step === 'unclear');
}

/** Whatever made the unit of a 协办单 the 协办 it is, or gave the ticket to the 主办 it helps. */
function beginsCoOrder(earlier: Op, unit: string): boolean {
  if (earlier.kind !== 'ticket.overlay') return earlier.kind === 'ticket.act';
  const { step } = earlier.args;
  return 'unit' in step && isCoStep(step.step) && step.unit === unit;
}

const STANDS_ON_OWNERSHIP: readonly OverlayKind[] = ['made_safe', 'review_open', 'review', 'owned'];

/**
 * Queues what a person does to a ticket, and shows it. Has to run inside the caller's transaction.
 * @returns the operation, for the journal and the sync
 */
export function queueTicketOp(ctx: WorkContext, ticket: Ticket, body: Body): TicketOp {
  const waiting = listOutboxOf(ctx.db, ticket.uid);
  const before = waiting.findLast(({ op }) => standsOn(body, op));
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
