import { expect, test } from 'vitest';
import { type CheckDraft, toStorableCheck } from '#renderer/features/quality/marks-form.ts';
import { CHECK_TEXT } from '#shared/domain/quality/check.ts';
import { UNSTORABLE_TEXTS } from '#tests/support/odd-text.ts';

/** A check that is being written, with one text in every place there is. */
const writing = (text: string): CheckDraft => ({
  marks: {
    deductions: [
      { item: 'greeting', points: 2, reason: text },
      { item: 'manner', points: 3, reason: '打断市民两次' },
    ],
    vetoes: [{ veto: 'leak', reason: text }],
    remark: text,
  },
  words: text,
});

test('a check is kept as it is written while every text of it can be stored', () => {
  const draft = writing('没有报工号😀');
  expect(toStorableCheck(draft, null)).toEqual(draft);
});

test('one text that cannot be stored does not keep the others from being kept: its place has what was stored there before', () => {
  const texts = { ...UNSTORABLE_TEXTS, 'too long': '很'.repeat(CHECK_TEXT + 1) };
  for (const [what, text] of Object.entries(texts)) {
    expect(toStorableCheck(writing(text), null), what).toEqual(writing(''));
    expect(toStorableCheck(writing(text), writing('没有报工号')), what).toEqual(writing('没有报工号'));
  }
  const { marks } = writing(UNSTORABLE_TEXTS.NUL);
  expect(toStorableCheck({ marks, words: '录音里报了工号' }, null).words).toBe('录音里报了工号');
});
