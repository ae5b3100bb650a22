import { z } from 'zod';
import type { PhoneState } from '../domain/call.ts';
import { telCommandSchema } from '../domain/call.ts';

/** UI window → phone window. `id` pairs the answer with the request. */
export const phoneRequestSchema = z.strictObject({ id: z.number().int().nonnegative(), command: telCommandSchema });
export type PhoneRequest = z.infer<typeof phoneRequestSchema>;

/** Phone window → UI windows: answers to requests, and the whole state after every change (it is small). */
export type PhoneMessage =
  | { readonly kind: 'answer'; readonly id: number; readonly ok: true }
  | {
      readonly kind: 'answer';
      readonly id: number;
      readonly ok: false;
      readonly code: 'NOT_POSSIBLE' | 'BAD_INPUT' | 'NOT_SUPPORTED';
    }
  | { readonly kind: 'state'; readonly state: PhoneState; readonly capabilities: { readonly simulate: boolean } };
