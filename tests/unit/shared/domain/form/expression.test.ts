import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateExpression } from '#shared/domain/form/expression-evaluate.ts';
import { EXPRESSION_FUNCTIONS, roundTo, type Value } from '#shared/domain/form/expression-functions.ts';
import { checkKinds, type NameFacts } from '#shared/domain/form/expression-kinds.ts';
import { parseExpression } from '#shared/domain/form/expression-parser.ts';
import { EXPRESSION_MAX } from '#shared/domain/form/expression-tokens.ts';

function evaluate(source: string, values: Readonly<Record<string, Value>> = {}): Value {
  const parsed = parseExpression(source);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return evaluateExpression(parsed.value, (name) => values[name] ?? null);
}

describe('reading expressions', () => {
  it.each([
    ['1 + 2 * 3 - 4 / 2', 5],
    ['(1 + 2) * -3', -9],
    ['2 - 3 - 4', -5],
    ['not 1 > 2 and 2 >= 2 or false', true],
    ['true or true and false', true],
    ["'it''s' == 'it''s'", true],
    ["'b' in ['a', 'b']", true],
    ['3 in [1, 2]', false],
    ["'c' not in ['a', 'b'] and 1 not in [2]", true],
    ["if(1 < 2, 'yes', 'no')", 'yes'],
    ["if(1 > 2, 'yes')", null],
  ])('%s is %s', (source, value) => {
    expect(evaluate(source)).toEqual(value);
  });

  it.each([
    ['', 'UNEXPECTED', 0, ''],
    ['a +', 'UNEXPECTED', 3, ''],
    ['a b', 'UNEXPECTED', 2, 'b'],
    ['(a', 'UNEXPECTED', 2, ''],
    ['a < b < c', 'UNEXPECTED', 6, '<'],
    ['f(a,)', 'UNEXPECTED', 4, ')'],
    ['[]', 'UNEXPECTED', 1, ']'],
    ['[a]', 'UNEXPECTED', 1, 'a'],
    ["a == 'x", 'UNFINISHED_TEXT', 5, "'"],
    ['a = 1', 'UNEXPECTED', 2, '='],
    ['a.b', 'UNEXPECTED', 1, '.'],
    ['a[0]', 'UNEXPECTED', 1, '['],
    ['`x`', 'UNEXPECTED', 0, '`'],
    ['（a）', 'UNEXPECTED', 0, '（'],
    ['a not b', 'UNEXPECTED', 2, 'not'],
    ['a; b', 'UNEXPECTED', 1, ';'],
  ])('refuses %j and says where', (source, code, at, found) => {
    expect(parseExpression(source)).toEqual({ ok: false, error: { code, at, found } });
  });

  it('refuses what is too long or too deep instead of growing a stack', () => {
    expect(parseExpression('1+'.repeat(EXPRESSION_MAX))).toMatchObject({ ok: false, error: { code: 'TOO_LONG' } });
    for (const opening of ['(', 'not ', '-', 'f(']) {
      expect(parseExpression(opening.repeat(200))).toMatchObject({ ok: false, error: { code: 'TOO_DEEP' } });
    }
  });

  it('takes any text as an expression or refuses it, and never throws', () => {
    const pieces = fc.constantFrom(
      'a',
      '$now',
      '1',
      "'x'",
      '(',
      ')',
      '[',
      ']',
      ',',
      '+',
      '-',
      'and',
      'not',
      'in',
      '==',
      ' ',
    );
    const source = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 40 }).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(source, (text) => {
        const parsed = parseExpression(text);
        if (!parsed.ok) expect(parsed.error.at).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});

describe('missing values', () => {
  it.each([
    ['a == 1', null],
    ['a != 1', null],
    ['a < 1', null],
    ['not a', null],
    ['-a', null],
    ['a + 1', null],
    ['1 / 0', null],
    ["'x' in a", null],
    ["'x' not in a", null],
    ["a in ['x']", null],
    ['a and false', false],
    ['a and true', null],
    ['a or true', true],
    ['a or false', null],
    ['filled(a)', false],
    ['empty(a)', true],
    ["filled('x') and not empty(1)", true],
    ['coalesce(a, 2)', 2],
    ["if(a, 'yes', 'no')", 'no'],
    ['sum(a, 2, 3)', 5],
    ['sum(a)', null],
    ['max(a, 2)', 2],
    ["text('共', a, '户')", '共户'],
    ['round(a)', null],
    ["days(a, '2026-01-01')", null],
  ])('%s with nothing filled in is %s', (source, value) => {
    expect(evaluate(source)).toEqual(value);
  });

  it('counts an empty text or list as missing', () => {
    expect(evaluate('empty(a) and empty(b)', { a: '', b: [] })).toBe(true);
    expect(evaluate("a == ''", { a: '' })).toBeNull();
  });

  it('gives a missing value for values of the wrong kind', () => {
    const values = { word: 'x', number: 1, list: ['x'], yes: true };
    for (const source of ['word + 1', 'word < number', 'yes < yes', 'list == list', 'not word', 'number in word']) {
      expect(evaluate(source, values), source).toBeNull();
    }
  });
});

describe('functions', () => {
  it.each([
    ["length('𠀀𠀁')", 2],
    ["count(['a', 'b'])", 2],
    ["startsWith('320106', '3201')", true],
    ['round(2.345, 2)', 2.35],
    ['round(1.005, 2)', 1.01],
    ['round(-2.5)', -3],
    ['round(0.1 + 0.2, 2)', 0.3],
    ["days('2026-02-28', '2026-03-01')", 1],
    ["days('2024-02-28', '2024-03-01')", 2],
    ["days('2026-02-30', '2026-03-01')", null],
    ["months('2026-01-31', '2026-02-28')", 0],
    ["months('2026-01-31', '2026-03-31')", 2],
    ["months('2026-03-31', '2026-01-31')", -2],
    ["addDays('2026-12-31', 1)", '2027-01-01'],
    ["year('2026-06-18')", 2026],
    ["birthOf('11010519491231002X')", '1949-12-31'],
    ["birthOf('110105194912310021')", null],
    ["age('2010-06-19', '2026-06-18')", 15],
    ["age('2010-06-18', '2026-06-18')", 16],
    ["age('2027-01-01', '2026-06-18')", null],
    // 2026-06-18 00:30 in Beijing is still the 17th in UTC.
    ['dateOf(1781713800000)', '2026-06-18'],
    ['dateOf(-1)', null],
  ])('%s is %s', (source, value) => {
    expect(evaluate(source)).toEqual(value);
  });

  it('are total: any values in any number give a value', () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.double(),
      fc.string(),
      fc.constantFrom('2026-06-18', '11010519491231002X'),
      fc.array(fc.string()),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...EXPRESSION_FUNCTIONS.keys()),
        fc.array(value, { maxLength: 4 }),
        (name, values) => {
          const args = values.map((_, index) => `a${index}`);
          const scope = Object.fromEntries(args.map((arg, index) => [arg, values[index] ?? null]));
          const result = evaluate(`${name}(${args.join(',')})`, scope);
          expect(result).not.toBeUndefined();
          expect(evaluate(`${name}(${args.join(',')})`, scope)).toEqual(result);
          if (typeof result === 'number') expect(Number.isFinite(result) && !Object.is(result, -0)).toBe(true);
        },
      ),
    );
  });

  it('rounding twice changes nothing, and money never gets a third decimal', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e12, max: 1e12 }), (value) => {
        const once = roundTo(value, 2);
        expect(roundTo(once, 2)).toBe(once);
        expect(Math.abs(once - value)).toBeLessThanOrEqual(0.005 + Math.abs(value) * 1e-15);
      }),
    );
  });
});

describe('mistakes seen without values', () => {
  const names: ReadonlyMap<string, NameFacts> = new Map<string, NameFacts>([
    ['amount', { kind: 'number' }],
    ['name', { kind: 'text' }],
    ['urgent', { kind: 'boolean' }],
    ['kind', { kind: 'text', options: new Set(['gas', 'dust']) }],
    ['dangers', { kind: 'list', options: new Set(['fire', 'flood']) }],
  ]);
  const check = (source: string) => {
    const parsed = parseExpression(source);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    return checkKinds(parsed.value, (name) => names.get(name) ?? null);
  };

  it.each([
    ["kind == 'dust' and amount > 0", 'boolean'],
    ["'fire' in dangers or kind in ['gas']", 'boolean'],
    ['if(urgent, amount, 0)', 'number'],
    ["coalesce(name, '—')", 'text'],
    ["text(amount, '元')", 'text'],
  ])('%s is fine', (source, kind) => {
    expect(check(source)).toEqual({ kind, faults: [] });
  });

  it.each([
    ['amout > 0', { code: 'UNKNOWN_NAME', at: 0, found: 'amout', expected: '' }],
    ['total(amount)', { code: 'UNKNOWN_FUNCTION', at: 0, found: 'total', expected: '' }],
    ['amount > 0 and name', { code: 'WRONG_KIND', at: 15, found: 'text', expected: 'boolean' }],
    ["amount == '1'", { code: 'WRONG_KIND', at: 10, found: 'text', expected: 'number' }],
    ['amount + name', { code: 'WRONG_KIND', at: 9, found: 'text', expected: 'number' }],
    ["name in 'x'", { code: 'WRONG_KIND', at: 8, found: 'text', expected: 'list' }],
    ["kind == 'dsut'", { code: 'UNKNOWN_OPTION', at: 8, found: 'dsut', expected: 'gas, dust' }],
    ["'fier' in dangers", { code: 'UNKNOWN_OPTION', at: 0, found: 'fier', expected: 'fire, flood' }],
    ["kind in ['gas', 'dsut']", { code: 'UNKNOWN_OPTION', at: 8, found: 'dsut', expected: 'gas, dust' }],
    ['days(name)', { code: 'ARGUMENT_COUNT', at: 0, found: 'days', expected: '2–2' }],
    ['if(urgent, amount, name)', { code: 'WRONG_KIND', at: 19, found: 'text', expected: 'number' }],
  ])('%s is not', (source, fault) => {
    expect(check(source).faults).toEqual([fault]);
  });
});
