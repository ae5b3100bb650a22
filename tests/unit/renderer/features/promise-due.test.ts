import { expect, test } from 'vitest';
import { withWords } from '#renderer/features/intake/promise-due.ts';
import { parseDue } from '#shared/domain/promise.ts';

/** Wednesday 2026-11-25 10:00 in Beijing. */
const NOW = Date.UTC(2026, 10, 25, 2);
const FRIDAY = parseDue('周五前', NOW);
const said = { text: '周五前回电', dueAt: FRIDAY, byName: '周启明' };

test('the due time follows the words, also when they name none any more', () => {
  expect(withWords(said, '明天上午回电', FRIDAY, NOW)).toEqual({
    text: '明天上午回电',
    dueAt: parseDue('明天上午', NOW),
    byName: '',
  });
  expect(withWords(said, '尽快回电', FRIDAY, NOW).dueAt).toBeNull();
  expect(withWords({ ...said, dueAt: null }, '周五前回电', null, NOW).dueAt).toBe(FRIDAY);
});

test('a due time that was typed stays, also one that cannot be read', () => {
  const typed = { ...said, dueAt: NOW + 3_600_000 };
  expect(withWords(typed, '明天上午回电', FRIDAY, NOW).dueAt).toBe(typed.dueAt);
  const half = { ...said, dueAt: null, dueText: '周' };
  expect(withWords(half, '明天上午回电', FRIDAY, NOW)).toMatchObject({ dueAt: null, dueText: '周' });
});
