import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FACETS, type Facets } from '#main/data/search/facet-columns.ts';
import { type FacetFilter, FacetTable } from '#main/data/search/facet-table.ts';

const NO_FILTER: FacetFilter = {
  status: null,
  category: null,
  division: null,
  unit: null,
  agent: null,
  from: null,
  to: null,
};

const value = fc.nat(3);
const facets: fc.Arbitrary<Facets> = fc.record({
  status: value,
  category: value,
  division: value,
  unit: value,
  agent: value,
  at: fc.nat(20),
});
const wanted = fc.option(
  fc.uniqueArray(value, { minLength: 1 }).map((values) => new Set(values)),
  { nil: null },
);
const time = fc.option(fc.nat(20), { nil: null });
const filter: fc.Arbitrary<FacetFilter> = fc.record({
  status: wanted,
  category: wanted,
  division: wanted,
  unit: wanted,
  agent: wanted,
  from: time,
  to: time,
});

function passes(row: Facets, { from, to, ...sets }: FacetFilter): boolean {
  return (
    FACETS.every((facet) => sets[facet]?.has(row[facet]) ?? true) &&
    (from === null || row.at >= from) &&
    (to === null || row.at < to)
  );
}

test('property: whatever the order rows came in, the table gives what a plain list gives', () => {
  const row = fc.tuple(fc.integer({ min: 1, max: 60 }), facets);
  fc.assert(
    fc.property(
      fc.array(fc.oneof(row, filter), { maxLength: 120 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 0, max: 70 }),
      (steps, most, below) => {
        const table = new FacetTable();
        const plain = new Map<number, Facets>();
        for (const step of [...steps, NO_FILTER]) {
          if (Array.isArray(step)) {
            table.set(step[0], step[1]);
            plain.set(step[0], step[1]);
            continue;
          }
          const question = step as FacetFilter;
          const numbers = [...plain.keys()].filter((number) => number <= below).sort((a, b) => b - a);
          const matching = numbers.filter((number) => passes(plain.get(number) as Facets, question));
          expect(table.collect(question, most, below)).toEqual({
            numbers: matching.slice(0, most),
            isAll: matching.length <= most,
          });
          const test = table.tester(question);
          const asked = Array.from({ length: 71 }, (_, i) => 70 - i);
          expect(asked.filter(test)).toEqual(
            [...plain.keys()].filter((number) => passes(plain.get(number) as Facets, question)).sort((a, b) => b - a),
          );
          expect(table.size).toBe(plain.size);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('rows in the middle are merged without a loss, however many come at once', () => {
  const table = new FacetTable();
  const row = (at: number): Facets => ({ status: 1, category: 0, division: 0, unit: 0, agent: 0, at });
  for (let number = 0; number <= 40_000; number += 2) table.set(number, row(number));
  for (let number = 39_999; number > 0; number -= 2) table.set(number, row(number));
  const all = table.collect(NO_FILTER, 100_000);
  expect(all.numbers).toEqual(Array.from({ length: 40_001 }, (_, i) => 40_000 - i));
  expect(table.collect({ ...NO_FILTER, from: 12_345, to: 12_347 }, 10).numbers).toEqual([12_346, 12_345]);
});

test('the table names the values that are in use', () => {
  const table = new FacetTable();
  table.set(2, { status: 1, category: 0, division: 0, unit: 7, agent: 0, at: 0 });
  table.set(5, { status: 1, category: 0, division: 0, unit: 9, agent: 0, at: 0 });
  table.set(5, { status: 1, category: 0, division: 0, unit: 8, agent: 0, at: 0 });
  expect(table.used('unit')).toEqual(new Set([7, 8]));
});
