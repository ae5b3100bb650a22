import { z } from 'zod';

/** True when SQLite, PostgreSQL and JSON all keep the text exactly: no NUL character and no lone surrogate. */
export function isStorableText(value: string): boolean {
  return !value.includes('\u0000') && value.isWellFormed();
}

/**
 * Free text kept exactly as typed (no trimming, no normalisation).
 * @param maxLength in UTF-16 units
 */
export function textSchema(maxLength: number) {
  return z.string().max(maxLength).refine(isStorableText, { message: 'UNSTORABLE_TEXT' });
}

/**
 * The beginning of a text, without half a character at its end.
 * @param maxLength in UTF-16 units
 */
export function headOf(text: string, maxLength: number): string {
  const head = text.slice(0, maxLength);
  return head.length < text.length && /[\uD800-\uDBFF]$/.test(head) ? head.slice(0, -1) : head;
}

/**
 * The form in which texts are compared: ASCII capitals as small letters, full-width forms (ＡＢ１２，) as ASCII; other scripts
 * stay as typed. Same length in UTF-16 units, so positions stay valid.
 */
export function foldText(text: string): string {
  return text
    .replace(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
