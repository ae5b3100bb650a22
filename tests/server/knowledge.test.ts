import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { readArticleFiles } from '#server/knowledge/article-files.ts';
import { runKnowledgeCommand } from '#server/knowledge/knowledge-command.ts';
import type { ArticleContent } from '#shared/domain/knowledge.ts';
import type { RecordOf } from '#shared/domain/record.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { type EventId, newId, type RecordId } from '#shared/kernel/ids.ts';
import { startTestServer, type TestServer } from '#tests/support/server.ts';
import { TestConsole } from '#tests/support/test-console.ts';

const CENTRE = '320100';

let server: TestServer;
const folders: string[] = [];
beforeAll(async () => {
  server = await startTestServer();
  for (const account of ['editor1', 'editor2']) await server.addAccount({ account, role: 'editor' });
  await server.addAccount({ account: 'lead1', role: 'lead' });
  await server.addAccount({ account: 'agent1' });
  vi.stubEnv('DATABASE_URL', server.databaseUrl);
});
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

const article = (title: string, more: Partial<ArticleContent> = {}): ArticleContent => ({
  title,
  categoryCodes: ['080101'],
  questions: [],
  answer: '请告诉我工地的位置。',
  sections: [],
  sources: [],
  validFrom: null,
  validTo: null,
  keywords: [],
  demo: false,
  ...more,
});

function folderWith(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'hotline-articles-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

const seat = (account: string) => new TestConsole(server.url).signIn(account);
const id = <T extends string>() => newId<T>(systemClock.now());

async function articlesOf(account: string): Promise<readonly RecordOf<'article'>[]> {
  const { rows } = await (await seat(account)).pull([{ scope: `${CENTRE}:knowledge`, epoch: 1, seq: 0 }]);
  return rows.map(({ row }) => row as RecordOf<'article'>);
}

describe('a folder of articles', () => {
  test('is given to a centre for its editors to approve; again it changes nothing', async () => {
    const folder = folderWith({ 'a.json': article('甲'), 'b.json': article('乙', { demo: true }), 'notes.txt': 'x' });
    const args = ['import', '--centre', CENTRE, '--folder', folder, '--by', '知识库'];
    expect(await runKnowledgeCommand(args)).toEqual({ added: 1, kept: 0, demo: 1 });
    expect(await runKnowledgeCommand(args)).toEqual({ added: 0, kept: 1, demo: 1 });
    const [found] = (await articlesOf('editor1')).filter(({ doc }) => doc.proposal?.content.title === '甲');
    expect(found).toMatchObject({ version: 1, doc: { version: 0, published: null, proposal: { byName: '知识库' } } });

    const editor = await seat('editor1');
    const approve = {
      kind: 'article.review' as const,
      uid: found?.uid as RecordId,
      args: {
        centre: CENTRE,
        proposalId: found?.doc.proposal?.id as EventId,
        decision: 'approve' as const,
        reason: '',
      },
    };
    expect(await editor.pushOne(approve)).toMatchObject({ code: 'applied', version: 2 });
    // What the editors made of it stays.
    expect(await runKnowledgeCommand(args)).toEqual({ added: 0, kept: 1, demo: 1 });
    expect(await articlesOf('agent1')).toContainEqual(
      expect.objectContaining({ uid: found?.uid, doc: expect.objectContaining({ version: 1, proposal: null }) }),
    );
  });

  test('is published at once when asked for, with the articles of the made-up centre when asked for', async () => {
    const folder = folderWith({ 'c.json': article('丙', { demo: true }) });
    const args = ['import', '--centre', CENTRE, '--folder', folder, '--publish', '--with-demo'];
    expect(await runKnowledgeCommand(args)).toEqual({ added: 1, kept: 0, demo: 0 });
    const found = (await articlesOf('agent1')).find(({ doc }) => doc.published?.title === '丙');
    expect(found?.doc).toMatchObject({ version: 1, history: [{ kind: 'published', version: 1, content: {} }] });
  });

  test('with a bad file is refused as a whole, naming file, place and reason', async () => {
    const folder = folderWith({
      'bad.json': { ...article('丁'), answer: '' },
      'broken.json': '{',
      'good.json': article('戊'),
    });
    const refused = readArticleFiles(folder);
    await expect(refused).rejects.toMatchObject({ code: 'BAD_ARTICLES' });
    await expect(refused).rejects.toThrow(/bad\.json: answer .*\nbroken\.json: /);
    await expect(runKnowledgeCommand(['import', '--centre', CENTRE, '--folder', folder])).rejects.toMatchObject({
      code: 'BAD_ARTICLES',
    });
    mkdirSync(join(folder, 'empty'));
    expect(await readArticleFiles(join(folder, 'empty'))).toEqual([]);
    await expect(readArticleFiles(join(folder, 'missing'))).rejects.toMatchObject({ code: 'BAD_ARTICLES' });
  });

  test.each([[['import']], [['import', '--centre', '32']], [['export', '--centre', CENTRE]]])(
    '%j is answered with how to call it',
    async (args) => {
      await expect(runKnowledgeCommand(args)).rejects.toMatchObject({ code: 'BAD_ARGUMENTS' });
    },
  );
});

describe('the history of an article', () => {
  test('keeps the words of the newest versions and of what was refused, with who and why', async () => {
    const [author, reviewer] = [await seat('editor1'), await seat('lead1')];
    const uid = id<RecordId>();
    const propose = async (title: string, basedOn: number, note: string) => {
      const proposalId = id<EventId>();
      const args = { centre: CENTRE, proposalId, basedOn, content: article(title), note };
      expect(await author.pushOne({ kind: 'article.propose', uid, args })).toMatchObject({ code: 'applied' });
      return proposalId;
    };
    const decide = async (proposalId: EventId, decision: 'approve' | 'refuse', reason: string) => {
      const args = { centre: CENTRE, proposalId, decision, reason };
      expect(await reviewer.pushOne({ kind: 'article.review', uid, args })).toMatchObject({ code: 'applied' });
    };
    await decide(await propose('第一版', 0, '新写'), 'approve', '');
    await decide(await propose('改错了', 1, '改标题'), 'refuse', '标题与文件不符');
    for (let version = 1; version <= 11; version++) {
      await decide(await propose(`第${version + 1}版`, version, ''), 'approve', '');
    }
    const found = (await articlesOf('agent1')).find((each) => each.uid === uid);
    const history = found?.doc.history ?? [];
    expect(found?.doc).toMatchObject({ version: 12, published: { title: '第12版' } });
    expect(history).toHaveLength(13);
    expect(history[1]).toMatchObject({
      kind: 'refused',
      version: 1,
      title: '改错了',
      note: '改标题',
      reason: '标题与文件不符',
      authorName: '座席editor1',
      reviewerName: '座席lead1',
    });
    expect(history.map(({ content }) => content?.title ?? null).slice(0, 4)).toEqual([null, null, null, '第3版']);
    expect(history.at(-1)?.content?.title).toBe('第12版');
  });
});
