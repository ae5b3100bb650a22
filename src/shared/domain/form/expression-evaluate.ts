import { assertNever } from '../../kernel/assert-never.ts';
import { EXPRESSION_FUNCTIONS, type Value } from './expression-functions.ts';
import type { Arithmetic, Comparison, Expression } from './expression-parser.ts';

/** Values by name: fields as `name`, the ticket around the form as `$name`. */
export type Scope = (name: string) => Value;

/**
 * Evaluates an expression. Total and deterministic: it never throws, never loops and looks at nothing but the scope.
 *
 * What cannot be said is missing (null): every operator on a missing value or on values of the wrong kind gives a missing
 * value, and so does a division by zero. `and`, `or` and `not` follow three-valued logic as in SQL: false and missing is
 * false, true or missing is true. A condition holds only when it is true; a check fails only when it is false.
 */
export function evaluateExpression(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case 'literal':
      return toValue(expression.value);
    case 'list':
      return expression.values;
    case 'field':
    case 'context':
      return toValue(scope(expression.name));
    case 'not': {
      const value = evaluateExpression(expression.operand, scope);
      return typeof value === 'boolean' ? !value : null;
    }
    case 'negate': {
      const value = evaluateExpression(expression.operand, scope);
      return typeof value === 'number' ? toValue(-value) : null;
    }
    case 'logic':
      return decide(
        expression.op,
        evaluateExpression(expression.left, scope),
        evaluateExpression(expression.right, scope),
      );
    case 'compare':
      return compare(
        expression.op,
        evaluateExpression(expression.left, scope),
        evaluateExpression(expression.right, scope),
      );
    case 'arithmetic':
      return calculate(
        expression.op,
        evaluateExpression(expression.left, scope),
        evaluateExpression(expression.right, scope),
      );
    case 'call':
      return call(
        expression.name,
        expression.args.map((arg) => evaluateExpression(arg, scope)),
      );
    default:
      return assertNever(expression, 'expression');
  }
}

/** No NaN, no infinity, no negative zero, no empty text or list: they would be values that compare like nothing else. */
function toValue(value: Value | undefined): Value {
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return null;
  if (typeof value !== 'number') return value;
  if (!Number.isFinite(value)) return null;
  return value === 0 ? 0 : value;
}

function decide(op: 'and' | 'or', left: Value, right: Value): Value {
  const decisive = op === 'or';
  if (left === decisive || right === decisive) return decisive;
  return typeof left === 'boolean' && typeof right === 'boolean' ? !decisive : null;
}

function compare(op: Comparison, left: Value, right: Value): Value {
  if (left === null || right === null) return null;
  if (op === 'in') {
    return Array.isArray(right) && (typeof left === 'string' || typeof left === 'number') ? right.includes(left) : null;
  }
  if (typeof left !== typeof right || typeof left === 'object' || typeof right === 'object') return null;
  if (op === '==') return left === right;
  if (op === '!=') return left !== right;
  if (typeof left === 'boolean') return null;
  switch (op) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    default:
      return assertNever(op, 'comparison');
  }
}

function calculate(op: Arithmetic, left: Value, right: Value): Value {
  if (typeof left !== 'number' || typeof right !== 'number') return null;
  switch (op) {
    case '+':
      return toValue(left + right);
    case '-':
      return toValue(left - right);
    case '*':
      return toValue(left * right);
    case '/':
      return toValue(left / right);
    default:
      return assertNever(op, 'operator');
  }
}

function call(name: string, args: readonly Value[]): Value {
  const found = EXPRESSION_FUNCTIONS.get(name);
  if (!found || (!found.takesMissing && args.some((arg) => arg === null))) return null;
  return toValue(found.run(args));
}
