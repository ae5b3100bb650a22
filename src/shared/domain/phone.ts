/** A phone number taken apart. */
export interface Phone {
  /** Digits only, without +86/0086; an area code keeps its leading 0. */
  readonly number: string;
  /** 分机: what is dialled once the exchange of a house has answered; empty when there is none. */
  readonly extension: string;
}

/** Longest extension; more digits are a number of their own. */
const MOST_EXTENSION = 6;
/** Fewer digits are no number that could stand beside another one. */
const LEAST_NUMBER = 7;
/** What is between the number and its extension as it is kept; builds before it was kept cut it off there. */
const MARK = '#';

/** Full-width digits and signs to ASCII, as typed by some input methods; dashes of all kinds to one. */
function toHalfWidth(text: string): string {
  return text
    .replace(/[\uFF01-\uFF5E]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[‐‑‒–—―−]/g, '-')
    .replace(/\u3000/g, ' ');
}

const BETWEEN_NUMBERS = /[、;/|\n]|或|和|及/;
const EXTENSION = new RegExp(
  `^(.*?\\d)\\D*?(?:转|分机|内线|ext(?:ension|\\.)?|x|#|,)[^\\d]*(\\d{1,${MOST_EXTENSION}})\\D*$`,
  'is',
);
/** Written numbers that are complete, so that digits behind them belong to something else. */
const COMPLETE = [
  /^\D*?(?:(?:\+|00)?86[\s-]*)?0?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)/,
  /^\D*?(?:(?:\+|00)?86[\s-]*)?\(?0?(?:10|2\d)\)?[\s-]*\d{4}[\s-]?\d{4}(?!\d)/,
  /^\D*?(?:(?:\+|00)?86[\s-]*)?\(?0?[3-9]\d{2}\)?[\s-]*\d{3,4}[\s-]?\d{4}(?!\d)/,
  /^\D*?[48]00[\s-]?(?:\d{3}[\s-]?\d{4}|\d{4}[\s-]?\d{3})(?!\d)/,
  /^\D*?\d{7,8}(?!\d)/,
  /^\D*?\d{3,4}[\s-]\d{4}(?!\d)/,
];
const DASHED_EXTENSION = new RegExp(`^\\s*-\\s*(\\d{1,${MOST_EXTENSION}})\\D*$`);
/** Digits run together: behind the eight of a three-digit area code only an extension can follow. */
const RUN_TOGETHER = new RegExp(`^(0(?:10|2\\d)\\d{8})(\\d{1,${MOST_EXTENSION}})$`);

/** A mobile number as most are kept: nothing in it could be read another way. */
const MOBILE = /^1[3-9]\d{9}$/;

/** All numbers that are written in one text, each with its extension; none when there are no digits (withheld number). */
export function parsePhones(written: string): readonly Phone[] {
  if (MOBILE.test(written)) return [{ number: written, extension: '' }];
  const text = toHalfWidth(written);
  const pieces = /^\d+$/.test(text) ? [text] : text.split(BETWEEN_NUMBERS).flatMap(splitComma);
  return pieces
    .filter((piece) => /\d/.test(piece))
    .flatMap(readPiece)
    .filter(({ number }) => number !== '');
}

/** A comma stands before an extension, or between two numbers. */
function splitComma(piece: string): readonly string[] {
  const parts = piece.split(',');
  return parts.length > 1 && parts.every((part) => countDigits(part) >= LEAST_NUMBER) ? parts : [piece];
}

function countDigits(text: string): number {
  return text.replace(/\D/g, '').length;
}

function readPiece(piece: string): readonly Phone[] {
  if (/^\d+$/.test(piece)) return [readRun(piece)];
  const marked = EXTENSION.exec(piece);
  if (marked) {
    const before = readPiece(marked[1] ?? '');
    const [first] = before;
    if (before.length === 1 && first?.extension === '') return [{ ...first, extension: marked[2] ?? '' }];
  }
  const pattern = COMPLETE.find((one) => one.test(piece));
  const [complete = ''] = pattern?.exec(piece) ?? [];
  const rest = piece.slice(complete.length);
  const dashed = complete === '' ? null : DASHED_EXTENSION.exec(rest);
  if (dashed) return [{ number: toDigits(complete), extension: dashed[1] ?? '' }];
  if (complete !== '' && countDigits(rest) >= LEAST_NUMBER) {
    return [{ number: toDigits(complete), extension: '' }, ...readPiece(rest)];
  }
  return [readRun(piece.split(/转|分机|ext|#|,/i)[0] ?? '')];
}

function readRun(written: string): Phone {
  const digits = toDigits(written);
  const [, number = digits, extension = ''] = RUN_TOGETHER.exec(digits) ?? [];
  return { number, extension };
}

function toDigits(written: string): string {
  let digits = written.replace(/\D/g, '');
  if (digits.startsWith('0086')) digits = digits.slice(4);
  else if (digits.startsWith('86') && digits.length > 11) digits = digits.slice(2);
  // Some trunks deliver a mobile number with a long-distance 0 before it.
  if (/^01[3-9]\d{9}$/.test(digits)) digits = digits.slice(1);
  // +86 25 … arrives without the 0 of the area code.
  if (/^(10|2\d|[3-9]\d{2})\d{8}$/.test(digits) && !/^1[3-9]\d{9}$/.test(digits) && /^\s*(\+|00)86/.test(written)) {
    digits = `0${digits}`;
  }
  return digits;
}

/**
 * One written form for a phone number: digits only, without +86/0086, without separators and without its extension, so that everybody
 * who calls from a house is found under its number; an area code keeps its leading 0. Of several numbers the first. Empty string when
 * there are no digits (withheld number).
 */
export function normalizePhone(written: string): string {
  return parsePhones(written)[0]?.number ?? '';
}

/**
 * A number as it is kept: normalized, its extension behind a # (02584000001#801). What holds no number stays as it was written, and so
 * do several numbers: nothing of them is thrown away before somebody has said which one it is.
 */
export function storePhone(written: string): string {
  const [phone, ...more] = parsePhones(written);
  return !phone || more.length > 0 ? written : joinPhone(phone);
}

/** Every number that is written in one text as it is kept, each once; none when there are no digits. */
export function storePhones(written: string): readonly string[] {
  return [...new Set(parsePhones(written).map(joinPhone))];
}

function joinPhone({ number, extension }: Phone): string {
  return extension === '' ? number : `${number}${MARK}${extension}`;
}

/** Groups a number for reading: 138 0000 0000, 025-8000 0000, 025-8000 0000-801; what cannot be grouped stays as it is. */
export function formatPhone(stored: string): string {
  const phones = parsePhones(stored);
  const [phone] = phones;
  if (phones.length !== 1 || !phone || storePhone(stored) !== stored) return stored;
  const { number, extension } = phone;
  if (extension === '') return groupDigits(number);
  return number.length < LEAST_NUMBER ? stored : `${groupDigits(number)}-${extension}`;
}

function groupDigits(number: string): string {
  const mobile = /^(1[3-9]\d)(\d{4})(\d{4})$/.exec(number);
  if (mobile) return `${mobile[1]} ${mobile[2]} ${mobile[3]}`;
  const land = /^(010|02\d|0[3-9]\d{2})(\d{3,4})(\d{4})$/.exec(number);
  if (land) return `${land[1]}-${land[2]} ${land[3]}`;
  return number;
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
