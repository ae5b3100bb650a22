import { describe, expect, it } from 'vitest';
import { matchEntries, needsReadings, type PickerEntry, splitQuery } from '#renderer/platform/picker-match.ts';
import { readName } from '#renderer/platform/readings.ts';
import categoryFile from '#resources/categories.json' with { type: 'json' };
import divisionFile from '#resources/divisions.json' with { type: 'json' };
import tagFile from '#resources/tags.json' with { type: 'json' };
import { categoryTreeSchema, listCategories } from '#shared/domain/category.ts';
import { divisionFileSchema, listDivisions } from '#shared/domain/division.ts';
import { listTags, tagFileSchema } from '#shared/domain/tag.ts';

const divisions = listDivisions(divisionFileSchema.parse(divisionFile));
const categories: readonly PickerEntry[] = listCategories(categoryTreeSchema.parse(categoryFile));
const nanjingFirst = (entry: PickerEntry) => (entry.code.startsWith('3201') ? 0 : 1.5);
const findPlace = (query: string) =>
  matchEntries(divisions, query, readName, 5, nanjingFirst).map((e) => e.names.join(''));
const findCategory = (query: string) => matchEntries(categories, query, readName, 5).map((e) => e.names.at(-1));

describe('typed picker of divisions', () => {
  it.each([
    ['鼓楼', '南京市鼓楼区'],
    ['鼓楼区', '南京市鼓楼区'],
    ['gulou', '南京市鼓楼区'],
    ['gulouqu', '南京市鼓楼区'],
    ['GLQ', '南京市鼓楼区'],
    ['南京鼓楼', '南京市鼓楼区'],
    ['njgl', '南京市鼓楼区'],
    ['南京 鼓楼', '南京市鼓楼区'],
    ['320106', '南京市鼓楼区'],
    ['３２０１０６', '南京市鼓楼区'],
    ['徐州鼓楼', '徐州市鼓楼区'],
    ['xuzhou gulou', '徐州市鼓楼区'],
    ['新街口', '南京市玄武区新街口街道'],
    ['luhe', '南京市六合区'],
    ['liuhe', '南京市六合区'],
    ['lishui', '南京市溧水区'],
    ['xuyi', '淮安市盱眙县'],
    ['pizhou', '徐州市邳州市'],
    ['nhljd', '南京市鼓楼区宁海路街道'],
    ['njglnhl', '南京市鼓楼区宁海路街道'],
    ['鼓楼宁海', '南京市鼓楼区宁海路街道'],
    ['gulou ninghailu', '南京市鼓楼区宁海路街道'],
    ['320106001', '南京市鼓楼区宁海路街道'],
    ['mochouhu', '南京市建邺区莫愁湖街道'],
    ['南京江宁', '南京市江宁区'],
  ])('finds %s as %s first', (query, place) => {
    expect(findPlace(query)[0]).toBe(place);
  });

  it('finds a division by its name, its initials and its code', () => {
    for (const entry of divisions) {
      const name = entry.names.at(-1) ?? '';
      const initials = readName(name)
        .map((readings) => readings[0]?.[0] ?? '')
        .join('');
      for (const query of [name, entry.code]) expect(matchEntries([entry], query, readName, 1)).toEqual([entry]);
      if (/^[a-z]+$/.test(initials)) expect(matchEntries([entry], initials, readName, 1)).toEqual([entry]);
    }
  });

  it('finds nothing for nonsense, and everything for an empty query', () => {
    expect(findPlace('qqqq')).toEqual([]);
    expect(findPlace('鼓楼火星')).toEqual([]);
    expect(matchEntries(divisions, '  ', readName, 3)).toHaveLength(3);
  });
});

describe('typed picker of tags', () => {
  const tags = listTags(tagFileSchema.parse(tagFile));
  it.each([
    ['涉汛', '涉汛'],
    ['shexun', '涉汛'],
    ['qzf', '群租房'],
    ['qunzu房', '群租房'],
    ['zczt qx', '欠薪'],
    ['night', '夜间'],
    ['0402', '群租房'],
  ])('finds %s as %s first', (query, name) => {
    expect(matchEntries(tags, query, readName, 3)[0]?.names[1]).toBe(name);
  });
});

describe('typed picker of categories', () => {
  it.each([
    ['占道经营', '占道经营'],
    ['zdjy', '占道经营'],
    ['zhandao', '占道经营'],
    ['010101', '占道经营'],
    ['street vendors', '流动摊贩'],
    ['zhandaojingying', '占道经营'],
    ['占道jy', '占道经营'],
    ['zd经营', '占道经营'],
    ['zhandao经y', '占道经营'],
    ['yibaobaoxiao', '医保报销'],
    ['ybbx', '医保报销'],
    ['医保bx', '医保报销'],
    ['csgl ldtf', '流动摊贩'],
    ['120303', '异地就医备案'],
  ])('finds %s as %s first', (query, name) => {
    expect(findCategory(query)[0]).toBe(name);
  });

  it('finds every leaf by its name, full 拼音, initials, a mixture of both with Chinese, and its code', () => {
    for (const entry of categories) {
      const name = entry.names.at(-1) ?? '';
      const read = readName(name).map((readings) => readings[0] ?? '');
      const half = Math.ceil(name.length / 2);
      const queries = [
        name,
        entry.code,
        read.join(''),
        read.map((reading) => reading[0]).join(''),
        name.slice(0, half) + read.slice(half).join(''),
        read.slice(0, half).join('') + name.slice(half),
        name.slice(0, half) +
          read
            .slice(half)
            .map((reading) => reading[0])
            .join(''),
      ];
      // Whether one matches does not depend on the others; asking all of them seven times each took seconds.
      for (const query of queries) {
        expect([query, matchEntries([entry], query, readName, 1)]).toEqual([query, [entry]]);
      }
      // Whoever types the whole name or the code wants this one.
      expect(matchEntries(categories, entry.code, readName, 1)[0]?.code).toBe(entry.code);
      expect(matchEntries(categories, name, readName, 1)[0]?.names.at(-1)).toContain(name);
    }
  });

  it('finds by a name higher up in the tree', () => {
    expect(findCategory('市容 广告').length).toBeGreaterThan(0);
  });

  it('matches Chinese before the readings are loaded', () => {
    expect(matchEntries(categories, '占道', null, 1)[0]?.names.at(-1)).toBe('占道经营');
    expect(needsReadings('占道')).toBe(false);
    expect(needsReadings('ｚｄ')).toBe(true);
  });

  it('reads an apostrophe as a border of syllables', () => {
    expect(splitQuery("Xi'an  Lu")).toEqual(['xian', 'lu']);
  });
});
