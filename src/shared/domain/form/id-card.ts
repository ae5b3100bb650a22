import { isDate } from './calendar.ts';

/** GB 11643: weight of each of the first 17 digits, and the check character for the weighted sum mod 11. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECKS = '10X98765432';

/** GB/T 2260 provinces, and 81–83: residence permits for people of Hong Kong, Macao and Taiwan. */
const PROVINCES: ReadonlySet<string> = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(' '),
);

/** One written form: half-width, without spaces and hyphens, X in capitals. What is no card number stays recognisable. */
export function normalizeIdCard(written: string): string {
  return written.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();
}

/** The check character of 17 digits. */
function idCardCheck(digits: string): string {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  return CHECKS[sum % 11] ?? '';
}

/** Date of birth inside a normalized card number, 1985-03-21; null when the number is not a valid one. */
export function birthOf(idCard: string): string | null {
  if (!/^\d{17}[\dX]$/.test(idCard)) return null;
  // Permanent residence cards for foreigners (2023) start with a 9 before the province.
  const province = idCard.startsWith('9') ? idCard.slice(1, 3) : idCard.slice(0, 2);
  if (!PROVINCES.has(province)) return null;
  const birth = `${idCard.slice(6, 10)}-${idCard.slice(10, 12)}-${idCard.slice(12, 14)}`;
  return isDate(birth) && idCardCheck(idCard) === idCard[17] ? birth : null;
}
