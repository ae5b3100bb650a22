// Reads zip archives with nothing but Node: a bare machine has no unzip program.
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, symlink } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';

/** zlib can do this since Node 20.15. */
const hasChecksums = typeof zlib.crc32 === 'function';
const endOfDirectory = { signature: 0x06054b50, size: 22 };
const directoryEntry = { signature: 0x02014b50, size: 46 };
const localHeader = { signature: 0x04034b50, size: 30 };
const symbolicLinkMode = 0o120000;
const fileTypeMask = 0o170000;

/**
 * Extracts a zip archive (stored and deflated entries, no zip64) and checks the CRC of every file where Node can.
 * @param {string} archive
 * @param {string} target folder, made when missing
 * @param {(name: string) => string | null} place maps an entry's name to its path below `target`, null skips it
 * @param {(bytes: number, totalBytes: number) => void} [onProgress] told of what was written of all that will be
 * @throws {Error} when the archive is damaged or an entry would leave `target`
 */
export async function extractZip(archive, target, place, onProgress) {
  const file = await open(archive, 'r');
  try {
    const entries = (await readDirectory(file))
      .map((entry) => ({ ...entry, placed: place(entry.name) }))
      .filter((entry) => entry.placed !== null);
    const total = entries.reduce((sum, entry) => sum + entry.size, 0);
    let written = 0;
    const onBytes = (/** @type {number} */ bytes) => {
      written += bytes;
      onProgress?.(written, total);
    };
    for (const entry of entries) {
      await extractEntry(archive, file, entry, path.join(target, String(entry.placed)), target, onBytes);
    }
  } finally {
    await file.close();
  }
}

/** @param {import('node:fs/promises').FileHandle} file */
async function readDirectory(file) {
  const { size } = await file.stat();
  const tail = await readExactly(file, Math.max(0, size - 65_557), Math.min(size, 65_557));
  let at = tail.length - endOfDirectory.size;
  while (at >= 0 && tail.readUInt32LE(at) !== endOfDirectory.signature) at -= 1;
  if (at < 0) throw new Error('not a zip archive, or cut off');
  const count = tail.readUInt16LE(at + 10);
  const directory = await readExactly(file, tail.readUInt32LE(at + 16), tail.readUInt32LE(at + 12));
  const entries = [];
  for (let offset = 0, index = 0; index < count; index += 1) {
    if (directory.readUInt32LE(offset) !== directoryEntry.signature) throw new Error('damaged zip directory');
    const nameLength = directory.readUInt16LE(offset + 28);
    const extraLength = directory.readUInt16LE(offset + 30) + directory.readUInt16LE(offset + 32);
    entries.push({
      method: directory.readUInt16LE(offset + 10),
      crc: directory.readUInt32LE(offset + 16),
      compressedSize: directory.readUInt32LE(offset + 20),
      size: directory.readUInt32LE(offset + 24),
      mode: directory.readUInt32LE(offset + 38) >>> 16,
      headerOffset: directory.readUInt32LE(offset + 42),
      name: directory.toString('utf8', offset + directoryEntry.size, offset + directoryEntry.size + nameLength),
    });
    offset += directoryEntry.size + nameLength + extraLength;
  }
  return entries;
}

/**
 * @param {string} archive
 * @param {import('node:fs/promises').FileHandle} file
 * @param {{ method: number, crc: number, compressedSize: number, mode: number, headerOffset: number, name: string }} entry
 * @param {string} destination
 * @param {string} root
 * @param {(bytes: number) => void} onBytes
 */
async function extractEntry(archive, file, entry, destination, root, onBytes) {
  if (!`${destination}${path.sep}`.startsWith(`${path.resolve(root)}${path.sep}`))
    throw new Error(`unsafe entry ${entry.name}`);
  if (entry.name.endsWith('/')) {
    await mkdir(destination, { recursive: true });
    return;
  }
  await mkdir(path.dirname(destination), { recursive: true });
  const header = await readExactly(file, entry.headerOffset, localHeader.size);
  if (header.readUInt32LE(0) !== localHeader.signature) throw new Error(`damaged entry ${entry.name}`);
  const start = entry.headerOffset + localHeader.size + header.readUInt16LE(26) + header.readUInt16LE(28);
  if ((entry.mode & fileTypeMask) === symbolicLinkMode) {
    await symlink((await readExactly(file, start, entry.compressedSize)).toString('utf8'), destination);
    return;
  }
  let crc = 0;
  const checked = new Transform({
    transform(chunk, _encoding, done) {
      if (hasChecksums) crc = zlib.crc32(chunk, crc);
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
  const output = createWriteStream(destination, { mode: entry.mode & 0o777 || 0o644 });
  if (entry.compressedSize === 0) {
    await pipeline([Buffer.alloc(0)], checked, output);
  } else {
    const input = createReadStream(archive, {
      start,
      end: start + entry.compressedSize - 1,
      highWaterMark: 1 << 20,
    });
    if (entry.method === 8) await pipeline(input, zlib.createInflateRaw(), checked, output);
    else if (entry.method === 0) await pipeline(input, checked, output);
    else throw new Error(`unknown compression in ${entry.name}`);
  }
  if (hasChecksums && crc !== entry.crc) throw new Error(`checksum of ${entry.name} does not match`);
}

/**
 * @param {import('node:fs/promises').FileHandle} file
 * @param {number} position
 * @param {number} length
 */
async function readExactly(file, position, length) {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead !== length) throw new Error('zip archive is cut off');
  return buffer;
}
