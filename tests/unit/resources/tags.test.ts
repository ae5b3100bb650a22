import { expect, test } from 'vitest';
import file from '#resources/tags.json' with { type: 'json' };
import { loadMatters } from '#server/demo/matters.ts';
import { listTags, tagFileSchema } from '#shared/domain/tag.ts';

const tags = listTags(tagFileSchema.parse(file));
const names = tags.map((tag) => tag.names[1]);

test('tags have one name and code each, in both languages', () => {
  for (const values of [names, tags.map((tag) => tag.en[1]), tags.map((tag) => tag.code)]) {
    expect(new Set(values).size).toBe(values.length);
  }
});

test('codes of tags start with the code of their group', () => {
  for (const group of file.groups) for (const tag of group.tags) expect(tag.code.slice(0, 2)).toBe(group.code);
});

test('there are tags for people, places, times and every policy topic of the reports', () => {
  expect(file.groups.map((group) => group.name)).toEqual(['人群', '场所', '时段', '政策专题', '情形']);
  const topics = '涉汛 群租房 消防 有奖举报 疫情 就业收入 生态环境 电磁辐射 入学 医保'.split(' ');
  expect(names).toEqual(expect.arrayContaining(topics));
});

test('every tag of the demo centre is in the list', () => {
  expect(names).toEqual(expect.arrayContaining([...new Set(loadMatters().flatMap((matter) => matter.tags))]));
});
