import type { Ticket } from '#shared/domain/ticket.ts';
import { rowHash } from '#shared/kernel/row-hash.ts';
import { foldText } from '#shared/kernel/text.ts';
import { divisionPath } from './division-names.ts';

/** Between two fields; no query can contain it, so nothing is found across a border. */
const SEPARATOR = '\n';

type TextSource = Pick<Ticket, 'provisionalNo' | 'fields'>;

/** Everything of a ticket that search finds by text, in the order in which a passage is preferred for display. */
export function searchableText(ticket: TextSource): string {
  const { fields } = ticket;
  return foldText(
    [
      fields.title,
      fields.content,
      fields.originalWords,
      fields.answer ?? '',
      fields.subject,
      fields.place.address,
      fields.place.landmark,
      divisionPath(fields.place.divisionCode),
      fields.caller.name,
      fields.caller.phone,
      fields.tags.join(SEPARATOR),
      ticket.provisionalNo,
    ].join(SEPARATOR),
  );
}

/** Names of people and places, which are also found by how they are read. */
export function searchableNames({ fields }: Pick<Ticket, 'fields'>): readonly string[] {
  const { caller, place, subject } = fields;
  return [caller.name, place.address, place.landmark, subject, divisionPath(place.divisionCode)];
}

/** 52-bit hash of the searchable text: the index is renewed only when it changed. */
export function textHash(text: string): number {
  const [hi, lo] = rowHash(text);
  return (hi & 0xfffff) * 0x1_0000_0000 + lo;
}
