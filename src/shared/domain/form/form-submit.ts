import { assertNever } from '../../kernel/assert-never.ts';
import type { IntakeOutcome } from '../intake.ts';
import type { CompiledForm } from './compiled-form.ts';
import { evaluateExpression } from './expression-evaluate.ts';
import { contextScope, type FormContext } from './form-context.ts';
import { evaluateForm, type FieldProblem, type FormState } from './form-evaluate.ts';
import type { FormData, FormValue } from './form-value.ts';
import { isForItself } from './untouched-form.ts';

/**
 * How much a form has to say: everything it requires (受理转办); only what can be read (直接答复: the matter ends at the seat);
 * whatever is there (移交 110/119/120/122: somebody is in danger).
 */
export type FormRigour = 'complete' | 'readable' | 'as-is';

/** How much the form of a draft has to say, by how the draft leaves the seat. */
export function rigourOf(outcome: IntakeOutcome): FormRigour {
  switch (outcome) {
    case 'submit':
      return 'complete';
    case 'direct_answer':
      return 'readable';
    case 'hand_off':
      return 'as-is';
    default:
      return assertNever(outcome, 'outcome');
  }
}

/** What keeps a form from being submitted; `field` is null when it is about the form as a whole. */
export interface FormProblem {
  readonly field: string | null;
  readonly code: FieldProblem['code'] | 'WRONG_LINE' | 'UNKNOWN_FIELD' | 'NOT_ASKED';
  readonly limit?: number;
  readonly message?: FieldProblem['message'];
}

/** Every problem of an evaluated form, in its order. */
export function formProblems(
  form: CompiledForm,
  state: FormState,
  context: FormContext,
  rigour: FormRigour,
): readonly FormProblem[] {
  const { lines } = form.definition;
  const ofForm: readonly FormProblem[] =
    lines && !lines.includes(context.line) ? [{ field: null, code: 'WRONG_LINE' }] : [];
  if (rigour === 'as-is') return ofForm;
  const ofFields = state.sections.flatMap((section) =>
    section.fields.flatMap(({ field, problems }) =>
      problems
        .filter((problem) => rigour === 'complete' || problem.code !== 'REQUIRED')
        .map((problem): FormProblem => ({ field: field.id, ...problem })),
    ),
  );
  return [...ofForm, ...ofFields];
}

/** What a ticket keeps: the values of the fields that were asked, computed ones included, in the order of the form. */
export function finishedData(state: FormState): Record<string, FormValue> {
  return keep(state, (id) => state.fields.get(id)?.value ?? null);
}

/** The same, with what could not be read as it was typed. */
function dataAsIs(state: FormState, data: FormData): Record<string, FormValue> {
  return keep(state, (id) => {
    const field = state.fields.get(id);
    if (!field?.visible) return null;
    return field.value ?? (Object.hasOwn(data, id) && field.field.type !== 'computed' ? (data[id] ?? null) : null);
  });
}

function keep(state: FormState, read: (id: string) => FormValue): Record<string, FormValue> {
  const kept: Record<string, FormValue> = {};
  for (const { fields } of state.sections) {
    for (const { field } of fields) {
      const value = read(field.id);
      if (value !== null) kept[field.id] = value;
    }
  }
  return kept;
}

/** What stands in a form when it is opened. */
export function initialData(form: CompiledForm, context: FormContext): Record<string, FormValue> {
  const scope = contextScope(context);
  const data: Record<string, FormValue> = {};
  for (const { field, initial } of form.fields.values()) {
    const value = initial ? evaluateExpression(initial, scope) : null;
    if (value === null) continue;
    data[field.id] = typeof value === 'object' ? value.map(String) : value;
  }
  return data;
}

/** What came of checking a form: the data a ticket keeps, or everything that is wrong. */
export type CheckedForm =
  | { readonly ok: true; readonly data: Record<string, FormValue> }
  | { readonly ok: false; readonly problems: readonly [FormProblem, ...FormProblem[]] };

/** Checks a filled form and brings it into the shape a ticket keeps. Computed values are computed anew, whatever was there. */
export function checkForm(form: CompiledForm, data: FormData, context: FormContext, rigour: FormRigour): CheckedForm {
  return checkState(form, evaluateForm(form, data, context), data, context, rigour);
}

function checkState(
  form: CompiledForm,
  state: FormState,
  data: FormData,
  context: FormContext,
  rigour: FormRigour,
): CheckedForm {
  const [first, ...more] = formProblems(form, state, context, rigour);
  if (first) return { ok: false, problems: [first, ...more] };
  return { ok: true, data: rigour === 'as-is' ? dataAsIs(state, data) : finishedData(state) };
}

/** What came of forms that nobody had filled in, where that is always the same: by role, line and rigour; null for a form that looks around. */
const untouched = new WeakMap<CompiledForm, Map<string, CheckedForm> | null>();

/** The same for a form that arrives from outside: nothing in it that the form does not know or does not ask. */
export function recheckForm(form: CompiledForm, data: FormData, context: FormContext, rigour: FormRigour): CheckedForm {
  if (!untouched.has(form)) untouched.set(form, isForItself(form) ? new Map() : null);
  const known = untouched.get(form);
  if (!known || Object.keys(data).length > 0) return recheckFilled(form, data, context, rigour);
  const key = `${context.role} ${context.line} ${rigour}`;
  const checked = known.get(key) ?? recheckFilled(form, data, context, rigour);
  known.set(key, checked);
  return checked;
}

function recheckFilled(form: CompiledForm, data: FormData, context: FormContext, rigour: FormRigour): CheckedForm {
  const state = evaluateForm(form, data, context);
  const [first, ...more] = strayProblems(form, state, data);
  return first ? { ok: false, problems: [first, ...more] } : checkState(form, state, data, context, rigour);
}

function strayProblems(form: CompiledForm, state: FormState, data: FormData): readonly FormProblem[] {
  return Object.entries(data).flatMap(([id, value]): readonly FormProblem[] => {
    if (!form.fields.has(id)) return [{ field: id, code: 'UNKNOWN_FIELD' }];
    return value !== null && state.fields.get(id)?.visible === false ? [{ field: id, code: 'NOT_ASKED' }] : [];
  });
}
