import { siblingOf } from '#shared/domain/quality/check.ts';
import { CHECKED_STATUSES } from '#shared/domain/quality/sampling.ts';
import type { SyncedRecord } from '#shared/domain/record.ts';
import { parseTicketNumber } from '#shared/domain/ticket-number.ts';
import { type CheckOp, checkOfCopy, copyOfCheck } from '#shared/sync/check-ops.ts';
import { parseTicketScope } from '#shared/sync/protocol.ts';
import type { RefusalReason } from '#shared/sync/refusals.ts';
import { readsTicketScope } from '../auth/actor.ts';
import type { Deciding } from './deciding.ts';

/** The documents an operation on a check reads and writes: its own, and what stands beside it for the agent or the checkers. */
export function recordsOfCheck({ args: { ticketUid } }: CheckOp): readonly string[] {
  return [siblingOf(ticketUid, 'check'), siblingOf(ticketUid, 'copy'), siblingOf(ticketUid, 'calibration')];
}

/**
 * Why an operation does not fit the ticket it speaks of; null when it does. The rules of checks themselves are `decideCheckOp`'s.
 */
export function findMisfit(op: CheckOp, { actor, state }: Deciding): RefusalReason | null {
  const { args } = op;
  const own = op.kind === 'check.appeal' ? 'copy' : op.kind.startsWith('check.') ? 'check' : 'calibration';
  if (op.uid !== siblingOf(args.ticketUid, own)) return 'BAD_INPUT:uid';
  // The copy is the agent's wherever they read tickets by now.
  if (op.kind === 'check.appeal') return null;
  const ticket = state.checked.get(args.ticketUid);
  if (!ticket || !readsTicketScope(actor, ticket.scope)) return 'NOT_FOUND';
  if (op.kind === 'check.settle' || op.kind === 'calibration.score') return null;
  if (!CHECKED_STATUSES.includes(ticket.status)) return 'NOT_FINISHED';
  if (op.args.line !== parseTicketScope(ticket.scope)?.line) return 'BAD_INPUT:line';
  if (op.args.agentId !== ticket.createdById) return 'BAD_INPUT:agentId';
  return parseTicketNumber(op.args.ticketNo) === ticket.number ? null : 'BAD_INPUT:ticketNo';
}

/** What a document's change does to the one beside it. */
export function mirrorOf(record: SyncedRecord): SyncedRecord | null {
  if (record.kind === 'check') return copyOfCheck(record);
  return record.kind === 'check_copy' ? checkOfCopy(record) : null;
}
