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
  readonly changes: number;
  readonly size: number;
  readonly sha256: Buffer;
  readonly data: Buffer;
}

/** Packs the rows and removals of a page, ordered by seq, one a line. */
export async function packPage({ rows, gone }: Page): Promise<PackedSegment> {
  const changes = [...rows, ...gone].sort((a, b) => a.seq - b.seq);
  const content = Buffer.from(changes.map((change) => `${JSON.stringify(change)}\n`).join(''));
  const sha256 = createHash('sha256').update(content).digest();
  const params = { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL };
  return { changes: changes.length, size: content.length, sha256, data: await compress(content, { params }) };
}

/** The bytes of a kept segment as a console can unpack them: development runtimes of the console know gzip only. */
export async function repack(data: Buffer, packing: SegmentPacking): Promise<Buffer> {
  return packing === 'zstd' ? data : deflate(await decompress(data), { level: GZIP_LEVEL });
}
