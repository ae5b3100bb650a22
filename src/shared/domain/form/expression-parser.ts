import { err, ok, type Result } from '../../kernel/result.ts';
import { readTokens, type SyntaxFault, type Token } from './expression-tokens.ts';

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in';
export type Arithmetic = '+' | '-' | '*' | '/';

/** An expression as a tree; `at` is where it stands in the source. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean; readonly at: number }
  | { readonly kind: 'list'; readonly values: readonly (string | number)[]; readonly at: number }
  | { readonly kind: 'field'; readonly name: string; readonly at: number }
  | { readonly kind: 'context'; readonly name: string; readonly at: number }
  | { readonly kind: 'not' | 'negate'; readonly operand: Expression; readonly at: number }
  | LogicNode
  | CompareNode
  | ArithmeticNode
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly at: number };

interface LogicNode {
  readonly kind: 'logic';
  readonly op: 'and' | 'or';
  readonly left: Expression;
  readonly right: Expression;
  readonly at: number;
}
interface CompareNode {
  readonly kind: 'compare';
  readonly op: Comparison;
  readonly left: Expression;
  readonly right: Expression;
  readonly at: number;
}
interface ArithmeticNode {
  readonly kind: 'arithmetic';
  readonly op: Arithmetic;
  readonly left: Expression;
  readonly right: Expression;
  readonly at: number;
}

/** Parentheses, `not` and minus signs inside each other; deeper is a mistake, and no call stack grows with the input. */
const MAX_DEPTH = 40;
const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', 'in']);

class Fault extends Error {
  readonly fault: SyntaxFault;
  constructor(fault: SyntaxFault) {
    super(fault.code);
    this.fault = fault;
  }
}

/**
 * Reads an expression. From weakest to strongest: or, and, not, comparison and `in` (not chained), + −, * /, sign.
 * @returns the tree, or the place at which the text stops being an expression
 */
export function parseExpression(source: string): Result<Expression, SyntaxFault> {
  const tokens = readTokens(source);
  if (!tokens.ok) return tokens;
  const reader = new Reader(tokens.value);
  try {
    const expression = reader.readOr();
    reader.expectEnd();
    return ok(expression);
  } catch (error) {
    if (error instanceof Fault) return err(error.fault);
    throw error;
  }
}

/** Recursive descent over the words; throws a Fault that never leaves {@link parseExpression}. */
class Reader {
  private readonly tokens: readonly Token[];
  private next = 0;
  private depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  readOr(): Expression {
    let left = this.readAnd();
    for (let token = this.take('word', 'or'); token; token = this.take('word', 'or')) {
      left = { kind: 'logic', op: 'or', left, right: this.readAnd(), at: token.at };
    }
    return left;
  }

  expectEnd(): void {
    if (this.peek().kind !== 'end') this.fail();
  }

  private readAnd(): Expression {
    let left = this.readNot();
    for (let token = this.take('word', 'and'); token; token = this.take('word', 'and')) {
      left = { kind: 'logic', op: 'and', left, right: this.readNot(), at: token.at };
    }
    return left;
  }

  private readNot(): Expression {
    const token = this.take('word', 'not');
    if (!token) return this.readComparison();
    return this.deeper((): Expression => ({ kind: 'not', operand: this.readNot(), at: token.at }));
  }

  private readComparison(): Expression {
    const left = this.readSum();
    const negated = this.takeNotIn();
    if (negated) {
      const operand: Expression = { kind: 'compare', op: 'in', left, right: this.readSum(), at: negated.at };
      return { kind: 'not', operand, at: negated.at };
    }
    const token = this.peek();
    if ((token.kind !== 'symbol' && token.kind !== 'word') || !COMPARISONS.has(token.text)) return left;
    this.next += 1;
    return { kind: 'compare', op: token.text as Comparison, left, right: this.readSum(), at: token.at };
  }

  private readSum(): Expression {
    let left = this.readProduct();
    for (let token = this.takeOneOf('+', '-'); token; token = this.takeOneOf('+', '-')) {
      left = { kind: 'arithmetic', op: token.text as Arithmetic, left, right: this.readProduct(), at: token.at };
    }
    return left;
  }

  private readProduct(): Expression {
    let left = this.readSigned();
    for (let token = this.takeOneOf('*', '/'); token; token = this.takeOneOf('*', '/')) {
      left = { kind: 'arithmetic', op: token.text as Arithmetic, left, right: this.readSigned(), at: token.at };
    }
    return left;
  }

  private readSigned(): Expression {
    const token = this.take('symbol', '-');
    if (!token) return this.readPrimary();
    return this.deeper((): Expression => ({ kind: 'negate', operand: this.readSigned(), at: token.at }));
  }

  private readPrimary(): Expression {
    const token = this.peek();
    this.next += 1;
    const { at, text } = token;
    switch (token.kind) {
      case 'number':
        return { kind: 'literal', value: Number(text), at };
      case 'text':
        return { kind: 'literal', value: text, at };
      case 'context':
        return { kind: 'context', name: text, at };
      case 'name':
        return this.take('symbol', '(')
          ? this.deeper((): Expression => ({ kind: 'call', name: text, args: this.readArguments(), at }))
          : { kind: 'field', name: text, at };
      case 'word':
        if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true', at };
        break;
      case 'symbol':
        if (text === '(') return this.deeper(() => this.readGroup());
        if (text === '[') return { kind: 'list', values: this.readList(), at };
        break;
      case 'end':
        break;
    }
    this.next -= 1;
    return this.fail();
  }

  private readGroup(): Expression {
    const inner = this.readOr();
    this.expect(')');
    return inner;
  }

  private readArguments(): readonly Expression[] {
    if (this.take('symbol', ')')) return [];
    const args = [this.readOr()];
    while (this.take('symbol', ',')) args.push(this.readOr());
    this.expect(')');
    return args;
  }

  private readList(): readonly (string | number)[] {
    const values: (string | number)[] = [];
    do {
      const token = this.peek();
      if (token.kind !== 'text' && token.kind !== 'number') this.fail();
      values.push(token.kind === 'number' ? Number(token.text) : token.text);
      this.next += 1;
    } while (this.take('symbol', ','));
    this.expect(']');
    return values;
  }

  private deeper(read: () => Expression): Expression {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new Fault({ code: 'TOO_DEEP', at: this.peek().at, found: '' });
    const expression = read();
    this.depth -= 1;
    return expression;
  }

  private peek(): Token {
    // The last word is `end` and nothing reads past it.
    return this.tokens[this.next] ?? { kind: 'end', text: '', at: 0 };
  }

  private take(kind: Token['kind'], text: string): Token | null {
    const token = this.peek();
    if (token.kind !== kind || token.text !== text) return null;
    this.next += 1;
    return token;
  }

  /** The two words `not in`. */
  private takeNotIn(): Token | null {
    const token = this.peek();
    const second = this.tokens[this.next + 1];
    if (token.kind !== 'word' || token.text !== 'not' || second?.kind !== 'word' || second.text !== 'in') return null;
    this.next += 2;
    return token;
  }

  private takeOneOf(a: string, b: string): Token | null {
    return this.take('symbol', a) ?? this.take('symbol', b);
  }

  private expect(symbol: string): void {
    if (!this.take('symbol', symbol)) this.fail();
  }

  private fail(): never {
    const { at, text } = this.peek();
    throw new Fault({ code: 'UNEXPECTED', at, found: text });
  }
}

/** Calls `visit` for every part of an expression, outer parts first. */
export function walkExpression(expression: Expression, visit: (part: Expression) => void): void {
  visit(expression);
  switch (expression.kind) {
    case 'not':
    case 'negate':
      walkExpression(expression.operand, visit);
      return;
    case 'logic':
    case 'compare':
    case 'arithmetic':
      walkExpression(expression.left, visit);
      walkExpression(expression.right, visit);
      return;
    case 'call':
      for (const arg of expression.args) walkExpression(arg, visit);
      return;
    default:
  }
}

/** Names of the fields an expression reads. */
export function fieldsOf(expression: Expression): ReadonlySet<string> {
  const names = new Set<string>();
  walkExpression(expression, (part) => {
    if (part.kind === 'field') names.add(part.name);
  });
  return names;
}
