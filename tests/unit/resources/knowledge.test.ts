import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import categories from '#resources/categories.json' with { type: 'json' };
import { readArticleFiles } from '#server/knowledge/article-files.ts';

const files = await readArticleFiles('resources/knowledge');
const codes = new Set(
  categories.roots.flatMap((root) => [
    root.code,
    ...root.groups.flatMap((group) => [group.code, ...group.leaves.map((leaf) => leaf.code)]),
  ]),
);
const leafCodes = (name: string) =>
  categories.roots.flatMap((root) =>
    root.groups.flatMap((group) => group.leaves.filter((leaf) => leaf.name === name).map((leaf) => leaf.code)),
  );

describe('knowledge articles', () => {
  it('are at least forty, each under a name and a title of its own', () => {
    expect(files.length).toBeGreaterThanOrEqual(40);
    expect(new Set(files.map(({ content }) => content.title)).size).toBe(files.length);
    for (const { name } of files) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it.each(files.map(({ name, content }) => [name, content] as const))('%s can be used in a call', (_, content) => {
    expect(content.categoryCodes.filter((code) => !codes.has(code))).toEqual([]);
    expect(content.categoryCodes).not.toEqual([]);
    expect(content.questions.length).toBeGreaterThanOrEqual(2);
    expect(content.answer.length).toBeGreaterThanOrEqual(25);
    // Read out in one breath or two, not a lecture.
    expect(content.answer.length).toBeLessThanOrEqual(260);
    expect(content.sections.some(({ kind }) => kind === 'steps')).toBe(true);
    expect(content.sources).not.toEqual([]);
    expect(content.validFrom).not.toBeNull();
  });

  it('rest on documents that were issued before they apply', () => {
    for (const { name, content } of files) {
      for (const { date } of content.sources) {
        if (date !== null && content.validFrom !== null) expect(date <= content.validFrom, name).toBe(true);
      }
    }
  });

  it('say so when they rest on a document of the made-up centre', () => {
    for (const { name, content } of files) {
      const isMadeUp = content.sources.some(({ number }) => number.startsWith('演示'));
      expect(content.demo, name).toBe(isMadeUp);
    }
  });

  it.each([
    '举报奖励查询',
    '群租房安全隐患',
    '道路积水',
    '农田积水',
    '路灯不亮',
    '权属不清路灯',
    '倾斜树木与枯枝',
    '污水漫溢',
    '拖欠农民工工资',
    '夜间施工噪声',
    '小学入学',
    '医保报销',
    '疫苗接种',
    '疫情防控政策',
    '失业登记',
    '高校毕业生就业',
    '通信基站辐射',
    '消防通道堵塞',
    '窗口服务态度',
  ])('answer what is asked about %s', (leaf) => {
    const [code = ''] = leafCodes(leaf);
    expect(files.filter(({ content }) => content.categoryCodes.includes(code))).not.toEqual([]);
  });

  it('are no messages of real citizens', () => {
    // Those speak of anonymised places ("A3区") and of user codes.
    for (const { name } of files) {
      expect(readFileSync(`resources/knowledge/${name}.json`, 'utf8')).not.toMatch(/[A-K]\d{1,2}[区县市]|A0\d{6}/);
    }
  });
});
