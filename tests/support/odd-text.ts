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
  await field.evaluate((element, { whole, codes }) => {
    const target = element as HTMLInputElement | HTMLTextAreaElement;
    const prototype =
      target instanceof HTMLTextAreaElement ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
    const written = whole ?? codes.map((code) => String.fromCharCode(code)).join('');
    // Where a paste would be cut off by the field itself, so is this one.
    const kept = target.maxLength >= 0 ? written.slice(0, target.maxLength) : written;
    Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(target, kept);
    target.dispatchEvent(new Event('input', { bubbles: true }));
  }, carried(text));
}

/** A text on its way into the page: halves of pairs are put together there, nothing carries them. */
function carried(text: string): { readonly whole: string | null; readonly codes: readonly number[] } {
  if (text.isWellFormed()) return { whole: text, codes: [] };
  return { whole: null, codes: Array.from({ length: text.length }, (_, at) => text.charCodeAt(at)) };
}

/** A text that is put into a field, and what is expected of the field; `either`: it may take it or refuse it. */
export interface TextTry {
  readonly what: string;
  readonly text: string;
  readonly outcome: 'refused' | 'taken' | 'either';
}
/** How a field stood after a text was put into it. */
export interface TriedText extends TextTry {
  readonly length: number;
  readonly isInvalid: boolean;
  /** The texts the field is described by. */
  readonly said: string;
  /** Whether the text stands in what is to be kept, as JSON. */
  readonly isKept: boolean;
}
interface TryOptions {
  /** The field is left after each text: some say only then what is wrong. */
  readonly isLeft?: boolean;
  /** Test id of an element that shows what is to be kept. */
  readonly keptIn?: string;
}

/** Puts texts into a field one after the other, as pastes do, and waits after each until the field has been drawn as is expected of it. */
export async function tryTexts(
  field: Locator,
  tries: readonly TextTry[],
  { isLeft = false, keptIn = '' }: TryOptions = {},
): Promise<readonly TriedText[]> {
  const found = await field.evaluate(
    async (element, asked) => {
      /** Far more than it takes to draw anything; what is not drawn by then is not as it was expected. */
      const mostFrames = 120;
      const target = element as HTMLInputElement | HTMLTextAreaElement;
      const prototype =
        target instanceof HTMLTextAreaElement ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
      const setValue = Object.getOwnPropertyDescriptor(prototype, 'value')?.set;
      const isInvalid = () => target.getAttribute('aria-invalid') === 'true';
      const said = () => {
        const ids = target.getAttribute('aria-describedby')?.split(' ') ?? [];
        return ids
          .map((id) => document.getElementById(id)?.textContent ?? '')
          .join(' ')
          .trim();
      };
      const isAsExpected = (outcome: string, frame: number) => {
        if (outcome === 'either') return frame >= 2;
        return outcome === 'taken' ? !isInvalid() : isInvalid() && said() !== '';
      };
      const results = [];
      for (const { whole, codes, outcome } of asked.tries) {
        const written = whole ?? codes.map((code) => String.fromCharCode(code)).join('');
        if (asked.isLeft) target.focus();
        // Where a paste would be cut off by the field itself, so is this one.
        setValue?.call(target, target.maxLength >= 0 ? written.slice(0, target.maxLength) : written);
        target.dispatchEvent(new Event('input', { bubbles: true }));
        if (asked.isLeft) target.blur();
        for (let frame = 0; frame < mostFrames; frame++) {
          await new Promise((resolve) => requestAnimationFrame(resolve));
          if (isAsExpected(outcome, frame)) break;
        }
        const kept = document.querySelector(`[data-testid="${asked.keptIn}"]`)?.textContent ?? '';
        const isKept = kept.includes(JSON.stringify(written));
        results.push({ length: target.value.length, isInvalid: isInvalid(), said: said(), isKept });
      }
      return results;
    },
    {
      isLeft,
      keptIn,
      tries: tries.map(({ text, outcome }) => ({ outcome, ...carried(text) })),
    },
  );
  return tries.map((each, at) => ({ ...each, length: 0, isInvalid: false, said: '', isKept: false, ...found[at] }));
}
