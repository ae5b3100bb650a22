import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import divisionFile from '#resources/divisions.json' with { type: 'json' };
import { createDivisionNames } from '#shared/domain/address/division-names.ts';
import { countPairs, pairCodes, pairText } from '#shared/domain/character-pairs.ts';
import { divisionFileSchema, listDivisions } from '#shared/domain/division.ts';
import { compareMatters, type LikenessReason, type Matter } from '#shared/domain/duplicate.ts';
import { type MatterSource, toMatter } from '#shared/domain/matter.ts';

const file = divisionFileSchema.parse(divisionFile);
const names = createDivisionNames(file.province[1], listDivisions(file));
const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 22);
const weight = (code: number) => 3 + (code % 5);

interface Told extends Partial<Omit<MatterSource, 'place' | 'caller'>> {
  readonly address?: string;
  readonly divisionCode?: string;
  readonly phone?: string;
  readonly anonymous?: boolean;
  readonly at?: number;
}

function matter({ address = '', divisionCode, phone = '', anonymous = false, at = NOW, ...rest }: Told): Matter {
  const source: MatterSource = {
    title: '',
    content: '',
    originalWords: '',
    subject: '',
    categoryCode: null,
    place: { divisionCode: divisionCode ?? null, address, landmark: '', coordinates: null },
    caller: { phone, anonymous },
    ...rest,
  };
  return toMatter(source, at, names, '320100', weight);
}

const LAMP: Told = {
  title: '中央路路灯不亮',
  content: '中央路260号门口的路灯坏了两年，晚上看不见路，老人摔倒过。',
  address: '中央路260号',
  categoryCode: '010101',
};

describe('pairs of characters', () => {
  it('have a code that leads back to them', () => {
    for (const text of ['路灯', 'ab', '3栋', '龟鿿', '0z']) {
      const [code = -1] = pairCodes(text);
      expect(pairText(code)).toBe(text);
    }
  });

  it('are counted once each, in order, and parted by signs', () => {
    const pairs = countPairs('路灯', '路灯，灯亮。ＡＢ', () => 2);
    expect([...pairs.codes].map(pairText).sort()).toEqual(['ab', '灯亮', '路灯']);
    expect([...pairs.codes]).toEqual([...pairs.codes].sort((a, b) => a - b));
    const at = [...pairs.codes].map(pairText).indexOf('路灯');
    expect([pairs.times[at], pairs.inTitle[at], pairs.weights[at]]).toEqual([2, 1, 2]);
  });

  it('never fail, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const pairs = countPairs(text, text, () => 1);
        return pairs.codes.every((code, i) => i === 0 || code > (pairs.codes[i - 1] ?? code));
      }),
    );
  });
});

describe('likeness of two matters', () => {
  const kinds = (reasons: readonly LikenessReason[]) => reasons.map(({ kind }) => kind);

  it('is high for the same lamp told by another caller, and says why', () => {
    const again = matter({
      title: '路灯坏了',
      content: '我住在中央路260号，门口路灯不亮，晚上看不见路。',
      address: '鼓楼区中央路260号',
      categoryCode: '010101',
      at: NOW + 2 * DAY,
    });
    const { probability, reasons } = compareMatters(matter(LAMP), again);
    expect(probability).toBeGreaterThan(0.75);
    expect(kinds(reasons)).toEqual(['place', 'words', 'category']);
    expect(reasons[0]).toEqual({ kind: 'place', level: 'number', name: '中央路260号' });
  });

  it('is low for another matter, and for the same matter in another district', () => {
    const wages = matter({ title: '拖欠工资', content: '湖南路工地拖欠农民工工资三个月。', address: '湖南路1号' });
    expect(compareMatters(matter(LAMP), wages).probability).toBeLessThan(0.05);
    const far = { ...LAMP, address: '双龙大道18号', content: '路灯坏了两年。', title: '路灯不亮' };
    const here = matter({ ...LAMP, divisionCode: '320106' });
    const elsewhere = compareMatters(here, matter({ ...far, divisionCode: '320115' }));
    expect(elsewhere.probability).toBeLessThan(0.5);
    expect(kinds(elsewhere.reasons)).toContain('other-area');
  });

  it('names the days since the same caller called', () => {
    const before = matter({ ...LAMP, phone: '138 0000 1234', at: NOW - 3 * DAY - 5 });
    const { reasons } = compareMatters(before, matter({ ...LAMP, phone: '+86-13800001234' }));
    expect(reasons[0]).toEqual({ kind: 'phone', days: 3 });
  });

  it('does not tell an anonymous caller by their number', () => {
    const secret = matter({ ...LAMP, phone: '13800001234', anonymous: true });
    expect(kinds(compareMatters(secret, matter({ ...LAMP, phone: '13800001234' })).reasons)).not.toContain('phone');
  });

  it('grows with every further piece of evidence', () => {
    const steps: readonly Told[] = [
      { title: '路灯不亮' },
      { title: '路灯不亮', content: '门口的路灯坏了两年，晚上看不见路。' },
      { title: '路灯不亮', content: '门口的路灯坏了两年，晚上看不见路。', address: '中央路1号' },
      { title: '路灯不亮', content: '门口的路灯坏了两年，晚上看不见路。', address: '中央路260号' },
      { ...LAMP, phone: '13800001234' },
    ];
    const told = matter({ ...LAMP, phone: '13800001234' });
    const found = steps.map((step) => compareMatters(told, matter(step)).probability);
    expect(found).toEqual([...found].sort((a, b) => a - b));
  });

  it('is symmetric, between 0 and 1, and the same every time, for any two texts', () => {
    const piece = fc.constantFrom(
      '路灯',
      '不亮',
      '中央路',
      '260号',
      '3栋',
      '鼓楼区',
      '麓谷明珠小区',
      'ABC',
      '，',
      '𠮷',
      '\ud800',
    );
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    const told = fc
      .record({
        title: text,
        content: text,
        address: text,
        phone: fc.constantFrom('', '13800001234', '025-84000001'),
        categoryCode: fc.constantFrom(null, '010101', '010102', '020101'),
        divisionCode: fc.constantFrom('320106', '320115', '320100'),
        days: fc.integer({ min: -1_000, max: 1_000 }),
      })
      .map(({ days, ...rest }) => matter({ ...rest, at: NOW + days * DAY }));
    fc.assert(
      fc.property(told, told, (a, b) => {
        const one = compareMatters(a, b);
        const other = compareMatters(b, a);
        expect(other.probability).toBeCloseTo(one.probability, 12);
        expect(kinds(other.reasons)).toEqual(kinds(one.reasons));
        expect(one.probability).toBeGreaterThanOrEqual(0);
        expect(one.probability).toBeLessThanOrEqual(1);
        for (const reason of one.reasons) {
          if (reason.kind === 'words') expect(reason.percent).toBeLessThanOrEqual(100);
        }
      }),
    );
  });
});
