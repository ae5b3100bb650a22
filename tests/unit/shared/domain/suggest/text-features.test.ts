import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFeatureReader, FEATURE_COUNT, type SuggestText } from '#shared/domain/suggest/text-features.ts';

const reader = createFeatureReader();
const content = (text: string): SuggestText => ({ title: '', content: text, originalWords: '' });
const featuresOf = (text: SuggestText) => {
  const { ids, counts } = reader.read(text);
  return new Map(Array.from(ids, (id, i) => [id, counts[i]]));
};
const keysOf = (text: string) => [...featuresOf(content(text)).keys()].sort((a, b) => a - b);

describe('features of a text', () => {
  it('are its characters and pairs of neighbours', () => {
    expect(keysOf('路灯')).toHaveLength(3);
    expect(keysOf('路灯坏')).toHaveLength(5);
    expect(keysOf('')).toEqual([]);
  });

  it('are the same for full-width and half-width, capital and small letters, and any number', () => {
    expect(keysOf('ＥＴＣ扣费')).toEqual(keysOf('etc扣费'));
    expect(keysOf('3栋5号')).toEqual(keysOf('12栋206号'));
  });

  it('do not reach over punctuation, spaces and the border of two fields', () => {
    const apart = keysOf('路。灯');
    expect(apart).toHaveLength(2);
    expect(keysOf('路 灯')).toEqual(apart);
    const fields = featuresOf({ title: '路', content: '灯', originalWords: '' });
    expect([...fields.keys()].sort((a, b) => a - b)).toEqual(apart);
  });

  it('count most at the beginning and fade', () => {
    const filler = '一二三四五六七八九十'.repeat(20);
    const weightAt = (before: number) => {
      const id = keysOf('燃')[0] ?? -1;
      return featuresOf(content(`${filler.slice(0, before)}燃`)).get(id) ?? 0;
    };
    expect(weightAt(0)).toBeGreaterThan(weightAt(19));
    expect(weightAt(19)).toBeGreaterThan(2 * weightAt(20));
    expect(weightAt(20)).toBeGreaterThan(weightAt(150));
  });

  it('are the same with the beginning in the title or in the content', () => {
    const split = featuresOf({ title: '路灯不亮', content: '请维修', originalWords: '' });
    expect(split).toEqual(featuresOf(content('路灯不亮。请维修')));
  });

  it('stay few for a very long text', () => {
    const long = Array.from({ length: 20_000 }, (_, i) => String.fromCharCode(0x4e00 + (i % 18_000))).join('');
    expect(reader.read(content(long)).ids.length).toBeLessThanOrEqual(3_000);
  });

  it('are deterministic, in range and each once, whatever is typed', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(anything, anything, anything, (title, written, words) => {
        const text = { title, content: written, originalWords: words };
        const { ids, counts } = reader.read(text);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.every((id) => id >= 0 && id < FEATURE_COUNT)).toBe(true);
        expect(counts.every((count) => count > 0)).toBe(true);
        expect(createFeatureReader().read(text)).toEqual({ ids, counts });
      }),
      { numRuns: 50 },
    );
  });
});
