import type { z } from 'zod';
import type { formValueSchema } from '../ticket.ts';

/** What a form keeps for one field: text, number, truth, several texts, or nothing. What cannot be read stays as typed text. */
export type FormValue = z.infer<typeof formValueSchema>;

/** The values of a form by field id; a field that is not there was not filled in. */
export type FormData = Readonly<Record<string, FormValue>>;
