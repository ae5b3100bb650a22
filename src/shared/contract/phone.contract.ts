import { z } from 'zod';
import { telCommandSchema } from '../domain/call-events.ts';
import type { CallRecord } from '../domain/call-record.ts';
import type { PhoneState } from '../domain/call-state.ts';

/** A finished call that no window has written to the call log yet. */
export interface UnkeptCall {
  readonly serial: number;
  readonly record: CallRecord;
}

/** What a UI window may ask of the phone window: commands to the telephone system, and that calls are in the call log. */
export const phoneCommandSchema = z.discriminatedUnion('kind', [
  ...telCommandSchema.options,
  z.strictObject({ kind: z.literal('calls-kept'), serials: z.array(z.number().int().positive()).min(1).max(1_000) }),
]);
export type PhoneCommand = z.infer<typeof phoneCommandSchema>;

/** UI window → phone window. `id` pairs the answer with the request. */
export const phoneRequestSchema = z.strictObject({ id: z.number().int().nonnegative(), command: phoneCommandSchema });
export type PhoneRequest = z.infer<typeof phoneRequestSchema>;

/** Why the phone did not do it; NO_ANSWER is what a window says when the phone window itself is silent. */
export const PHONE_FAILURES = [
  'NOT_POSSIBLE',
  'BAD_INPUT',
  'NOT_SUPPORTED',
  'DECLINED',
  'NO_REPLY',
  'BUSY',
  'UNREACHABLE',
  'CANCELLED',
  'GONE',
  'NO_ANSWER',
] as const;
export type PhoneFailure = (typeof PHONE_FAILURES)[number];

/** Phone window → UI windows: answers to requests, and the whole state after every change (it is small). */
export type PhoneMessage =
  | { readonly kind: 'answer'; readonly id: number; readonly ok: true }
  | { readonly kind: 'answer'; readonly id: number; readonly ok: false; readonly code: PhoneFailure }
  | {
      readonly kind: 'state';
      readonly state: PhoneState;
      /** Finished calls to be written down, oldest first; sent again until a window says that it did. */
      readonly unkept: readonly UnkeptCall[];
      readonly capabilities: { readonly simulate: boolean };
    };
