import type { CompiledForm } from './compiled-form.ts';
import { evaluateExpression } from './expression-evaluate.ts';
import { contextScope, type FormContext } from './form-context.ts';
import { evaluateForm, type FieldProblem, type FormState } from './form-evaluate.ts';
import type { FormData, FormValue } from './form-value.ts';

/** What keeps a form from being submitted; `field` is null when it is about the form as a whole. */
export interface FormProblem {
  readonly field: string | null;
  readonly code: FieldProblem['code'] | 'WRONG_LINE' | 'UNKNOWN_FIELD' | 'NOT_ASKED';
  readonly limit?: number;
  readonly message?: FieldProblem['message'];
}

/**
 * Every problem of an evaluated form, in its order.
 * @param isComplete false for matters that end at the seat (直接答复, 转接): they do not have to answer every question
 */
export function formProblems(
  form: CompiledForm,
  state: FormState,
  context: FormContext,
  isComplete: boolean,
): readonly FormProblem[] {
  const { lines } = form.definition;
  const ofForm: readonly FormProblem[] =
    lines && !lines.includes(context.line) ? [{ field: null, code: 'WRONG_LINE' }] : [];
  const ofFields = state.sections.flatMap((section) =>
    section.fields.flatMap(({ field, problems }) =>
      problems
        .filter((problem) => isComplete || problem.code !== 'REQUIRED')
        .map((problem): FormProblem => ({ field: field.id, ...problem })),
    ),
  );
  return [...ofForm, ...ofFields];
}

/** What a ticket keeps: the values of the fields that were asked, computed ones included, in the order of the form. */
export function finishedData(state: FormState): Record<string, FormValue> {
  const data: Record<string, FormValue> = {};
  for (const section of state.sections) {
    for (const { field, value } of section.fields) if (value !== null) data[field.id] = value;
  }
  return data;
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

/** What came of checking a form that arrives from outside. */
export type RecheckedForm =
  | { readonly ok: true; readonly data: Record<string, FormValue> }
  | { readonly ok: false; readonly problem: FormProblem };

/**
 * Checks a submitted form again, as the server does: no field it does not know, no answer to a question that was not asked,
 * every rule of the form. Computed values are computed again, whatever was sent.
 */
export function recheckForm(
  form: CompiledForm,
  data: FormData,
  context: FormContext,
  isComplete: boolean,
): RecheckedForm {
  const state = evaluateForm(form, data, context);
  const [problem] = [...strayProblems(form, state, data), ...formProblems(form, state, context, isComplete)];
  return problem ? { ok: false, problem } : { ok: true, data: finishedData(state) };
}

function strayProblems(form: CompiledForm, state: FormState, data: FormData): readonly FormProblem[] {
  return Object.entries(data).flatMap(([id, value]): readonly FormProblem[] => {
    if (!form.fields.has(id)) return [{ field: id, code: 'UNKNOWN_FIELD' }];
    return value !== null && state.fields.get(id)?.visible === false ? [{ field: id, code: 'NOT_ASKED' }] : [];
  });
}
