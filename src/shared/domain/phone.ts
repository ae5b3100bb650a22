/** Full-width digits and plus sign to ASCII, as typed by some input methods. */
function toHalfWidth(text: string): string {
  return text.replace(/[\uFF10-\uFF19\uFF0B\uFF0D]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
}

/**
 * One written form for a phone number: digits only, without +86/0086 and without separators; an area code keeps its leading 0.
 * An extension after 转/ext/# is dropped. Empty string when there are no digits (withheld number).
 */
export function normalizePhone(written: string): string {
  const main = toHalfWidth(written).split(/转|ext\.?|#|,/i)[0] ?? '';
  let digits = main.replace(/\D/g, '');
  if (digits.startsWith('0086')) digits = digits.slice(4);
  else if (digits.startsWith('86') && digits.length > 11) digits = digits.slice(2);
  // Some trunks deliver a mobile number with a long-distance 0 before it.
  if (/^01[3-9]\d{9}$/.test(digits)) digits = digits.slice(1);
  // +86 25 … arrives without the 0 of the area code.
  if (
    /^(10|2\d|[3-9]\d{2})\d{8}$/.test(digits) &&
    !/^1[3-9]\d{9}$/.test(digits) &&
    /^\s*(\+|00)86/.test(toHalfWidth(written))
  ) {
    digits = `0${digits}`;
  }
  return digits;
}

/** Groups a normalized number for reading: 138 0000 0000, 025-8000 0000, anything else unchanged. */
export function formatPhone(normalized: string): string {
  const mobile = /^(1[3-9]\d)(\d{4})(\d{4})$/.exec(normalized);
  if (mobile) return `${mobile[1]} ${mobile[2]} ${mobile[3]}`;
  const land = /^(010|02\d|0[3-9]\d{2})(\d{3,4})(\d{4})$/.exec(normalized);
  if (land) return `${land[1]}-${land[2]} ${land[3]}`;
  return normalized;
}

/** Most digits of a number a masked form shows, and how many it hides at least (MK-1). */
const SHOWN_DIGITS = 7;
const HIDDEN_DIGITS = 4;

/** Masked form: 138****0000; shorter numbers show less: ****0001. */
export function maskPhone(normalized: string): string {
  const shown = Math.max(0, Math.min(SHOWN_DIGITS, normalized.length - HIDDEN_DIGITS));
  const tail = Math.min(4, shown);
  const head = shown - tail;
  return `${normalized.slice(0, head)}${'*'.repeat(normalized.length - shown)}${normalized.slice(normalized.length - tail)}`;
}
