import { beforeEach, expect, test, vi } from 'vitest';

const { kept, data } = vi.hoisted(() => {
  const kept: { uid: string; text: string }[] = [];
  const keep = async (note: { uid: string; text: string }) => {
    if (!data.isUnlocked) throw new Error('locked');
    kept.push(note);
  };
  const data = { isUnlocked: true, notes: { keep, list: async () => [] } };
  return { kept, data };
});
vi.mock('#renderer/platform/data-client.ts', () => ({
  dataClient: data,
  topicBus: { subscribe: () => () => undefined },
}));

const { flushNoteDrafts, hasUnsavedNotes, keepNoteDraft, openNoteDrafts, sendNoteDraft, useNoteDrafts } = await import(
  '#renderer/features/tickets/note-drafts.ts'
);

beforeEach(() => {
  vi.useFakeTimers();
  kept.length = 0;
  data.isUnlocked = true;
  openNoteDrafts('林晓雯');
  return () => vi.useRealTimers();
});

test('a text whose time to be kept comes while its note is on its way is not kept after it', async () => {
  keepNoteDraft('t1', '又停电了');
  let arrive = () => {};
  const sent = sendNoteDraft('t1', () => new Promise<void>((resolve) => (arrive = resolve)));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(kept).toEqual([]);
  arrive();
  await sent;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(kept).toEqual([]);
  expect(useNoteDrafts.getState().texts.t1).toBe('');
  expect(hasUnsavedNotes()).toBe(false);
});

test('a note that could not be sent is kept', async () => {
  keepNoteDraft('t2', '还没修');
  await expect(sendNoteDraft('t2', () => Promise.reject(new Error('full')))).rejects.toThrow('full');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(kept).toEqual([{ uid: 't2', text: '还没修' }]);
});

test('a text that was on no disk when its author had to leave is there for them again, and for nobody else', async () => {
  data.isUnlocked = false;
  keepNoteDraft('t3', '写到一半');
  await flushNoteDrafts();
  data.isUnlocked = true;
  openNoteDrafts('周启明');
  await vi.advanceTimersByTimeAsync(2_000);
  expect(kept).toEqual([]);
  expect(useNoteDrafts.getState().texts).toEqual({});
  expect(hasUnsavedNotes()).toBe(true);
  openNoteDrafts('林晓雯');
  expect(useNoteDrafts.getState().texts.t3).toBe('写到一半');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(kept).toEqual([{ uid: 't3', text: '写到一半' }]);
  expect(hasUnsavedNotes()).toBe(false);
});
