import { z } from 'zod';
import categoriesFile from '#resources/categories.json' with { type: 'json' };
import rulesFile from '#resources/flow-rules.json' with { type: 'json' };
import { categoryTreeSchema, listCategories } from '../category.ts';
import type { FormValue } from '../form/form-value.ts';
import { findForm, latestForm } from '../form/shipped-forms.ts';
import { centreSchema } from '../roles.ts';
import type { TicketFields } from '../ticket.ts';
import { flowReceiverSchema } from './flow.ts';

/** Parts of a ticket that a rule may send. */
const SENT_PARTS = ['title', 'content', 'place', 'occurredAt', 'urgency', 'subject', 'demands'] as const;

const flowRuleSchema = z.strictObject({
  id: z.string().regex(/^[a-z-]{1,40}$/),
  /** Grows with every change of what is sent: a ticket that was sent by one version is told as that version says. */
  version: z.number().int().positive(),
  receiver: flowReceiverSchema,
  name: z.strictObject({ zh: z.string().min(1), en: z.string().min(1) }),
  /** All of it has to fit: one of the categories, the form (null: none, or the general one), and every answer. */
  match: z.strictObject({
    categories: z.array(z.string().regex(/^\d{6}$/)).min(1),
    form: z.string().nullable(),
    answers: z.array(z.strictObject({ field: z.string(), is: z.union([z.string(), z.number(), z.boolean()]) })),
  }),
  /** What goes over, and nothing else. `caller`: name and number, never of somebody who is kept secret. */
  sends: z.strictObject({ ticket: z.array(z.enum(SENT_PARTS)), form: z.array(z.string()), caller: z.boolean() }),
  /** Fields of the form that say who somebody else is: what they hold is told as it is, in the others a caller who is not sent is covered. */
  others: z.array(z.string()),
  /** Centres (cities) that have enabled it; one with a mode, on servers of that mode only. */
  centres: z.array(
    z.strictObject({ code: centreSchema, name: z.string(), mode: z.enum(['demo', 'production']).optional() }),
  ),
});
export type FlowRule = z.infer<typeof flowRuleSchema>;

/** The file resources/flow-rules.json: of several rules for one receiver the first that fits sends. */
const flowRulesSchema = z.strictObject({ source: z.string().min(1), rules: z.array(flowRuleSchema) });

let shipped: readonly FlowRule[] | null = null;

/** The rules of this build. @throws Error naming file, place and reason when they are not good */
export function shippedFlowRules(): readonly FlowRule[] {
  shipped ??= readFlowRules(rulesFile);
  return shipped;
}

/** Reads a file of rules. @throws Error naming place and reason, also for a category, form or field that does not exist */
export function readFlowRules(json: unknown): readonly FlowRule[] {
  const parsed = flowRulesSchema.safeParse(json);
  if (!parsed.success) throw new Error(`resources/flow-rules.json: ${z.prettifyError(parsed.error)}`);
  const known = new Set(listCategories(categoryTreeSchema.parse(categoriesFile)).map(({ code }) => code));
  const ids = new Set<string>();
  for (const { id, match, sends, others } of parsed.data.rules) {
    const refuse = (what: string) => new Error(`resources/flow-rules.json: ${id}: ${what}`);
    if (ids.has(id)) throw refuse('is there twice');
    ids.add(id);
    const unknown = match.categories.find((code) => !known.has(code));
    if (unknown !== undefined) throw refuse(`unknown category ${unknown}`);
    const fields = match.form === null ? [] : fieldsOf(match.form);
    if (fields === null) throw refuse(`unknown form ${match.form}`);
    const missing = [...match.answers.map(({ field }) => field), ...sends.form].find((name) => !fields.includes(name));
    if (missing !== undefined) throw refuse(`unknown field ${missing}`);
    const unsent = others.find((name) => !sends.form.includes(name));
    if (unsent !== undefined) throw refuse(`field ${unsent} is not sent`);
  }
  return parsed.data.rules;
}

function fieldsOf(form: string): readonly string[] | null {
  const definition = latestForm(form)?.definition;
  return definition ? definition.sections.flatMap(({ fields }) => fields.map(({ id }) => id)) : null;
}

/** The rule that sends a ticket on, null for none. */
export function findFlowRule(
  fields: Pick<TicketFields, 'categoryCode' | 'form'>,
  rules: readonly FlowRule[],
): FlowRule | null {
  return rules.find((rule) => fits(fields, rule)) ?? null;
}

function fits({ categoryCode, form }: Pick<TicketFields, 'categoryCode' | 'form'>, { match }: FlowRule): boolean {
  if (categoryCode === null || !match.categories.includes(categoryCode)) return false;
  const filled = form && Object.keys(form.data).length > 0 ? form : null;
  if (match.form === null) return filled === null;
  return form?.id === match.form && match.answers.every(({ field, is }) => form.data[field] === is);
}

/** Whether a rule is enabled in a centre on a server of that mode. */
export function isEnabledAt({ centres }: FlowRule, centre: string, mode: 'demo' | 'production'): boolean {
  return centres.some((one) => one.code === centre && (one.mode ?? mode) === mode);
}

/** One answer as it goes over: with the words of the form beside its value. */
export interface SentAnswer {
  readonly field: string;
  readonly label: string;
  readonly value: FormValue;
}

/** The answers of a ticket's form that a rule sends, in the order in which it names them. */
export function sentAnswers({ form }: Pick<TicketFields, 'form'>, { sends, match }: FlowRule): readonly SentAnswer[] {
  if (!form || form.id !== match.form) return [];
  const definition = findForm(form.id, form.version)?.definition;
  const labels = new Map(
    definition?.sections.flatMap(({ fields }) => fields.map(({ id, label }) => [id, label.zh] as const)) ?? [],
  );
  return sends.form.flatMap((field) => {
    const value = form.data[field];
    return value === undefined || value === null ? [] : [{ field, label: labels.get(field) ?? field, value }];
  });
}
