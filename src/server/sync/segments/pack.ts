import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gzip, zstdCompress, zstdDecompress } from 'node:zlib';
import type { SegmentPacking } from '#shared/sync/segments.ts';
import type { Page } from '../read-page.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
const deflate = promisify(gzip);

/** Higher levels make segments little smaller and take several times as long. */
const ZSTD_LEVEL = 3;
const GZIP_LEVEL = 1;

/** The changes of a page as the content of a segment, packed for keeping. */
export interface PackedSegment {
  /** The segment holds all changes of the page up to this seq. */
  readonly until: number;
  readonly rows: number;
  readonly changes: number;
  readonly size: number;
  readonly sha256: Buffer;
  readonly data: Buffer;
}

/**
 * Packs the rows and removals of a page, ordered by seq, one a line; the first ones of them when all would be too long.
 * @param mostBytes unpacked; only a single change may take more
 */
export async function packPage(page: Page, mostBytes: number): Promise<PackedSegment> {
  const all = [...page.rows, ...page.gone].sort((a, b) => a.seq - b.seq);
  const lines: Buffer[] = [];
  let size = 0;
  for (const change of all) {
    const line = Buffer.from(`${JSON.stringify(change)}\n`);
    if (lines.length > 0 && size + line.length > mostBytes) break;
    lines.push(line);
    size += line.length;
  }
  const packed = all.slice(0, lines.length);
  const content = Buffer.concat(lines, size);
  return {
    until: packed.length < all.length ? (packed.at(-1)?.seq ?? page.seq) : page.seq,
    rows: packed.filter((change) => 'row' in change).length,
    changes: packed.length,
    size,
    sha256: createHash('sha256').update(content).digest(),
    data: await compress(content, { params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL } }),
  };
}

/** The bytes of a kept segment as a console can unpack them: development runtimes of the console know gzip only. */
export async function repack(data: Buffer, packing: SegmentPacking): Promise<Buffer> {
  return packing === 'zstd' ? data : deflate(await decompress(data), { level: GZIP_LEVEL });
}
