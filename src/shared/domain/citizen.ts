import { z } from 'zod';
import { citizenIdSchema } from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';
import { centreSchema } from './roles.ts';
import { citizenKindSchema, genderSchema, LIMITS } from './ticket.ts';

/** What is known of a 诉求人. `phones` are normalized, the first is the one that is called back. */
export const citizenFieldsSchema = z.strictObject({
  name: textSchema(LIMITS.name),
  gender: genderSchema,
  kind: citizenKindSchema,
  phones: z.array(textSchema(LIMITS.phone)).max(10),
  confidential: z.boolean(),
  /** Standing remark, e.g. hearing or language needs. */
  remark: textSchema(500),
});
export type CitizenFields = z.infer<typeof citizenFieldsSchema>;

export const citizenSchema = z.object({
  uid: citizenIdSchema,
  centre: centreSchema,
  fields: citizenFieldsSchema,
  createdAt: z.number().int().nonnegative(),
  updatedAt: z.number().int().nonnegative(),
  /** Server version, 0 while only this console has it. */
  version: z.number().int().nonnegative(),
});
export type Citizen = z.infer<typeof citizenSchema>;
