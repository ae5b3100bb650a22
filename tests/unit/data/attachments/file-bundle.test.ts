import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AttachmentFiles, openAttachmentFiles } from '#main/data/attachments/attachment-files.ts';
import { type BundledFile, createFileBundles, type FileBundles } from '#main/data/attachments/file-bundle.ts';
import { PIECE } from '#main/data/attachments/file-cipher.ts';
import { DataError } from '#main/data/errors.ts';
import { MAX_ATTACHMENT_BYTES } from '#shared/domain/attachment/attachment-type.ts';
import { createTestClock } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { pdfOf } from '#tests/support/sample-files.ts';

const tempFolder = prepareTempFolders();
const JOURNEY = 'a5b1cf1f-8f1e-4f0e-8d0f-0d8b0f0f0f0f';

interface OneSeat {
  readonly folder: string;
  readonly files: AttachmentFiles;
  readonly bundles: FileBundles;
}

function openSeat(): OneSeat {
  const folder = tempFolder();
  const files = openAttachmentFiles(folder, randomBytes(32));
  return { folder, files, bundles: createFileBundles(files, createTestClock()) };
}

function add({ files }: OneSeat, bytes: Buffer, name: string): BundledFile {
  const writer = files.begin();
  writer.append(bytes);
  const { sha256, size } = files.finish(writer, { name, addedAt: 1, place: 'unsent' });
  return { sha256, size, name };
}

function pack({ bundles }: OneSeat, key: Buffer, list: readonly BundledFile[]): Buffer {
  bundles.beginOut(JOURNEY, key, list);
  const parts: Buffer[] = [];
  for (let part = bundles.next(JOURNEY); part.length > 0; part = bundles.next(JOURNEY)) parts.push(part);
  return Buffer.concat(parts);
}

/** @returns what went wrong, null for nothing */
function unpack({ bundles }: OneSeat, key: Buffer, list: readonly BundledFile[], bytes: Buffer): string | null {
  bundles.beginIn(JOURNEY, key, list);
  try {
    return bundles.take(JOURNEY, bytes).left === 0 ? null : 'some are missing';
  } catch (error) {
    return error instanceof DataError ? error.code : String(error);
  }
}

const SIZES = [600, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 20 * PIECE + 7];

describe('attachments on their way to another seat', () => {
  test('arrive whole, with their names, wherever the bytes are cut on the way', () => {
    const from = openSeat();
    const contents = SIZES.map((size) => pdfOf(size));
    const list = contents.map((bytes, index) => add(from, bytes, `现场${index}.pdf`));
    const key = randomBytes(32);
    const packed = pack(from, key, list);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 * PIECE }), { minLength: 1 }), (cuts) => {
        const to = openSeat();
        to.bundles.beginIn(JOURNEY, key, list);
        const arrived: string[] = [];
        let left = list.length;
        for (let at = 0, i = 0; at < packed.length; i++) {
          const end = at + (cuts[i % cuts.length] ?? 1) + 500;
          const taken = to.bundles.take(JOURNEY, packed.subarray(at, end));
          arrived.push(...taken.arrived.map(({ name }) => name));
          left = taken.left;
          at = end;
        }
        expect(left).toBe(0);
        expect(arrived).toEqual(list.map(({ name }) => name));
        for (const [index, { sha256 }] of list.entries()) {
          expect(to.files.placeOf(sha256)).toBe('unsent');
          expect(to.files.read(sha256, 0, MAX_ATTACHMENT_BYTES).equals(contents[index] ?? Buffer.alloc(0))).toBe(true);
        }
        expect(readdirSync(join(to.folder, 'incoming'))).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  test('show neither content nor name to who finds them', () => {
    const from = openSeat();
    const packed = pack(from, randomBytes(32), [add(from, Buffer.from('诉求人住在中央路 260 号'), '中央路.txt')]);
    for (const secret of ['中央路', '260']) expect(packed.includes(secret)).toBe(false);
  });

  test('with any byte changed, another key or in another order are not taken, and nothing half is left', () => {
    const from = openSeat();
    const list = [add(from, pdfOf(900), 'a.pdf'), add(from, pdfOf(2 * PIECE), 'b.pdf')];
    const key = randomBytes(32);
    const packed = pack(from, key, list);
    const expectCut = (to: OneSeat, code: string | null) => {
      expect(code).toBe('CARRIED_CUT');
      expect(readdirSync(join(to.folder, 'incoming'))).toEqual([]);
    };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: packed.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Buffer.from(packed);
        changed[at] = (changed[at] ?? 0) ^ flip;
        const to = openSeat();
        const code = unpack(to, key, list, changed);
        // Behind what is sealed the slot with the name is filled up with zeros, which nothing reads.
        if (code !== null) expectCut(to, code);
        else expect(to.files.list().map(({ sha256 }) => sha256)).toHaveLength(2);
      }),
      { numRuns: 60 },
    );
    const other = openSeat();
    expectCut(other, unpack(other, randomBytes(32), list, packed));
    expectCut(other, unpack(other, key, list.toReversed(), packed));
  });

  test('cut off: those before are there, the rest is missing, and a whole bundle may follow', () => {
    const from = openSeat();
    const list = [add(from, pdfOf(900), 'a.pdf'), add(from, pdfOf(2 * PIECE), 'b.pdf')];
    const key = randomBytes(32);
    const packed = pack(from, key, list);
    const to = openSeat();
    expect(unpack(to, key, list, packed.subarray(0, -10))).toBe('some are missing');
    expect(list.map(({ sha256 }) => to.files.placeOf(sha256))).toEqual(['unsent', null]);
    expect(unpack(to, key, list, packed)).toBeNull();
    expect(list.map(({ sha256 }) => to.files.placeOf(sha256))).toEqual(['unsent', 'unsent']);
  });
});
