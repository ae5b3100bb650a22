import { type Citizen, formerPhonesOf, withFormerPhones } from './citizen.ts';
import { readAttachment } from './form/attachment-ref.ts';
import type { FormValue } from './form/form-value.ts';
import { findForm } from './form/shipped-forms.ts';
import { maskName, maskText, type Secrets } from './mask-text.ts';
import { mapSaid } from './overlay/map-said.ts';
import { maskPhone, normalizePhone } from './phone.ts';
import { isMaskedFor, type Role } from './roles.ts';
import { mapTexts, type Place, type Ticket, type TicketEvent, type TicketFields } from './ticket.ts';

/** What can be looked at behind the mask, one at a time; `form` = what was told: texts, special form, history. */
export const REVEAL_FIELDS = ['phone', 'name', 'address', 'form'] as const;
export type RevealField = (typeof REVEAL_FIELDS)[number];

/** How long a revealed value stays on the screen, in ms (MK-2). */
export const REVEAL_MS = 30_000;

/** Stands for what is not shown at all. */
export const HIDDEN = '***';

/** A row as somebody may see it. */
export interface Shown<T> {
  readonly row: T;
  readonly masked: boolean;
}

/** Whether a caller is to be kept secret: they asked for it, gave no name, or called the line that always does (12350). */
export function isConfidential(fields: Pick<TicketFields, 'caller' | 'markers' | 'line'>): boolean {
  const { caller, markers, line } = fields;
  return caller.confidential || caller.anonymous || markers.includes('confidential') || line === '12350';
}

/** A ticket as a role sees it. @param revealed the one thing that is shown all the same */
export function showTicket(ticket: Ticket, role: Role, revealed: RevealField | null = null): Shown<Ticket> {
  if (!isMaskedFor(role, isConfidential(ticket.fields))) return { row: ticket, masked: false };
  return { row: maskTicket(ticket, revealed), masked: true };
}

/** A person as a role sees them. @param revealed the one thing that is shown all the same */
export function showCitizen(citizen: Citizen, role: Role, revealed: RevealField | null = null): Shown<Citizen> {
  if (!isMaskedFor(role, citizen.fields.confidential)) return { row: citizen, masked: false };
  const former = formerPhonesOf(citizen.fields);
  const fields =
    revealed === 'phone'
      ? citizen.fields
      : withFormerPhones(
          citizen.fields,
          former.map((each) => ({ ...each, phone: maskNumber(each.phone) })),
        );
  const secrets = {
    names: [fields.name],
    phones: [...fields.phones, ...former.map(({ phone }) => phone)],
    addresses: [],
  };
  const text = (written: string) => (revealed === 'form' ? written : maskText(written, secrets));
  return {
    masked: true,
    row: {
      ...citizen,
      fields: {
        ...fields,
        name: revealed === 'name' ? fields.name : maskName(fields.name),
        phones: revealed === 'phone' ? fields.phones : fields.phones.map(maskNumber),
        remark: text(fields.remark),
        flags: fields.flags.map((flag) => ({ ...flag, text: text(flag.text) })),
      },
    },
  };
}

/** Who a call of the call log was with. */
export interface CallPeer {
  readonly ani: string;
  /** Name delivered by the network, and the one the number is known under. */
  readonly name: string;
  readonly knownName: string;
}

/** A call as a role sees it. @param revealed the one thing that is shown all the same */
export function showCall<T extends CallPeer>(
  call: T,
  isSecret: boolean,
  role: Role,
  revealed: RevealField | null = null,
): Shown<T> {
  if (!isMaskedFor(role, isSecret)) return { row: call, masked: false };
  const isNamed = revealed === 'name';
  return {
    masked: true,
    row: {
      ...call,
      ani: revealed === 'phone' ? call.ani : maskNumber(call.ani),
      name: isNamed ? call.name : maskName(call.name),
      knownName: isNamed ? call.knownName : maskName(call.knownName),
    },
  };
}

/** Whether digits of a number are hidden, so that it is nothing to dial. */
export function isMaskedNumber(written: string): boolean {
  return written.includes('*');
}

function maskNumber(written: string): string {
  return maskPhone(normalizePhone(written) || written.replaceAll(/\D/g, ''));
}

/** What must not be read in the texts of a ticket. */
export function secretsOf({ caller, place, call }: Pick<TicketFields, 'caller' | 'place' | 'call'>): Secrets {
  return {
    names: [caller.name],
    phones: [caller.phone, call?.ani ?? ''],
    addresses: [place.address, place.landmark],
  };
}

function maskTicket(ticket: Ticket, revealed: RevealField | null): Ticket {
  const { fields } = ticket;
  const { caller, call, form } = fields;
  const secrets = secretsOf(fields);
  const text = (written: string) => (revealed === 'form' ? written : maskText(written, secrets));
  // A photo shows faces and front doors: of a secret caller not even its name is told.
  const ofEvent = ({ kind, text: written }: TicketEvent) =>
    kind === 'attached' && revealed !== 'form' ? HIDDEN : text(written);
  return {
    ...ticket,
    replies: ticket.replies.map((reply) => ({ ...reply, text: text(reply.text) })),
    events: ticket.events.map((event) => ({ ...mapSaid(event, text), text: ofEvent(event) })),
    fields: {
      ...fields,
      ...mapTexts(fields, text),
      // A record may be less secret than the ticket and would name them.
      citizenUid: null,
      caller: {
        ...caller,
        name: revealed === 'name' ? caller.name : maskName(caller.name),
        phone: revealed === 'phone' ? caller.phone : maskNumber(caller.phone),
      },
      call: call && { ...call, ani: revealed === 'phone' ? call.ani : maskNumber(call.ani) },
      place: revealed === 'address' ? fields.place : toDistrict(fields.place),
      form: form && revealed !== 'form' ? maskForm(form, text) : form,
    },
  };
}

/** A place no closer than its district. */
function toDistrict(place: Place): Place {
  return { divisionCode: place.divisionCode?.slice(0, 6) ?? null, address: '', landmark: '', coordinates: null };
}

type Form = NonNullable<TicketFields['form']>;

/**
 * A form without the answers that say something about a person; the others are texts like any other. Of a form this build does not
 * have, nothing is known and every word is hidden.
 */
function maskForm(form: Form, text: (written: string) => string): Form {
  const fields = findForm(form.id, form.version)?.fields;
  const maskValue = (id: string, value: FormValue): FormValue => {
    const isPersonal = (fields?.get(id)?.field.personal ?? 'sensitive') !== 'none';
    if (Array.isArray(value)) {
      return value.map((one) => (isPersonal || readAttachment(one) !== null ? HIDDEN : text(one)));
    }
    if (typeof value === 'string') return value === '' ? '' : isPersonal ? HIDDEN : text(value);
    return isPersonal ? null : value;
  };
  const data = Object.fromEntries(Object.entries(form.data).map(([id, value]) => [id, maskValue(id, value)]));
  return { ...form, data };
}
