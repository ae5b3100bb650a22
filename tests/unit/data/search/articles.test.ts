import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { deleteRecord, findRecordState } from '#main/data/repositories/record.repository.ts';
import { createArticleIndex } from '#main/data/search/article-index.ts';
import { listArticles, suggestForForm } from '#main/data/services/article.service.ts';
import { proposeArticle } from '#main/data/services/article-work.service.ts';
import { generateDemoCentre } from '#server/demo/generate.ts';
import { readArticleFiles } from '#server/knowledge/article-files.ts';
import type { ArticleListInput } from '#shared/contract/knowledge.contract.ts';
import type { ArticleContent } from '#shared/domain/knowledge.ts';
import { newId, type RecordId } from '#shared/kernel/ids.ts';
import { foldText } from '#shared/kernel/text.ts';
import { articleRecord, EDITOR, receiveArticle, sampleArticle } from '#tests/support/data/articles.ts';
import { openTestWork, type TestWork } from '#tests/support/data/open-work.ts';
import { AGENT, START } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';

const tempFolder = prepareTempFolders();
const open: TestWork[] = [];
afterEach(() => {
  for (const work of open.splice(0)) work.db.close();
});

function openWork(user = AGENT): TestWork {
  const work = openTestWork(tempFolder(), user);
  open.push(work);
  return work;
}

const files = await readArticleFiles('resources/knowledge');
function openWithAll(): TestWork {
  const work = openWork();
  work.db.transaction(() => {
    for (const { content } of files) receiveArticle(work.db, articleRecord(content));
  });
  return work;
}

const ask = (work: TestWork, input: Partial<ArticleListInput> = {}) =>
  listArticles(work.ctx, { query: '', category: null, state: 'all', limit: 200, offset: 0, ...input });
const titles = (work: TestWork, input: Partial<ArticleListInput> = {}) =>
  ask(work, input).articles.map(({ title }) => title);

/** Everything an article is found by, as a person sees it. */
const textOf = (content: ArticleContent) =>
  [
    content.title,
    ...content.questions,
    ...content.keywords,
    content.answer,
    ...content.sections.flatMap(({ lines }) => lines),
    ...content.sources.flatMap((source) => [source.title, source.number, source.issuer]),
  ].map(foldText);

describe('finding articles', () => {
  test('every part of every text is found, of any length from one character on', () => {
    const work = openWithAll();
    const pieces = fc
      .constantFrom(...files)
      .chain(({ content }) =>
        fc
          .constantFrom(...textOf(content).filter((text) => text !== ''))
          .chain((text) =>
            fc
              .tuple(fc.nat(text.length - 1), fc.integer({ min: 1, max: 12 }))
              .map(([at, length]) => ({ title: content.title, piece: text.slice(at, at + length) })),
          ),
      )
      .filter(({ piece }) => piece.trim() !== '' && !/\s/.test(piece));
    fc.assert(
      fc.property(pieces, ({ title, piece }) => {
        expect(titles(work, { query: piece })).toContain(title);
      }),
      { numRuns: 300, seed: 12_345 },
    );
  });

  test('what is found contains every word, and nothing that does is left out', () => {
    const work = openWithAll();
    const words = fc.constantFrom('工资', '报销', '噪声', '证', '12345', '12333', '国务院令', 'n+1', '消防', '登记');
    fc.assert(
      fc.property(fc.uniqueArray(words, { minLength: 1, maxLength: 3 }), (terms) => {
        const expected = files
          .filter(({ content }) => terms.every((term) => textOf(content).some((text) => text.includes(term))))
          .map(({ content }) => content.title);
        expect([...titles(work, { query: terms.join('  ') })].sort()).toEqual([...expected].sort());
      }),
      { numRuns: 100, seed: 12_345 },
    );
  });

  test('INP-2: quotes, operators and any other text are only text: no failure, no other meaning', () => {
    const work = openWithAll();
    for (const query of [
      '"',
      '路灯"',
      'a OR b',
      'NOT 路灯',
      'NEAR(路灯 报修)',
      '*',
      '^路灯',
      'focus : 路灯',
      '路灯*',
      '-',
      '%',
      "';--",
    ]) {
      const expected = files.filter(({ content }) =>
        query
          .toLowerCase()
          .split(/\s+/)
          .every((term) => textOf(content).some((text) => text.includes(term))),
      );
      expect([query, ask(work, { query }).total]).toEqual([query, expected.length]);
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (query) => {
        ask(work, { query });
        suggestForForm(work.ctx, null, query, 5);
      }),
      { numRuns: 300, seed: 12_345 },
    );
  });

  test('what an article is about comes before what it mentions; what is over comes last', () => {
    const work = openWork();
    const add = (content: Partial<ArticleContent>) => receiveArticle(work.db, articleRecord(sampleArticle(content)));
    add({ title: '停电怎么办', questions: [], keywords: [], answer: '路灯不亮另行报修。' });
    add({ title: '小区照明', questions: ['路灯归谁管？'], keywords: [] });
    add({ title: '路灯报修' });
    add({ title: '路灯整治月', validTo: '2026-09-30' });
    expect(titles(work, { query: '路灯' })).toEqual(['路灯报修', '路灯整治月', '小区照明', '停电怎么办']);
    expect(ask(work, { query: '报修 路灯' }).articles[0]?.title).toBe('路灯报修');
  });

  test('titles, questions and keywords are found by how they are read, and the characters are marked', () => {
    const work = openWithAll();
    for (const query of ['tuoqian', 'tqnmggz', 'qianxin', 'tqnmggz 12333']) {
      expect([query, titles(work, { query }).includes('拖欠农民工工资怎么讨')]).toEqual([query, true]);
    }
    expect(ask(work, { query: 'diancifushe' }).articles[0]?.marks).toEqual(['电磁辐射']);
  });

  test('a passage shows why an article was found', () => {
    const work = openWork();
    const lines = [`${'先说别的。'.repeat(30)}最后要带户口簿原件。`];
    receiveArticle(work.db, articleRecord(sampleArticle({ sections: [{ kind: 'materials', lines }] })));
    expect(ask(work, { query: '户口簿' }).articles[0]?.excerpt).toMatch(/^….*户口簿原件/);
    expect(ask(work, { query: '路灯' }).articles[0]?.excerpt).toBe('请告诉我哪条路、靠近几号。');
  });

  test('category filters take what lies below and above', () => {
    const work = openWork();
    for (const code of ['02', '0202', '020201', '020301']) {
      receiveArticle(work.db, articleRecord(sampleArticle({ title: code, categoryCodes: [code] })));
    }
    expect(titles(work, { category: '0202' }).sort()).toEqual(['02', '0202', '020201']);
    expect(titles(work, { category: '020301', query: '路灯' }).sort()).toEqual(['02', '020301']);
    expect(titles(work, { category: '02' })).toHaveLength(4);
  });

  test('by validity on the day that is today in Beijing', () => {
    const work = openWork();
    const ends = { over: '2026-11-21', today: '2026-11-22', soon: '2026-12-22', later: '2026-12-23' };
    for (const [title, validTo] of Object.entries(ends)) {
      receiveArticle(work.db, articleRecord(sampleArticle({ title, validTo })));
    }
    expect(titles(work, { state: 'expired' })).toEqual(['over']);
    expect(titles(work, { state: 'expiring' }).sort()).toEqual(['soon', 'today']);
    expect(titles(work, { state: 'valid', query: '路灯' }).sort()).toEqual(['later', 'soon', 'today']);
    expect(
      ask(work)
        .articles.map(({ title, validity }) => [title, validity])
        .sort(),
    ).toEqual([
      ['later', 'valid'],
      ['over', 'expired'],
      ['soon', 'expiring'],
      ['today', 'expiring'],
    ]);
    work.clock.advance(86_400_000);
    expect(titles(work, { state: 'expired' }).sort()).toEqual(['over', 'today']);
  });

  test('follows every change: new words, a version, a removal', () => {
    const work = openWork();
    const first = receiveArticle(work.db, articleRecord(sampleArticle()));
    expect(titles(work, { query: '灯杆编号' })).toHaveLength(1);
    const next = articleRecord(sampleArticle({ sections: [] }), { version: 2, uid: first.uid });
    receiveArticle(work.db, next);
    work.ctx.announce(['records']);
    expect(titles(work, { query: '灯杆编号' })).toEqual([]);
    expect(ask(work, { query: '路灯' }).articles[0]).toMatchObject({ version: 2 });
    deleteRecord(work.db, findRecordState(work.db, first.uid)?.id ?? 0);
    work.ctx.announce(['records']);
    expect(ask(work, { query: '路灯' })).toEqual({ articles: [], total: 0 });
    expect(work.db.value('SELECT count(*) FROM articles_fts')).toBe(0);
  });

  test('a large knowledge base is indexed in slices, so that nobody waits for it, and tells when it is complete', async () => {
    const work = openWithAll();
    let now = 0;
    const told = new Promise<void>((resolve) => {
      const index = createArticleIndex({
        db: work.db,
        write: (run) => run(),
        elapsed: () => (now += 10),
        onCaughtUp: resolve,
        onError: (error) => {
          throw error;
        },
      });
      index.refresh();
    });
    const indexed = () => work.db.value<number>('SELECT count(*) FROM article_index') ?? 0;
    expect(indexed()).toBeGreaterThan(0);
    expect(indexed()).toBeLessThan(files.length);
    await told;
    expect(indexed()).toBe(files.length);
  });

  test('pages do not overlap and count the same', () => {
    const work = openWithAll();
    for (const query of ['', '登记']) {
      const all = titles(work, { query });
      const paged = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90].flatMap((offset) =>
        titles(work, { query, limit: 10, offset }),
      );
      expect(paged).toEqual(all);
      expect(ask(work, { query, limit: 1 }).total).toBe(all.length);
    }
  });

  test('an article nobody approved is for editors only', () => {
    const agent = openWork();
    const editor = openWork(EDITOR);
    for (const work of [agent, editor]) {
      const content = sampleArticle({ title: '新写的' });
      const record = articleRecord(content);
      const proposal = { id: newId<never>(START), content, note: '', byId: null, byName: '导入', at: START };
      receiveArticle(work.db, {
        ...record,
        doc: { ...record.doc, version: 0, published: null, publishedAt: null, history: [], proposal },
      });
    }
    expect(titles(agent)).toEqual([]);
    expect(titles(agent, { query: '新写的' })).toEqual([]);
    expect(suggestForForm(agent.ctx, '020201', '路灯', 5)).toEqual([]);
    expect(titles(editor, { query: '新写的', state: 'waiting' })).toEqual(['新写的']);
  });
});

describe('what is offered during a call', () => {
  test('the chosen category brings its article; text alone brings it too; idle talk brings nothing', () => {
    const work = openWithAll();
    const first = (code: string | null, text: string) => suggestForForm(work.ctx, code, text, 5)[0];
    expect(first('100101', '')).toMatchObject({ title: '拖欠农民工工资怎么讨', byCategory: true, byText: false });
    expect(first(null, '来电人反映工地包工头跑了，农民工工资拖欠半年没发')).toMatchObject({
      title: '拖欠农民工工资怎么讨',
      byText: true,
    });
    expect(first(null, '楼下基站的电磁辐射有没有超标，能不能来检测一下')?.title).toContain('基站');
    expect(suggestForForm(work.ctx, null, '您好，我想问一下', 5)).toEqual([]);
    expect(suggestForForm(work.ctx, null, '', 5)).toEqual([]);
  });

  test('what is over gives way to what is valid', () => {
    const work = openWork();
    receiveArticle(work.db, articleRecord(sampleArticle({ title: '旧办法', validTo: '2025-12-31' })));
    receiveArticle(work.db, articleRecord(sampleArticle({ title: '新办法' })));
    expect(suggestForForm(work.ctx, '020201', '路灯报修', 5).map(({ title }) => title)).toEqual(['新办法', '旧办法']);
  });

  test('for the demo centre’s tickets, the right article is among the first three by text alone in most cases', () => {
    const work = openWithAll();
    const byCode = new Map<string, Set<string>>();
    for (const { content } of files) {
      for (const code of content.categoryCodes) {
        byCode.set(code, (byCode.get(code) ?? new Set()).add(content.title));
      }
    }
    let asked = 0;
    let hit = 0;
    for (const { fields } of generateDemoCentre(7, START, { citizens: 200, tickets: 600 }).tickets()) {
      const right = byCode.get(fields.categoryCode ?? '');
      if (!right) continue;
      asked++;
      const offered = suggestForForm(work.ctx, null, `${fields.title}\n${fields.content}`, 3);
      if (offered.some(({ title }) => right.has(title))) hit++;
    }
    expect(asked).toBeGreaterThan(200);
    expect(hit / asked).toBeGreaterThan(0.85);
  });

  test('an own proposal does not change what is read out before it is approved', () => {
    const work = openWork(EDITOR);
    const record = receiveArticle(work.db, articleRecord(sampleArticle()));
    const content = sampleArticle({ title: '改过的题目', answer: '改过的答复。' });
    proposeArticle(work.ctx, { uid: record.uid as RecordId, basedOn: 1, content, note: '' });
    expect(suggestForForm(work.ctx, '020201', '', 5)).toMatchObject([{ title: '路灯不亮怎么报修', isWaiting: true }]);
  });
});
