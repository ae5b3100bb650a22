import type { FormValue } from '#shared/domain/form/form-value.ts';
import type { TicketForm } from '#shared/domain/form/ticket-form.ts';
import { type IntakeContent, intakeContentSchema } from '#shared/domain/intake.ts';
import { formValueSchema } from '#shared/domain/ticket.ts';

type Key = keyof IntakeContent;
const KEYS = Object.keys(intakeContentSchema.shape) as Key[];

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Joins a form that was saved from elsewhere with the one on this screen: a part changed here since `base` stays as it is
 * here, every other part is taken from `theirs`. The fields of a special form are such parts, each for itself.
 */
export function mergeDraft(base: IntakeContent, mine: IntakeContent, theirs: IntakeContent): IntakeContent {
  const merged: Record<string, unknown> = { ...theirs };
  for (const key of KEYS) if (!isEqual(mine[key], base[key])) merged[key] = mine[key];
  const form = mergeForm(base.form, mine.form, theirs.form);
  return { ...(merged as IntakeContent), ...(form ? { form } : {}) };
}

/** The same form on both sides joined field by field; null when it is not the same. */
function mergeForm(base: TicketForm | null, mine: TicketForm | null, theirs: TicketForm | null): TicketForm | null {
  if (!mine || !theirs || mine.id !== theirs.id || mine.version !== theirs.version) return null;
  const before = base?.id === mine.id && base.version === mine.version ? base.data : {};
  const data: Record<string, FormValue> = { ...theirs.data };
  for (const id of new Set([...Object.keys(before), ...Object.keys(mine.data)])) {
    const value = mine.data[id];
    if (isEqual(value, before[id])) continue;
    if (value === undefined) delete data[id];
    else data[id] = value;
  }
  return { ...mine, data };
}

/** The form as it can be stored, and the parts that cannot be. */
export interface StorableDraft {
  readonly content: IntakeContent;
  readonly refused: readonly Key[];
}

/**
 * Replaces parts that no database keeps exactly (too long, NUL, half of a surrogate pair) by what was stored before, so
 * that one bad field does not keep the rest of the form from being saved.
 */
export function toStorableDraft(content: IntakeContent, stored: IntakeContent): StorableDraft {
  if (intakeContentSchema.safeParse(content).success) return { content, refused: [] };
  const refused = KEYS.filter((key) => !intakeContentSchema.shape[key].safeParse(content[key]).success);
  const kept: Record<string, unknown> = { ...content };
  for (const key of refused) kept[key] = stored[key];
  if (refused.includes('form') && content.form) kept.form = toStorableForm(content.form, stored.form);
  return { content: kept as IntakeContent, refused };
}

function toStorableForm(form: TicketForm, stored: TicketForm | null): TicketForm {
  const before = stored?.id === form.id && stored.version === form.version ? stored.data : {};
  const data: Record<string, FormValue> = {};
  for (const [id, value] of Object.entries(form.data)) {
    const kept = formValueSchema.safeParse(value).success ? value : before[id];
    if (kept !== undefined) data[id] = kept;
  }
  return { ...form, data };
}
