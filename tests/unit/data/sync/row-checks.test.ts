import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkRow, compileRowChecks, type RawRow } from '#main/data/sync/apply-rows.ts';
import { wireRowSchema } from '#shared/sync/wire.ts';
import { benchCitizen, benchTicket } from '#tests/bench/support/bench-tickets.ts';
import { sampleCitizen, sampleTicket } from '#tests/support/data/samples.ts';

const row = (table: string, content: object): RawRow =>
  // As it comes over the line: without members that are undefined.
  JSON.parse(JSON.stringify({ table, scope: '320100:12345', seq: 1, row: content })) as RawRow;

const GOOD: readonly RawRow[] = [
  row('tickets', sampleTicket(1)),
  ...Array.from({ length: 50 }, (_, n) => row('tickets', benchTicket(n + 1, 10))),
  row('citizens', sampleCitizen()),
  ...Array.from({ length: 20 }, (_, n) => row('citizens', benchCitizen(n))),
];

/** The row with each of its members, and of those inside, taken away, made another thing, and with one that nobody knows. */
function* spoilt(raw: RawRow): Generator<RawRow> {
  const content = raw.row as Record<string, unknown>;
  for (const [name, value] of Object.entries(content)) {
    const { [name]: _, ...without } = content;
    yield { ...raw, row: without };
    for (const other of [null, 7, -1.5, 'x', [], {}]) yield { ...raw, row: { ...content, [name]: other } };
    if (value === null || typeof value !== 'object') continue;
    for (const inside of Object.keys(value)) {
      for (const other of [null, 7, 'x', [], {}]) {
        yield { ...raw, row: { ...content, [name]: { ...value, [inside]: other } } };
      }
    }
  }
  yield { ...raw, row: { ...content, newer: 1 } };
  yield { ...raw, seq: -1 };
  yield { ...raw, table: 'somethingNew' };
}

const all = [
  ...GOOD,
  ...GOOD.slice(0, 8).flatMap((each) => [...spoilt(each)]),
  ...GOOD.slice(-2).flatMap((each) => [...spoilt(each)]),
];
const plain = all.map((each) => wireRowSchema.safeParse(each));

beforeAll(compileRowChecks);
afterAll(() => expect(all.length).toBeGreaterThan(1_000));

test('compiled checks of rows take, complete and refuse the same as the schema does', () => {
  expect(plain.filter(({ success }) => success).length).toBeGreaterThan(GOOD.length);
  expect(plain.filter(({ success }) => !success).length).toBeGreaterThan(500);
  for (const [index, raw] of all.entries()) {
    const checked = checkRow(raw);
    expect(checked.success, JSON.stringify(raw)).toBe(plain[index]?.success);
    if (checked.success) expect(checked.data).toEqual(plain[index]?.data);
  }
});
