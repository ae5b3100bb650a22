import type { FormLibrary } from '#renderer/platform/form-library.ts';
import { clock } from '#renderer/ui/now.ts';
import type { CompiledForm } from '#shared/domain/form/compiled-form.ts';
import { contextOf, type FormContext } from '#shared/domain/form/form-context.ts';
import { evaluateForm, type FormState } from '#shared/domain/form/form-evaluate.ts';
import { type FormProblem, formProblems, initialData, rigourOf } from '#shared/domain/form/form-submit.ts';
import type { FormValue } from '#shared/domain/form/form-value.ts';
import type { TicketForm } from '#shared/domain/form/ticket-form.ts';
import type { IntakeContent, IntakeOutcome } from '#shared/domain/intake.ts';
import type { Line, Role } from '#shared/domain/roles.ts';
import { type CallFacts, formValueSchema } from '#shared/domain/ticket.ts';

/** The form of a draft as it stands. */
export interface DraftForm {
  /** What is filled in; for a form nobody touched what it opens with. */
  readonly filled: TicketForm;
  /** True when it is kept with the draft; until somebody fills in or chooses something it follows line and category. */
  readonly isKept: boolean;
  /** The form itself with its evaluation; null when this console does not have that version. */
  readonly known: { readonly form: CompiledForm; readonly state: FormState; readonly context: FormContext } | null;
  /** The form that line or category ask for. */
  readonly opening: CompiledForm;
  /** What was filled in before another form took its place; found again when it is changed back. */
  readonly aside: readonly TicketForm[];
}

/** What is asked about a draft. */
interface DraftFacts {
  readonly content: IntakeContent;
  readonly call: CallFacts | null;
  readonly createdAt: number;
}

/** The line a draft belongs to. */
export function lineOf(call: CallFacts | null): Line {
  return call?.line ?? '12345';
}

/**
 * Reads the form of a draft.
 * @param ofCategory id of the form its category names
 * @returns null when there are no forms at all
 */
export function readDraftForm(
  library: FormLibrary,
  { content, call, createdAt }: DraftFacts,
  role: Role,
  ofCategory: string | null,
): DraftForm | null {
  const line = lineOf(call);
  const opening = library.opening(ofCategory, line);
  if (!opening) return null;
  const context = contextOf(content, line, role, clock.now());
  const filled = content.form ?? openForm(opening, { ...context, now: createdAt });
  const form = library.find(filled.id, filled.version);
  const known = form ? { form, state: evaluateForm(form, filled.data, context), context } : null;
  const aside = content.otherForms.filter((one) => one.id !== filled.id && Object.keys(one.data).length > 0);
  return { filled, isKept: content.form !== null, known, opening, aside };
}

function openForm(form: CompiledForm, context: FormContext): TicketForm {
  const { id, version } = form.definition;
  return { id, version, data: initialData(form, context) };
}

/** What is filled into a field (null empties it), or how it follows from what is there at that moment. */
export type FieldChange = FormValue | ((before: FormValue | undefined) => FormValue);

/** The form with one field filled in, or emptied with null. */
export function fillField(form: TicketForm, id: string, change: FieldChange): TicketForm {
  const { [id]: before, ...others } = form.data;
  const value = typeof change === 'function' ? change(before) : change;
  return { ...form, data: value === null || value === '' ? others : { ...others, [id]: value } };
}

/**
 * The change that fills in one field of a form that was drawn earlier: in the form the draft has now, or in what was put aside when
 * another one took its place.
 */
export function fillDraft(
  content: IntakeContent,
  now: TicketForm,
  drawn: TicketForm,
  [id, change]: readonly [string, FieldChange],
): Partial<IntakeContent> {
  if (now.id === drawn.id) return { form: fillField(now, id, change) };
  const aside = content.otherForms.find((form) => form.id === drawn.id) ?? drawn;
  return { otherForms: [...content.otherForms.filter((form) => form !== aside), fillField(aside, id, change)] };
}

/** What keeps the form from leaving the seat. */
export function draftFormProblems(draftForm: DraftForm, outcome: IntakeOutcome): readonly FormProblem[] {
  const { known } = draftForm;
  return known ? formProblems(known.form, known.state, known.context, rigourOf(outcome)) : [];
}

/**
 * The form as the draft is to keep it for its submission. A value that no database keeps and that nobody sees (its field is not
 * asked any more) would hold the draft back for ever.
 */
export function toSubmittable({ filled, known }: DraftForm): TicketForm {
  const isKept = ([id, value]: readonly [string, FormValue]) =>
    known?.state.fields.get(id)?.visible !== false || formValueSchema.safeParse(value).success;
  return { ...filled, data: Object.fromEntries(Object.entries(filled.data).filter(isKept)) };
}

/**
 * The change that puts another form in the place of the current one. What was filled in is put aside and found again when the
 * form is changed back.
 */
export function changeForm(
  draftForm: DraftForm,
  target: CompiledForm,
  { content, call, createdAt }: DraftFacts,
  role: Role,
): Partial<IntakeContent> {
  const { filled, isKept, opening } = draftForm;
  const { id } = target.definition;
  const aside = content.otherForms.filter((form) => form.id !== id && form.id !== filled.id);
  const otherForms = isKept && Object.keys(filled.data).length > 0 ? [...aside, filled] : aside;
  const before = content.otherForms.find((form) => form.id === id);
  if (before) return { form: before, otherForms };
  // The one line and category ask for follows them again.
  if (target === opening) return { form: null, otherForms };
  const context = { ...contextOf(content, lineOf(call), role, clock.now()), now: createdAt };
  return { form: openForm(target, context), otherForms };
}
