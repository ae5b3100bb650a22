import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { extractZip } from '../../../scripts/bootstrap/unzip.mjs';

interface Entry {
  readonly name: string;
  readonly content?: Buffer;
  /** Unix file type and permissions. */
  readonly mode?: number;
  readonly stored?: boolean;
  readonly wrongChecksum?: boolean;
}

const FILE = 0o100000;
const LINK = 0o120000;

/** The bytes of a zip archive, laid out as PKWARE's APPNOTE describes it (sections 4.3.7, 4.3.12 and 4.3.16). */
function makeZip(entries: readonly Entry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const {
    name,
    content = Buffer.alloc(0),
    mode = FILE | 0o644,
    stored = false,
    wrongChecksum = false,
  } of entries) {
    const data = stored ? content : deflateRawSync(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const head = Buffer.alloc(46);
    head.writeUInt32LE(0x02014b50, 0);
    head.writeUInt16LE(stored ? 0 : 8, 10);
    head.writeUInt32LE(wrongChecksum ? 1 : crc32(content), 16);
    head.writeUInt32LE(data.length, 20);
    head.writeUInt32LE(content.length, 24);
    head.writeUInt16LE(name.length, 28);
    head.writeUInt32LE((mode << 16) >>> 0, 38);
    head.writeUInt32LE(offset, 42);
    const bytes = Buffer.concat([local, Buffer.from(name), data]);
    locals.push(bytes);
    directory.push(head, Buffer.from(name));
    offset += bytes.length;
  }
  const end = Buffer.alloc(22);
  const listed = Buffer.concat(directory);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, listed, end]);
}

describe('the archive reader of the bootstrap', () => {
  let folder = '';
  let target = '';

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'hotline-unzip-'));
    target = path.join(folder, 'target');
    mkdirSync(target);
  });
  afterEach(() => {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true, force: true });
  });

  async function extract(entries: readonly Entry[], place: (name: string) => string | null = (name) => name) {
    const archive = path.join(folder, 'archive.zip');
    writeFileSync(archive, makeZip(entries));
    await extractZip(archive, target, place);
  }

  const big = Buffer.alloc(3_000_000, '政务热线');

  it('writes files with their content and permissions, folders and links', async () => {
    await extract([
      { name: 'runtime/' },
      { name: 'runtime/electron', content: big, mode: FILE | 0o755 },
      { name: 'runtime/stored.txt', content: Buffer.from('as it is'), stored: true },
      { name: 'runtime/empty' },
      { name: 'runtime/link', content: Buffer.from('electron'), mode: LINK | 0o777, stored: true },
    ]);
    const at = (name: string) => path.join(target, 'runtime', name);
    expect(readFileSync(at('electron')).equals(big)).toBe(true);
    expect(statSync(at('electron')).mode & 0o777).toBe(0o755);
    expect(readFileSync(at('stored.txt'), 'utf8')).toBe('as it is');
    expect(statSync(at('empty')).size).toBe(0);
    expect(readlinkSync(at('link'))).toBe('electron');
  });

  it('renames and leaves out what the caller wants elsewhere or not at all', async () => {
    await extract(
      [
        { name: 'a/keep', content: Buffer.from('1') },
        { name: 'b/drop', content: Buffer.from('2') },
      ],
      (name) => (name === 'a/keep' ? 'kept' : null),
    );
    expect(readFileSync(path.join(target, 'kept'), 'utf8')).toBe('1');
    expect(() => statSync(path.join(target, 'b'))).toThrow('ENOENT');
  });

  it('tells how many bytes of all it has written', async () => {
    const archive = path.join(folder, 'progress.zip');
    writeFileSync(
      archive,
      makeZip([
        { name: 'a', content: big },
        { name: 'skipped', content: big },
        { name: 'b', content: Buffer.from('xy'), stored: true },
      ]),
    );
    const told: (readonly [number, number])[] = [];
    const place = (name: string) => (name === 'skipped' ? null : name);
    await extractZip(archive, target, place, (bytes: number, total: number) => told.push([bytes, total]));
    const total = big.length + 2;
    expect(told.every(([, of]) => of === total)).toBe(true);
    expect(told.at(-1)).toEqual([total, total]);
  });

  it('refuses content that does not match its checksum', async () => {
    await expect(extract([{ name: 'x', content: big, wrongChecksum: true }])).rejects.toThrow('checksum of x');
  });

  it('refuses an entry that would leave the target folder', async () => {
    await expect(extract([{ name: '../outside', content: Buffer.from('x') }])).rejects.toThrow('unsafe entry');
    expect(() => statSync(path.join(folder, 'outside'))).toThrow('ENOENT');
  });

  it('refuses an archive that was cut off', async () => {
    const archive = path.join(folder, 'cut.zip');
    writeFileSync(archive, makeZip([{ name: 'x', content: big }]).subarray(0, 2_000));
    await expect(extractZip(archive, target, (name: string) => name)).rejects.toThrow('cut off');
  });
});
