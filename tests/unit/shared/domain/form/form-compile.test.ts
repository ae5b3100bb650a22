import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileForm } from '#shared/domain/form/form-compile.ts';
import { describeFault, type FormFault } from '#shared/domain/form/form-faults.ts';
import { compiled, field, formFile, option, words } from './form-samples.ts';

function faultsOf(file: unknown): readonly FormFault[] {
  const form = compileForm(file);
  return form.ok ? [] : form.error;
}

const twoOptions = { options: [option('gas'), option('dust')] };

describe('a form file', () => {
  it.each<[string, unknown, string]>([
    ['is no object', 'x', '/: WRONG_TYPE "x" (expected: object)'],
    ['lacks its sections', { ...formFile([]), sections: undefined }, '/sections: MISSING (expected: array)'],
    ['has an empty section', formFile([]), '/sections/0/fields: OUT_OF_RANGE "[]" (expected: ≥ 1)'],
    [
      'has a key nobody reads',
      formFile([field('a', 'text', { requierd: true })]),
      '/sections/0/fields/0/requierd: UNKNOWN_KEY "requierd"',
    ],
    [
      'has a field of an unknown type',
      formFile([field('a', 'txet')]),
      '/sections/0/fields/0/type: UNKNOWN_FIELD_TYPE "txet"',
    ],
    [
      'does not say whose data a field holds',
      formFile([{ id: 'a', type: 'text', label: words('a') }]),
      '/sections/0/fields/0/personal: MISSING (expected: none, identity, contact, sensitive)',
    ],
    [
      'has no English label',
      formFile([{ ...field('a', 'text'), label: { zh: '甲' } }]),
      '/sections/0/fields/0/label/en: MISSING (expected: string)',
    ],
    [
      'has a condition that is no expression',
      formFile([field('a', 'text', { visible: 5 })]),
      '/sections/0/fields/0/visible: WRONG_TYPE "5" (expected: boolean, string)',
    ],
    [
      'names a field in a way expressions cannot read',
      formFile([field('a b', 'text')]),
      '/sections/0/fields/0/id: BAD_FORMAT "a b" (expected: /^[a-z][A-Za-z0-9]{0,39}$/)',
    ],
    [
      'has a field twice',
      formFile([field('a', 'text'), field('a', 'number')]),
      '/sections/0/fields/1/id: ID_TWICE "a"',
    ],
    [
      'has an option twice',
      formFile([field('a', 'single-choice', { options: [option('x'), option('x')] })]),
      '/sections/0/fields/0/options/1/value: OPTION_TWICE "x"',
    ],
    [
      'has a range the wrong way round',
      formFile([field('a', 'number', { min: 5, max: 1 })]),
      '/sections/0/fields/0/min: MIN_ABOVE_MAX "5" (expected: ≤ 1)',
    ],
    [
      'has more fields than a ticket keeps',
      formFile([field('a', 'text')], {
        sections: [1, 2, 3].map((n) => ({
          id: `s${n}`,
          title: words('s'),
          fields: Array.from({ length: 34 }, (_, at) => field(`f${n}x${at}`, 'text')),
        })),
      }),
      '/sections: TOO_MANY_FIELDS "102" (expected: ≤ 100)',
    ],
    [
      'lets a choice depend on what is no choice',
      formFile([field('a', 'text'), field('b', 'dependent-choice', { dependsOn: 'a', branches: {} })]),
      '/sections/0/fields/1/dependsOn: NO_SUCH_CHOICE "a"',
    ],
    [
      'lets a choice depend on one that comes later',
      formFile([
        field('b', 'dependent-choice', { dependsOn: 'a', branches: {} }),
        field('a', 'single-choice', twoOptions),
      ]),
      '/sections/0/fields/0/dependsOn: NO_SUCH_CHOICE "a"',
    ],
    [
      'has a branch for an option that does not exist',
      formFile([
        field('a', 'single-choice', twoOptions),
        field('b', 'dependent-choice', { dependsOn: 'a', branches: { water: [option('x')] } }),
      ]),
      '/sections/0/fields/1/branches/water: NO_SUCH_OPTION "water" (expected: gas, dust)',
    ],
    [
      'has a broken expression',
      formFile([field('a', 'text', { required: 'a ==' })]),
      '/sections/0/fields/0/required: UNEXPECTED at 4',
    ],
    [
      'asks for a field it does not have',
      formFile([field('a', 'text', { visible: 'b == 1' })]),
      '/sections/0/fields/0/visible: UNKNOWN_NAME at 0 "b"',
    ],
    [
      'asks for an option it does not have',
      formFile([field('a', 'single-choice', twoOptions), field('b', 'text', { visible: "a == 'gsa'" })]),
      '/sections/0/fields/1/visible: UNKNOWN_OPTION at 5 "gsa" (expected: gas, dust)',
    ],
    [
      'takes a number for a condition',
      formFile([field('a', 'number', { required: 'a + 1' })]),
      '/sections/0/fields/0/required: WRONG_KIND at 0 "number" (expected: boolean)',
    ],
    [
      'computes a text where it shows a number',
      formFile([field('a', 'computed', { value: "text('x')", result: 'number' })]),
      '/sections/0/fields/0/value: WRONG_KIND at 0 "text" (expected: number)',
    ],
    [
      'computes an option it does not have',
      formFile([field('a', 'computed', { value: "if($anonymous, 'gas', 'x')", result: 'text', ...twoOptions })]),
      '/sections/0/fields/0/value: UNKNOWN_OPTION at 22 "x" (expected: gas, dust)',
    ],
    [
      'starts a field with the value of another',
      formFile([field('a', 'text'), field('b', 'text', { initial: 'a' })]),
      '/sections/0/fields/1/initial: UNKNOWN_NAME at 0 "a"',
    ],
    [
      'has a check that is no condition',
      formFile([field('a', 'number', { checks: [{ rule: 'a', message: words('no') }] })]),
      '/sections/0/fields/0/checks/0/rule: WRONG_KIND at 0 "number" (expected: boolean)',
    ],
    [
      'has values that depend on each other in a circle',
      formFile([
        field('a', 'computed', { value: 'b + 1', result: 'number' }),
        field('b', 'number', { visible: 'a > 1' }),
      ]),
      '/sections/0/fields/0: CIRCLE "a → b → a"',
    ],
    [
      'has a field that shows itself',
      formFile([field('a', 'text', { visible: "a == 'x'" })]),
      '/sections/0/fields/0: CIRCLE "a → a"',
    ],
  ])('that %s is refused with place and reason', (_, file, fault) => {
    expect(faultsOf(JSON.parse(JSON.stringify(file))).map(describeFault)).toEqual([fault]);
  });

  it('is told all its faults at once', () => {
    const file = formFile([
      field('a', 'text', { visible: 'nobody == 1', required: 'a +' }),
      field('b', 'text', { checks: [{ rule: 'length(b) > x', message: words('no') }] }),
    ]);
    expect(faultsOf(file).map((fault) => fault.path)).toEqual([
      '/sections/0/fields/0/visible',
      '/sections/0/fields/0/required',
      '/sections/0/fields/1/checks/0/rule',
    ]);
  });

  it('points into keys with slashes and tildes as RFC 6901 says', () => {
    const [fault] = faultsOf(formFile([field('a', 'text', { 'x/y~z': 1 })]));
    expect(fault?.path).toBe('/sections/0/fields/0/x~1y~0z');
  });

  it('may depend forwards, as long as there is no circle', () => {
    const form = compiled(formFile([field('a', 'text', { visible: 'b > 1' }), field('b', 'number')]));
    expect(form.order.map(({ field: { id } }) => id)).toEqual(['b', 'a']);
  });

  it('of any content is taken or refused, and never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(compileForm(json).ok).toBe(false);
      }),
    );
    // A good form with one part replaced by anything.
    const good = formFile([
      field('a', 'single-choice', twoOptions),
      field('b', 'dependent-choice', { dependsOn: 'a', branches: { gas: [option('x')] }, visible: "a == 'gas'" }),
      field('c', 'computed', { value: "days('2026-01-01', $today)", result: 'number' }),
    ]);
    const paths: (readonly (string | number)[])[] = [];
    const collect = (value: unknown, path: readonly (string | number)[]) => {
      paths.push(path);
      if (typeof value === 'object' && value !== null) {
        for (const [key, part] of Object.entries(value)) collect(part, [...path, key]);
      }
    };
    collect(good, []);
    fc.assert(
      fc.property(fc.constantFrom(...paths.slice(1)), fc.jsonValue(), (path, replacement) => {
        const copy: Record<string, unknown> = structuredClone(good);
        let parent: Record<string, unknown> = copy;
        for (const key of path.slice(0, -1)) parent = parent[key] as Record<string, unknown>;
        parent[String(path.at(-1))] = replacement;
        const form = compileForm(copy);
        if (!form.ok) expect(form.error.length).toBeGreaterThan(0);
      }),
    );
  });
});
