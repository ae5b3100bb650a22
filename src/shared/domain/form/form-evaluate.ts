import { forceUnwrap } from '../../kernel/assert-never.ts';
import { edgeOf, isDate } from './calendar.ts';
import type { CompiledCondition, CompiledField, CompiledForm } from './compiled-form.ts';
import { evaluateExpression, type Scope } from './expression-evaluate.ts';
import { roundTo, type Value } from './expression-functions.ts';
import { readValue, type ValueProblemCode } from './field-value.ts';
import { contextScope, type FormContext } from './form-context.ts';
import type { FormField, FormOption, Words } from './form-definition.ts';
import type { FormData, FormValue } from './form-value.ts';

/** What is wrong at a field. */
export interface FieldProblem {
  readonly code: ValueProblemCode | 'REQUIRED' | 'CHECK_FAILED' | 'NOT_ALLOWED';
  /** The bound that was passed. */
  readonly limit?: number;
  /** What a failed check says. */
  readonly message?: Words;
}

/** A field as it stands now. */
export interface FieldState {
  readonly field: FormField;
  readonly visible: boolean;
  readonly required: boolean;
  /** False: shown, not to be changed (a condition, the role, or a computed field). */
  readonly enabled: boolean;
  /** The value conditions and the ticket see; null when missing, unreadable or not asked. */
  readonly value: FormValue;
  /** What a choice can be now. */
  readonly options: readonly FormOption[];
  readonly problems: readonly FieldProblem[];
}

export interface SectionState {
  readonly id: string;
  readonly title: Words;
  readonly visible: boolean;
  readonly fields: readonly FieldState[];
}

/** A form with what is filled in, evaluated. */
export interface FormState {
  readonly sections: readonly SectionState[];
  readonly fields: ReadonlyMap<string, FieldState>;
}

/** Longest computed text, in characters. */
const COMPUTED_TEXT_MAX = 500;

/**
 * Evaluates a form: the one function behind the form on the screen, the check at submission and the server's check.
 * Total and deterministic: the same form, data and context give the same state, and no data makes it throw.
 */
export function evaluateForm(form: CompiledForm, data: FormData, context: FormContext): FormState {
  const around = contextScope(context);
  const values = new Map<string, FormValue>();
  const scope: Scope = (name) => (name.startsWith('$') ? around(name) : (values.get(name) ?? null));
  const read: FieldState[] = [];
  for (const compiled of form.order) {
    const { section } = compiled;
    const { id } = compiled.field;
    const options = optionsNow(compiled.field, values);
    const visible =
      holds(section.visible, scope) &&
      holds(compiled.visible, scope) &&
      !isWithoutOptions(compiled.field, options, values);
    const state = readField(compiled, { raw: ownValue(data, id), visible, options, scope, context });
    values.set(id, calculable(state, scope));
    read.push(state);
  }
  // Requirements and checks may look at every value, also at those further down.
  const judged = new Map<string, FieldState>();
  form.order.forEach((compiled, index) => {
    const state = forceUnwrap('every field was read', read[index]);
    judged.set(compiled.field.id, judge(state, compiled, scope, context));
  });
  return {
    sections: form.sections.map((section) => ({
      id: section.id,
      title: section.title,
      visible: holds(section.visible, scope),
      fields: section.fields.map((one) => forceUnwrap('every field was judged', judged.get(one.field.id))),
    })),
    fields: judged,
  };
}

/** A value as conditions see it: of a month they see a day, the last one only when it has come. */
function calculable({ field, value }: FieldState, scope: Scope): FormValue {
  if (field.type !== 'date' || !field.months || typeof value !== 'string' || isDate(value)) return value;
  const [first, edge] = [edgeOf(value, 'first'), edgeOf(value, field.months)];
  const today = scope('$today');
  const isGoingOn = first !== null && edge !== null && typeof today === 'string' && first <= today && today < edge;
  return isGoingOn ? today : edge;
}

/** A value kept for a field; data comes from outside, so inherited properties are none. */
function ownValue(data: FormData, id: string): FormValue | undefined {
  return Object.hasOwn(data, id) ? data[id] : undefined;
}

function holds(condition: CompiledCondition, scope: Scope): boolean {
  return typeof condition === 'boolean' ? condition : evaluateExpression(condition, scope) === true;
}

function optionsNow(field: FormField, values: ReadonlyMap<string, FormValue>): readonly FormOption[] {
  switch (field.type) {
    case 'single-choice':
    case 'multiple-choice':
      return field.options;
    case 'computed':
      return field.options ?? [];
    case 'dependent-choice': {
      const above = values.get(field.dependsOn);
      return typeof above === 'string' && Object.hasOwn(field.branches, above) ? (field.branches[above] ?? []) : [];
    }
    default:
      return [];
  }
}

/** A dependent choice is not asked when the choice above it leaves nothing to choose. */
function isWithoutOptions(
  field: FormField,
  options: readonly FormOption[],
  values: ReadonlyMap<string, FormValue>,
): boolean {
  return field.type === 'dependent-choice' && options.length === 0 && (values.get(field.dependsOn) ?? null) !== null;
}

interface Reading {
  readonly raw: FormValue | undefined;
  readonly visible: boolean;
  readonly options: readonly FormOption[];
  readonly scope: Scope;
  readonly context: FormContext;
}

function readField({ field, computed }: CompiledField, reading: Reading): FieldState {
  const { raw, visible, options, scope } = reading;
  const state = { field, visible, required: false, enabled: false, options, problems: [] };
  if (!visible) return { ...state, value: null };
  if (field.type === 'computed') {
    return { ...state, value: computed ? toComputed(field, evaluateExpression(computed, scope)) : null };
  }
  const read = readValue(field, raw, options);
  if (read.ok) return { ...state, value: read.value };
  const problem: FieldProblem = read.limit === undefined ? { code: read.code } : { code: read.code, limit: read.limit };
  return { ...state, value: null, problems: [problem] };
}

/** Brings what an expression gave into the kind its field shows; anything else is missing. */
function toComputed(field: Extract<FormField, { type: 'computed' }>, value: Value): FormValue {
  switch (field.result) {
    case 'number':
    case 'money': {
      if (typeof value !== 'number') return null;
      return roundTo(value, field.decimals ?? (field.result === 'money' ? 2 : 0));
    }
    case 'yes-no':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      return typeof value === 'string' && isDate(value) ? value : null;
    case 'text':
      if (typeof value !== 'string') return null;
      if (field.options) return field.options.some((option) => option.value === value) ? value : null;
      return Array.from(value).slice(0, COMPUTED_TEXT_MAX).join('');
  }
}

function judge(state: FieldState, compiled: CompiledField, scope: Scope, context: FormContext): FieldState {
  const { field, visible, options, value } = state;
  if (!visible) return state;
  const isTyped = field.type !== 'computed';
  const mayEdit = isTyped && (!field.editors || (context.role !== null && field.editors.includes(context.role)));
  // Nothing can be chosen before the choice above is made.
  const canChoose = field.type !== 'dependent-choice' || options.length > 0;
  const enabled = mayEdit && canChoose && holds(compiled.enabled, scope);
  const required = enabled && holds(compiled.required, scope);
  const problems: FieldProblem[] = [...state.problems];
  if (isTyped && context.role !== null && !mayEdit && (value !== null || problems.length > 0)) {
    problems.push({ code: 'NOT_ALLOWED' });
  }
  if (required && value === null && problems.length === 0) problems.push({ code: 'REQUIRED' });
  if (value !== null) {
    for (const { rule, message } of compiled.checks) {
      if (evaluateExpression(rule, scope) === false) problems.push({ code: 'CHECK_FAILED', message });
    }
  }
  return { ...state, enabled, required, problems };
}
