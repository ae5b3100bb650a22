import { describe, expect, it, vi } from 'vitest';
import {
  readWritten,
  showWritten,
  type WrittenFieldType,
  type WrittenType,
} from '#renderer/features/intake/form/written-value.ts';

// 2026-06-18 10:00 in Beijing.
vi.setSystemTime(Date.UTC(2026, 5, 18, 2));

const field = (type: WrittenType): WrittenFieldType => ({
  type,
  id: 'field',
  label: { zh: '项', en: 'Field' },
  personal: 'none',
});
/** A date that takes a month as well. */
const monthField: WrittenFieldType = { ...field('date'), type: 'date', months: 'first' };

describe('values as an agent types them', () => {
  it.each<[WrittenType, string, unknown]>([
    ['number', '1,200', 1200],
    ['number', '１２', 12],
    ['number', '-3.5', -3.5],
    ['money', '1.2万', 12_000],
    ['money', '３千元', 3_000],
    ['money', '0.3亿', 30_000_000],
    ['money', '¥ 99.9', 99.9],
    ['number', '15人', 15],
    ['number', '十五', 15],
    ['number', '十五个人', 15],
    ['money', '23万', 230_000],
    ['money', '二十三万', 230_000],
    ['money', '约23万', 230_000],
    ['money', '大约1.5万元左右', 15_000],
    ['money', '三千五百块', 3_500],
    ['date', '6-18', '2026-06-18'],
    ['date', '20260531', '2026-05-31'],
    ['date', '昨天', '2026-06-17'],
    ['time', '2230', '22:30'],
    ['time', '晚上10点半', '22:30'],
    ['time', '8:05', '08:05'],
    ['date-time', '今天 8:30', Date.UTC(2026, 5, 18, 0, 30)],
    ['phone', '138 0000 0000', '138 0000 0000'],
    ['number', '  ', null],
  ])('%s %j is %j', (type, written, value) => {
    expect(readWritten(field(type), written)).toEqual(value);
  });

  it.each<[WrittenType, string]>([
    ['number', '十几个'],
    ['number', '1e5'],
    ['number', '15天'],
    ['number', '20多人'],
    ['money', '15人'],
    ['money', '23万多'],
    ['date', '6月'],
    ['date', '2026-06'],
    ['date', '上个月'],
    ['money', '两三万'],
    ['date', '2026-02-30'],
    ['date', '20261301'],
    ['time', '25:00'],
    ['date-time', '前一阵子'],
  ])('%s keeps %j as it was typed', (type, written) => {
    expect(readWritten(field(type), written)).toBe(written);
    expect(showWritten(type, written)).toBe(written);
  });

  it.each([
    ['6月', '2026-06'],
    ['六月份', '2026-06'],
    ['12月', '2025-12'],
    ['6月中旬', '2026-06中旬'],
    ['三月底', '2026-03下旬'],
    ['从今年3月初起', '2026-03上旬'],
    ['去年12月', '2025-12'],
    ['2025年3月', '2025-03'],
    ['25年3月份', '2025-03'],
    ['2025-3', '2025-03'],
    ['2025/03', '2025-03'],
    ['上个月', '2026-05'],
    ['上个月底', '2026-05下旬'],
    ['大约3月左右', '2026-03'],
    ['去年年底', '2025-12'],
    ['年初', '2026-01'],
    ['June', '2026-06'],
    ['mid March 2025', '2025-03中旬'],
    ['last month', '2026-05'],
    ['2026-06中旬', '2026-06中旬'],
    ['6月15日', '2026-06-15'],
    ['昨天', '2026-06-17'],
  ])('a date that takes a month reads %j as %j', (written, value) => {
    expect(readWritten(monthField, written)).toBe(value);
    // What stands in the field afterwards says the same.
    expect(readWritten(monthField, showWritten('date', value))).toBe(value);
  });

  it.each(['13月', '2025年', '6月十几号', '月底', '底', '前几个月', '6月和7月', '2025-13'])(
    'and keeps %j as it was typed',
    (written) => {
      expect(readWritten(monthField, written)).toBe(written);
    },
  );

  it.each<[WrittenType, string | number, string]>([
    ['phone', '+86 138-0000-0000', '138 0000 0000'],
    ['phone', '025-80001234转801', '025-8000 1234-801'],
    ['id-card', '110105 19491231 002x', '11010519491231002X'],
    ['credit-code', '91350100m000100y43', '91350100M000100Y43'],
    ['date-time', Date.UTC(2026, 5, 18, 0, 30), '2026-06-18 08:30'],
    ['number', 1200, '1200'],
  ])('%s %j stands in its field as %j', (type, value, shown) => {
    expect(showWritten(type, value)).toBe(shown);
  });
});
