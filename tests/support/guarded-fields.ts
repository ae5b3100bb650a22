import { expect, type Locator, type Page } from '@playwright/test';
import { ODD_TEXT, SHORT_ODD_TEXT, type TextTry, type TriedText, tryTexts, UNSTORABLE_TEXTS } from './odd-text.ts';

/** What somebody pastes who copied a whole document. */
export const LONG_TEXT = '很'.repeat(10_000);

const UNSTORABLE: readonly TextTry[] = Object.entries(UNSTORABLE_TEXTS).map(([what, text]) => ({
  what,
  text,
  outcome: 'refused',
}));

/** What no field takes. */
export const REFUSED_TEXTS: readonly TextTry[] = [
  ...UNSTORABLE,
  { what: 'longer than any field takes', text: '很'.repeat(20_001), outcome: 'refused' },
];

/** Nothing was cut off, and what was refused is said at the field. */
export function expectSaid({ what, text, length, isInvalid, said }: TriedText, why: RegExp, field: string): void {
  const name = `${field}: ${what}`;
  expect(length, `${name}: characters that stand there`).toBe(text.length);
  expect(isInvalid, `${name}: is refused`).toBe(true);
  expect(said, `${name}: says why`).toMatch(why);
}

/**
 * A text field takes nothing too long and nothing that cannot be stored, says why, cuts nothing off, and takes the next good text, which stays
 * there: odd characters where there is room, and 10,000 of them where there is.
 * @param max most characters it takes
 */
export async function expectGuarded(field: Locator, max: number): Promise<void> {
  const good = max > ODD_TEXT.length ? ODD_TEXT : SHORT_ODD_TEXT.slice(0, max);
  const tries: readonly TextTry[] = [
    ...UNSTORABLE,
    { what: 'too long', text: '很'.repeat(Math.max(LONG_TEXT.length, max + 1)), outcome: 'refused' },
    ...(max >= LONG_TEXT.length ? [{ what: 'long', text: LONG_TEXT, outcome: 'taken' as const }] : []),
    { what: 'odd', text: good, outcome: 'taken' },
  ];
  for (const tried of await tryTexts(field, tries)) {
    if (tried.outcome === 'refused') expectSaid(tried, tried.what === 'too long' ? /最多/ : /无法保存/, String(field));
    else expect(tried, `${field}: ${tried.what}`).toMatchObject({ length: tried.text.length, isInvalid: false });
  }
}

/** A field for a moment keeps what it cannot read, and says so when it is left. */
export async function expectMoment(field: Locator): Promise<void> {
  const texts: readonly TextTry[] = [
    ...UNSTORABLE,
    { what: 'long', text: LONG_TEXT, outcome: 'refused' },
    { what: 'odd', text: ODD_TEXT, outcome: 'refused' },
  ];
  for (const tried of await tryTexts(field, texts, { isLeft: true })) expectSaid(tried, /\S/, String(field));
}

/**
 * A picker chooses nothing by a paste: what was typed stays when it is left, and it says that nothing was taken, and where nothing can be
 * taken why.
 */
export async function expectPicker(field: Locator): Promise<void> {
  const tries: readonly TextTry[] = [
    ...UNSTORABLE,
    { what: 'long', text: LONG_TEXT, outcome: 'refused' },
    { what: 'odd', text: SHORT_ODD_TEXT, outcome: 'refused' },
  ];
  for (const tried of await tryTexts(field, tries, { isLeft: true })) {
    expectSaid(tried, tried.what === 'odd' ? /^尚未选定/ : /^尚未选定.*(没有匹配|无法保存|最多|输入)/, String(field));
  }
}

/** No markup in any text became part of the page. */
export async function expectNothingRan(page: Page): Promise<void> {
  expect(await page.evaluate(() => 'stolen' in window)).toBe(false);
}
