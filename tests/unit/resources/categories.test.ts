import { describe, expect, it } from 'vitest';
import file from '#resources/categories.json' with { type: 'json' };
import clockFile from '#resources/clock-presets.json' with { type: 'json' };
import { categoryTreeSchema, listCategories } from '#shared/domain/category.ts';
import { clockPresetFileSchema } from '#shared/domain/clock/clock-preset.ts';
import { latestForms } from '#shared/domain/form/shipped-forms.ts';

const tree = categoryTreeSchema.parse(file);
const leaves = listCategories(tree);

describe('category tree', () => {
  it('has three levels with enough leaves for an agent to find the matter', () => {
    expect(tree.roots.length).toBeGreaterThanOrEqual(15);
    expect(leaves.length).toBeGreaterThanOrEqual(400);
  });

  it('gives every code once, and every child the code of its parent with two digits more', () => {
    const codes = tree.roots.flatMap((root) => [
      root.code,
      ...root.groups.flatMap((group) => [group.code, ...group.leaves.map((leaf) => leaf.code)]),
    ]);
    expect(new Set(codes).size).toBe(codes.length);
    for (const root of tree.roots) {
      for (const group of root.groups) {
        expect(group.code.slice(0, 2)).toBe(root.code);
        for (const leaf of group.leaves) expect(leaf.code.slice(0, 4)).toBe(group.code);
      }
    }
  });

  it('does not name two leaves of a group alike, in Chinese or English', () => {
    for (const group of tree.roots.flatMap((root) => root.groups)) {
      expect(new Set(group.leaves.map((leaf) => leaf.name)).size, group.name).toBe(group.leaves.length);
      expect(new Set(group.leaves.map((leaf) => leaf.en)).size, group.en).toBe(group.leaves.length);
    }
  });

  it.each([
    ['路灯不亮', '市路灯管理处'],
    ['污水漫溢', '区水务局'],
    ['农田积水', '区水务局'],
    ['群租房安全隐患', '街道办事处'],
    ['消防通道堵塞', '区消防救援大队'],
    ['举报奖励查询', '区应急局'],
    ['疫苗接种', '区疾控中心'],
    ['疫情防控政策', '市卫健委'],
    ['拖欠农民工工资', '区人社局'],
    ['通信基站辐射', '市生态环境局'],
    ['权属不清路灯', 'owner'],
    ['地下车库进水', 'place'],
    ['不作为慢作为', 'subject'],
    ['倾斜树木与枯枝', '区绿化园林局'],
    ['小学入学', '区教育局'],
    ['医保报销', '市医保局'],
    ['公积金提取', '市公积金中心'],
    ['停水', '供水公司'],
    ['低保申请', '区民政局'],
    ['护照', '市公安局'],
    ['个人所得税', '区税务局'],
    ['不动产登记办理', '市规划和自然资源局'],
  ])('knows %s and its unit, or who decides it', (name, unit) => {
    const found = leaves.filter((leaf) => leaf.names[2] === name);
    expect(found.map((leaf) => leaf.unit ?? leaf.unitBy)).toEqual([unit]);
  });

  it('gives every leaf a unit or the rule who decides it, never both', () => {
    for (const leaf of leaves)
      expect([leaf.code, (leaf.unit === null) === (leaf.unitBy !== null)]).toEqual([leaf.code, true]);
    const leaf = { code: '010101', name: '占道经营', en: 'Trading on the road' };
    const withLeaf = (extra: object) => {
      const group = {
        code: '0101',
        name: '市容秩序',
        en: 'Street order',
        clock: 'ordinary-5wd',
        leaves: [{ ...leaf, ...extra }],
      };
      return categoryTreeSchema.safeParse({
        version: 1,
        roots: [{ code: '01', name: '城市管理', en: 'Urban', groups: [group] }],
      });
    };
    expect(withLeaf({ unit: '区城管局' }).success).toBe(true);
    expect(withLeaf({ unitBy: 'place' }).success).toBe(true);
    expect(withLeaf({}).success).toBe(false);
    expect(withLeaf({ unit: '区城管局', unitBy: 'place' }).success).toBe(false);
  });

  it('names a clock preset that exists, and no preset is there for nothing', () => {
    const { presets } = clockPresetFileSchema.parse(clockFile);
    const ids = presets.map((preset) => preset.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(leaves.map((leaf) => leaf.clock))).toEqual(new Set(ids));
  });

  it('names a special form that exists, and leads to every one of them', () => {
    const forms = new Set(
      latestForms()
        .map((form) => form.definition.id)
        .filter((id) => id !== 'general'),
    );
    expect(new Set(leaves.flatMap((leaf) => leaf.form ?? []))).toEqual(forms);
  });

  it.each([
    ['燃气泄漏', 'life-15min', 'critical', null],
    ['停水', 'utility-30min', 'urgent', null],
    ['医保报销', 'consult-3wd', 'normal', 'medical-insurance'],
    ['权属不清树木', 'two-stage-15wd', 'normal', 'unclear-ownership'],
    ['占道经营', 'ordinary-5wd', 'normal', null],
    ['企业拖欠工资', 'ordinary-5wd', 'normal', 'wage-arrears'],
    ['举报奖励查询', 'consult-3wd', 'normal', null],
    ['下穿通道积水', 'life-15min', 'urgent', 'flood'],
  ])('knows clock, urgency and form of %s', (name, clock, urgency, form) => {
    const found = leaves.filter((leaf) => leaf.names[2] === name);
    expect(found.map((leaf) => [leaf.clock, leaf.urgency, leaf.form])).toEqual([[clock, urgency, form]]);
  });
});
