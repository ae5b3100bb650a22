import { assertNever } from '../../kernel/assert-never.ts';
import { EXPRESSION_FUNCTIONS, type ExpressionFunction, type ValueKind } from './expression-functions.ts';
import type { Expression } from './expression-parser.ts';

/** What is known of a name before any value is there. */
export interface NameFacts {
  readonly kind: ValueKind;
  /** The values a choice can have: another one in a comparison is a typing mistake. */
  readonly options?: ReadonlySet<string>;
}

/** A mistake in an expression that can be seen without values. */
export interface KindFault {
  readonly code: 'UNKNOWN_NAME' | 'UNKNOWN_FUNCTION' | 'ARGUMENT_COUNT' | 'WRONG_KIND' | 'UNKNOWN_OPTION';
  readonly at: number;
  /** The word it is about. */
  readonly found: string;
  /** What should be there: a kind, a number of arguments, the options. */
  readonly expected: string;
}

/** Facts of a name, or null when there is no such name. */
export type Names = (name: string) => NameFacts | null;

/**
 * Checks an expression against the names it may use: unknown names and functions, wrong kinds, options that do not exist.
 * @returns its kind (null when it could not be told) and every mistake
 */
export function checkKinds(
  expression: Expression,
  names: Names,
): { readonly kind: ValueKind | null; readonly faults: readonly KindFault[] } {
  const checker = new Checker(names);
  const kind = checker.kindOf(expression);
  return { kind, faults: checker.faults };
}

class Checker {
  readonly faults: KindFault[] = [];
  private readonly names: Names;

  constructor(names: Names) {
    this.names = names;
  }

  kindOf(part: Expression): ValueKind | null {
    switch (part.kind) {
      case 'literal':
        return typeof part.value === 'string' ? 'text' : typeof part.value === 'number' ? 'number' : 'boolean';
      case 'list':
        return 'list';
      case 'field':
      case 'context': {
        const facts = this.names(part.name);
        if (!facts) this.fault('UNKNOWN_NAME', part.at, part.name, '');
        return facts?.kind ?? null;
      }
      case 'not':
        this.expect(part.operand, 'boolean');
        return 'boolean';
      case 'negate':
        this.expect(part.operand, 'number');
        return 'number';
      case 'logic':
        this.expect(part.left, 'boolean');
        this.expect(part.right, 'boolean');
        return 'boolean';
      case 'arithmetic':
        this.expect(part.left, 'number');
        this.expect(part.right, 'number');
        return 'number';
      case 'compare':
        this.checkComparison(part);
        return 'boolean';
      case 'call':
        return this.checkCall(part);
      default:
        return assertNever(part, 'expression');
    }
  }

  private checkComparison(part: Extract<Expression, { kind: 'compare' }>): void {
    const left = this.kindOf(part.left);
    const right = this.kindOf(part.right);
    if (part.op === 'in') {
      if (right !== null && right !== 'list') this.fault('WRONG_KIND', part.right.at, right, 'list');
      if (left !== null && left !== 'text' && left !== 'number') this.fault('WRONG_KIND', part.left.at, left, 'text');
    } else {
      const allowed: readonly ValueKind[] =
        part.op === '==' || part.op === '!=' ? ['text', 'number', 'boolean'] : ['text', 'number'];
      for (const [kind, at] of [
        [left, part.left.at],
        [right, part.right.at],
      ] as const) {
        if (kind !== null && !allowed.includes(kind)) this.fault('WRONG_KIND', at, kind, allowed.join(', '));
      }
      if (left !== null && right !== null && left !== right) this.fault('WRONG_KIND', part.right.at, right, left);
    }
    this.checkOptions(part.left, part.right);
    this.checkOptions(part.right, part.left);
  }

  /** `kind == 'dsut'` can never be true: the option is spelt wrong. */
  private checkOptions(name: Expression, other: Expression): void {
    if (name.kind !== 'field' && name.kind !== 'context') return;
    const options = this.names(name.name)?.options;
    if (!options) return;
    const values = other.kind === 'literal' ? [other.value] : other.kind === 'list' ? other.values : [];
    for (const value of values) {
      if (typeof value === 'string' && !options.has(value)) {
        this.fault('UNKNOWN_OPTION', other.at, value, [...options].join(', '));
      }
    }
  }

  private checkCall(part: Extract<Expression, { kind: 'call' }>): ValueKind | null {
    const found = EXPRESSION_FUNCTIONS.get(part.name);
    const kinds = part.args.map((arg) => this.kindOf(arg));
    if (!found) {
      this.fault('UNKNOWN_FUNCTION', part.at, part.name, '');
      return null;
    }
    const { parameters, optional = 0, repeats = false } = found;
    const most = repeats ? Number.POSITIVE_INFINITY : parameters.length;
    if (part.args.length < parameters.length - optional || part.args.length > most) {
      const expected = repeats ? `${parameters.length}+` : `${parameters.length - optional}–${parameters.length}`;
      this.fault('ARGUMENT_COUNT', part.at, part.name, expected);
    }
    return this.checkArguments(part, found, kinds);
  }

  private checkArguments(
    part: Extract<Expression, { kind: 'call' }>,
    { parameters, result }: ExpressionFunction,
    kinds: readonly (ValueKind | null)[],
  ): ValueKind | null {
    let same: ValueKind | null = null;
    for (const [index, arg] of part.args.entries()) {
      const parameter = parameters[Math.min(index, parameters.length - 1)] ?? 'any';
      const kind = kinds[index] ?? null;
      if (parameter === 'any' || kind === null) continue;
      if (parameter === 'same') same ??= kind;
      const expected: ValueKind = parameter === 'same' ? (same ?? kind) : parameter;
      if (kind !== expected) this.fault('WRONG_KIND', arg.at, kind, expected);
    }
    return result === 'same' ? same : result;
  }

  private expect(part: Expression, expected: ValueKind): void {
    const kind = this.kindOf(part);
    if (kind !== null && kind !== expected) this.fault('WRONG_KIND', part.at, kind, expected);
  }

  private fault(code: KindFault['code'], at: number, found: string, expected: string): void {
    this.faults.push({ code, at, found, expected });
  }
}
