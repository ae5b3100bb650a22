/**
 * The caller's number as it stands in fingerprints. Frozen: it reads as the first import did, whatever the reading of numbers has become
 * since (see normalizePhone), so that a file that was imported then is known again.
 */
export function fingerprintPhone(written: string): string {
  const text = written.replace(/[\uFF10-\uFF19\uFF0B\uFF0D]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
  let digits = (text.split(/转|ext\.?|#|,/i)[0] ?? '').replace(/\D/g, '');
  if (digits.startsWith('0086')) digits = digits.slice(4);
  else if (digits.startsWith('86') && digits.length > 11) digits = digits.slice(2);
  if (/^01[3-9]\d{9}$/.test(digits)) digits = digits.slice(1);
  const lacksZero = /^(10|2\d|[3-9]\d{2})\d{8}$/.test(digits) && !/^1[3-9]\d{9}$/.test(digits);
  return lacksZero && /^\s*(\+|00)86/.test(text) ? `0${digits}` : digits;
}
