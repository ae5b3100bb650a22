import { expect, test } from 'vitest';
import { countUnits, guessUnit } from '#shared/domain/suggest/unit-history.ts';
import { finish } from '#tests/support/suggest-samples.ts';

function countAll(rows: readonly (readonly [string, string | null, string])[]) {
  const counter = countUnits();
  for (const [code, division, unit] of rows) counter.add(code, division, unit);
  return finish(counter.finish());
}
const times = <T>(count: number, row: T): T[] => Array.from({ length: count }, () => row);

test('the unit of the street comes before that of the district, and that before the whole city', () => {
  const history = countAll([
    ...times(4, ['010107', '320106003', '湖南路街道办事处'] as const),
    ...times(9, ['010107', '320106004', '鼓楼区城管局'] as const),
    ...times(40, ['010107', '320102001', '玄武区城管局'] as const),
  ]);
  expect(guessUnit(history, '010107', '320106003')).toEqual({ name: '湖南路街道办事处', share: 1, tickets: 4 });
  expect(guessUnit(history, '010107', '320106')).toEqual({ name: '鼓楼区城管局', share: 9 / 13, tickets: 13 });
  // A street without tickets of its own is looked up as its district.
  expect(guessUnit(history, '010107', '320106009')).toMatchObject({ name: '鼓楼区城管局' });
  expect(guessUnit(history, '010107', null)).toMatchObject({ name: '玄武区城管局', tickets: 53 });
});

test('few tickets, and units of which none has half of them, say nothing', () => {
  const history = countAll([
    ...times(2, ['010101', '320106', '鼓楼区城管局'] as const),
    ['010102', '320106', '甲'],
    ['010102', '320106', '乙'],
    ['010102', '320106', '丙'],
  ]);
  expect(guessUnit(history, '010101', '320106')).toBeNull();
  expect(guessUnit(history, '010102', '320106')).toBeNull();
  expect(guessUnit(history, '999999', '320106')).toBeNull();
});
