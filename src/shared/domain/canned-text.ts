import { z } from 'zod';
import { GENDERS } from './ticket.ts';

/** What a canned text may leave open; filled in from the call, the form or the ticket at hand. */
export const CANNED_VARIABLES = [
  'citizen.name',
  /** The name as it is said: 王芳女士. */
  'citizen.title',
  'citizen.phone',
  'seat.name',
  'seat.no',
  'ticket.no',
  'ticket.title',
  'place',
  /** The unit that handles it. */
  'unit',
  'today',
  'now',
] as const;
export type CannedVariable = (typeof CANNED_VARIABLES)[number];
export type CannedValues = Readonly<Partial<Record<CannedVariable, string>>>;

/** Where a text belongs: said on the phone, an answer, the content of a ticket, a note, single words. */
export const CANNED_GROUPS = ['talk', 'answer', 'content', 'note', 'word'] as const;
export type CannedGroup = (typeof CANNED_GROUPS)[number];

const VARIABLE = /\{\{([a-z.]+)\}\}/g;
/** Where the person goes on writing. */
const CURSOR = 'cursor';
const KNOWN: ReadonlySet<string> = new Set([...CANNED_VARIABLES, CURSOR]);

export const cannedTextSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  group: z.enum(CANNED_GROUPS),
  title: z.string().min(1).max(40),
  text: z
    .string()
    .min(1)
    .max(1_000)
    .refine((text) => [...text.matchAll(VARIABLE)].every(([, name = '']) => KNOWN.has(name)), {
      message: 'unknown variable',
    })
    .refine((text) => !/\{\{|\}\}/.test(text.replaceAll(VARIABLE, '')), { message: 'unfinished variable' }),
});
export type CannedText = z.infer<typeof cannedTextSchema>;

/** The file: texts, how people are addressed (王芳女士), and what stands for a variable whose value nobody knows yet. */
export const cannedTextFileSchema = z.strictObject({
  version: z.number().int().positive(),
  addresses: z.record(z.enum(GENDERS), z.string()),
  blanks: z.record(z.enum(CANNED_VARIABLES), z.string()),
  texts: z.array(cannedTextSchema).min(1),
});
export type CannedTextFile = z.infer<typeof cannedTextFileSchema>;

/** How somebody is addressed: by the name and the word for it, unless the name was written with one (王先生). Empty for nobody. */
export function addressOf(
  name: string,
  addresses: CannedTextFile['addresses'],
  gender: keyof CannedTextFile['addresses'],
): string {
  const isAddress = Object.values(addresses).some((word) => word !== '' && name.endsWith(word));
  return name === '' || isAddress ? name : `${name}${addresses[gender]}`;
}

export interface FilledText {
  readonly text: string;
  /** Where the person goes on writing: at the mark in the text, or behind it. In UTF-16 units. */
  readonly cursor: number;
}

/**
 * A canned text with its variables filled in. Values are only ever text: braces in a citizen's name are not filled again.
 * @param blanks words for what is not known
 */
export function fillCannedText(text: string, values: CannedValues, blanks: CannedValues): FilledText {
  let filled = '';
  let cursor: number | null = null;
  let done = 0;
  for (const match of text.matchAll(VARIABLE)) {
    filled += text.slice(done, match.index);
    done = match.index + match[0].length;
    const name = match[1] ?? '';
    if (name === CURSOR) cursor ??= filled.length;
    else filled += values[name as CannedVariable]?.trim() || (blanks[name as CannedVariable] ?? '');
  }
  filled += text.slice(done);
  return { text: filled, cursor: cursor ?? filled.length };
}
