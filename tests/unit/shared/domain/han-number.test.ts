import { describe, expect, it } from 'vitest';
import { readHanNumber } from '#shared/domain/han-number.ts';

describe('numbers in Chinese words', () => {
  it.each([
    ['零', 0],
    ['两', 2],
    ['十', 10],
    ['十五', 15],
    ['二十', 20],
    ['九十九', 99],
    ['一百零五', 105],
    ['一百五', 150],
    ['一百五十', 150],
    ['三千五', 3_500],
    ['三千零五', 3_005],
    ['三千零五十', 3_050],
    ['两千六百一十八', 2_618],
    ['二十三万', 230_000],
    ['两万三', 23_000],
    ['两万零三', 20_003],
    ['一万五千', 15_000],
    ['一亿两千万', 120_000_000],
  ])('reads %s as %d', (written, value) => {
    expect(readHanNumber(written)).toBe(value);
  });

  it.each(['', '两三万', '十几', '二三十', '一二', '万', '五百千', '三百二千', '十五号', '百'])(
    'refuses %j',
    (written) => {
      expect(readHanNumber(written)).toBeNull();
    },
  );
});
