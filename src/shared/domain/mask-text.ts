import { addressPatterns } from './mask-address.ts';
import { maskPhone, normalizePhone } from './phone.ts';
import { DIGIT_FORMS, writtenPattern } from './written-forms.ts';

/** What must not be read in a text. */
export interface Secrets {
  readonly names: readonly string[];
  /** In any written form. */
  readonly phones: readonly string[];
  readonly addresses: readonly string[];
}

const ANY_DIGIT = `[${DIGIT_FORMS.join('')}]`;
/** What may stand between two digits of one number. */
const GAP = '[\\s\\-－—–_.·,，()（）+＋]{0,3}';
/** Fewer digits in a row are a house number or a date, not a phone. */
const LEAST_DIGITS = 7;
const LONG_RUN = new RegExp(`${ANY_DIGIT}(?:${GAP}${ANY_DIGIT}){${LEAST_DIGITS - 1},}[xXｘＸ]?`, 'g');
/** From this many digits on it is an identity or bank card: four of them are shown. */
const CARD_DIGITS = 15;
/** A date, also with the hour behind it (2026-11-26 10:30). */
const DATE = /^(?:19|20)\d\d[-—.](?:0?[1-9]|1[0-2])[-—.](?:0?[1-9]|[12]\d|3[01])(?:\s+\d{1,2})?$/;
/** A sum with separators: 1,240,000. */
const SUM = /^[1-9]\d{0,2}(?:[,，]\d{3})+$/;
/** Names shorter than this are in every other sentence. */
const LEAST_NAME = 2;

/** A name with its first character only: 王*. */
export function maskName(name: string): string {
  const [first = ''] = Array.from(name);
  return name === '' ? '' : `${first}*`;
}

/** What is put in the place of something that must not be read. */
interface Cover {
  readonly name: (name: string) => string;
  readonly phone: (digits: string) => string;
  readonly run: (run: string) => string;
}

const NOTHING = '***';
const PARTS: Cover = { name: maskName, phone: maskPhone, run: maskRun };
const WHOLE: Cover = { name: () => NOTHING, phone: () => NOTHING, run: () => NOTHING };
const CALLER: Cover = { ...WHOLE, run: (run) => run };

/**
 * A text without the names, numbers and addresses that must not be read in it, and without any other long number: phones in every
 * written form keep at most seven digits, card numbers four. Doing it twice changes nothing.
 */
export function maskText(text: string, secrets: Secrets): string {
  return coverText(text, secrets, PARTS);
}

/** The same with nothing left of names and numbers, for good. */
export function eraseFromText(text: string, secrets: Secrets): string {
  return coverText(text, secrets, WHOLE);
}

/** A text without name and number of a caller; places and other numbers, such as that of whoever answers, stay. */
export function hideCaller(text: string, { names, phones }: Secrets): string {
  return coverText(text, { names, phones, addresses: [] }, CALLER);
}

function coverText(text: string, { names, phones, addresses }: Secrets, cover: Cover): string {
  if (text === '') return '';
  let covered = text;
  for (const pattern of longestFirst(addresses).flatMap(addressPatterns)) covered = covered.replace(pattern, NOTHING);
  for (const name of longestFirst(names).filter((each) => each.length >= LEAST_NAME)) {
    covered = covered.replace(new RegExp(writtenPattern(name), 'gi'), cover.name(name));
  }
  for (const [pattern, digits] of phones.flatMap(phonePatterns))
    covered = covered.replace(pattern, cover.phone(digits));
  return covered.replace(LONG_RUN, (run) => (DATE.test(run) || SUM.test(run) ? run : cover.run(run)));
}

function longestFirst(words: readonly string[]): readonly string[] {
  return [...words].sort((a, b) => b.length - a.length);
}

/** Patterns of a number in all its written forms, longest first: with country code, as it is, a landline without area code. */
function phonePatterns(written: string): readonly (readonly [RegExp, string])[] {
  const phone = normalizePhone(written);
  if (phone.length < LEAST_DIGITS) return [];
  const local = /^0(?:10|2\d|[3-9]\d{2})(\d{7,8})$/.exec(phone)?.[1];
  return [phone, ...(local ? [local] : [])].map((digits) => {
    const body = Array.from(digits, (digit) => `[${DIGIT_FORMS[Number(digit)] ?? ''}]`).join(GAP);
    // The area code is said without its 0 after the country code.
    const lead = digits.startsWith('0')
      ? `[${DIGIT_FORMS[0]}]?${GAP}${body.slice(body.indexOf(GAP) + GAP.length)}`
      : body;
    return [new RegExp(lead, 'g'), digits];
  });
}

function maskRun(run: string): string {
  const digits = Array.from(run, (character) => {
    const value = DIGIT_FORMS.findIndex((forms) => forms.includes(character));
    return value >= 0 ? String(value) : /[xXｘＸ]/.test(character) ? 'X' : '';
  }).join('');
  return digits.length >= CARD_DIGITS ? `${'*'.repeat(digits.length - 4)}${digits.slice(-4)}` : maskPhone(digits);
}
