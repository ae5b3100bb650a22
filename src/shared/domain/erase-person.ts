import { findForm } from './form/shipped-forms.ts';
import { eraseFromText, type Secrets } from './mask-text.ts';
import type { Ticket, TicketFields } from './ticket.ts';

/** The caller of a ticket whose person was erased: as if no name had been given. */
const NOBODY = {
  name: '',
  gender: 'unknown',
  kind: 'person',
  phone: '',
  anonymous: true,
  confidential: false,
} as const;

/**
 * A ticket without the person who called: no name, number or record, none of the personal answers of its form, and the known names and
 * numbers taken out of everything that was written. The matter itself stays: what happened, where, and what was done.
 * @param secrets names and numbers the person was known by, besides those on the ticket
 */
export function eraseCaller(ticket: Ticket, secrets: Secrets): Ticket {
  const { fields } = ticket;
  const known: Secrets = {
    names: [...new Set([...secrets.names, fields.caller.name])],
    phones: [...new Set([...secrets.phones, fields.caller.phone, fields.call?.ani ?? ''])],
    addresses: secrets.addresses,
  };
  const text = (written: string) => eraseFromText(written, known);
  return {
    ...ticket,
    replies: ticket.replies.map((reply) => ({ ...reply, text: text(reply.text) })),
    events: ticket.events.map((event) => ({ ...event, text: text(event.text) })),
    fields: {
      ...fields,
      title: text(fields.title),
      content: text(fields.content),
      originalWords: text(fields.originalWords),
      answer: fields.answer === null ? null : text(fields.answer),
      subject: text(fields.subject),
      tags: fields.tags.map(text),
      citizenUid: null,
      caller: NOBODY,
      call: fields.call && { ...fields.call, ani: '' },
      form: withoutPerson(fields.form, text),
    },
  };
}

/** Only answers that are nobody's data stay; of a form this build does not have, none. */
function withoutPerson(form: TicketFields['form'], text: (written: string) => string): TicketFields['form'] {
  if (!form) return form;
  const definition = findForm(form.id, form.version);
  const impersonal = new Set(
    definition?.sections.flatMap(({ fields }) =>
      fields.filter(({ field }) => field.personal === 'none').map(({ field }) => field.id),
    ),
  );
  const kept = Object.entries(form.data).filter(([id]) => impersonal.has(id));
  return {
    ...form,
    data: Object.fromEntries(kept.map(([id, value]) => [id, typeof value === 'string' ? text(value) : value])),
  };
}
