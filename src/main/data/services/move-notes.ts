import { maskText } from '#shared/domain/mask-text.ts';
import { isConfidential, secretsOf } from '#shared/domain/masking.ts';
import type { EventId, TicketId } from '#shared/kernel/ids.ts';
import type { TicketOp } from '#shared/sync/apply-op.ts';
import type { OpOf } from '#shared/sync/wire.ts';
import { listJoinedDrafts } from '../repositories/draft.repository.ts';
import { isSecretNumber, peopleOf } from './caller.service.ts';
import { isFile, isIntakePromise, type RefusedTicket } from './correct-ticket.service.ts';
import { intakePromiseId } from './promise.service.ts';
import { needTicket, queueTicketOp } from './queue-ticket-op.ts';
import type { WorkContext } from './work-context.ts';

/** Notes somebody wrote on a refused ticket: not its files and the promise of its form, which are in its form again, nor other forms. */
export function listWritten({ db }: WorkContext, { creation, blocked }: RefusedTicket): readonly OpOf<'ticket.note'>[] {
  const ofForms = new Set(listJoinedDrafts(db, creation.uid).flatMap(({ joinedEvents }) => joinedEvents ?? []));
  return blocked
    .map(({ op }) => op)
    .filter(
      (op): op is OpOf<'ticket.note'> =>
        op.kind === 'ticket.note' && !ofForms.has(op.args.eventId) && !isFile(op) && !isIntakePromise(op),
    );
}

/**
 * Queues the notes written on a refused ticket for the one it was joined to. Of a caller who is to be kept secret they tell no more than
 * the ticket itself would: the other one may be read by everybody. What speaks of something that did not come along stays behind.
 * Has to run inside the caller's transaction.
 * @param promiseId what the promise of its form is there; undefined when there is none
 */
export function moveNotes(
  ctx: WorkContext,
  notes: readonly OpOf<'ticket.note'>[],
  { creation }: RefusedTicket,
  to: TicketId,
  promiseId: EventId | undefined,
): readonly TicketOp[] {
  const moved = new Map<string, EventId>(notes.map(({ args }) => [args.eventId, args.eventId]));
  if (promiseId) moved.set(intakePromiseId(creation.uid), promiseId);
  const hide = hiderOf(ctx, creation);
  return notes.flatMap(({ args }) => {
    const ref = args.ref ? moved.get(args.ref) : undefined;
    if (args.ref && !ref) return [];
    const note = { ...args, text: hide(args.text), ...(ref ? { ref } : {}) };
    return [queueTicketOp(ctx, needTicket(ctx, to), { kind: 'ticket.note', args: note })];
  });
}

/** Takes out of a text what nobody may read of the caller of a ticket. */
function hiderOf({ db }: WorkContext, { args: { fields } }: RefusedTicket['creation']): (text: string) => string {
  const { phone } = fields.caller;
  if (!isConfidential(fields) && !isSecretNumber(db, phone)) return (text) => text;
  const people = peopleOf(db, phone);
  const { names, phones, addresses } = secretsOf(fields);
  const secrets = {
    names: [...names, ...people.map(({ fields: known }) => known.name)],
    phones: [...phones, ...people.flatMap(({ fields: known }) => known.phones)],
    addresses,
  };
  return (text) => maskText(text, secrets);
}
