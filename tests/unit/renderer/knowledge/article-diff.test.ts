import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffArticles } from '#renderer/features/knowledge/article-diff.ts';
import type { ArticleContent } from '#shared/domain/knowledge.ts';

const ARTICLE: ArticleContent = {
  title: '路灯报修',
  categoryCodes: ['020201'],
  questions: ['谁来修？'],
  answer: '请告诉我路名。',
  sections: [{ kind: 'steps', lines: ['登记', '派单', '回访'] }],
  sources: [{ title: '城市照明管理规定', number: '', issuer: '', date: null }],
  validFrom: '2010-07-01',
  validTo: null,
  keywords: ['路灯'],
  demo: false,
};
const shown = (after: Partial<ArticleContent>) =>
  diffArticles(ARTICLE, { ...ARTICLE, ...after }).map(({ part, lines }) => [
    part,
    lines.map(
      ({ kind, text, from, to }) =>
        `${kind === 'added' ? '+' : '-'}${text.slice(0, from)}[${text.slice(from, to)}]${text.slice(to)}`,
    ),
  ]);

describe('what a proposal changes', () => {
  it('is nothing for the same words', () => {
    expect(diffArticles(ARTICLE, structuredClone(ARTICLE))).toEqual([]);
  });

  it('is said part by part, with the characters that differ', () => {
    expect(shown({ answer: '请告诉我路名和灯杆编号。', validTo: '2027-06-30' })).toEqual([
      ['answer', ['-请告诉我路名[]。', '+请告诉我路名[和灯杆编号]。']],
      ['validity', ['-2010-07-01 –[]', '+2010-07-01 –[ 2027-06-30]']],
    ]);
  });

  it('keeps lines that only moved on apart from those that came or went', () => {
    expect(shown({ sections: [{ kind: 'steps', lines: ['问清地点', '登记', '派单'] }] })).toEqual([
      ['steps', ['+[问清地点]', '-[回访]']],
    ]);
    expect(shown({ sections: [] })).toEqual([['steps', ['-[登记]', '-[派单]', '-[回访]']]]);
  });

  it('of a new article is all of it', () => {
    expect(diffArticles(null, ARTICLE).map(({ part }) => part)).toEqual([
      'title',
      'answer',
      'steps',
      'questions',
      'sources',
      'validity',
      'categories',
      'keywords',
    ]);
  });

  it('leads from the old lines to the new ones', () => {
    const lines = fc.array(fc.constantFrom('甲', '乙', '丙', '丁'), { maxLength: 8 });
    const steps = (list: readonly string[]): ArticleContent => ({
      ...ARTICLE,
      sections: list.length > 0 ? [{ kind: 'steps', lines: [...list] }] : [],
    });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const changed = diffArticles(steps(before), steps(after)).find(({ part }) => part === 'steps')?.lines ?? [];
        const count = (kind: string, text: string) =>
          changed.filter((line) => line.kind === kind && line.text === text).length;
        for (const text of ['甲', '乙', '丙', '丁']) {
          const had = before.filter((line) => line === text).length;
          const has = after.filter((line) => line === text).length;
          expect(had - count('removed', text) + count('added', text)).toBe(has);
        }
        if (JSON.stringify(before) === JSON.stringify(after)) expect(changed).toEqual([]);
        else expect(changed).not.toEqual([]);
      }),
      { seed: 12_345 },
    );
  });
});
