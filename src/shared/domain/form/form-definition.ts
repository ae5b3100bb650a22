import { z } from 'zod';
import { lineSchema, roleSchema } from '../roles.ts';
import { EXPRESSION_MAX } from './expression-tokens.ts';

/** A text of a form in both languages; a form without one of them is refused. */
export const wordsSchema = z
  .strictObject({ zh: z.string().min(1).max(300), en: z.string().min(1).max(300) })
  .meta({ id: 'words', description: 'A text in Chinese and English.' });
export type Words = z.infer<typeof wordsSchema>;

const idSchema = z
  .string()
  .regex(/^[a-z][A-Za-z0-9]{0,39}$/)
  .meta({ id: 'fieldId', description: 'Name of a field or section, as expressions use it.' });
const optionValueSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/)
  .meta({ id: 'optionValue', description: 'What a ticket keeps for a chosen option.' });
const expressionSchema = z
  .string()
  .min(1)
  .max(EXPRESSION_MAX)
  .meta({ id: 'expression', description: "Expression, see docs/forms.md: kind == 'dust' and people > 0" });
const conditionSchema = z
  .union([z.boolean(), expressionSchema])
  .meta({ id: 'condition', description: 'true, false or an expression that holds when it is true.' });
/** Always, never, or when the expression is true. */
export type Condition = z.infer<typeof conditionSchema>;

const optionSchema = z.strictObject({ value: optionValueSchema, label: wordsSchema }).meta({ id: 'option' });
export type FormOption = z.infer<typeof optionSchema>;

/**
 * Whose data a field holds. `identity` (name, card number), `contact` (phone, address of a person) and `sensitive` (health,
 * income, children …) are masked where the caller is; `none` says nothing about a person.
 */
export const PERSONAL_CLASSES = ['none', 'identity', 'contact', 'sensitive'] as const;
const personalSchema = z
  .enum(PERSONAL_CLASSES)
  .meta({ id: 'personal', description: 'Whose data it is: what is not none is masked where the caller is.' });

const checkSchema = z
  .strictObject({
    /** The value is refused when this is false; a missing value is not judged. */
    rule: expressionSchema,
    message: wordsSchema,
  })
  .meta({ id: 'check', description: 'The value is refused with the message when the rule is false.' });

const shownSchema = {
  id: idSchema,
  label: wordsSchema,
  help: wordsSchema.optional(),
  personal: personalSchema,
  visible: conditionSchema.optional(),
  checks: z.array(checkSchema).min(1).max(10).optional(),
};
const typedSchema = {
  ...shownSchema,
  required: conditionSchema.optional(),
  enabled: conditionSchema.optional(),
  /** Roles that may fill it in; everybody who writes tickets without it. */
  editors: z.array(roleSchema).min(1).optional(),
  /** What stands in it when the form is opened; looks at the ticket only. */
  initial: expressionSchema.optional(),
};

const fieldSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), ...typedSchema, maxLength: z.number().int().min(1).max(2_000).optional() }),
  z.strictObject({
    type: z.literal('long-text'),
    ...typedSchema,
    maxLength: z.number().int().min(1).max(20_000).optional(),
  }),
  z.strictObject({
    type: z.literal('number'),
    ...typedSchema,
    min: z.number().optional(),
    max: z.number().optional(),
    decimals: z.number().int().min(0).max(6).optional(),
    /** What is counted: 人, 平方米. */
    unit: wordsSchema.optional(),
  }),
  /** 元 with at most two decimals; not negative unless `min` says so. */
  z.strictObject({
    type: z.literal('money'),
    ...typedSchema,
    min: z.number().optional(),
    max: z.number().optional(),
  }),
  /** 2026-06-18 */
  z.strictObject({
    type: z.literal('date'),
    ...typedSchema,
    months: z.enum(['first', 'last']).optional().meta({
      description: 'A month (2026-06) will do as well; conditions take its first or last day, never one to come.',
    }),
  }),
  /** Epoch ms, shown in Beijing time. */
  z.strictObject({ type: z.literal('date-time'), ...typedSchema }),
  /** 22:30 */
  z.strictObject({ type: z.literal('time'), ...typedSchema }),
  /** In any written form, kept normalized. */
  z.strictObject({ type: z.literal('phone'), ...typedSchema }),
  /** 居民身份证 with the check character of GB 11643. */
  z.strictObject({ type: z.literal('id-card'), ...typedSchema }),
  /** 统一社会信用代码 with the check character of GB 32100. */
  z.strictObject({ type: z.literal('credit-code'), ...typedSchema }),
  z.strictObject({ type: z.literal('division'), ...typedSchema }),
  z.strictObject({ type: z.literal('address'), ...typedSchema }),
  z.strictObject({ type: z.literal('category'), ...typedSchema }),
  /** Name of a unit (单位): typed freely, units of the categories are offered. */
  z.strictObject({ type: z.literal('unit'), ...typedSchema }),
  z.strictObject({ type: z.literal('single-choice'), ...typedSchema, options: z.array(optionSchema).min(2).max(60) }),
  z.strictObject({
    type: z.literal('multiple-choice'),
    ...typedSchema,
    options: z.array(optionSchema).min(2).max(60),
    most: z.number().int().min(2).max(60).optional(),
  }),
  z.strictObject({
    type: z.literal('dependent-choice'),
    ...typedSchema,
    /** The single or dependent choice above it. */
    dependsOn: idSchema,
    /** Options per value of the choice above; without any for the chosen value the field is not asked. */
    branches: z.record(optionValueSchema, z.array(optionSchema).min(1).max(60)),
  }),
  z.strictObject({ type: z.literal('yes-no'), ...typedSchema }),
  z.strictObject({ type: z.literal('attachment'), ...typedSchema, most: z.number().int().min(1).max(20).optional() }),
  z.strictObject({
    type: z.literal('computed'),
    ...shownSchema,
    value: expressionSchema,
    result: z.enum(['text', 'number', 'money', 'date', 'yes-no']),
    decimals: z.number().int().min(0).max(6).optional(),
    unit: wordsSchema.optional(),
    /** Words for the texts it can give, so that it reads well in both languages. Other texts are then missing values. */
    options: z.array(optionSchema).min(2).max(20).optional(),
  }),
]);
export type FormField = z.infer<typeof fieldSchema>;
export type FieldType = FormField['type'];
export type TypedField = Exclude<FormField, { type: 'computed' }>;

const sectionSchema = z.strictObject({
  id: idSchema,
  title: wordsSchema,
  visible: conditionSchema.optional(),
  fields: z.array(fieldSchema).min(1).max(40),
});

/**
 * A special intake form (专项表单), one version of it: resources/forms/<id>.v<version>.json. A version that was in use never
 * changes: its tickets are shown with it. Unknown keys are refused, so a typing mistake does not lose a condition.
 */
export const formDefinitionSchema = z.strictObject({
  $schema: z.string().max(200).optional(),
  id: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    .max(40),
  version: z.number().int().min(1).max(9_999),
  name: wordsSchema,
  /** What the agent should know when it opens. */
  note: wordsSchema.optional(),
  /** Lines (专席) the form belongs to: nobody uses it or reads its data on another line. All lines without it. */
  lines: z.array(lineSchema).min(1).optional(),
  /** True: a ticket with this form keeps its caller secret (保密), whatever else is chosen. */
  confidential: z.boolean().optional(),
  sections: z.array(sectionSchema).min(1).max(20),
});
export type FormDefinition = z.infer<typeof formDefinitionSchema>;
