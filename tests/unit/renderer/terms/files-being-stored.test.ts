import { expect, test } from 'vitest';
import { filesStored, isStoringFiles, noteStoring } from '#renderer/terms/attachments/files-being-stored.ts';

test('a draft waits for its own files, also for one chosen meanwhile, and learns that one was not taken', async () => {
  const first = Promise.withResolvers<boolean>();
  const second = Promise.withResolvers<boolean>();
  noteStoring('draft', first.promise);
  noteStoring('other draft', new Promise(() => {}));
  let outcome: boolean | null = null;
  const waiting = filesStored('draft').then((isComplete) => {
    outcome = isComplete;
  });
  noteStoring('draft', second.promise);
  first.resolve(false);
  await first.promise;
  expect(isStoringFiles('draft')).toBe(true);
  expect(outcome).toBeNull();
  second.resolve(true);
  await waiting;
  expect(outcome).toBe(false);
  expect(isStoringFiles('draft')).toBe(false);
  expect(isStoringFiles('other draft')).toBe(true);
});

test('a draft without files waits for nothing', async () => {
  expect(await filesStored('empty draft')).toBe(true);
});
