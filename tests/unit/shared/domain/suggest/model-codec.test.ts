import fc from 'fast-check';
import { expect, test } from 'vitest';
import { guessCategories } from '#shared/domain/suggest/category-model.ts';
import { decodeSuggester, encodeSuggester, type Suggester } from '#shared/domain/suggest/model-codec.ts';
import { createFeatureReader } from '#shared/domain/suggest/text-features.ts';
import { countUnits } from '#shared/domain/suggest/unit-history.ts';
import { finish, learnFrom, makeSamples } from '#tests/support/suggest-samples.ts';

const units = countUnits();
for (let i = 0; i < 5; i++) units.add('020201', '320106', '南京市路灯管理处');
const suggester: Suggester = {
  categories: learnFrom(makeSamples(100)),
  units: finish(units.finish()),
  history: 12_345,
  learntAt: 1_700_000_000_000,
};
const bytes = join(encodeSuggester(suggester));

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

test('a stored model is the same model', () => {
  expect(decodeSuggester(bytes)).toEqual(suggester);
});

test('a stored model answers every text as the one it was stored from', () => {
  const stored = decodeSuggester(bytes);
  const reader = createFeatureReader();
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('路灯', '打桩', '报销', ''), (noise, word) => {
      const text = { title: '', content: noise + word, originalWords: '' };
      expect(stored && guessCategories(stored.categories, reader, text, 5)).toEqual(
        guessCategories(suggester.categories, reader, text, 5),
      );
    }),
    { numRuns: 50 },
  );
});

test('it is read from the middle of a larger buffer too', () => {
  const larger = new Uint8Array(bytes.length + 7);
  larger.set(bytes, 3);
  expect(decodeSuggester(larger.subarray(3, 3 + bytes.length))).toEqual(suggester);
});

test.each([
  ['nothing', new Uint8Array(0)],
  ['a length that leads out of the file', Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x7b)],
  ['a file that ends too early', bytes.subarray(0, bytes.length - 1)],
  ['a file with something behind the end', join([bytes, Uint8Array.of(0)])],
  ['a header alone', bytes.subarray(0, 4 + new DataView(bytes.buffer).getUint32(0))],
])('%s is no model', (_, damaged) => {
  expect(decodeSuggester(damaged)).toBeNull();
});

test('a model of another format is no model', () => {
  const header = new TextDecoder().decode(bytes.subarray(4, 4 + new DataView(bytes.buffer).getUint32(0)));
  const withHeader = (text: string) =>
    join([bytes.subarray(0, 4), new TextEncoder().encode(text), bytes.subarray(end)]);
  const end = 4 + new TextEncoder().encode(header).length;
  expect(decodeSuggester(withHeader(header))).not.toBeNull();
  expect(decodeSuggester(withHeader(header.replace('"format":1', '"format":2')))).toBeNull();
});

test('a damaged header never gives a model that throws when asked', () => {
  const reader = createFeatureReader();
  const length = 4 + new DataView(bytes.buffer).getUint32(0);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: length - 1 }), fc.integer({ min: 0, max: 255 }), (at, value) => {
      const damaged = bytes.slice();
      damaged[at] = value;
      const model = decodeSuggester(damaged);
      if (!model) return;
      const guesses = guessCategories(model.categories, reader, { title: '路灯', content: '', originalWords: '' }, 3);
      for (const { code, confidence } of guesses) {
        expect(code).toMatch(/^\d{6}$/);
        expect(confidence).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 100 },
  );
});
