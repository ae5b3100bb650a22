import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AttachmentFiles, openAttachmentFiles } from '#main/data/attachments/attachment-files.ts';
import { createAttachmentIntake } from '#main/data/attachments/attachment-intake.ts';
import { HEADER, PIECE } from '#main/data/attachments/file-cipher.ts';
import { MAX_ATTACHMENT_BYTES } from '#shared/domain/attachment/attachment-type.ts';
import { createTestClock } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { noisePng, pdfOf } from '#tests/support/sample-files.ts';

const tempFolder = prepareTempFolders();
const KEY = Buffer.alloc(32, 1);

function hold(files: AttachmentFiles, bytes: Buffer, name = '现场.png'): string {
  const intake = createAttachmentIntake(files, createTestClock());
  const id = intake.begin(name, bytes.length);
  for (let offset = 0; offset < bytes.length; offset += 100_000) {
    intake.append(id, offset, bytes.subarray(offset, offset + 100_000));
  }
  return intake.finish(id).sha256;
}

const readAll = (files: AttachmentFiles, sha256: string) => files.read(sha256, 0, MAX_ATTACHMENT_BYTES);
const onlyFile = (folder: string, place = 'unsent') => join(folder, place, readdirSync(join(folder, place))[0] ?? '');

describe('a stored file', () => {
  test.each([1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 5 * PIECE + 7])('of %i bytes is read back', (size) => {
    const files = openAttachmentFiles(tempFolder(), KEY);
    const bytes = size === 1 ? Buffer.from('a') : pdfOf(size);
    const sha256 = hold(files, bytes);
    expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(readAll(files, sha256).equals(bytes)).toBe(true);
    const middle = files.read(sha256, Math.floor(size / 2), 1_000);
    expect(middle.equals(bytes.subarray(Math.floor(size / 2), Math.floor(size / 2) + 1_000))).toBe(true);
  });

  test('shows neither its content, nor its name, nor its hash to who sees the folder', () => {
    const folder = tempFolder();
    const files = openAttachmentFiles(folder, KEY);
    const sha256 = hold(files, Buffer.from('诉求人住在中央路 260 号'), '中央路.txt');
    const path = onlyFile(folder);
    const raw = readFileSync(path);
    for (const secret of ['中央路', '260', sha256]) expect(raw.includes(secret)).toBe(false);
    expect(path).not.toContain(sha256.slice(0, 16));
  });

  test('exists once, however often it is added', () => {
    const folder = tempFolder();
    const files = openAttachmentFiles(folder, KEY);
    const bytes = noisePng(20);
    expect(hold(files, bytes, 'a.png')).toBe(hold(files, bytes, 'b.png'));
    expect(readdirSync(join(folder, 'unsent'))).toHaveLength(1);
    expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
  });

  test('does not open when any of its bytes was changed', () => {
    const folder = tempFolder();
    const files = openAttachmentFiles(folder, KEY);
    const sha256 = hold(files, pdfOf(2 * PIECE + 10));
    const path = onlyFile(folder);
    const good = readFileSync(path);
    for (const at of [0, 10, 30, HEADER, HEADER + PIECE + 3, HEADER + 2 * PIECE, good.length - 1]) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ 1;
      writeFileSync(path, bad);
      expect(() => readAll(files, sha256), `byte ${at}`).toThrow(
        expect.objectContaining({ code: 'ATTACHMENT_DAMAGED' }),
      );
    }
    writeFileSync(path, good);
    expect(readAll(files, sha256)).toHaveLength(2 * PIECE + 10);
  });

  test('does not open when pieces were swapped, cut off, or come from another file', () => {
    const folder = tempFolder();
    const files = openAttachmentFiles(folder, KEY);
    const sha256 = hold(files, pdfOf(3 * PIECE));
    const path = onlyFile(folder);
    const good = readFileSync(path);
    const piece = (bytes: Buffer, index: number) =>
      bytes.subarray(HEADER + index * (PIECE + 16), HEADER + (index + 1) * (PIECE + 16));
    const other = openAttachmentFiles(tempFolder(), KEY);
    const otherFolder = tempFolder();
    hold(openAttachmentFiles(otherFolder, KEY), pdfOf(3 * PIECE));
    expect(other.list()).toEqual([]);
    const foreign = readFileSync(onlyFile(otherFolder));
    const swapped = [good.subarray(0, HEADER), piece(good, 1), piece(good, 0), piece(good, 2)];
    const mixed = [good.subarray(0, HEADER), piece(foreign, 0), piece(good, 1), piece(good, 2)];
    for (const bad of [swapped, mixed]) {
      writeFileSync(path, Buffer.concat(bad));
      expect(() => readAll(files, sha256)).toThrow(expect.objectContaining({ code: 'ATTACHMENT_DAMAGED' }));
    }
    writeFileSync(path, good);
    truncateSync(path, good.length - PIECE - 16);
    expect(() => readAll(files, sha256)).toThrow(expect.objectContaining({ code: 'ATTACHMENT_DAMAGED' }));
    // Added again, the whole one takes the place of the damaged one.
    writeFileSync(path, good);
    expect(readAll(files, sha256)).toHaveLength(3 * PIECE);
  });

  test('is not read with another key, and is not lost by it', () => {
    const folder = tempFolder();
    const sha256 = hold(openAttachmentFiles(folder, KEY), noisePng(10));
    expect(openAttachmentFiles(folder, Buffer.alloc(32, 2)).list()).toEqual([]);
    expect(openAttachmentFiles(folder, KEY).list()).toMatchObject([{ sha256, place: 'unsent', type: 'image/png' }]);
  });
});

describe('handing a file over', () => {
  test('takes a repeated piece once and refuses a gap', () => {
    const files = openAttachmentFiles(tempFolder(), KEY);
    const intake = createAttachmentIntake(files, createTestClock());
    const bytes = pdfOf(2_000);
    const id = intake.begin('a.pdf', bytes.length);
    expect(intake.append(id, 0, bytes.subarray(0, 1_000))).toBe(1_000);
    expect(intake.append(id, 0, bytes.subarray(0, 1_000))).toBe(1_000);
    expect(() => intake.append(id, 1_500, bytes.subarray(1_500))).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT' }),
    );
    expect(() => intake.finish(id)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
    intake.append(id, 1_000, bytes.subarray(1_000));
    const { sha256 } = intake.finish(id);
    expect(readAll(files, sha256).equals(bytes)).toBe(true);
  });

  test('refuses what is too large, empty, or no kind that is taken, and keeps nothing of it', () => {
    const folder = tempFolder();
    const files = openAttachmentFiles(folder, KEY);
    const intake = createAttachmentIntake(files, createTestClock());
    const refused = (code: string) => expect.objectContaining({ code });
    expect(() => intake.begin('a', MAX_ATTACHMENT_BYTES + 1)).toThrow(refused('ATTACHMENT_TOO_LARGE'));
    expect(() => intake.begin('a', 0)).toThrow(refused('ATTACHMENT_EMPTY'));
    const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(100)]);
    expect(() => hold(files, program, '照片.jpg')).toThrow(refused('ATTACHMENT_TYPE'));
    expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
    expect(files.list()).toEqual([]);
  });

  test('of a window that went away leaves nothing after the next start', () => {
    const folder = tempFolder();
    const intake = createAttachmentIntake(openAttachmentFiles(folder, KEY), createTestClock());
    const id = intake.begin('a.pdf', 10);
    intake.append(id, 0, Buffer.from('%PDF-'));
    expect(readdirSync(join(folder, 'incoming'))).toHaveLength(1);
    openAttachmentFiles(folder, KEY);
    expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
  });
});
