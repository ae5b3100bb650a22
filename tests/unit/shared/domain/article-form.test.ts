import { describe, expect, it } from 'vitest';
import { readArticleFiles } from '#server/knowledge/article-files.ts';
import { type ArticleForm, readArticleForm, toArticleForm } from '#shared/domain/article-form.ts';
import { articleContentSchema } from '#shared/domain/knowledge.ts';

const files = await readArticleFiles('resources/knowledge');

function formOf(change: Partial<ArticleForm>): ArticleForm {
  const [first] = files;
  if (!first) throw new Error('there are articles');
  return { ...toArticleForm(first.content), ...change };
}
const problemsOf = (change: Partial<ArticleForm>) => readArticleForm(formOf(change)).problems;

describe('an article in the editor', () => {
  it('comes out as it went in, for every article there is', () => {
    for (const { content } of files) {
      const read = readArticleForm(toArticleForm(content));
      expect(read.problems).toEqual([]);
      const byKind = [...(read.content?.sections ?? [])].map(({ kind }) => kind);
      expect(byKind.length).toBe(content.sections.length);
      expect(articleContentSchema.safeParse(read.content).success).toBe(true);
      expect({ ...read.content, sections: [] }).toEqual({ ...content, sections: [] });
      for (const section of content.sections) expect(read.content?.sections).toContainEqual(section);
    }
  });

  it('lacks at first what nobody may leave out', () => {
    expect(readArticleForm(toArticleForm(null))).toEqual({
      content: null,
      problems: ['title', 'categoryCodes', 'answer', 'sources'].map((field) => ({ field, code: 'REQUIRED' })),
    });
  });

  it.each<[string, Partial<ArticleForm>, unknown]>([
    ['a title that is too long', { title: '长'.repeat(201) }, { field: 'title', code: 'TOO_LONG' }],
    ['an answer with NUL', { answer: 'a\u0000b' }, { field: 'answer', code: 'UNSTORABLE_TEXT' }],
    ['too many questions', { questions: '问？\n'.repeat(21) }, { field: 'questions', code: 'TOO_MANY' }],
    ['a day that does not exist', { validTo: '2026-2-30' }, { field: 'validTo', code: 'BAD_DATE' }],
    ['a day in words', { validFrom: '明年' }, { field: 'validFrom', code: 'BAD_DATE' }],
    [
      'an end before its beginning',
      { validFrom: '2026/6/2', validTo: '2026年6月1日' },
      { field: 'validTo', code: 'DATES_REVERSED' },
    ],
    [
      'a source without a name',
      { sources: [{ title: ' ', number: '1号', issuer: '', date: '' }] },
      { field: 'sources', code: 'REQUIRED' },
    ],
    [
      'a source with a bad date',
      { sources: [{ title: '办法', number: '', issuer: '', date: '13月' }] },
      { field: 'sources', code: 'BAD_DATE' },
    ],
  ])('is not taken with %s, and says where', (_, change, problem) => {
    expect(problemsOf(change)).toContainEqual(problem);
    expect(readArticleForm(formOf(change)).content).toBeNull();
  });

  it('takes dates and lists as people write them', () => {
    const read = readArticleForm(
      formOf({
        validFrom: '２０２６年１月５日',
        validTo: '2026.12.31',
        keywords: '路灯、 井盖，路灯\n管网',
        questions: '  谁来修？ \n\n 多久修好？',
        sources: [
          { title: '办法', number: '', issuer: '', date: '2025/7/1' },
          { title: '', number: '', issuer: '', date: '' },
        ],
      }),
    );
    expect(read.content).toMatchObject({
      validFrom: '2026-01-05',
      validTo: '2026-12-31',
      keywords: ['路灯', '井盖', '管网'],
      questions: ['谁来修？', '多久修好？'],
      sources: [{ title: '办法', number: '', issuer: '', date: '2025-07-01' }],
    });
  });
});
