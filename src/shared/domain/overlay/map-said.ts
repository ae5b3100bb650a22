import type { TicketEvent } from '../ticket.ts';

/**
 * An event whose words besides its text were put through a function: the decision of a 联席研判, and why the 协办 were not waited for. The other
 * parts name offices.
 */
export function mapSaid(event: TicketEvent, text: (written: string) => string): TicketEvent {
  const { act, overlay } = event;
  if (overlay?.step === 'review') {
    const { review } = overlay;
    return { ...event, overlay: { ...overlay, review: { ...review, decision: text(review.decision) } } };
  }
  if (act?.action === 'assign' && act.review) {
    const { review } = act;
    return { ...event, act: { ...act, review: { ...review, decision: text(review.decision) } } };
  }
  if (act?.action === 'reply' && act.withoutCo !== undefined) {
    return { ...event, act: { ...act, withoutCo: text(act.withoutCo) } };
  }
  return event;
}
