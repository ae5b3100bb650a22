import { z } from 'zod';
import memberFile from '#resources/review-members.json' with { type: 'json' };
import { textSchema } from '../../kernel/text.ts';
import { UNIT_NAME_MAX } from '../unit-name.ts';

const nameSchema = textSchema(UNIT_NAME_MAX).refine((name) => name.trim() !== '', { message: 'empty' });

/** Offices that usually sit in a 联席研判; others can be written. */
export const REVIEW_MEMBERS: readonly string[] = memberFile.members;
export const MOST_MEMBERS = 20;

/** Who sits in a 联席研判. */
export const reviewMembersSchema = z.array(nameSchema).min(1).max(MOST_MEMBERS);

/** One that was opened and not held yet: the event that says so, and when it is to be held. */
export const openReviewSchema = z.object({ id: z.string(), plannedAt: z.number().int().nonnegative() });

/** 联席研判: who sat, when, what was decided, and whose it is when that was settled. Its minutes are the words of its event. */
export const reviewRecordSchema = z.strictObject({
  members: reviewMembersSchema,
  heldAt: z.number().int().nonnegative(),
  decision: textSchema(2_000).refine((text) => text.trim() !== '', { message: 'empty' }),
  /** 权属单位; null when it was left open. */
  owner: nameSchema.nullable(),
});
export type ReviewRecord = z.infer<typeof reviewRecordSchema>;
