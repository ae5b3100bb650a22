import { describe, expect, it } from 'vitest';
import { type ArticleContent, articleContentSchema, articleValidity } from '#shared/domain/knowledge.ts';

const ARTICLE: ArticleContent = {
  title: '噪声投诉怎么办',
  categoryCodes: ['0801', '080101'],
  questions: ['半夜施工归谁管？'],
  answer: '请告诉我工地的位置。',
  sections: [{ kind: 'steps', lines: ['登记', '派单'] }],
  sources: [{ title: '噪声污染防治法', number: '', issuer: '', date: '2021-12-24' }],
  validFrom: '2022-06-05',
  validTo: null,
  keywords: ['噪声'],
  demo: false,
};

describe('what an article may say', () => {
  it.each<[string, Partial<Record<keyof ArticleContent, unknown>>]>([
    ['no title', { title: '' }],
    ['nothing to read out', { answer: '' }],
    ['a category code of odd length', { categoryCodes: ['08010'] }],
    ['one category twice', { categoryCodes: ['0801', '0801'] }],
    [
      'one part twice',
      {
        sections: [
          { kind: 'steps', lines: ['一'] },
          { kind: 'steps', lines: ['二'] },
        ],
      },
    ],
    ['a part without a line', { sections: [{ kind: 'steps', lines: [] }] }],
    ['a day that does not exist', { validFrom: '2026-02-30' }],
    ['an end before its beginning', { validFrom: '2026-02-02', validTo: '2026-02-01' }],
    ['text that no database keeps', { answer: 'a\u0000b' }],
    ['something unknown', { colour: 'red' } as never],
  ])('is not %s', (_, wrong) => {
    expect(articleContentSchema.safeParse(ARTICLE).success).toBe(true);
    expect(articleContentSchema.safeParse({ ...ARTICLE, ...wrong }).success).toBe(false);
  });
});

describe('validity by the calendar', () => {
  it.each([
    [null, null, 'valid'],
    ['2026-06-01', null, 'valid'],
    ['2026-06-02', null, 'future'],
    [null, '2026-05-31', 'expired'],
    // The last day counts.
    [null, '2026-06-01', 'expiring'],
    [null, '2026-07-01', 'expiring'],
    [null, '2026-07-02', 'valid'],
    ['2026-06-02', '2026-06-20', 'expiring'],
  ])('from %s to %s is, on 2026-06-01, %s', (validFrom, validTo, expected) => {
    expect(articleValidity({ validFrom, validTo }, '2026-06-01')).toBe(expected);
  });
});
