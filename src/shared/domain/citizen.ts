import { z } from 'zod';
import { citizenIdSchema, eventIdSchema } from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';
import { centreSchema } from './roles.ts';
import { citizenKindSchema, genderSchema, LIMITS } from './ticket.ts';

/** 年龄段 */
export const AGE_BANDS = ['minor', 'adult', 'senior'] as const;

/** Most numbers and marks that one record holds. */
export const CITIZEN_PHONES_MOST = 10;
export const CITIZEN_FLAGS_MOST = 20;

/** What agents have to know before they speak: kinds of standing marks on a person. */
export const CITIZEN_FLAGS = ['threat', 'self_harm', 'litigation', 'frequent', 'care'] as const;
export const citizenFlagSchema = z.strictObject({
  id: eventIdSchema,
  kind: z.enum(CITIZEN_FLAGS),
  text: textSchema(200),
  /** The mark is shown until then; null = without end. */
  until: z.number().int().nonnegative().nullable(),
  at: z.number().int().nonnegative(),
  byName: textSchema(LIMITS.name),
});

export type CitizenFlag = z.infer<typeof citizenFlagSchema>;

/** What is known of a 诉求人. `phones` as storePhone keeps them, the first is the one that is called back. */
export const citizenFieldsSchema = z.strictObject({
  name: textSchema(LIMITS.name),
  gender: genderSchema,
  kind: citizenKindSchema,
  phones: z.array(textSchema(LIMITS.phone)).max(CITIZEN_PHONES_MOST),
  confidential: z.boolean(),
  /** Standing remark, e.g. hearing or language needs. */
  remark: textSchema(500),
  ageBand: z.enum(AGE_BANDS).nullable().default(null),
  /** Hard of hearing; the language or dialect they speak, empty for 普通话. */
  needs: z.strictObject({ hearing: z.boolean(), language: textSchema(40) }).default({ hearing: false, language: '' }),
  flags: z.array(citizenFlagSchema).max(CITIZEN_FLAGS_MOST).default([]),
  /**
   * Numbers that were taken off the record, the last one at the end. Nobody is found by them, because a number gets another owner; the
   * tickets made under one until then stay in the person's history. Left out while there are none: consoles of schema 2 know no such field.
   */
  formerPhones: z
    .array(z.strictObject({ phone: textSchema(LIMITS.phone), until: z.number().int().nonnegative() }))
    .max(CITIZEN_PHONES_MOST)
    .optional(),
});
export type CitizenFields = z.infer<typeof citizenFieldsSchema>;
export type FormerPhone = NonNullable<CitizenFields['formerPhones']>[number];

/** The numbers that were taken off a record, the last one at the end. */
export function formerPhonesOf({ formerPhones }: Pick<CitizenFields, 'formerPhones'>): readonly FormerPhone[] {
  return formerPhones ?? [];
}

/** A record with these as its former numbers; without any it has no such field, see {@link citizenFieldsSchema}. */
export function withFormerPhones(
  { formerPhones: _, ...fields }: CitizenFields,
  former: readonly FormerPhone[],
): CitizenFields {
  return former.length > 0 ? { ...fields, formerPhones: [...former] } : fields;
}

/** Values of fields that older records do not have. */
export const EMPTY_CITIZEN_FIELDS = {
  ageBand: null,
  needs: { hearing: false, language: '' },
  flags: [],
} satisfies Partial<CitizenFields>;

export const citizenSchema = z.object({
  uid: citizenIdSchema,
  centre: centreSchema,
  fields: citizenFieldsSchema,
  createdAt: z.number().int().nonnegative(),
  updatedAt: z.number().int().nonnegative(),
  /** Server version, 0 while only this console has it. */
  version: z.number().int().nonnegative(),
  /** The record this one was merged into; null while it stands for itself. Nothing is moved, so a merge can be taken back. */
  mergedInto: citizenIdSchema.nullable().default(null),
});
export type Citizen = z.infer<typeof citizenSchema>;
