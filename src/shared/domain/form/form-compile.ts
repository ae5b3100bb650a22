import { forceUnwrap } from '../../kernel/assert-never.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import type { CompiledCondition, CompiledField, CompiledForm, CompiledSection } from './compiled-form.ts';
import { evaluationOrder } from './evaluation-order.ts';
import type { ValueKind } from './expression-functions.ts';
import { checkKinds, type KindFault, type NameFacts } from './expression-kinds.ts';
import { type Expression, parseExpression } from './expression-parser.ts';
import type { SyntaxFault } from './expression-tokens.ts';
import { CONTEXT_NAMES } from './form-context.ts';
import { type Condition, type FormDefinition, type FormField, formDefinitionSchema } from './form-definition.ts';
import { type FormFault, schemaFaults, toPointer } from './form-faults.ts';
import { checkStructure } from './form-structure.ts';

/** What a field's value is to an expression. */
function factsOf(field: FormField): NameFacts {
  const options = optionsOf(field);
  return options ? { kind: kindOf(field), options } : { kind: kindOf(field) };
}

function kindOf(field: FormField): ValueKind {
  switch (field.type) {
    case 'number':
    case 'money':
    case 'date-time':
      return 'number';
    case 'yes-no':
      return 'boolean';
    case 'multiple-choice':
    case 'attachment':
      return 'list';
    case 'computed':
      return field.result === 'yes-no'
        ? 'boolean'
        : field.result === 'text' || field.result === 'date'
          ? 'text'
          : 'number';
    default:
      return 'text';
  }
}

function optionsOf(field: FormField): ReadonlySet<string> | null {
  switch (field.type) {
    case 'single-choice':
    case 'multiple-choice':
      return new Set(field.options.map((option) => option.value));
    case 'dependent-choice':
      return new Set(Object.values(field.branches).flatMap((options) => options.map((option) => option.value)));
    case 'computed':
      return field.options ? new Set(field.options.map((option) => option.value)) : null;
    default:
      return null;
  }
}

/**
 * Takes a form file in: checks its shape, then everything a schema cannot say (ids once, options of dependent choices,
 * expressions, circles).
 * @param json the parsed content of the file, not trusted
 * @returns the form, or every fault with the place it is at (JSON pointer)
 */
export function compileForm(json: unknown): Result<CompiledForm, readonly FormFault[]> {
  const parsed = formDefinitionSchema.safeParse(json);
  if (!parsed.success) return err(schemaFaults(parsed.error, json));
  const definition = parsed.data;
  const structure = checkStructure(definition);
  if (structure.length > 0) return err(structure);
  return new Compiler(definition).compile();
}

/** One pass over a form; collects every fault instead of stopping at the first. */
class Compiler {
  private readonly definition: FormDefinition;
  private readonly facts: ReadonlyMap<string, NameFacts>;
  private readonly faults: FormFault[] = [];

  constructor(definition: FormDefinition) {
    this.definition = definition;
    const fields = definition.sections.flatMap((section) => section.fields);
    this.facts = new Map(fields.map((field) => [field.id, factsOf(field)]));
  }

  compile(): Result<CompiledForm, readonly FormFault[]> {
    const sections = this.definition.sections.map(
      (section, index): CompiledSection => ({
        id: section.id,
        title: section.title,
        visible: this.condition(section.visible, true, ['sections', index, 'visible']),
        fields: section.fields.map((field, at) => this.field(field, ['sections', index, 'fields', at])),
      }),
    );
    if (this.faults.length > 0) return err(this.faults);
    const order = evaluationOrder(sections);
    if (!order.ok) {
      const [id = ''] = order.error;
      return err([{ path: this.pathOf(id), code: 'CIRCLE', found: order.error.join(' → '), expected: '' }]);
    }
    const fields = new Map(
      sections.flatMap((section) => section.fields.map((one) => [one.field.id, { ...one, section }] as const)),
    );
    return ok({
      definition: this.definition,
      sections,
      fields,
      order: order.value.map((id) => forceUnwrap('the order names fields of the form', fields.get(id))),
    });
  }

  private field(field: FormField, path: readonly (string | number)[]): CompiledField {
    const checks = (field.checks ?? []).flatMap((check, index) => {
      const rule = this.expression(check.rule, 'boolean', [...path, 'checks', index, 'rule']);
      return rule ? [{ rule, message: check.message }] : [];
    });
    const visible = this.condition(field.visible, true, [...path, 'visible']);
    if (field.type === 'computed') {
      const computed = this.expression(field.value, kindOf(field), [...path, 'value']);
      this.checkResults(computed, optionsOf(field), [...path, 'value']);
      return { field, visible, required: false, enabled: false, checks, initial: null, computed };
    }
    return {
      field,
      visible,
      required: this.condition(field.required, false, [...path, 'required']),
      enabled: this.condition(field.enabled, true, [...path, 'enabled']),
      checks,
      initial:
        field.initial === undefined
          ? null
          : this.expression(field.initial, kindOf(field), [...path, 'initial'], 'context-only'),
      computed: null,
    };
  }

  private condition(
    condition: Condition | undefined,
    otherwise: boolean,
    path: readonly (string | number)[],
  ): CompiledCondition {
    if (condition === undefined) return otherwise;
    return typeof condition === 'boolean' ? condition : (this.expression(condition, 'boolean', path) ?? otherwise);
  }

  private expression(
    source: string,
    wanted: ValueKind,
    path: readonly (string | number)[],
    names: 'all' | 'context-only' = 'all',
  ): Expression | null {
    const parsed = parseExpression(source);
    if (!parsed.ok) {
      this.fault(path, parsed.error, '');
      return null;
    }
    const { kind, faults } = checkKinds(parsed.value, (name) =>
      name.startsWith('$')
        ? (CONTEXT_NAMES.get(name) ?? null)
        : names === 'all'
          ? (this.facts.get(name) ?? null)
          : null,
    );
    for (const fault of faults) this.fault(path, fault, fault.expected);
    if (faults.length === 0 && kind !== null && kind !== wanted) {
      this.faults.push({ path: toPointer(path), code: 'WRONG_KIND', found: kind, expected: wanted, at: 0 });
    }
    return parsed.value;
  }

  /** A computed field with options has to give one of them. */
  private checkResults(
    computed: Expression | null,
    options: ReadonlySet<string> | null,
    path: readonly (string | number)[],
  ): void {
    if (!computed || !options) return;
    for (const { value, at } of resultLiterals(computed)) {
      if (typeof value === 'string' && options.has(value)) continue;
      const expected = [...options].join(', ');
      this.faults.push({ path: toPointer(path), code: 'UNKNOWN_OPTION', found: String(value), expected, at });
    }
  }

  private fault(path: readonly (string | number)[], fault: SyntaxFault | KindFault, expected: string): void {
    this.faults.push({ path: toPointer(path), code: fault.code, found: fault.found, expected, at: fault.at });
  }

  private pathOf(id: string): string {
    for (const [index, section] of this.definition.sections.entries()) {
      const at = section.fields.findIndex((field) => field.id === id);
      if (at >= 0) return toPointer(['sections', index, 'fields', at]);
    }
    return '';
  }
}

/** The literals an expression can give as a whole. */
function resultLiterals(expression: Expression): readonly Extract<Expression, { kind: 'literal' }>[] {
  if (expression.kind === 'literal') return [expression];
  if (expression.kind !== 'call') return [];
  if (expression.name === 'if') return expression.args.slice(1).flatMap(resultLiterals);
  return expression.name === 'coalesce' ? expression.args.flatMap(resultLiterals) : [];
}
