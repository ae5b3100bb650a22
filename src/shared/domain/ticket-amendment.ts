import { z } from 'zod';
import { sameValue } from '../kernel/same-value.ts';
import { isConfidential } from './masking.ts';
import { isMaskedFor, type Role } from './roles.ts';
import {
  MOST_TAGS,
  placeSchema,
  type Ticket,
  type TicketEvent,
  type TicketFields,
  ticketFieldsSchema,
} from './ticket.ts';
import type { TicketStatus } from './ticket-status.ts';

const { shape } = ticketFieldsSchema;

/** A field as its author saw it and as they wrote it. */
const changeOf = <T extends z.ZodType>(value: T) => z.strictObject({ from: value, to: value }).optional();

/** Fields of which one value replaces the other, in the order of the form. */
export const AMENDABLE_FIELDS = [
  'type',
  'categoryCode',
  'title',
  'content',
  'originalWords',
  'place',
  'occurredAt',
  'subject',
  'urgency',
] as const;
export type AmendableField = (typeof AMENDABLE_FIELDS)[number];

const answersSchema = shape.form.unwrap().unwrap().shape.data;
const tagsSchema = shape.tags.max(MOST_TAGS);

/**
 * 更正: what somebody changed in a ticket after it was made. Every field carries the value it replaces, so that the server can tell what
 * others changed meanwhile; tags and answers of the special form are changed one by one.
 */
export const ticketAmendmentSchema = z
  .strictObject({
    type: changeOf(shape.type),
    categoryCode: changeOf(shape.categoryCode),
    title: changeOf(shape.title),
    content: changeOf(shape.content),
    originalWords: changeOf(shape.originalWords),
    place: changeOf(placeSchema),
    occurredAt: changeOf(shape.occurredAt),
    subject: changeOf(shape.subject),
    urgency: changeOf(shape.urgency),
    tags: z.strictObject({ added: tagsSchema, removed: tagsSchema }).optional(),
    answers: z.strictObject({ from: answersSchema, to: answersSchema }).optional(),
  })
  .refine((changes) => Object.values(changes).some((change) => change !== undefined), { message: 'changes nothing' });
export type TicketAmendment = z.infer<typeof ticketAmendmentSchema>;

/** Name of a changed field: one of the ticket, `tags`, or `answers.<field of the form>`. */
export type AmendedField = AmendableField | 'tags' | `answers.${string}`;

/** The states in which a ticket is in the hands of the intake desk: it went to nobody who already works with its words. */
export const AMENDABLE_STATUSES: readonly TicketStatus[] = ['submitted', 'accepted', 'review', 'to_dispatch'];

/** Who corrects the tickets of others, too. */
const AMENDING_ROLES: readonly Role[] = ['lead', 'dispatcher', 'supervisor', 'admin'];

/** Whether somebody may correct a ticket at all, whatever its state: who made it, and who answers for the desk, as far as they may read it. */
export function mayAmend(
  who: { readonly id: string | null; readonly role: Role },
  { createdById, fields }: Pick<Ticket, 'createdById' | 'fields'>,
): boolean {
  if (isMaskedFor(who.role, isConfidential(fields))) return false;
  return (who.id !== null && who.id === createdById) || AMENDING_ROLES.includes(who.role);
}

/** The fields an amendment names. */
export function amendedFields(changes: TicketAmendment): readonly AmendedField[] {
  return [
    ...AMENDABLE_FIELDS.filter((field) => changes[field] !== undefined),
    ...(changes.tags ? (['tags'] as const) : []),
    ...Object.keys(changes.answers?.to ?? {}).map((id) => `answers.${id}` as const),
  ];
}

/** The value of a field as an amendment speaks of it. */
export function valueOfField(fields: TicketFields, field: AmendedField): unknown {
  if (field === 'tags') return fields.tags;
  if (field.startsWith('answers.')) return fields.form?.data[field.slice('answers.'.length)] ?? null;
  return fields[field as AmendableField];
}

/**
 * The fields that somebody else changed since the author of the amendment saw them. Tags never clash: they are added and removed. A field
 * that holds the new value already is no clash either.
 */
export function clashingFields(fields: TicketFields, changes: TicketAmendment): readonly AmendedField[] {
  return amendedFields(changes).filter((field) => {
    if (field === 'tags') return false;
    const { from, to } = changeOfField(changes, field);
    const now = valueOfField(fields, field);
    return !sameValue(now, from) && !sameValue(now, to);
  });
}

/** What an amendment replaces in a field, and by what; of tags what was removed and added. */
export function changeOfField(
  changes: TicketAmendment,
  field: AmendedField,
): { readonly from: unknown; readonly to: unknown } {
  if (field === 'tags') return { from: changes.tags?.removed ?? [], to: changes.tags?.added ?? [] };
  if (!field.startsWith('answers.')) return changes[field as AmendableField] ?? { from: null, to: null };
  const id = field.slice('answers.'.length);
  return { from: changes.answers?.from[id] ?? null, to: changes.answers?.to[id] ?? null };
}

/** The fields of a ticket after an amendment; doing it twice changes nothing more. */
export function amendFields(fields: TicketFields, changes: TicketAmendment): TicketFields {
  const plain = AMENDABLE_FIELDS.flatMap((field) => {
    const change = changes[field];
    return change === undefined ? [] : [[field, change.to] as const];
  });
  const { tags, answers } = changes;
  return {
    ...fields,
    ...(Object.fromEntries(plain) as Partial<TicketFields>),
    ...(tags ? { tags: changeTags(fields.tags, tags) } : {}),
    ...(answers && fields.form ? { form: { ...fields.form, data: { ...fields.form.data, ...answers.to } } } : {}),
    // It was chosen for another category.
    ...(changes.categoryCode && changes.categoryCode.to !== fields.categoryCode
      ? { categoryChoice: { by: 'picked' as const, confidence: null } }
      : {}),
  };
}

/** What takes an amendment back where nobody changed the field since. */
export function undoAmendment(fields: TicketFields, changes: TicketAmendment): TicketFields {
  const undone = AMENDABLE_FIELDS.flatMap((field) => {
    const change = changes[field];
    return change !== undefined && sameValue(fields[field], change.to) ? [[field, change.from] as const] : [];
  });
  const { tags, answers } = changes;
  return {
    ...fields,
    ...(Object.fromEntries(undone) as Partial<TicketFields>),
    ...(tags ? { tags: changeTags(fields.tags, { added: tags.removed, removed: tags.added }) } : {}),
    ...(answers && fields.form ? { form: { ...fields.form, data: { ...fields.form.data, ...answers.from } } } : {}),
  };
}

/** More tags than a ticket may have are not taken: a row with them could be read by no console. */
function changeTags(tags: readonly string[], changes: { added: string[]; removed: string[] }): string[] {
  return allTags(tags, changes).slice(0, MOST_TAGS);
}

function allTags(tags: readonly string[], { added, removed }: { added: string[]; removed: string[] }): string[] {
  return [...new Set([...tags.filter((tag) => !removed.includes(tag)), ...added])];
}

/** True when an amendment adds more tags than there is room for, because others added some meanwhile. */
export function overflowsTags(fields: TicketFields, { tags }: TicketAmendment): boolean {
  return tags !== undefined && allTags(fields.tags, tags).length > MOST_TAGS;
}

/** Words of an `edited` event: the changed fields in the first line, the reason behind it. */
export function writeEdited(changes: TicketAmendment, reason: string): string {
  return [amendedFields(changes).join(','), reason].filter((part) => part !== '').join('\n');
}

/** The inverse of {@link writeEdited}; an event another system wrote names no fields. */
export function readEdited({ text }: Pick<TicketEvent, 'text'>): {
  readonly fields: readonly string[];
  readonly reason: string;
} {
  const [first = '', ...rest] = text.split('\n');
  const fields = first.split(',');
  const isOurs = fields.every(
    (field) => /^(answers\.[a-zA-Z0-9]+|tags)$/.test(field) || AMENDABLE_FIELDS.some((one) => one === field),
  );
  return isOurs ? { fields, reason: rest.join('\n') } : { fields: [], reason: text };
}

/** Who changed a field of a ticket last, and when; null when nobody did since it was made. */
export function lastEditOf(events: Ticket['events'], field: string): Pick<TicketEvent, 'actorName' | 'at'> | null {
  return events.findLast((event) => event.kind === 'edited' && readEdited(event).fields.includes(field)) ?? null;
}
