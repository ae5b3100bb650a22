/** GB 32100 统一社会信用代码: digits and letters without I, O, S, V, Z; the weights are powers of 3 mod 31. */
const CHARACTERS = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** One written form: half-width, without spaces and hyphens, capitals. */
export function normalizeCreditCode(written: string): string {
  return written.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();
}

/** True for a normalized code of 18 characters whose check character fits. */
export function isCreditCode(code: string): boolean {
  if (!/^[0-9A-HJ-NP-RTUW-Y]{2}\d{6}[0-9A-HJ-NP-RTUW-Y]{10}$/.test(code)) return false;
  let weight = 1;
  let sum = 0;
  for (const character of code.slice(0, 17)) {
    sum += weight * CHARACTERS.indexOf(character);
    weight = (weight * 3) % 31;
  }
  return CHARACTERS[(31 - (sum % 31)) % 31] === code[17];
}
