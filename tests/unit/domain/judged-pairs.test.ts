import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hasRealMessages, readRealMessages } from '#tests/support/real-messages.ts';

const file: unknown = JSON.parse(readFileSync(new URL('../../bench/data/hot-pairs.json', import.meta.url), 'utf8'));
const { about, groups, strangers, ...rest } = file as {
  readonly about: readonly string[];
  readonly groups: readonly (readonly string[])[];
  readonly strangers: readonly (readonly string[])[];
};

const keyOf = (a: string, b: string) => [a, b].toSorted().join(' ');
/** Every two messages of a group are companions. */
const companions = groups.flatMap((ids) => ids.flatMap((a, at) => ids.slice(at + 1).map((b) => keyOf(a, b))));
const apart = strangers.map(([a = '', b = '']) => keyOf(a, b));
const named = [...new Set([...groups, ...strangers].flat())];

test('at least 200 pairs of real messages were judged, of companions as well as of strangers', () => {
  expect(companions.length).toBeGreaterThanOrEqual(200);
  expect(apart.length).toBeGreaterThanOrEqual(200);
});

test('a pair is judged once, and is never both', () => {
  const judged = [...companions, ...apart];
  expect(new Set(judged).size).toBe(judged.length);
  expect(judged.filter((pair) => new Set(pair.split(' ')).size !== 2)).toEqual([]);
  expect(groups.filter((ids) => ids.length < 2)).toEqual([]);
});

test('nothing of the messages is kept beside the judgements but their ids', () => {
  expect(rest).toEqual({});
  expect(named.filter((id) => !/^\d{6}$/.test(id))).toEqual([]);
  // What is said about the file is English prose without a word of any message.
  expect(about.filter((line) => /\p{Script=Han}/u.test(line))).toEqual([]);
});

test.skipIf(!hasRealMessages('hot.jsonl'))('every id is that of a message', () => {
  const known = new Set(readRealMessages('hot.jsonl').map(({ id }) => id));
  expect(named.filter((id) => !known.has(id))).toEqual([]);
});
