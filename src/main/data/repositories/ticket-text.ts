import type { Ticket } from '#shared/domain/ticket.ts';
import { rowHash } from '#shared/kernel/row-hash.ts';

/** Between two fields; no query can contain it, so nothing is found across a border. */
const SEPARATOR = '\n';

/** ASCII capitals as small letters; other scripts stay as typed. Same length, so positions stay valid. */
export function foldCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

type TextSource = Pick<Ticket, 'provisionalNo' | 'fields'>;

/** Everything of a ticket that search finds by text, in the order in which a passage is preferred for display. */
export function searchableText(ticket: TextSource): string {
  const { fields } = ticket;
  return foldCase(
    [
      fields.title,
      fields.content,
      fields.originalWords,
      fields.answer ?? '',
      fields.subject,
      fields.place.address,
      fields.place.landmark,
      fields.caller.name,
      fields.caller.phone,
      fields.tags.join(SEPARATOR),
      ticket.provisionalNo,
    ].join(SEPARATOR),
  );
}

/** 52-bit hash of the searchable text: the index is renewed only when it changed. */
export function textHash(text: string): number {
  const [hi, lo] = rowHash(text);
  return (hi & 0xfffff) * 0x1_0000_0000 + lo;
}
