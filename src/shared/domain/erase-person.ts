import { readAttachment, writeAttachment } from './form/attachment-ref.ts';
import type { FieldType } from './form/form-definition.ts';
import type { FormValue } from './form/form-value.ts';
import { findForm } from './form/shipped-forms.ts';
import { eraseFromText, type Secrets } from './mask-text.ts';
import { mapSaid } from './overlay/map-said.ts';
import { ANONYMOUS, mapTexts, type Ticket, type TicketFields } from './ticket.ts';

/** In front of what a 母单 says about a ticket under it; not a phone. */
const TICKET_NUMBER = /^\d{8}-\d{8,} /;

/** Answers that somebody wrote in their own words; the others are codes, numbers and dates. */
const WRITTEN: readonly FieldType[] = ['text', 'long-text', 'address'];

/**
 * A ticket without the person who called: no name, number or record, none of the personal answers of its form, and the known names and
 * numbers taken out of everything that was written, names of files included. The matter itself stays: what happened, where, and what was done.
 * @param secrets names and numbers the person was known by, besides those on the ticket
 */
export function eraseCaller(ticket: Ticket, secrets: Secrets): Ticket {
  const { fields } = ticket;
  const { place } = fields;
  const known = withCaller(secrets, fields);
  const text = (written: string) => eraseFromText(written, known);
  return {
    ...ticket,
    replies: ticket.replies.map((reply) => ({ ...reply, text: text(reply.text) })),
    events: ticket.events.map((event) => ({
      ...mapSaid(event, text),
      text: event.kind === 'attached' ? fileLine(event.text, text) : text(event.text),
    })),
    fields: {
      ...fields,
      ...mapTexts(fields, text),
      place: { ...place, address: text(place.address), landmark: text(place.landmark) },
      citizenUid: null,
      caller: ANONYMOUS,
      call: fields.call && { ...fields.call, ani: '' },
      form: withoutPerson(fields.form, text),
    },
  };
}

/** What a person is known by, and what a ticket of theirs says of its caller: whoever has no record is named there alone. */
export function withCaller(secrets: Secrets, { caller, call }: Pick<TicketFields, 'caller' | 'call'>): Secrets {
  return {
    names: [...new Set([...secrets.names, caller.name])],
    phones: [...new Set([...secrets.phones, caller.phone, call?.ani ?? ''])],
    addresses: secrets.addresses,
  };
}

/**
 * A ticket of somebody else without what was told on it about tickets of an erased person: the answer of its 母单, or who came under it and
 * left. Whatever else is on it stays.
 * @param from uids of the person's tickets
 * @param secrets names and numbers on them, and those the person was known by
 * @returns null when nothing of the person was told there
 */
export function eraseTold(ticket: Ticket, from: ReadonlySet<string>, secrets: Secrets): Ticket | null {
  const told = ticket.events.filter(({ ref }) => from.has(ref));
  const answers = new Set(told.filter(({ kind }) => kind === 'reply').map(({ text }) => text));
  const text = (written: string) => {
    const [number = ''] = TICKET_NUMBER.exec(written) ?? [];
    return number + eraseFromText(written.slice(number.length), secrets);
  };
  if (told.every((event) => text(event.text) === event.text)) return null;
  return {
    ...ticket,
    replies: ticket.replies.map((reply) => (answers.has(reply.text) ? { ...reply, text: text(reply.text) } : reply)),
    events: ticket.events.map((event) => (from.has(event.ref) ? { ...event, text: text(event.text) } : event)),
  };
}

/** The line of a file with a name that tells of nobody: hash and size lead to the file and stay. */
function fileLine(written: string, text: (written: string) => string): string {
  const file = readAttachment(written);
  return file ? writeAttachment({ ...file, name: text(file.name) }) : text(written);
}

/** Only answers that are nobody's data stay; of a form this build does not have, none. */
function withoutPerson(form: TicketFields['form'], text: (written: string) => string): TicketFields['form'] {
  if (!form) return form;
  const definition = findForm(form.id, form.version);
  const impersonal = new Map(
    definition?.sections.flatMap(({ fields }) =>
      fields.filter(({ field }) => field.personal === 'none').map(({ field }) => [field.id, field.type]),
    ),
  );
  const cleaned = (value: FormValue, type: FieldType): FormValue => {
    if (Array.isArray(value) && type === 'attachment') return value.map((line) => fileLine(line, text));
    return typeof value === 'string' && WRITTEN.includes(type) ? text(value) : value;
  };
  const data: Record<string, FormValue> = {};
  for (const [id, value] of Object.entries(form.data)) {
    const type = impersonal.get(id);
    if (type !== undefined) data[id] = cleaned(value, type);
  }
  return { ...form, data };
}
