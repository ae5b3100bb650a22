import { z } from 'zod';
import {
  CHECK_TEXT,
  calibrationDocSchema,
  checkDocSchema,
  marksSchema,
  sheetRefSchema,
} from '../domain/quality/check.ts';
import { QUALITY_LISTS } from '../domain/quality/quality-list.ts';
import { CHECK_REASONS } from '../domain/quality/sampling.ts';
import { lineSchema } from '../domain/roles.ts';
import { ticketIdSchema } from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';
import { base, idsPage, idsSchema, ok, rowsInputSchema } from './procedure.ts';
import { ticketFilterSchema } from './tickets.contract.ts';

const at = z.number().int().nonnegative();
const count = z.number().int().nonnegative();

/** One line of such a list. */
export const qualityLineSchema = z.object({
  ticketUid: ticketIdSchema,
  ticketNo: z.string(),
  /** Empty when the ticket is not on this computer. */
  title: z.string(),
  agentName: z.string(),
  line: lineSchema,
  why: z.array(z.enum(CHECK_REASONS)),
  state: z.enum(['to_check', 'scored', 'appealed', 'settled', 'open', 'marked']),
  /** When the ticket ended, the check changed last, or the calibration was opened. */
  at,
  /** Until when it can be appealed against; null where that is no matter. */
  appealUntil: at.nullable(),
  /** Points that count; null before there are any, and as long as others' marks are hidden. */
  points: z.number().int().nullable(),
  passed: z.boolean().nullable(),
  checkerName: z.string(),
  /** Marks were begun. */
  begun: z.boolean(),
  /** An operation of this console on it is not confirmed by the server. */
  pending: z.boolean(),
});
export type QualityLine = z.infer<typeof qualityLineSchema>;

/** What somebody may do about a ticket's check or calibration now. */
export const QUALITY_DEEDS = ['score', 'appeal', 'settle', 'start', 'mark'] as const;
export type QualityDeed = (typeof QUALITY_DEEDS)[number];

/** From which side a ticket is looked at: as a checker, in a calibration, as the agent who was checked. */
export const qualitySideSchema = z.enum(['check', 'calibration', 'mine']);
export type QualitySide = z.infer<typeof qualitySideSchema>;
const subject = { ticketUid: ticketIdSchema, side: qualitySideSchema };
const draftSchema = z.object({ marks: marksSchema, words: textSchema(CHECK_TEXT) });

export const qualityViewSchema = z.object({
  ticketUid: ticketIdSchema,
  ticketNo: z.string(),
  agentName: z.string(),
  line: lineSchema,
  why: z.array(z.enum(CHECK_REASONS)),
  sheet: sheetRefSchema,
  check: checkDocSchema.nullable(),
  calibration: calibrationDocSchema.nullable(),
  /** Checkers of the calibration whose marks are hidden until this one has scored. */
  hidden: count,
  /** Whether this ticket has a calibration. */
  isCalibrated: z.boolean(),
  deeds: z.array(z.enum(QUALITY_DEEDS)),
  draft: draftSchema.nullable(),
  pending: z.boolean(),
});
export type QualityView = z.infer<typeof qualityViewSchema>;

export const qualityContract = {
  /** How much lies in each list; 0 in those this person does not work from. */
  counts: base.output(z.record(z.enum(QUALITY_LISTS), count)),
  /**
   * Row ids of a list, after one of them; they name tickets in 待质检 and documents in the others. Narrowed by what passes of the tickets on this
   * computer; such a page may hold few or no ids and go on all the same.
   */
  ids: base
    .input(
      z.strictObject({
        list: z.enum(QUALITY_LISTS),
        filter: ticketFilterSchema.optional(),
        /** Left out: the order of the list. */
        sort: z.enum(['newest', 'oldest']).optional(),
        ...idsPage,
      }),
    )
    .output(idsSchema),
  /** The lines of some row ids of a list; those that are gone are left out. */
  rows: base
    .input(rowsInputSchema.extend({ list: z.enum(QUALITY_LISTS) }))
    .output(z.object({ rows: z.array(z.object({ id: z.number().int(), line: qualityLineSchema })) })),
  get: base.input(z.strictObject(subject)).output(qualityViewSchema),
  /** Keeps what was begun; answers once it is on disk. */
  keepDraft: base.input(z.strictObject({ ...subject, draft: draftSchema })).output(ok),
  /** The first score of a ticket. */
  score: base.input(z.strictObject({ ticketUid: ticketIdSchema, marks: marksSchema })).output(ok),
  /** The agent's appeal against it. */
  appeal: base.input(z.strictObject({ ticketUid: ticketIdSchema, words: textSchema(CHECK_TEXT).min(1) })).output(ok),
  /** A second checker decides about the appeal; null leaves the score as it is. */
  settle: base
    .input(
      z.strictObject({
        ticketUid: ticketIdSchema,
        marks: marksSchema.nullable(),
        words: textSchema(CHECK_TEXT).min(1),
      }),
    )
    .output(ok),
  /** Opens a calibration on a ticket. */
  startCalibration: base.input(z.strictObject({ ticketUid: ticketIdSchema })).output(ok),
  /** Marks of one checker in a calibration. */
  calibrate: base.input(z.strictObject({ ticketUid: ticketIdSchema, marks: marksSchema })).output(ok),
};
