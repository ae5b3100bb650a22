import { z } from 'zod';
import answersFile from '#resources/demo/form-answers.json' with { type: 'json' };
import { formValueSchema } from '#shared/domain/ticket.ts';
import { SLOT } from './composer.ts';
import { compileTemplate } from './template.ts';

const wholeHour = z.number().int().min(0).max(23);
/** All that is named has to hold. */
const conditionSchema = z.strictObject({
  /** One of these words stands in the title, the words or the content. */
  says: z.array(z.string().min(2)).min(1).optional(),
  /** 紧急 or 特急 */
  urgent: z.boolean().optional(),
  /** 特急 */
  critical: z.boolean().optional(),
  /** The caller gave a name. */
  named: z.boolean().optional(),
  /** Hours of the day in Beijing in which the call came, past midnight when the first is the later one. */
  hours: z.tuple([wholeHour, wholeHour]).optional(),
});
export type PieceCondition = z.infer<typeof conditionSchema>;

const range = z.tuple([z.number(), z.number()]).refine(([from, to]) => from <= to, 'begins after its end');
const templates = z
  .array(z.string().min(2))
  .min(1)
  .transform((texts) => texts.map((text) => compileTemplate(text, { slot: slotNumber, phrases: () => null })));
const pattern = z.string().transform((source) => new RegExp(source, 'u'));

/** An answer: when it is meant, how often it is given then (else the field stays empty), and one way to make its value. */
const piece = <T extends z.ZodRawShape>(way: T) =>
  z.strictObject({ when: conditionSchema.optional(), share: z.number().min(0).max(1).default(1), ...way });
const pieceSchema = z.union([
  /** One of these. */
  piece({ pick: z.array(formValueSchema).min(1) }),
  /** A number of the range, in steps. */
  piece({ between: range, step: z.number().positive().default(1) }),
  /** The day so many days before the matter was first reported. */
  piece({ daysAgo: range }),
  /** Choices whose words the ticket says; `always` is chosen whatever it says. */
  piece({
    mentioned: z.record(z.string(), z.array(z.string().min(2)).min(1)),
    always: z.array(z.string()).default([]),
  }),
  /** A few of these choices. */
  piece({ some: z.array(z.string()).min(1), most: z.number().int().positive() }),
  /** A text about the place; `{slot}` as in the texts of the matters, built-in slots only. */
  piece({ write: templates }),
  /** A number of so many digits, as text. */
  piece({ digits: z.number().int().positive() }),
  /** The number that the pattern's first group finds in what the ticket says. */
  piece({ number: pattern }),
  /** The hour that the pattern's first group finds, as a time of day. */
  piece({ hour: pattern }),
]);
export type AnswerPiece = z.infer<typeof pieceSchema>;

/** The pieces of each field: the first whose condition holds decides. */
const fieldsSchema = z.record(z.string(), z.array(pieceSchema).min(1));
const answersFileSchema = z.strictObject({
  /** What the matters of a form have in common, by form. */
  forms: z.record(z.string(), fieldsSchema),
  matters: z.array(
    z.strictObject({
      codes: z.array(z.string().regex(/^\d{6}$/)).min(1),
      form: z.string(),
      /** No form is written then. */
      unless: conditionSchema.optional(),
      fields: fieldsSchema,
    }),
  ),
});

/** How the form of one matter is filled in. */
export interface FormRecipe {
  readonly unless: PieceCondition | undefined;
  /** In the order of the file. */
  readonly fields: readonly (readonly [field: string, pieces: readonly AnswerPiece[]])[];
}

/**
 * How the special forms of the matters are filled in, by category code.
 * @throws with path when resources/demo/form-answers.json does not fit its schema
 */
export function loadFormRecipes(): ReadonlyMap<string, FormRecipe> {
  const parsed = answersFileSchema.safeParse(answersFile);
  if (!parsed.success) throw new Error(`resources/demo/form-answers.json: ${z.prettifyError(parsed.error)}`);
  const { forms, matters } = parsed.data;
  const recipes = matters.flatMap(({ codes, form, unless, fields }) => {
    const recipe: FormRecipe = { unless, fields: Object.entries({ ...forms[form], ...fields }) };
    return codes.map((code) => [code, recipe] as const);
  });
  return new Map(recipes);
}

function slotNumber(name: string): number | null {
  return (SLOT as Readonly<Record<string, number>>)[name] ?? null;
}
