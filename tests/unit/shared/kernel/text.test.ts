import { describe, expect, it } from 'vitest';
import { headOf, isStorableText, textSchema } from '#shared/kernel/text.ts';

describe('storable text', () => {
  it.each([
    ['ordinary Chinese', '路灯坏了两年没人修'],
    ['emoji with joiners', '👨‍👩‍👧‍👦 很着急 😢'],
    ['rare Han of extension B to G', '𠮷𪚥𬺰𰻝'],
    ['right-to-left text', 'שלום مرحبا'],
    ['HTML', '<img src=x onerror=alert(1)>'],
    ['line breaks and tabs', 'a\r\n\tb'],
  ])('keeps %s exactly', (_, text) => {
    expect(isStorableText(text)).toBe(true);
    expect(textSchema(100).parse(text)).toBe(text);
  });

  it.each([
    ['NUL', 'a\u0000b'],
    ['a lone high surrogate', 'a\ud800'],
    ['a lone low surrogate', '\udc00a'],
    ['surrogates in the wrong order', '\udc00\ud800'],
  ])('refuses %s, which no database of ours could give back', (_, text) => {
    expect(textSchema(100).safeParse(text).success).toBe(false);
  });

  it('refuses text over its limit instead of cutting it', () => {
    expect(textSchema(3).safeParse('一二三四').success).toBe(false);
  });
});

describe('the beginning of a text', () => {
  it('is the whole text as long as that fits', () => {
    expect(headOf('路灯', 2)).toBe('路灯');
    expect(headOf('😀', 2)).toBe('😀');
  });

  it('never ends in half a character', () => {
    expect(headOf('灯😀坏', 2)).toBe('灯');
    expect(headOf('灯😀坏', 3)).toBe('灯😀');
  });
});
