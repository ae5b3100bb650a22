import { isSideBySide } from '#renderer/features/intake/form/side-by-side.ts';
import type { CompiledForm } from '#shared/domain/form/compiled-form.ts';
import { fieldsOf } from '#shared/domain/form/expression-parser.ts';
import type { FormContext } from '#shared/domain/form/form-context.ts';
import type { FormField } from '#shared/domain/form/form-definition.ts';
import { evaluateForm, type FieldState, type FormState } from '#shared/domain/form/form-evaluate.ts';
import { initialData } from '#shared/domain/form/form-submit.ts';
import type { FormData, FormValue } from '#shared/domain/form/form-value.ts';

/** Answers that bring questions onto the screen which were not there in the rounds before. */
export interface FormRound {
  readonly context: FormContext;
  /** In an order in which each question stands there when it is answered. */
  readonly answers: readonly (readonly [id: string, value: FormValue])[];
  /** Every typed question that is asked then. */
  readonly asked: readonly string[];
  /** Those of them that no round before asked. */
  readonly fresh: readonly string[];
}

/** Searches for answers that go together with those of another question give up after so many tries. */
const MOST_TRIES = 2_000;

/** Whether a question is answered by typing as it stands now: text, or a list that is found in by typing. */
function isTyped(state: Pick<FieldState, 'field' | 'options'>): boolean {
  switch (state.field.type) {
    case 'single-choice':
    case 'dependent-choice':
      return !isSideBySide(state as FieldState) && state.options.length > 0;
    case 'multiple-choice':
    case 'yes-no':
    case 'attachment':
    case 'computed':
      return false;
    default:
      return true;
  }
}

/** The questions of a form that are ever answered by typing. */
export function typedFields(form: CompiledForm): readonly string[] {
  const optionsOf = (field: FormField) => {
    if (field.type === 'single-choice') return [field.options];
    return field.type === 'dependent-choice' ? Object.values(field.branches) : [[]];
  };
  return [...form.fields.values()]
    .filter(({ field }) => optionsOf(field).some((options) => isTyped({ field, options })))
    .map(({ field }) => field.id);
}

const isAsked = (state: FormState, id: string): boolean => {
  const field = state.fields.get(id);
  return field?.visible === true && field.enabled && isTyped(field);
};

/** Answers worth trying; a question that is none of them is left as it is. */
function candidatesOf({ field, options }: FieldState): readonly FormValue[] {
  const values = options.map(({ value }) => value);
  switch (field.type) {
    case 'single-choice':
    case 'dependent-choice':
      return values;
    case 'multiple-choice':
      return values.map((value) => [value]);
    case 'yes-no':
      return [true, false];
    case 'number':
    case 'money':
      return [1, 2, 10, 100, 1_000].filter((n) => n >= (field.min ?? 0) && n <= (field.max ?? Number.MAX_VALUE));
    case 'date':
      return ['2020-05-01', '2012-05-01'];
    case 'date-time':
      return [Date.UTC(2026, 5, 18, 15, 30), Date.UTC(2026, 5, 18, 2)];
    case 'time':
      return ['23:30', '10:00'];
    case 'phone':
      return ['13800001234'];
    case 'id-card':
      return ['11010519491231002X'];
    case 'credit-code':
      return ['91350100M000100Y43'];
    case 'division':
      return ['320106'];
    case 'category':
      return ['020201'];
    case 'attachment':
    case 'computed':
      return [];
    default:
      return ['区城管局'];
  }
}

/** The questions whose answers decide whether one is asked, directly or through others, in the order of the form. */
function deciding(form: CompiledForm, id: string): readonly string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    const compiled = form.order.find(({ field }) => field.id === name);
    if (!compiled) return;
    const { field, section, visible, enabled, computed } = compiled;
    const conditions = [section.visible, visible, enabled, computed ?? true];
    const named = conditions.flatMap((one) => (typeof one === 'boolean' ? [] : [...fieldsOf(one)]));
    for (const next of field.type === 'dependent-choice' ? [...named, field.dependsOn] : named) {
      if (next === id || found.has(next)) continue;
      found.add(next);
      visit(next);
    }
  };
  visit(id);
  return form.order.map(({ field }) => field.id).filter((name) => found.has(name));
}

/** Answers to these questions, beside those that are given, that make the form as it is wanted; null when there are none. */
function findAnswers(
  form: CompiledForm,
  context: FormContext,
  names: readonly string[],
  given: FormData,
  isWanted: (state: FormState) => boolean,
): FormData | null {
  let tries = 0;
  const search = (data: FormData, at: number): FormData | null => {
    tries += 1;
    const state = evaluateForm(form, data, context);
    if (isWanted(state)) return data;
    const name = names[at];
    if (name === undefined || tries > MOST_TRIES) return null;
    const asked = state.fields.get(name);
    const values = asked?.visible && asked.enabled ? candidatesOf(asked) : [];
    for (const value of values) {
      const found = search({ ...data, [name]: value }, at + 1);
      if (found) return found;
    }
    return search(data, at + 1);
  };
  return search(given, 0);
}

/**
 * Rounds of answers that together ask every typed question of a form, few of them.
 * @param contexts surroundings to try, the usual ones first: some questions are those of other roles
 * @throws Error naming the question that no answers bring onto the screen
 */
export function planRounds(form: CompiledForm, contexts: readonly FormContext[]): readonly FormRound[] {
  const rounds: FormRound[] = [];
  const open = new Set(typedFields(form));
  const askedIn = (state: FormState) => [...state.fields.keys()].filter((id) => isAsked(state, id));
  for (const target of open) {
    const starts = contexts.map((context) => {
      const opening = initialData(form, context);
      const isWanted = (state: FormState) => isAsked(state, target);
      return { context, opening, data: findAnswers(form, context, deciding(form, target), opening, isWanted) };
    });
    const start = starts.find(({ data }) => data !== null);
    if (!start) throw new Error(`${form.definition.id} v${form.definition.version} never asks ${target}`);
    const { context, opening } = start;
    let data = start.data ?? opening;
    for (const other of open) {
      const shown = askedIn(evaluateForm(form, data, context)).filter((id) => open.has(id));
      if (shown.includes(other)) continue;
      const isWanted = (state: FormState) => isAsked(state, other) && shown.every((id) => isAsked(state, id));
      data = findAnswers(form, context, deciding(form, other), data, isWanted) ?? data;
    }
    const asked = askedIn(evaluateForm(form, data, context));
    const fresh = asked.filter((id) => open.delete(id));
    const answers = form.order
      .map(({ field }) => field.id)
      .flatMap((id) => (data[id] === undefined || data[id] === opening[id] ? [] : [[id, data[id]] as const]));
    rounds.push({ context, answers, asked, fresh });
  }
  return rounds;
}
