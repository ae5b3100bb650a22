import type { DuplicateCandidate } from '#shared/contract/duplicates.contract.ts';
import type { LikenessReason } from '#shared/domain/duplicate.ts';
import { showTicket } from '#shared/domain/masking.ts';
import type { MatterSource } from '#shared/domain/matter.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import type { DuplicateFinder, FoundDuplicate } from '../duplicates/duplicate-finder.ts';
import { findTicket, toSummary } from '../repositories/ticket.repository.ts';
import { needTicket } from './queue-ticket-op.ts';
import type { WorkContext } from './work-context.ts';

/** Tickets that may be about what is being written down. Where a secret caller was is not confirmed by what is typed. */
export function findDuplicates(
  ctx: WorkContext,
  finder: DuplicateFinder,
  source: MatterSource,
  limit: number,
): readonly DuplicateCandidate[] {
  return toCandidates(ctx, finder.find({ ...source, at: ctx.clock.now(), uid: null }, limit), ({ kind }, masked) =>
    masked ? kind !== 'place' : true,
  );
}

/** Tickets that may be about the same matter as a ticket. @throws DataError NOT_FOUND */
export function findDuplicatesOf(
  ctx: WorkContext,
  finder: DuplicateFinder,
  uid: TicketId,
  limit: number,
): readonly DuplicateCandidate[] {
  const ticket = needTicket(ctx, uid);
  const ownMasked = showTicket(ticket, ctx.user.role).masked;
  // Of two tickets with the same caller or address, one that is read in full would tell what the masked one hides.
  return toCandidates(ctx, finder.find({ ...ticket.fields, at: ticket.createdAt, uid }, limit), ({ kind }, masked) =>
    masked || ownMasked ? kind !== 'place' && kind !== 'phone' : true,
  );
}

function toCandidates(
  ctx: WorkContext,
  found: readonly FoundDuplicate[],
  maySay: (reason: LikenessReason, masked: boolean) => boolean,
): readonly DuplicateCandidate[] {
  const { db, user } = ctx;
  return found.map(({ stored, likeness }) => {
    const { link } = stored.ticket;
    const parent = link && findTicket(db, link.parentUid);
    const shown = showTicket(stored.ticket, user.role);
    return {
      ticket: toSummary(db, shown),
      probability: likeness.probability,
      reasons: likeness.reasons.filter((reason) => maySay(reason, shown.masked)),
      parent: parent ? toSummary(db, showTicket(parent.ticket, user.role)) : null,
    };
  });
}
