import { isCapital, unitAt } from './address-text.ts';
import type { DivisionNames } from './division-names.ts';

/** A city or district whose name was made anonymous: A市, A3区. It is one wherever it stands. */
const ANONYMOUS = /[A-Z](?:市(?![民场])|\d{1,2}(?:区|县|市))/y;

/** The city or district with an anonymous name that starts at a position. */
export function anonymousAt(text: string, at: number): string | null {
  if (!isCapital(unitAt(text, at))) return null;
  ANONYMOUS.lastIndex = at;
  return ANONYMOUS.exec(text)?.[0] ?? null;
}

/** True where a division is named in full: no other name runs across that. */
export function isDivisionBorder(text: string, at: number, names: DivisionNames | null): boolean {
  return names?.at(text, at)?.isShort === false || anonymousAt(text, at) !== null;
}
