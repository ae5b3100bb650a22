import { clocksAfter, closeDueAt } from '#shared/domain/clock/clocks-after.ts';
import { contextOf } from '#shared/domain/form/form-context.ts';
import { takeTicketForm } from '#shared/domain/form/ticket-form.ts';
import { checkTakenIn, type IntakeOutcome } from '#shared/domain/intake.ts';
import type { TicketFields } from '#shared/domain/ticket.ts';
import {
  AMENDABLE_STATUSES,
  amendFields,
  clashingFields,
  mayAmend,
  overflowsTags,
  writeEdited,
} from '#shared/domain/ticket-amendment.ts';
import { sameValue } from '#shared/kernel/same-value.ts';
import type { RefusalReason } from '#shared/sync/refusals.ts';
import type { OpOf } from '#shared/sync/wire.ts';
import { readsTicketScope } from '../auth/actor.ts';
import type { TicketText } from './batch.ts';
import type { Deciding, Verdict, WorkingTicket } from './deciding.ts';
import { sendOn } from './send-on.ts';
import { addEvent, findTicket, hasEvent, statusOf, toDuplicate } from './working-ticket.ts';

type AmendOp = OpOf<'ticket.amend'>;

/**
 * 更正 of a ticket, field by field: what nobody else changed since its author saw the ticket is taken; when one of the fields was changed by
 * somebody else, nothing is, and the author decides between both values. A ticket that went to a handling unit is not changed under it.
 */
export function decideTicketAmend(op: AmendOp, deciding: Deciding): Verdict {
  const { actor } = deciding;
  const ticket = findTicket(op.uid, deciding);
  const known = ticket && textOf(ticket, deciding);
  if (!ticket || !known || !readsTicketScope(actor, ticket.scope)) {
    return { code: 'rejected', reason: 'NOT_FOUND' };
  }
  if (hasEvent(deciding, op.uid, op.args.eventId)) return toDuplicate(ticket);
  if (!mayAmend(actor, known)) return { code: 'rejected', reason: 'FORBIDDEN' };
  const { changes, reason, eventId } = op.args;
  const clashes = clashingFields(known.fields, changes);
  if (clashes.length > 0) return { code: 'rejected', reason: `FIELDS_CHANGED:${clashes.join(',')}` };
  if (overflowsTags(known.fields, changes)) return { code: 'rejected', reason: 'BAD_INPUT:tags' };
  const amended = amendFields(known.fields, changes);
  if (sameValue(amended, known.fields)) return toDuplicate(ticket);
  const status = statusOf(ticket);
  if (status === undefined || !AMENDABLE_STATUSES.includes(status)) {
    return { code: 'rejected', reason: 'TICKET_PASSED_ON' };
  }
  const judged = judge(op, known, amended, deciding);
  if (typeof judged === 'string') return { code: 'rejected', reason: judged };
  const version = ticket.version + 1;
  deciding.tickets.set(op.uid, { ...ticket, version, fields: judged, ...limitsAmended(ticket, judged, deciding) });
  addEvent(deciding, op.uid, version, 0, {
    id: eventId,
    at: op.at,
    kind: 'edited',
    text: writeEdited(changes, reason),
  });
  sendOn(op.uid, version, judged, deciding);
  const isOnBase = op.baseVersion === ticket.version;
  return { code: isOnBase ? 'applied' : 'merged', version, row: { table: 'tickets', uid: op.uid } };
}

/** The words of a ticket as they are by now, with who made it. */
function textOf(ticket: WorkingTicket, { state }: Deciding): TicketText | null {
  const stored = state.ticketTexts.get(ticket.uid) ?? ticket.insert?.ticket ?? null;
  return stored && { createdById: stored.createdById, fields: ticket.fields ?? stored.fields };
}

/** Another type, category or urgency has other limits: the ticket is before its dispatch. */
function limitsAmended(
  { moved, limits, stored, insert }: WorkingTicket,
  matter: TicketFields,
  { clockSet: set, clockRules, now }: Deciding,
): Pick<WorkingTicket, 'moved' | 'limits'> {
  const facts = stored ?? insert?.ticket;
  const acceptedAt = facts?.acceptedAt ?? now;
  const { clocks: known } = moved ?? limits ?? facts ?? { clocks: null };
  const clocks = clocksAfter({ clocks: known, acceptedAt, matter, set }, { kind: 'amend' }, now, clockRules);
  const amended = { clocks, dueAt: closeDueAt(clocks) };
  if (moved) return { moved: { ...moved, ...amended, matter } };
  return clocks === known ? {} : { limits: amended };
}

/** A changed ticket is complete and keeps the rules of its form, or the reason why it does not. */
function judge(
  op: AmendOp,
  { createdById }: TicketText,
  fields: TicketFields,
  { actor, now }: Deciding,
): TicketFields | RefusalReason {
  const outcome: IntakeOutcome = 'submit';
  if (checkTakenIn({ ...fields, answer: fields.answer ?? '' }, outcome).length > 0) return 'INTAKE_INCOMPLETE';
  if (!op.args.changes.answers) return fields;
  // What a form asks of whom is asked of who made the ticket; only the words are somebody else's.
  const role = createdById === actor.id ? actor.role : null;
  const taken = takeTicketForm(fields.form, contextOf(fields, fields.line, role, now), outcome);
  if (!taken.ok) return `FORM_INVALID:${taken.error.field ?? fields.form?.id ?? ''}:${taken.error.code}`;
  return { ...fields, form: taken.value.form };
}
