import type { DuplicateCandidate } from '#shared/contract/duplicates.contract.ts';
import { showTicket } from '#shared/domain/masking.ts';
import type { MatterSource } from '#shared/domain/matter.ts';
import type { DuplicateFinder } from '../duplicates/duplicate-finder.ts';
import { findTicket } from '../repositories/ticket.repository.ts';
import { toSummary } from '../repositories/ticket-summary.ts';
import type { WorkContext } from './work-context.ts';

/**
 * Tickets that may be about what is being written down. Where a secret caller was is not confirmed by what is typed. A ticket for which
 * nothing can be said is left out: whoever reads the list could not judge it.
 */
export function findDuplicates(
  ctx: WorkContext,
  finder: DuplicateFinder,
  source: MatterSource,
  limit: number,
): readonly DuplicateCandidate[] {
  const { db, user } = ctx;
  return finder.find({ ...source, at: ctx.clock.now(), uid: null }, limit).flatMap(({ stored, likeness }) => {
    const { link } = stored.ticket;
    const shown = showTicket(stored.ticket, user.role);
    const reasons = likeness.reasons.filter(({ kind }) => !shown.masked || kind !== 'place');
    // Another area speaks against it.
    if (reasons.every(({ kind }) => kind === 'other-area')) return [];
    const parent = link && findTicket(db, link.parentUid);
    return {
      ticket: toSummary(db, shown),
      probability: likeness.probability,
      reasons,
      parent: parent ? toSummary(db, showTicket(parent.ticket, user.role)) : null,
    };
  });
}
