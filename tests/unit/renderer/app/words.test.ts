import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { zhCN } from '#renderer/app/i18n/zh-CN.ts';

/** Words that mean the same thing, and the one of them that the product says. */
const ONE_WORD: readonly (readonly [RegExp, string])[] = [
  [/坐席/, '座席'],
  [/专用表单/, '专项表单'],
];

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

describe('the words of the field', () => {
  it('are the same wherever they stand: on the screen, in canned texts, in articles', () => {
    const articles = readdirSync('resources/knowledge').map((file) =>
      readFileSync(`resources/knowledge/${file}`, 'utf8'),
    );
    const texts = [...textsOf(zhCN), readFileSync('resources/canned-texts.json', 'utf8'), ...articles];
    for (const [other, word] of ONE_WORD) expect([word, texts.filter((text) => other.test(text))]).toEqual([word, []]);
  });

  it('tell a ticket that went to an emergency service from a call that went to a colleague', () => {
    const { status, event } = zhCN.terms;
    const { outcome } = zhCN.call.log;
    expect(status.handed_off).toContain(event.handed_off);
    expect(outcome.handed_off).toBe(status.handed_off);
    expect(outcome.transferred).not.toBe(status.handed_off);
  });
});
