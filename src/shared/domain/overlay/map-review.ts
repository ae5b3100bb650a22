import type { TicketEvent } from '../ticket.ts';

/** An event whose 联席研判, if it has one, had its decision put through a function; the other parts of a record name offices. */
export function mapReview(event: TicketEvent, text: (written: string) => string): TicketEvent {
  const { act, overlay } = event;
  if (overlay?.step === 'review') {
    const { review } = overlay;
    return { ...event, overlay: { ...overlay, review: { ...review, decision: text(review.decision) } } };
  }
  if (act?.action === 'assign' && act.review) {
    const { review } = act;
    return { ...event, act: { ...act, review: { ...review, decision: text(review.decision) } } };
  }
  return event;
}
