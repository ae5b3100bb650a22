import type { TicketFields } from '#shared/domain/ticket.ts';
import { type TicketAmendment, ticketAmendmentSchema } from '#shared/domain/ticket-amendment.ts';
import { sameValue } from '#shared/kernel/same-value.ts';

/** What can be corrected in the dialog, flat as its fields are. */
export interface Amended
  extends Pick<
    TicketFields,
    'type' | 'categoryCode' | 'title' | 'content' | 'originalWords' | 'occurredAt' | 'subject' | 'urgency' | 'tags'
  > {
  readonly divisionCode: string | null;
  readonly address: string;
  readonly landmark: string;
}

const PLAIN = [
  'type',
  'categoryCode',
  'title',
  'content',
  'originalWords',
  'occurredAt',
  'subject',
  'urgency',
] as const;

/** The fields as the dialog begins with them. */
export function toAmended(fields: TicketFields): Amended {
  const { type, categoryCode, title, content, originalWords, occurredAt, subject, urgency, tags, place } = fields;
  const { divisionCode, address, landmark } = place;
  const plain = { type, categoryCode, title, content, originalWords, occurredAt, subject, urgency, tags };
  return { ...plain, divisionCode, address, landmark };
}

/** What was changed, each value with the one it replaces; null while nothing was, or what was written is not complete. */
export function changesOf(seen: TicketFields, written: Amended): TicketAmendment | null {
  const plain = PLAIN.filter((field) => !sameValue(seen[field], written[field])).map(
    (field) => [field, { from: seen[field], to: written[field] }] as const,
  );
  const { divisionCode, address, landmark } = written;
  const place = { ...seen.place, divisionCode, address, landmark };
  const added = written.tags.filter((tag) => !seen.tags.includes(tag));
  const removed = seen.tags.filter((tag) => !written.tags.includes(tag));
  const changes = ticketAmendmentSchema.safeParse({
    ...Object.fromEntries(plain),
    ...(sameValue(seen.place, place) ? {} : { place: { from: seen.place, to: place } }),
    ...(added.length + removed.length === 0 ? {} : { tags: { added, removed } }),
  });
  return changes.success ? changes.data : null;
}
