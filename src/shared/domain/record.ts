import { z } from 'zod';
import { recordIdSchema, ticketIdSchema } from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';
import { articleDocSchema } from './knowledge.ts';
import { calibrationDocSchema, checkDocSchema } from './quality/check.ts';
import { centreSchema } from './roles.ts';
import { sentIntakeSchema } from './sent-intake.ts';
import { callFactsSchema, LIMITS } from './ticket.ts';

/** 工号 of a seat. */
export const seatSchema = textSchema(20).min(1);

/** A half-written form that goes with a transferred call to another seat. */
export const handoverDocSchema = z.strictObject({
  fromSeat: seatSchema,
  fromName: textSchema(LIMITS.name),
  toSeat: seatSchema,
  call: callFactsSchema.nullable(),
  content: sentIntakeSchema,
  /** The 母单 planned for its ticket; left out when there is none. */
  parentUid: ticketIdSchema.nullable().optional(),
  at: z.number().int().nonnegative(),
});

const base = {
  uid: recordIdSchema,
  centre: centreSchema,
  updatedAt: z.number().int().nonnegative(),
  /** Server version, 0 while only this console has it. */
  version: z.number().int().nonnegative(),
};

/** Everything that is synchronised as one document and needs no table of its own, by kind. */
export const recordSchema = z.discriminatedUnion('kind', [
  z.object({ ...base, kind: z.literal('article'), doc: articleDocSchema }),
  z.object({ ...base, kind: z.literal('handover'), doc: handoverDocSchema }),
  z.object({ ...base, kind: z.literal('check'), doc: checkDocSchema }),
  /** The same for the agent who was checked. */
  z.object({ ...base, kind: z.literal('check_copy'), doc: checkDocSchema }),
  z.object({ ...base, kind: z.literal('calibration'), doc: calibrationDocSchema }),
]);
export type SyncedRecord = z.infer<typeof recordSchema>;
export type RecordKind = SyncedRecord['kind'];
export type RecordOf<K extends RecordKind> = Extract<SyncedRecord, { kind: K }>;
