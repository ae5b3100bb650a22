import { createHash } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { unpackSegment } from '#main/data/sync/segments/segment-content.ts';
import { packPage, repack } from '#server/sync/segments/pack.ts';
import { SEGMENT_BYTES, type SegmentEntry } from '#shared/sync/segments.ts';
import { sampleCitizen } from '#tests/support/data/samples.ts';

const SCOPE = '320100:citizens';
const UID = '019a0000-0000-7000-8000-0000000000aa';

/** Two rows and a removal between them, as a page out of the database. */
const page = {
  rows: [sampleCitizen({ name: '甲' }), sampleCitizen({ name: '乙', remark: '😀\n第二行' })].map((row, n) => ({
    table: 'citizens' as const,
    scope: SCOPE,
    seq: n * 5 + 1,
    row,
  })),
  gone: [{ table: 'citizens' as const, scope: SCOPE, seq: 3, uid: UID }],
  seq: 10,
};

async function packed(over: Partial<SegmentEntry> = {}) {
  const { sha256, data, changes, size } = await packPage(page, SEGMENT_BYTES);
  const entry: SegmentEntry = {
    id: UID,
    until: page.seq,
    changes,
    size,
    sha256: sha256.toString('hex'),
    ...over,
  };
  return { data, entry };
}

test.each(['zstd', 'gzip'] as const)(
  'a segment packed with %s holds rows and removals in the order of their seq',
  async (packing) => {
    const { data, entry } = await packed();
    const content = await unpackSegment(await repack(data, packing), packing, entry);
    expect(Array.from({ length: content?.length ?? 0 }, (_, at) => content?.at(at))).toEqual([
      { kind: 'row', seq: 1, raw: page.rows[0] },
      { kind: 'gone', seq: 3, gone: page.gone[0] },
      { kind: 'row', seq: 6, raw: page.rows[1] },
    ]);
    expect(content?.removed).toEqual([UID]);
  },
);

test('a segment ends before the change that would make it too long; a change that is too long alone has one of its own', async () => {
  const whole = await packPage(page, SEGMENT_BYTES);
  expect(whole).toMatchObject({ rows: 2, changes: 3, until: page.seq });
  expect(await packPage(page, whole.size)).toMatchObject({ rows: 2, changes: 3, until: page.seq });
  const shorter = await packPage(page, whole.size - 1);
  expect(shorter).toMatchObject({ rows: 1, changes: 2, until: 3 });
  expect(shorter.size).toBeLessThan(whole.size);
  expect(await packPage(page, 10)).toMatchObject({ rows: 1, changes: 1, until: 1 });
});

test('bytes that are cut, changed or of another segment are refused', async () => {
  const { data, entry } = await packed();
  expect(await unpackSegment(data.subarray(0, data.length - 3), 'zstd', entry)).toBeNull();
  const other = Buffer.from('{"other":1}\n');
  expect(await unpackSegment(zstdCompressSync(other), 'zstd', { ...entry, size: other.length })).toBeNull();
  expect(await unpackSegment(data, 'gzip', entry)).toBeNull();
});

test('a segment that would unpack to more than its manifest says is not unpacked to the end', async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000, 10));
  const { entry } = await packed();
  expect(await unpackSegment(bomb, 'gzip', entry)).toBeNull();
});

test('a segment with fewer lines than its manifest says is refused', async () => {
  const { data, entry } = await packed({ changes: 4 });
  expect(await unpackSegment(data, 'zstd', entry)).toBeNull();
});

test('a short line that is neither a row nor a removal makes the segment one that the manifest does not speak of', async () => {
  const lines = Buffer.from(`${JSON.stringify(page.rows[0])}\nnonsense\n`);
  const sha256 = createHash('sha256').update(lines).digest('hex');
  const { entry } = await packed({ changes: 2, size: lines.length, sha256 });
  expect(await unpackSegment(zstdCompressSync(lines), 'zstd', entry)).toBeNull();
});

test('a line that is neither a row nor a removal is an error where its turn comes, not before', async () => {
  const lines = Buffer.from(`${JSON.stringify(page.rows[0])}\n{"table":"citizens","row":${' '.repeat(300)}{}}\n`);
  const sha256 = createHash('sha256').update(lines).digest('hex');
  const { entry } = await packed({ changes: 2, size: lines.length, sha256 });
  const content = await unpackSegment(zstdCompressSync(lines), 'zstd', entry);
  expect(content?.at(0)?.seq).toBe(1);
  expect(() => content?.at(1)).toThrow();
});
