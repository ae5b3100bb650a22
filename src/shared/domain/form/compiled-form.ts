import type { Expression } from './expression-parser.ts';
import type { FormDefinition, FormField, Words } from './form-definition.ts';

/** A condition ready to be asked. */
export type CompiledCondition = boolean | Expression;

export interface CompiledField {
  readonly field: FormField;
  readonly visible: CompiledCondition;
  readonly required: CompiledCondition;
  readonly enabled: CompiledCondition;
  readonly checks: readonly { readonly rule: Expression; readonly message: Words }[];
  readonly initial: Expression | null;
  /** Expression of a computed field. */
  readonly computed: Expression | null;
}

export interface CompiledSection {
  readonly id: string;
  readonly title: Words;
  readonly visible: CompiledCondition;
  readonly fields: readonly CompiledField[];
}

export interface OrderedField extends CompiledField {
  readonly section: CompiledSection;
}

/** A form whose file was found good: every expression is read, every name in it is known, nothing depends on itself. */
export interface CompiledForm {
  readonly definition: FormDefinition;
  readonly sections: readonly CompiledSection[];
  readonly fields: ReadonlyMap<string, CompiledField>;
  /** Fields with their sections, in an order in which each value depends on earlier ones only. */
  readonly order: readonly OrderedField[];
}
