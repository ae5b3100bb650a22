import { expect, test } from 'vitest';
import { isTimePattern, parseTime } from '#server/import/time-format.ts';

const BEIJING = 480;
const at = (...parts: Parameters<typeof Date.UTC>) => Date.UTC(...parts);

test.each<[string, string, number | null]>([
  ['2019/4/25 9:32:09', 'yyyy/M/d H:mm:ss', at(2019, 3, 25, 1, 32, 9)],
  ['2019/12/5 19:02:00', 'yyyy/M/d H:mm:ss', at(2019, 11, 5, 11, 2, 0)],
  ['2020-01-01', 'yyyy-MM-dd', at(2019, 11, 31, 16)],
  ['20200102030405', 'yyyyMMddHHmmss', at(2020, 0, 1, 19, 4, 5)],
  ['2020年1月2日', 'yyyy年M月d日', at(2020, 0, 1, 16)],
  ['2020-01-02T03:04:05Z', 'iso', at(2020, 0, 2, 3, 4, 5)],
  ['2020-01-02 03:04', 'iso', at(2020, 0, 1, 19, 4)],
  ['2020-01-02T03:04:05.678+01:00', 'iso', at(2020, 0, 2, 2, 4, 5, 678)],
  ['1577934245000', 'epoch-ms', 1_577_934_245_000],
  ['1577934245', 'epoch-s', 1_577_934_245_000],
  ['Thu Jan 02 2020 03:04:05 GMT+0000 (Coordinated Universal Time)', 'js-date', at(2020, 0, 2, 3, 4, 5)],
  ['Thu Jan 02 2020 03:04:05 GMT+0800', 'js-date', at(2020, 0, 1, 19, 4, 5)],
  ['2020/2/29', 'yyyy/M/d', at(2020, 1, 28, 16)],
  ['2021/2/29', 'yyyy/M/d', null],
  ['2020/13/1', 'yyyy/M/d', null],
  ['2020/1/1 24:00:00', 'yyyy/M/d H:mm:ss', null],
  ['2020/1/1 later', 'yyyy/M/d', null],
  ['1960/1/1', 'yyyy/M/d', null],
  ['', 'yyyy/M/d', null],
])('%j by %s', (written, format, expected) => {
  expect(parseTime(written, [format], BEIJING)).toBe(expected);
});

test('formats are tried in order', () => {
  expect(parseTime('2020/1/2', ['yyyy/M/d H:mm:ss', 'yyyy/M/d'], 0)).toBe(at(2020, 0, 2));
});

test.each([
  ['yyyy/M/d', true],
  ['yyyy/M', false],
  ['H:mm', false],
  ['yyyy/M/d d', false],
])('%s is a time pattern: %s', (pattern, is) => {
  expect(isTimePattern(pattern)).toBe(is);
});
