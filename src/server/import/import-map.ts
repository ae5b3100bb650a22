import { z } from 'zod';
import { centreSchema, LINES } from '#shared/domain/roles.ts';
import { CHANNELS, LIMITS, TICKET_TYPES, URGENCIES } from '#shared/domain/ticket.ts';
import { TICKET_STATUSES } from '#shared/domain/ticket-status.ts';
import { isKnownEncoding } from './decode-text.ts';
import { isTimePattern, NAMED_TIME_FORMATS } from './time-format.ts';

/** Where a text comes from: a field of the source, or the same text for every record. */
const textFromSchema = z.union([z.string().min(1), z.strictObject({ const: z.string() })]);
export type TextFrom = z.infer<typeof textFromSchema>;

/** Where a value of a fixed list comes from: always the same, or translated from a field. */
function choiceFromSchema<const T extends readonly [string, ...string[]]>(choices: T) {
  const choice = z.enum(choices);
  return z.union([
    z.strictObject({ const: choice }),
    z.strictObject({
      field: z.string().min(1),
      /** Source value → ours. */
      values: z.record(z.string(), choice),
      /** For values not listed and empty ones; without it such a record is refused. */
      otherwise: choice.optional(),
    }),
  ]);
}
export interface ChoiceFrom<T extends string> {
  readonly const?: T | undefined;
  readonly field?: string | undefined;
  readonly values?: Readonly<Record<string, T>> | undefined;
  readonly otherwise?: T | undefined;
}

const timeFormatSchema = z
  .string()
  .refine((format) => NAMED_TIME_FORMATS.some((name) => name === format) || isTimePattern(format), {
    message: 'a pattern of yyyy M MM d dd H HH m mm s ss SSS, or iso, epoch-ms, epoch-s, js-date',
  });
const timeFromSchema = z.strictObject({
  field: z.string().min(1),
  /** Tried in order. */
  formats: z.array(timeFormatSchema).min(1),
});
export type TimeFrom = z.infer<typeof timeFromSchema>;

const unitSchema = z.union([z.string().min(1), z.strictObject({ const: z.string().max(LIMITS.name) })]);

/**
 * MAP.json of `npm run import`: how a record of another system becomes a ticket. Unknown keys are refused, so a typing
 * mistake does not lose a column.
 */
export const importMapSchema = z.strictObject({
  $schema: z.string().optional(),
  /** Name of the system the records come from. With it a record's id becomes the ticket's id, so a second run finds it. */
  source: z.string().min(1).max(60),
  /** By default by the file name: .csv or .jsonl. */
  format: z.enum(['csv', 'jsonl']).optional(),
  /** Any encoding name of the Encoding standard, e.g. utf-8 or gb18030. */
  encoding: z
    .string()
    .refine(isKnownEncoding, { message: 'no known encoding, e.g. utf-8 or gb18030' })
    .default('utf-8'),
  /** CSV only. */
  delimiter: z
    .string()
    .length(1)
    .refine((delimiter) => !/["\r\n]/.test(delimiter), { message: 'neither a quote nor a line end' })
    .default(','),
  centre: centreSchema,
  line: choiceFromSchema(LINES).default({ const: '12345' }),
  channel: choiceFromSchema(CHANNELS).default({ const: 'import' }),
  type: choiceFromSchema(TICKET_TYPES).default({ const: 'other' }),
  urgency: choiceFromSchema(URGENCIES).default({ const: 'normal' }),
  /** Zone of times that name none, +08:00 unless said otherwise. */
  timeZone: z
    .string()
    .regex(/^[+-]\d{2}:\d{2}$/)
    .default('+08:00'),
  /** State of a ticket that has a reply, and of one that has none. */
  status: z
    .strictObject({ replied: z.enum(TICKET_STATUSES), unreplied: z.enum(TICKET_STATUSES) })
    .default({ replied: 'closed', unreplied: 'archived' }),
  fields: z.strictObject({
    /** Unique in the source. */
    id: z.string().min(1),
    createdAt: timeFromSchema,
    acceptedAt: timeFromSchema.optional(),
    title: textFromSchema.optional(),
    content: textFromSchema,
    originalWords: textFromSchema.optional(),
    callerName: textFromSchema.optional(),
    callerPhone: textFromSchema.optional(),
    categoryCode: textFromSchema.optional(),
    divisionCode: textFromSchema.optional(),
    address: textFromSchema.optional(),
    landmark: textFromSchema.optional(),
    subject: textFromSchema.optional(),
    unit: textFromSchema.optional(),
    /** Name of the person who took it in. */
    createdByName: textFromSchema.optional(),
  }),
  /** A reply is there when its text is not empty. */
  replies: z.array(z.strictObject({ text: z.string().min(1), at: timeFromSchema, unit: unitSchema })).default([]),
});
export type ImportMap = z.infer<typeof importMapSchema>;
