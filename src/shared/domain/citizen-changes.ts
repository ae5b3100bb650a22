import { z } from 'zod';
import {
  CITIZEN_FLAGS_MOST,
  CITIZEN_PHONES_MOST,
  type CitizenFields,
  citizenFieldsSchema,
  formerPhonesOf,
  withFormerPhones,
} from './citizen.ts';

const { shape } = citizenFieldsSchema;
const needs = shape.needs.unwrap().shape;

/**
 * What somebody changed in a person's record; what is not named stays as it is wherever the change arrives, so that two people at
 * work on one record keep both their changes. 保密 can be set here and not be taken away: that is an operation of its own.
 */
export const citizenChangesSchema = z.strictObject({
  name: shape.name.optional(),
  gender: shape.gender.optional(),
  kind: shape.kind.optional(),
  remark: shape.remark.optional(),
  ageBand: shape.ageBand.unwrap().optional(),
  needs: z.strictObject({ hearing: needs.hearing.optional(), language: needs.language.optional() }).optional(),
  confidential: z.literal(true).optional(),
  phones: z
    .strictObject({
      removed: shape.phones,
      added: shape.phones,
      /** All numbers in the order that was wanted, when it is not the former one with the added ones behind it. */
      order: shape.phones.optional(),
    })
    .optional(),
  flags: z
    .strictObject({
      removed: z.array(shape.flags.unwrap().element.shape.id).max(CITIZEN_FLAGS_MOST),
      added: shape.flags.unwrap(),
    })
    .optional(),
});
export type CitizenChanges = z.infer<typeof citizenChangesSchema>;

const PLAIN = ['name', 'gender', 'kind', 'remark', 'ageBand'] as const;

/** What leads from one state of a record to another. That 保密 was taken away is left out. */
export function diffCitizen(was: CitizenFields, now: CitizenFields): CitizenChanges {
  const plain = PLAIN.filter((field) => was[field] !== now[field]).map((field) => [field, now[field]]);
  const needs = {
    ...(was.needs.hearing === now.needs.hearing ? {} : { hearing: now.needs.hearing }),
    ...(was.needs.language === now.needs.language ? {} : { language: now.needs.language }),
  };
  const phones = diffPhones(was.phones, now.phones);
  const [before, after] = [was, now].map(({ flags }) => new Set<string>(flags.map(({ id }) => id)));
  const flags = {
    removed: was.flags.filter(({ id }) => !after?.has(id)).map(({ id }) => id),
    added: now.flags.filter(({ id }) => !before?.has(id)),
  };
  return {
    ...(Object.fromEntries(plain) as Pick<CitizenChanges, (typeof PLAIN)[number]>),
    ...(Object.keys(needs).length > 0 ? { needs } : {}),
    ...(!was.confidential && now.confidential ? { confidential: true as const } : {}),
    ...(phones ? { phones } : {}),
    ...(flags.removed.length + flags.added.length > 0 ? { flags } : {}),
  };
}

function diffPhones(was: readonly string[], now: readonly string[]): CitizenChanges['phones'] {
  const removed = was.filter((phone) => !now.includes(phone));
  const added = now.filter((phone) => !was.includes(phone));
  const appended = [...was.filter((phone) => now.includes(phone)), ...added];
  const isAppended = appended.length === now.length && appended.every((phone, place) => phone === now[place]);
  if (isAppended && removed.length === 0 && added.length === 0) return undefined;
  return { removed, added, ...(isAppended ? {} : { order: [...now] }) };
}

/**
 * A record with somebody's changes; doing it twice changes nothing more.
 * @param at when they were made, epoch ms
 */
export function changeCitizen(fields: CitizenFields, changes: CitizenChanges, at: number): CitizenFields {
  const { needs, confidential, phones, flags, ...plain } = changes;
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  return {
    ...(phones ? changeNumbers(fields, phones, at) : fields),
    ...given,
    needs: {
      hearing: needs?.hearing ?? fields.needs.hearing,
      language: needs?.language ?? fields.needs.language,
    },
    confidential: confidential ?? fields.confidential,
    ...(flags ? { flags: changeFlags(fields.flags, flags) } : {}),
  };
}

/** Numbers that are taken off go on leading to the history of the time before. */
function changeNumbers(
  fields: CitizenFields,
  changes: NonNullable<CitizenChanges['phones']>,
  at: number,
): CitizenFields {
  const phones = changePhones(fields.phones, changes);
  const gone = fields.phones.filter((phone) => phone !== '' && !phones.includes(phone));
  const kept = formerPhonesOf(fields).filter(({ phone }) => !phones.includes(phone) && !gone.includes(phone));
  const former = [...kept, ...gone.map((phone) => ({ phone, until: at }))].slice(-CITIZEN_PHONES_MOST);
  return withFormerPhones({ ...fields, phones }, former);
}

function changePhones(phones: readonly string[], changes: NonNullable<CitizenChanges['phones']>): string[] {
  const { removed, added, order = [] } = changes;
  const kept = [...new Set([...phones.filter((phone) => !removed.includes(phone)), ...added])];
  // Numbers that somebody else added meanwhile come behind the ones that were put in order.
  return [...order.filter((phone) => kept.includes(phone)), ...kept.filter((phone) => !order.includes(phone))];
}

function changeFlags(
  flags: CitizenFields['flags'],
  { removed, added }: NonNullable<CitizenChanges['flags']>,
): CitizenFields['flags'] {
  const kept = flags.filter(({ id }) => !removed.includes(id));
  return [...kept, ...added.filter((flag) => !kept.some(({ id }) => id === flag.id))];
}

/** Whether a record holds more numbers or marks than one may. */
export function isOverfull({ phones, flags }: Pick<CitizenFields, 'phones' | 'flags'>): boolean {
  return phones.length > CITIZEN_PHONES_MOST || flags.length > CITIZEN_FLAGS_MOST;
}
