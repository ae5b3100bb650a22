import type { Locator } from '@playwright/test';

/** What people paste: emoji, rare characters, right-to-left text, markup, combining marks, controls that are text. */
export const ODD_TEXT =
  '😀👨‍👩‍👧 𠮷野家𪚥𫠝𬺰𰻝 مرحبا‏ <img src=x onerror="window.stolen=1"><b>粗</b> e\u0301 \u202e倒\u202c &amp; \'"\\ %_\u0001';
/** The same for fields of few characters. */
export const SHORT_ODD_TEXT = '𠮷<b>😀\u202eم&\'"%_';
/** What no store keeps exactly. */
export const UNSTORABLE_TEXTS = { NUL: 'a\u0000b', 'half of a pair': '\ud83d', 'the other half': '\ude00a' } as const;

/**
 * Puts a text into a field as a paste does, also what no keyboard types and a test driver cannot carry: the characters are put together
 * in the page.
 */
export async function putText(field: Locator, text: string): Promise<void> {
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  await field.evaluate((element, codes) => {
    const target = element as HTMLInputElement | HTMLTextAreaElement;
    const prototype =
      target instanceof HTMLTextAreaElement ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
    const written = codes.map((code) => String.fromCharCode(code)).join('');
    // Where a paste would be cut off by the field itself, so is this one.
    const kept = target.maxLength >= 0 ? written.slice(0, target.maxLength) : written;
    Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(target, kept);
    target.dispatchEvent(new Event('input', { bubbles: true }));
  }, units);
}
