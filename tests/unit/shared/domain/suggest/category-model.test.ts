import { describe, expect, it } from 'vitest';
import categoryFile from '#resources/categories.json' with { type: 'json' };
import { categoryTreeSchema, listCategories } from '#shared/domain/category.ts';
import { guessCategories } from '#shared/domain/suggest/category-model.ts';
import { toConfidences } from '#shared/domain/suggest/confidence.ts';
import { nameSamples } from '#shared/domain/suggest/name-samples.ts';
import { createFeatureReader } from '#shared/domain/suggest/text-features.ts';
import { createCategoryTrainer } from '#shared/domain/suggest/train-categories.ts';
import { finish, learnFrom, makeSamples } from '#tests/support/suggest-samples.ts';

const reader = createFeatureReader();
const tree = listCategories(categoryTreeSchema.parse(categoryFile));
const ask = (model: ReturnType<typeof learnFrom>, content: string) =>
  guessCategories(model, reader, { title: '', content, originalWords: '' }, 3);

describe('categories learnt from tickets', () => {
  const model = learnFrom(makeSamples(200));

  it.each([
    ['我们小区门口的路灯不亮', '020201'],
    ['工地半夜打桩太吵', '080101'],
    ['酒吧的音响半夜还在响', '080103'],
    ['住院的钱医保怎么报销', '120302'],
  ])('suggest for %s the leaf %s first', (text, code) => {
    expect(ask(model, text)[0]?.code).toBe(code);
  });

  it('give at most as many guesses as asked for, the surest first, together never more than certain', () => {
    const guesses = ask(model, '路灯');
    expect(guesses.length).toBeLessThanOrEqual(3);
    const confidences = guesses.map((guess) => guess.confidence);
    expect(confidences).toEqual([...confidences].sort((a, b) => b - a));
    expect(confidences.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(1.000001);
  });

  it('suggest nothing for a text without anything known', () => {
    expect(ask(model, '')).toEqual([]);
    expect(ask(model, '€…😀')).toEqual([]);
  });

  it('know from how many tickets they were learnt, and how often they were right on the newest, unseen ones', () => {
    expect(learnFrom(makeSamples(2_000)).learntFrom).toEqual({ tickets: 2_000, unseen: 50, first: 50, amongThree: 50 });
    // Too few to keep any apart.
    expect(model.learntFrom).toEqual({ tickets: 200, unseen: 0, first: 0, amongThree: 0 });
  });

  it('are learnt the same way from the same tickets', () => {
    expect(learnFrom(makeSamples(200))).toEqual(model);
    expect(ask(model, '路灯坏了')).toEqual(ask(learnFrom(makeSamples(200)), '路灯坏了'));
  });

  it('are learnt in steps, with something else in between', () => {
    const trainer = createCategoryTrainer();
    for (const sample of makeSamples(200)) trainer.add(sample);
    expect(trainer.tickets).toBe(200);
    const steps = trainer.train();
    let count = 0;
    for (;;) {
      const step = steps.next();
      if (step.done) {
        expect(step.value).toEqual(model);
        break;
      }
      count++;
      ask(model, '中间有人在问');
    }
    expect(count).toBeGreaterThan(100);
  });

  it('cannot be learnt from nothing', () => {
    expect(() => finish(createCategoryTrainer().train())).toThrow('nothing to learn from');
  });
});

describe('categories known by their names only', () => {
  const model = learnFrom([], nameSamples(tree));

  it.each([
    ['路灯不亮', '路灯不亮'],
    ['燃气泄漏了', '燃气泄漏'],
    ['想办低保申请', '低保申请'],
    ['公积金提取怎么办', '公积金提取'],
  ])('are found for %s', (text, name) => {
    const names = ask(model, text).map(({ code }) => tree.find((leaf) => leaf.code === code)?.names[2]);
    expect(names).toContain(name);
  });

  it('have all leaves of the tree', () => {
    expect(model.leaves.flatMap((leaf) => leaf.codes).sort()).toEqual(tree.map((leaf) => leaf.code).sort());
  });

  it('leave leaves with tickets to their tickets, and keep those without', () => {
    const both = learnFrom(makeSamples(200), nameSamples(tree));
    expect(ask(both, '一整条路的路灯都灭着')[0]?.code).toBe('020201');
    const names = ask(both, '养老机构预付费纠纷').map(({ code }) => code);
    expect(names).toContain('130206');
  });
});

describe('confidences', () => {
  it('are shares of one, in the order of the scores, sharper with more sharpness', () => {
    const scores = Float64Array.of(0.4, -1, 0.1);
    const soft = toConfidences(scores, 1);
    const sharp = toConfidences(scores, 8);
    for (const confidences of [soft, sharp]) {
      expect(confidences.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1);
      expect([...confidences].indexOf(Math.max(...confidences))).toBe(0);
    }
    expect(sharp[0]).toBeGreaterThan(soft[0] ?? 1);
  });
});
