import type { z } from 'zod';
import { type IntakeContent, intakeContentSchema } from './intake.ts';

const { attachments, promise } = intakeContentSchema.shape;

/** A form as it travels with its call. What came with schema 3 is left out while it says nothing: older builds know no such fields. */
export const sentIntakeSchema = intakeContentSchema.extend({
  attachments: attachments.unwrap().optional(),
  promise: promise.unwrap().optional(),
});
export type SentIntake = z.infer<typeof sentIntakeSchema>;

/** A form without the newer fields that say nothing. */
export function toSentIntake({ attachments, promise, ...content }: SentIntake): SentIntake {
  return {
    ...content,
    ...(attachments && attachments.length > 0 ? { attachments } : {}),
    ...(promise ? { promise } : {}),
  };
}

/** The form as it was written, from what arrived. */
export function fromSentIntake({ attachments = [], promise = null, ...content }: SentIntake): IntakeContent {
  return { ...content, attachments, promise };
}
