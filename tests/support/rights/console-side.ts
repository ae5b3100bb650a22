import { CHECKING_ROLES } from '#shared/domain/quality/check.ts';
import type { SyncedRecord } from '#shared/domain/record.ts';
import type { Role } from '#shared/domain/roles.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { mayAmend } from '#shared/domain/ticket-amendment.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import type { UserId } from '#shared/kernel/ids.ts';
import { applyOpToTicket, isTicketOp } from '#shared/sync/apply-op.ts';
import { decideRecordOp, isRecordOp } from '#shared/sync/record-ops.ts';
import type { Op } from '#shared/sync/wire.ts';

export interface Person {
  readonly id: UserId;
  readonly name: string;
  readonly role: Role;
}

/** What the cache of a console holds of a case: nothing of what the centre does not give that person. */
export interface Cache {
  readonly ticket: Ticket | null;
  readonly records: readonly { readonly scope: string; readonly record: SyncedRecord }[];
}

/** Whether a console with that cache lets the person do it, by the functions its services ask. */
export function isShownAtConsole(op: Op, me: Person, { ticket, records }: Cache): boolean {
  const actor = { ...me, seat: '1001', consoleId: null };
  if (isRecordOp(op)) {
    const record = records.find(({ record: { uid } }) => uid === op.uid)?.record ?? null;
    // A score or a calibration begins at the ticket (see check-work.service.ts).
    if (record === null && (ticket === null || !CHECKING_ROLES.includes(me.role))) return false;
    return decideRecordOp(record, op, actor, systemClock.now()).kind === 'changed';
  }
  if (!isTicketOp(op) || ticket === null) return false;
  if (op.kind === 'ticket.amend') {
    return mayAmend(me, ticket);
  }
  const next = applyOpToTicket(ticket, op, actor);
  return (
    'eventId' in op.args && (next?.events.some(({ id }) => id === (op.args as { eventId: string }).eventId) ?? false)
  );
}
