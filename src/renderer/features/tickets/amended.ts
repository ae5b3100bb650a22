import type { TicketFields } from '#shared/domain/ticket.ts';
import { type TicketAmendment, ticketAmendmentSchema } from '#shared/domain/ticket-amendment.ts';
import { sameValue } from '#shared/kernel/same-value.ts';

/** What can be corrected in the dialog, flat as its fields are. */
export interface Amended
  extends Pick<TicketFields, 'type' | 'categoryCode' | 'title' | 'content' | 'originalWords' | 'subject' | 'urgency'> {
  readonly address: string;
  readonly landmark: string;
}

const PLAIN = ['type', 'categoryCode', 'title', 'content', 'originalWords', 'subject', 'urgency'] as const;

/** The fields as the dialog begins with them. */
export function toAmended(fields: TicketFields): Amended {
  const { type, categoryCode, title, content, originalWords, subject, urgency, place } = fields;
  const { address, landmark } = place;
  return { type, categoryCode, title, content, originalWords, subject, urgency, address, landmark };
}

/** What was changed, each value with the one it replaces; null while nothing was, or what was written is not complete. */
export function changesOf(seen: TicketFields, written: Amended): TicketAmendment | null {
  const plain = PLAIN.filter((field) => !sameValue(seen[field], written[field])).map(
    (field) => [field, { from: seen[field], to: written[field] }] as const,
  );
  const place = { ...seen.place, address: written.address, landmark: written.landmark };
  const changes = ticketAmendmentSchema.safeParse({
    ...Object.fromEntries(plain),
    ...(sameValue(seen.place, place) ? {} : { place: { from: seen.place, to: place } }),
  });
  return changes.success ? changes.data : null;
}
