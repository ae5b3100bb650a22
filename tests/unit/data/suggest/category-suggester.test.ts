import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import type { OpenDb } from '#main/data/db/sqlite.ts';
import { insertScope, listScopes, saveScope } from '#main/data/repositories/scope.repository.ts';
import { saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { type CategorySuggester, createCategorySuggester } from '#main/data/suggest/category-suggester.ts';
import { openModelFile } from '#main/data/suggest/model-file.ts';
import categoryFile from '#resources/categories.json' with { type: 'json' };
import { categoryTreeSchema, listCategories } from '#shared/domain/category.ts';
import { openTestCache } from '#tests/support/data/open-work.ts';
import {
  createTestClock,
  START,
  sampleFields,
  sampleTicket,
  type TestClock,
  TICKETS_NOW,
} from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { makeSamples } from '#tests/support/suggest-samples.ts';

const tempFolder = prepareTempFolders();
/** Few leaves learn quickly. */
const tree = listCategories(categoryTreeSchema.parse(categoryFile)).filter(({ code }) =>
  /^(0202|0801|1203)/.test(code),
);
const KEY = Buffer.alloc(32, 7);
const HOUR_MS = 3_600_000;
const LAMP_UNIT = '南京市路灯管理处';
const PLACE = { divisionCode: '320106003', address: '', landmark: '', coordinates: null };
const open: { readonly suggester: CategorySuggester; readonly db: OpenDb }[] = [];

afterEach(async () => {
  for (const { suggester, db } of open.splice(0)) {
    await suggester.close();
    db.close();
  }
});

interface Console {
  readonly suggester: CategorySuggester;
  readonly db: OpenDb;
  readonly clock: TestClock;
  readonly file: string;
  /** How often a newer model was announced. */
  learnt(): number;
  setPaused(paused: boolean): void;
  readonly errors: unknown[];
}

function openConsole(folder: string, { clock = createTestClock(), key = KEY } = {}): Console {
  const db = openTestCache(folder);
  const file = `${folder}/suggest.bin`;
  const errors: unknown[] = [];
  let learnt = 0;
  let paused = false;
  const suggester = createCategorySuggester({
    db,
    file: openModelFile(file, key),
    categories: () => tree,
    clock,
    elapsed: () => performance.now(),
    isPaused: () => paused,
    onLearnt: () => learnt++,
    onError: (error) => errors.push(error),
  });
  open.push({ suggester, db });
  return { suggester, db, clock, file, learnt: () => learnt, setPaused: (value) => (paused = value), errors };
}

/** Tickets from the server, numbered after those that are there. */
function receive(db: OpenDb, count: number, code?: string): void {
  db.transaction(() => {
    if (listScopes(db).length === 0) insertScope(db, TICKETS_NOW, 1);
    const [scope] = listScopes(db);
    if (!scope) throw new Error('the scope was just inserted');
    for (const [i, sample] of makeSamples(count).entries()) {
      const fields = sampleFields({ ...sample.text, categoryCode: code ?? sample.code, place: PLACE });
      const unit = sample.code === '020201' ? LAMP_UNIT : null;
      saveTicket(db, sampleTicket(scope.count + i + 1, { fields, unit }));
    }
    saveScope(db, { ...scope, count: scope.count + count });
  });
}

const ask = (suggester: CategorySuggester, content: string, categoryCode: string | null = null) =>
  suggester.suggest({ title: '', content, originalWords: '' }, PLACE.divisionCode, categoryCode);

async function learn({ suggester }: Pick<Console, 'suggester'>): Promise<void> {
  suggester.wake();
  await suggester.idle();
}

test('before anything is learnt there are no suggestions, and it is said why', () => {
  const { suggester } = openConsole(tempFolder());
  expect(ask(suggester, '路灯不亮')).toEqual({ basis: 'learning', suggestions: [], unit: null });
  expect(suggester.status()).toMatchObject({ basis: 'learning', learntAt: null, tickets: 0 });
});

test('a console without a history suggests by the names of the categories and says so', async () => {
  const seat = openConsole(tempFolder());
  await learn(seat);
  const { basis, suggestions, unit } = ask(seat.suggester, '小区门口路灯不亮');
  expect(basis).toBe('names');
  expect(suggestions.map((one) => one.code)).toContain('020201');
  expect(suggestions.every((one) => one.unit === null)).toBe(true);
  expect(unit).toBeNull();
  expect(seat.suggester.status()).toMatchObject({ basis: 'names', tickets: 0, learntAt: START });
});

test('the history teaches what people call about here, and which unit handles it at this place', async () => {
  const seat = openConsole(tempFolder());
  receive(seat.db, 400);
  await learn(seat);
  const { basis, suggestions } = ask(seat.suggester, '一整条路的路灯都灭着');
  expect(basis).toBe('history');
  expect(suggestions[0]).toMatchObject({ code: '020201', unit: { name: LAMP_UNIT, share: 1, tickets: 80 } });
  expect(suggestions[0]?.confidence).toBeGreaterThan(0.5);
  expect(suggestions.length).toBeLessThanOrEqual(3);
  // The unit of what is chosen already, whatever is written.
  expect(ask(seat.suggester, '', '020201').unit).toMatchObject({ name: LAMP_UNIT });
  expect(ask(seat.suggester, '', '080101').unit).toBeNull();
  expect(seat.suggester.status()).toMatchObject({ tickets: 400, choices: { offered: 0, taken: 0 } });
});

test('tickets of categories that left the tree teach nothing', async () => {
  const seat = openConsole(tempFolder());
  receive(seat.db, 400, '999999');
  await learn(seat);
  expect(seat.suggester.status()).toMatchObject({ basis: 'names', tickets: 0 });
});

test('what was learnt is stored encrypted and serves the next session without learning again', async () => {
  const folder = tempFolder();
  const first = openConsole(folder);
  receive(first.db, 400);
  await learn(first);
  const answer = ask(first.suggester, '半夜打桩');
  await first.suggester.close();
  const stored = readFileSync(first.file);
  for (const plain of ['320106003', '020201', 'roots', LAMP_UNIT]) expect(stored.includes(plain)).toBe(false);

  const clock = createTestClock(START + 10 * HOUR_MS);
  const second = openConsole(folder, { clock });
  await learn(second);
  expect(ask(second.suggester, '半夜打桩')).toEqual(answer);
  expect(second.suggester.status().learntAt).toBe(START);
  expect(second.learnt()).toBe(1);
});

test.each([
  ['cut off', (bytes: Buffer) => bytes.subarray(0, 5_000)],
  ['damaged in the middle', (bytes: Buffer) => Buffer.from(bytes.map((byte, i) => (i === 4_000 ? byte ^ 1 : byte)))],
  ['empty', () => Buffer.alloc(0)],
  ['something else', () => Buffer.from('not a model at all, but long enough to be read as one')],
])('a model that is %s is refused and learnt anew', async (_, damage) => {
  const folder = tempFolder();
  const first = openConsole(folder);
  await learn(first);
  await first.suggester.close();
  writeFileSync(first.file, damage(readFileSync(first.file)));

  const clock = createTestClock(START + HOUR_MS);
  const second = openConsole(folder, { clock });
  await second.suggester.idle();
  expect(ask(second.suggester, '路灯不亮').basis).toBe('learning');
  expect(existsSync(second.file)).toBe(false);
  await learn(second);
  expect(second.suggester.status().learntAt).toBe(START + HOUR_MS);
  expect(existsSync(second.file)).toBe(true);
  expect(second.errors).toEqual([]);
});

test('the model of another profile is not read', async () => {
  const folder = tempFolder();
  const first = openConsole(folder);
  await learn(first);
  await first.suggester.close();
  const stranger = openConsole(folder, { key: Buffer.alloc(32, 9) });
  await stranger.suggester.idle();
  expect(ask(stranger.suggester, '路灯不亮')).toMatchObject({ basis: 'learning' });
});

test('it is learnt again when the history has grown enough, not more than once an hour', async () => {
  const seat = openConsole(tempFolder());
  receive(seat.db, 400);
  await learn(seat);
  seat.clock.advance(HOUR_MS);
  receive(seat.db, 499);
  await learn(seat);
  expect(seat.suggester.status().tickets).toBe(400);
  receive(seat.db, 1);
  await learn(seat);
  expect(seat.suggester.status()).toMatchObject({ tickets: 900, learntAt: START + HOUR_MS });
  receive(seat.db, 600);
  seat.clock.advance(HOUR_MS - 1);
  await learn(seat);
  expect(seat.suggester.status().tickets).toBe(900);
  seat.clock.advance(1);
  await learn(seat);
  expect(seat.suggester.status().tickets).toBe(1_500);
});

test('names make way for the history as soon as there is one', async () => {
  const seat = openConsole(tempFolder());
  await learn(seat);
  receive(seat.db, 200);
  await learn(seat);
  expect(seat.suggester.status()).toMatchObject({ basis: 'history', tickets: 200 });
});

test('nothing is learnt while something more urgent runs', async () => {
  const seat = openConsole(tempFolder());
  receive(seat.db, 400);
  seat.setPaused(true);
  await learn(seat);
  expect(seat.suggester.status().basis).toBe('learning');
  seat.setPaused(false);
  await learn(seat);
  expect(seat.suggester.status().basis).toBe('history');
});

test('learning leaves room for others, and ends at once with the session', async () => {
  const seat = openConsole(tempFolder());
  receive(seat.db, 400);
  seat.suggester.wake();
  let turns = 0;
  while (turns < 5) {
    await new Promise((resolve) => setImmediate(resolve));
    turns++;
  }
  expect(seat.suggester.status().basis).toBe('learning');
  await seat.suggester.close();
  expect(seat.suggester.status().basis).toBe('learning');
  expect(existsSync(seat.file)).toBe(false);
});
