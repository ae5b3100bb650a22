import type { Ticket, TicketEvent } from '../ticket.ts';
import type { TicketHandling } from '../ticket-handling.ts';

/**
 * What the citizen answered at a 回访 that could not close the ticket yet, because 消险 or 确权 was open; null for none. Of no other 回访 there
 * is a next time without an attempt in vain.
 */
export function keptAnswers({ status, handling }: Pick<Ticket, 'status' | 'handling'>): TicketHandling['callback'] {
  if (status !== 'to_callback' || !handling?.callback?.reached) return null;
  return handling.attempts.length === 0 && handling.nextCall !== null ? handling.callback : null;
}

/** A 回访 in a history whose answers were kept because the ticket could not be closed yet. */
export function isKeptCallback({ act, to }: Pick<TicketEvent, 'act' | 'to'>): boolean {
  return act?.action === 'close' && to === 'to_callback';
}
