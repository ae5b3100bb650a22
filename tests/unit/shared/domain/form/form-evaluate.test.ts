import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateForm } from '#shared/domain/form/form-evaluate.ts';
import { finishedData, formProblems, initialData, recheckForm } from '#shared/domain/form/form-submit.ts';
import type { FormData, FormValue } from '#shared/domain/form/form-value.ts';
import { compiled, context, field, formFile, NOON_ISH, option, words } from './form-samples.ts';

const wages = compiled(
  formFile([
    field('kind', 'single-choice', { required: true, options: [option('wage'), option('deposit')] }),
    field('reason', 'dependent-choice', {
      dependsOn: 'kind',
      required: true,
      branches: { wage: [option('broke'), option('dispute')] },
    }),
    field('people', 'number', { min: 1, max: 10_000, required: "kind == 'wage'", personal: 'none' }),
    field('perPerson', 'money'),
    field('total', 'computed', { value: 'people * perPerson', result: 'money' }),
    field('since', 'date', {
      checks: [{ rule: 'since <= $today', message: words('not in the future') }],
    }),
    field('note', 'text', { visible: "reason == 'dispute'", maxLength: 20 }),
    field('approved', 'yes-no', { editors: ['lead'] }),
  ]),
);

function stateOf(data: FormData, more = {}) {
  const { fields } = evaluateForm(wages, data, context(more));
  const read = (id: string) => {
    const state = fields.get(id);
    if (!state) throw new Error(id);
    return state;
  };
  return read;
}

const codes = (problems: readonly { readonly code: string }[]) => problems.map((problem) => problem.code);

describe('conditions', () => {
  it('show a field only while its condition is true, and a missing value is not true', () => {
    expect(stateOf({})('note').visible).toBe(false);
    expect(stateOf({ kind: 'wage' })('note').visible).toBe(false);
    expect(stateOf({ kind: 'wage', reason: 'dispute' })('note').visible).toBe(true);
  });

  it('require a field only while its condition is true', () => {
    expect(stateOf({})('people').required).toBe(false);
    expect(codes(stateOf({ kind: 'wage' })('people').problems)).toEqual(['REQUIRED']);
    expect(codes(stateOf({ kind: 'deposit' })('people').problems)).toEqual([]);
  });

  it('a field that is not asked has no value for the others', () => {
    const form = compiled(
      formFile([
        field('has', 'yes-no'),
        field('count', 'number', { visible: 'has' }),
        field('double', 'computed', { value: 'count * 2', result: 'number' }),
      ]),
    );
    const double = (data: FormData) => evaluateForm(form, data, context()).fields.get('double')?.value;
    expect(double({ has: true, count: 4 })).toBe(8);
    expect(double({ has: false, count: 4 })).toBeNull();
  });

  it('hide and show a whole section', () => {
    const form = compiled(
      formFile([field('a', 'yes-no')], {
        sections: [
          { id: 'one', title: words('one'), fields: [field('a', 'yes-no')] },
          { id: 'two', title: words('two'), visible: 'a', fields: [field('b', 'text', { required: true })] },
        ],
      }),
    );
    const second = (data: FormData) => evaluateForm(form, data, context()).sections[1];
    expect(second({})?.visible).toBe(false);
    expect(second({})?.fields[0]?.problems).toEqual([]);
    expect(second({ a: true })?.visible).toBe(true);
    expect(codes(second({ a: true })?.fields[0]?.problems ?? [])).toEqual(['REQUIRED']);
  });

  it('see the ticket around the form and the day it is judged on', () => {
    const form = compiled(
      formFile([
        field('a', 'text', { required: "$urgency == 'critical' and $line == '12350'" }),
        field('b', 'computed', { value: "days('2026-06-08', $today)", result: 'number' }),
      ]),
    );
    const state = evaluateForm(form, {}, context({ urgency: 'critical', line: '12350' }));
    expect(state.fields.get('a')?.required).toBe(true);
    expect(state.fields.get('b')?.value).toBe(10);
    expect(evaluateForm(form, {}, context()).fields.get('a')?.required).toBe(false);
  });

  it('disabled fields keep their value and are not required', () => {
    const form = compiled(
      formFile([
        field('locked', 'yes-no'),
        field('a', 'text', { required: true, enabled: 'not coalesce(locked, false)' }),
      ]),
    );
    const a = evaluateForm(form, { locked: true, a: 'kept' }, context()).fields.get('a');
    expect(a).toMatchObject({ enabled: false, required: false, value: 'kept', problems: [] });
  });
});

describe('dependent choices', () => {
  it('offer what belongs to the choice above', () => {
    expect(stateOf({ kind: 'wage' })('reason').options.map((one) => one.value)).toEqual(['broke', 'dispute']);
  });

  it('wait for the choice above, and are not asked when it leaves nothing to choose', () => {
    expect(stateOf({})('reason')).toMatchObject({ visible: true, enabled: false, required: false });
    expect(stateOf({ kind: 'deposit' })('reason').visible).toBe(false);
  });

  it('say so when the choice above changed under them', () => {
    const form = compiled(
      formFile([
        field('a', 'single-choice', { options: [option('x'), option('y')] }),
        field('b', 'dependent-choice', { dependsOn: 'a', branches: { x: [option('one')], y: [option('two')] } }),
        field('c', 'dependent-choice', { dependsOn: 'b', branches: { one: [option('deep')], two: [option('low')] } }),
      ]),
    );
    const state = evaluateForm(form, { a: 'y', b: 'one', c: 'deep' }, context());
    expect(state.fields.get('b')).toMatchObject({ value: null, problems: [{ code: 'NOT_AN_OPTION' }] });
    // The third level waits for the second to be chosen again.
    expect(state.fields.get('c')).toMatchObject({ visible: true, enabled: false, value: null });
  });
});

describe('computed fields', () => {
  it('follow what they are made of, and are empty while a part is missing', () => {
    expect(stateOf({ kind: 'wage', people: 3, perPerson: 0.1 })('total').value).toBe(0.3);
    expect(stateOf({ kind: 'wage', people: 3 })('total').value).toBeNull();
  });

  it('cannot be typed', () => {
    expect(stateOf({ people: 3, perPerson: 2, total: 999 })('total')).toMatchObject({ value: 6, enabled: false });
  });
});

describe('values', () => {
  const big = 'x'.repeat(10_000);
  it.each<[string, object, FormValue, FormValue, string | null]>([
    ['text', {}, 'あ😀𠀀𪚥‮<b>x</b>', 'あ😀𠀀𪚥‮<b>x</b>', null],
    ['text', {}, '   ', null, null],
    ['text', {}, big, null, 'TOO_LONG'],
    ['text', {}, 'a\u0000b', null, 'UNSTORABLE_TEXT'],
    ['text', {}, 'a\ud800b', null, 'UNSTORABLE_TEXT'],
    ['text', {}, 5, null, 'WRONG_TYPE'],
    ['long-text', { maxLength: 20_000 }, big, big, null],
    ['number', {}, 12, 12, null],
    ['number', {}, 0, 0, null],
    ['number', {}, '十二', 12, null],
    ['number', {}, '15人', 15, null],
    ['number', { unit: { zh: '天', en: 'days' } }, '约15天', 15, null],
    ['number', { unit: { zh: '户', en: 'households' } }, '15人', null, 'NOT_A_NUMBER'],
    ['number', { unit: { zh: '万元', en: '10,000 yuan' } }, '23万', null, 'NOT_A_NUMBER'],
    ['number', {}, '15天', null, 'NOT_A_NUMBER'],
    ['number', {}, '20多人', null, 'NOT_A_NUMBER'],
    ['number', { max: 10 }, '十五人', null, 'TOO_LARGE'],
    ['number', {}, 1.5, null, 'TOO_MANY_DECIMALS'],
    ['number', { decimals: 1 }, 1.5, 1.5, null],
    ['number', { min: 1 }, 0, null, 'TOO_SMALL'],
    ['number', { max: 1 }, 2, null, 'TOO_LARGE'],
    ['number', {}, Number.NaN, null, 'WRONG_TYPE'],
    ['money', {}, 1234.56, 1234.56, null],
    ['money', {}, 0.015, null, 'TOO_MANY_DECIMALS'],
    ['money', {}, -1, null, 'TOO_SMALL'],
    ['money', {}, '一万', 10_000, null],
    ['money', {}, '约23万', 230_000, null],
    ['money', {}, '二十三万元', 230_000, null],
    ['money', {}, '两三万', null, 'NOT_A_NUMBER'],
    ['money', {}, '15人', null, 'NOT_A_NUMBER'],
    ['date', {}, '2026-02-28', '2026-02-28', null],
    ['date', {}, '2026-02-29', null, 'NOT_A_DATE'],
    ['date', {}, '昨天', null, 'NOT_A_DATE'],
    ['date', {}, '2026-06', null, 'NOT_A_DATE'],
    ['date', { months: 'first' }, '2026-06', '2026-06', null],
    ['date', { months: 'first' }, '2026-06中旬', '2026-06中旬', null],
    ['date', { months: 'last' }, '2026-06-18', '2026-06-18', null],
    ['date', { months: 'first' }, '2026-13', null, 'NOT_A_DATE_OR_MONTH'],
    ['date', { months: 'first' }, '六月', null, 'NOT_A_DATE_OR_MONTH'],
    ['date-time', {}, NOON_ISH, NOON_ISH, null],
    ['date-time', {}, '昨天', null, 'NOT_A_TIME'],
    ['time', {}, '23:59', '23:59', null],
    ['time', {}, '24:00', null, 'NOT_A_TIME'],
    ['phone', {}, '+86 138-0000-0000', '13800000000', null],
    ['phone', {}, '025-80001234转801', '02580001234#801', null],
    ['phone', {}, '025-80001234-801', '02580001234#801', null],
    ['phone', {}, '13800000000、13900000000', null, 'BAD_PHONE'],
    ['phone', {}, '138', null, 'BAD_PHONE'],
    ['id-card', {}, '11010519491231002x', '11010519491231002X', null],
    ['id-card', {}, '110105194912310021', null, 'BAD_ID_CARD'],
    ['credit-code', {}, '91350100m000100y43', '91350100M000100Y43', null],
    ['credit-code', {}, '91350100M000100Y44', null, 'BAD_CREDIT_CODE'],
    ['division', {}, '320106001', '320106001', null],
    ['division', {}, '3201', null, 'BAD_CODE'],
    ['address', {}, big, null, 'TOO_LONG'],
    ['category', {}, '080101', '080101', null],
    ['category', {}, '0801', null, 'BAD_CODE'],
    ['unit', {}, '区水务局', '区水务局', null],
    ['single-choice', { options: [option('a'), option('b')] }, 'b', 'b', null],
    ['single-choice', { options: [option('a'), option('b')] }, 'c', null, 'NOT_AN_OPTION'],
    ['multiple-choice', { options: [option('a'), option('b')] }, ['b', 'a'], ['a', 'b'], null],
    ['multiple-choice', { options: [option('a'), option('b')] }, [], null, null],
    ['multiple-choice', { options: [option('a'), option('b')] }, ['a', 'a'], null, 'NOT_AN_OPTION'],
    [
      'multiple-choice',
      { options: [option('a'), option('b'), option('c')], most: 2 },
      ['a', 'b', 'c'],
      null,
      'TOO_MANY',
    ],
    ['multiple-choice', { options: [option('a'), option('b')] }, 'a', null, 'WRONG_TYPE'],
    ['yes-no', {}, false, false, null],
    ['yes-no', {}, 'true', null, 'WRONG_TYPE'],
    ['attachment', {}, [`${'a'.repeat(64)} 5 - 照片.jpg`], [`${'a'.repeat(64)} 5 - 照片.jpg`], null],
    ['attachment', {}, ['照片.jpg'], null, 'BAD_ATTACHMENT'],
    ['attachment', { most: 1 }, [`${'a'.repeat(64)} 5 - a`, `${'b'.repeat(64)} 5 - b`], null, 'TOO_MANY'],
  ])('%s %j takes or refuses %j', (type, more, raw, value, problem) => {
    const form = compiled(formFile([field('a', type, more)]));
    const state = evaluateForm(form, { a: raw }, context()).fields.get('a');
    expect(state?.value).toEqual(value);
    expect(codes(state?.problems ?? [])).toEqual(problem === null ? [] : [problem]);
  });

  it('a check refuses only what it can judge', () => {
    expect(stateOf({ since: '2026-06-19' })('since').problems).toEqual([
      { code: 'CHECK_FAILED', message: words('not in the future') },
    ]);
    expect(stateOf({ since: '2026-06-18' })('since').problems).toEqual([]);
    expect(stateOf({})('since').problems).toEqual([]);
  });

  it('keys like those of every object are no values', () => {
    const form = compiled(formFile([field('constructor', 'text'), field('toString', 'text', { required: true })]));
    const state = evaluateForm(form, {}, context());
    expect(state.fields.get('constructor')?.value).toBeNull();
    expect(codes(state.fields.get('toString')?.problems ?? [])).toEqual(['REQUIRED']);
  });
});

describe('who may fill in what', () => {
  it('a field of another role is shown and locked', () => {
    expect(stateOf({})('approved').enabled).toBe(false);
    expect(stateOf({}, { role: 'lead' })('approved').enabled).toBe(true);
  });

  it('a value in a field of another role is refused', () => {
    expect(codes(stateOf({ approved: true })('approved').problems)).toEqual(['NOT_ALLOWED']);
    expect(stateOf({ approved: true }, { role: 'lead' })('approved').problems).toEqual([]);
    // Nobody fills in a ticket that is only shown.
    expect(stateOf({ approved: true }, { role: null })('approved').problems).toEqual([]);
  });

  it('a form of another line is refused as a whole', () => {
    const form = compiled(formFile([field('a', 'text')], { lines: ['12350'] }));
    const problems = (line: '12345' | '12350') => {
      const around = context({ line });
      return formProblems(form, evaluateForm(form, {}, around), around, 'complete');
    };
    expect(problems('12345')).toEqual([{ field: null, code: 'WRONG_LINE' }]);
    expect(problems('12350')).toEqual([]);
  });
});

describe('submitting', () => {
  const filled = { kind: 'wage', reason: 'broke', people: 3, perPerson: 100, note: 'left over', since: '2026-06-01' };

  it('keeps what was asked, computed values included, and leaves out what was not', () => {
    expect(finishedData(evaluateForm(wages, filled, context()))).toEqual({
      kind: 'wage',
      reason: 'broke',
      people: 3,
      perPerson: 100,
      total: 300,
      since: '2026-06-01',
    });
  });

  it('a matter that ends at the seat does not have to answer every question, but wrong values are refused', () => {
    const problems = (data: FormData) =>
      formProblems(wages, evaluateForm(wages, data, context()), context(), 'readable');
    expect(problems({})).toEqual([]);
    expect(codes(problems({ people: 0 }))).toEqual(['TOO_SMALL']);
  });

  it('starts with what the form says', () => {
    const form = compiled(
      formFile([
        field('day', 'date', { initial: '$today' }),
        field('at', 'date-time', { initial: '$now' }),
        field('where', 'division', { initial: '$division' }),
        field('free', 'text'),
      ]),
    );
    expect(initialData(form, context())).toEqual({ day: '2026-06-18', at: NOON_ISH });
  });

  it('the second check takes exactly what the first one made', () => {
    const data = finishedData(evaluateForm(wages, filled, context()));
    expect(recheckForm(wages, data, context(), 'complete')).toEqual({ ok: true, data });
  });

  it.each<[string, FormData, object]>([
    ['a field nobody knows', { ...filled, note: null, more: 1 }, { field: 'more', code: 'UNKNOWN_FIELD' }],
    ['an answer to a question that was not asked', filled, { field: 'note', code: 'NOT_ASKED' }],
    ['a missing answer', { kind: 'wage', people: 1 }, { field: 'reason', code: 'REQUIRED' }],
    ['a wrong value', { ...filled, note: null, people: 0 }, { field: 'people', code: 'TOO_SMALL', limit: 1 }],
  ])('the second check refuses %s', (_, data, problem) => {
    expect(recheckForm(wages, data, context(), 'complete')).toMatchObject({ ok: false, problems: [problem] });
  });

  it('the second check computes again, whatever was sent', () => {
    const result = recheckForm(wages, { ...filled, note: null, total: 1 }, context(), 'complete');
    expect(result).toMatchObject({ ok: true, data: { total: 300 } });
  });
});

describe('any data', () => {
  const value: fc.Arbitrary<FormValue> = fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('wage', 'deposit', 'broke', 'dispute', '2026-06-01'),
    fc.integer({ min: 0, max: 20 }),
    fc.array(fc.string(), { maxLength: 3 }),
  );
  const data = fc.dictionary(fc.constantFrom(...wages.fields.keys(), '__proto__', 'constructor'), value);

  it('evaluates without an error, always to the same state', () => {
    fc.assert(
      fc.property(data, fc.constantFrom('agent' as const, 'lead' as const), (typed, role) => {
        const once = evaluateForm(wages, typed, context({ role }));
        expect(evaluateForm(wages, structuredClone(typed), context({ role }))).toEqual(once);
        for (const state of once.fields.values()) {
          // What is refused or not asked has no value, and nothing hidden is complained about.
          if (!state.visible) expect([state.value, state.problems]).toEqual([null, []]);
          if (state.problems.some((one) => !['CHECK_FAILED', 'NOT_ALLOWED'].includes(one.code))) {
            expect(state.value).toBeNull();
          }
        }
      }),
    );
  });

  it('cleared of what is refused passes the second check unchanged', () => {
    fc.assert(
      fc.property(data, (typed) => {
        const around = context({ role: 'lead' });
        const state = evaluateForm(wages, typed, around);
        const refused = formProblems(wages, state, around, 'readable').map((problem) => problem.field);
        const cleared = Object.fromEntries(Object.entries(typed).filter(([id]) => !refused.includes(id)));
        const finished = finishedData(evaluateForm(wages, cleared, around));
        expect(recheckForm(wages, finished, around, 'readable')).toEqual({ ok: true, data: finished });
      }),
    );
  });
});
