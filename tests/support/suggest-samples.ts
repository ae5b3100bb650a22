import type { CategoryModel } from '#shared/domain/suggest/category-model.ts';
import { type CategorySample, createCategoryTrainer } from '#shared/domain/suggest/train-categories.ts';

/** What people say about some leaves, in words of our own. */
const MATTERS: Readonly<Record<string, readonly string[]>> = {
  '020201': ['路灯不亮了', '一整条路的路灯都灭着', '路灯坏了晚上看不见路', '门口路灯闪了几天'],
  '020204': ['路灯白天也亮着', '路灯亮灯时间太晚', '希望路灯早点开', '路灯半夜就关了'],
  '080101': ['工地夜里还在打桩', '施工噪声吵得睡不着', '半夜浇筑混凝土', '凌晨渣土车轰鸣'],
  '080103': ['楼下酒吧音响太吵', '商场外放喇叭', '餐馆门口叫卖声大', '歌厅唱到半夜'],
  '120302': ['医保报销要什么材料', '住院费用怎么报销', '异地住院报销比例', '医保报销多久到账'],
};

/** `count` samples over the matters in turn, each a little different. */
export function makeSamples(count: number): readonly CategorySample[] {
  const codes = Object.keys(MATTERS);
  return Array.from({ length: count }, (_, i) => {
    const code = codes[i % codes.length] ?? '';
    const texts = MATTERS[code] ?? [];
    const content = `${texts[Math.floor(i / codes.length) % texts.length]}，第${i}次反映，请尽快处理`;
    return { code, text: { title: '', content, originalWords: '' } };
  });
}

/** Does all steps at once. */
export function finish<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** A model learnt from samples. */
export function learnFrom(samples: readonly CategorySample[], names: readonly CategorySample[] = []): CategoryModel {
  const trainer = createCategoryTrainer();
  for (const sample of samples) trainer.add(sample);
  for (const sample of names) trainer.addName(sample);
  return finish(trainer.train());
}
