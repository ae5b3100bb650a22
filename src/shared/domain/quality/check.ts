import { z } from 'zod';
import { eventIdSchema, type RecordId, ticketIdSchema, userIdSchema } from '../../kernel/ids.ts';
import { textSchema } from '../../kernel/text.ts';
import { DAY_MS } from '../clock/beijing-day.ts';
import { shippedCalendar } from '../clock/shipped-calendar.ts';
import { INTAKE_ROLES, lineSchema, type Role } from '../roles.ts';
import { CHECK_REASONS } from './sampling.ts';
import { fullMarks, itemsOf, type ScoreSheet } from './score-sheet.ts';
import { findSheet, shippedSampling } from './shipped-sheets.ts';

const epochMs = z.number().int().nonnegative();
const nameSchema = textSchema(60);
const codeSchema = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);

export const CHECK_TEXT = 1_000;
const reasonSchema = textSchema(CHECK_TEXT);

export const sheetRefSchema = z.strictObject({ id: codeSchema, version: z.number().int().positive() });
export type SheetRef = z.infer<typeof sheetRefSchema>;

/** What a checker found: points taken off per item, each with its reason, and what has no excuse. Items in order are left out. */
export const marksSchema = z.strictObject({
  deductions: z
    .array(z.strictObject({ item: codeSchema, points: z.number().int().min(1).max(100), reason: reasonSchema }))
    .max(60),
  vetoes: z.array(z.strictObject({ veto: codeSchema, reason: reasonSchema })).max(12),
  remark: reasonSchema,
});
export type Marks = z.infer<typeof marksSchema>;
export const NO_MARKS: Marks = { deductions: [], vetoes: [], remark: '' };

/** Marks of one checker, with what they come to. */
export const scoreSchema = z.object({
  id: eventIdSchema,
  byId: userIdSchema,
  byName: nameSchema,
  at: epochMs,
  marks: marksSchema,
  points: z.number().int().nonnegative(),
  passed: z.boolean(),
});
export type Score = z.infer<typeof scoreSchema>;

/** What is checked and of whom, as whoever opens a check or a calibration saw it; the server compares it with the ticket. */
export const checkedTicketSchema = {
  ticketUid: ticketIdSchema,
  /** As people read it. */
  ticketNo: textSchema(40),
  line: lineSchema,
  agentId: userIdSchema,
  agentName: nameSchema,
  sheet: sheetRefSchema,
};

/** A check (质检) of the agent who took a ticket in: scored, perhaps appealed, then settled by a second checker. */
export const checkDocSchema = z.object({
  ...checkedTicketSchema,
  why: z.array(z.enum(CHECK_REASONS)),
  first: scoreSchema,
  /** Until when the agent may appeal. */
  appealUntil: epochMs,
  /** `at` is when it came to the server, `madeAt` when the agent wrote it by their console's clock. */
  appeal: z.object({ id: eventIdSchema, at: epochMs, madeAt: epochMs, words: reasonSchema }).nullable(),
  settled: z
    .object({
      id: eventIdSchema,
      byId: userIdSchema,
      byName: nameSchema,
      at: epochMs,
      words: reasonSchema,
      /** The second checker's own score; null leaves the first as it is. */
      score: scoreSchema.nullable(),
    })
    .nullable(),
});
export type CheckDoc = z.infer<typeof checkDocSchema>;

/** A calibration (标定): several checkers score one ticket to see how far apart they are. It says nothing about the agent. */
export const calibrationDocSchema = z.object({
  ...checkedTicketSchema,
  startedById: userIdSchema,
  startedByName: nameSchema,
  startedAt: epochMs,
  scores: z.array(scoreSchema),
});
export type CalibrationDoc = z.infer<typeof calibrationDocSchema>;

/** Most checkers of one calibration. */
export const MOST_CALIBRATED = 40;

export type CheckState = 'scored' | 'appealed' | 'settled';

/** How far a check has come. */
export function stateOfCheck({ appeal, settled }: Pick<CheckDoc, 'appeal' | 'settled'>): CheckState {
  if (settled) return 'settled';
  return appeal ? 'appealed' : 'scored';
}

/** The score that counts. */
export function countingScore({ first, settled }: Pick<CheckDoc, 'first' | 'settled'>): Score {
  return settled?.score ?? first;
}

/** Who scores and settles, and who reads what was scored. */
export const CHECKING_ROLES: readonly Role[] = ['quality', 'lead'];
export const CHECK_READING_ROLES: readonly Role[] = [...CHECKING_ROLES, 'admin'];

/** Whether checks are anything to a role: it works on them, or its own tickets are checked. */
export function seesChecks(role: Role): boolean {
  return CHECK_READING_ROLES.includes(role) || INTAKE_ROLES.includes(role);
}

/** What is wrong with marks on a sheet: the place, or null when they are sound. Every deduction has its reason. */
export function faultOfMarks(sheet: ScoreSheet, { deductions, vetoes }: Marks): string | null {
  const points = new Map(itemsOf(sheet).map((item) => [item.id, item.points]));
  const known = new Set(sheet.vetoes.map(({ id }) => id));
  const seen = new Set<string>();
  for (const { item, points: lost, reason } of deductions) {
    if (seen.has(item) || lost > (points.get(item) ?? 0) || reason.trim() === '') return item;
    seen.add(item);
  }
  for (const { veto, reason } of vetoes) {
    if (seen.has(veto) || !known.has(veto) || reason.trim() === '') return veto;
    seen.add(veto);
  }
  return null;
}

/** What marks come to. */
export function pointsOf(sheet: ScoreSheet, { deductions, vetoes }: Marks): Pick<Score, 'points' | 'passed'> {
  if (vetoes.length > 0) return { points: 0, passed: false };
  const points = fullMarks(sheet) - deductions.reduce((sum, { points: lost }) => sum + lost, 0);
  return { points, passed: points >= sheet.passMark };
}

/** How far apart checkers are: the deductions of each item, in the order of the sheet, and of the whole. */
export function spreadOf(calibration: CalibrationDoc): readonly ItemSpread[] {
  const sheet = findSheet(calibration.sheet);
  if (!sheet || calibration.scores.length === 0) return [];
  return itemsOf(sheet).map(({ id }) => {
    const lost = calibration.scores.map(({ marks }) => marks.deductions.find(({ item }) => item === id)?.points ?? 0);
    return { item: id, lost, least: Math.min(...lost), most: Math.max(...lost) };
  });
}
export interface ItemSpread {
  readonly item: string;
  /** Points each checker took off, in the order of the scores. */
  readonly lost: readonly number[];
  readonly least: number;
  readonly most: number;
}

/** The end of the time in which an agent may appeal against what was scored then. */
export function appealEnd(scoredAt: number): number {
  const calendar = shippedCalendar();
  return calendar.fromWorkTime(calendar.toWorkTime(scoredAt) + shippedSampling().appealWorkdays * DAY_MS);
}

/** How long after it was written an appeal may come, ms: the longest time a console is meant to be without a network. */
export const APPEAL_DELAY_MS = 72 * 3_600_000;

const SIBLINGS = { check: '71c0a', copy: '71c0b', calibration: '71c0c' } as const;

/**
 * The uid of what belongs to a ticket: its check, the copy of it for the agent, its calibration. Made of the ticket's uid alone, so that two
 * checkers without a network write the same record and one of them is told that the other was first.
 */
export function siblingOf(ticketUid: string, what: keyof typeof SIBLINGS): RecordId {
  const tail = BigInt(`0x${ticketUid.slice(-12)}`) ^ BigInt(`0x${SIBLINGS[what]}0000000`);
  return `${ticketUid.slice(0, -12)}${tail.toString(16).padStart(12, '0')}` as RecordId;
}
