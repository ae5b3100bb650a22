import { describe, expect, it } from 'vitest';
import { decodeText } from '#server/import/decode-text.ts';
import { readCsv } from '#server/import/read-csv.ts';
import { type ReadRecord, readJsonl } from '#server/import/read-records.ts';

/** The bytes in pieces of `size`, so that characters, line ends and quotes are cut anywhere. */
async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(records: AsyncIterable<ReadRecord>): Promise<readonly (readonly unknown[])[]> {
  const found: (readonly unknown[])[] = [];
  for await (const one of records) found.push([one.line, 'reason' in one ? one.reason : Object.values(one.record)]);
  return found;
}

const csv = (text: string | Uint8Array, size = 7, encoding = 'utf-8') =>
  collect(readCsv(decodeText(inPieces(Buffer.from(text), size), encoding), ','));
const jsonl = (text: string | Uint8Array, size = 7, encoding = 'utf-8') =>
  collect(readJsonl(decodeText(inPieces(Buffer.from(text), size), encoding)));

describe('CSV', () => {
  const text = 'a,b\r\n1,"x, ""y"",\r\n\nz"\r\n\r\n,\n"",""\r3,四\n5,六';
  const rows = [
    [2, ['1', 'x, "y",\r\n\nz']],
    [6, ['', '']],
    [7, ['', '']],
    [8, ['3', '四']],
    [9, ['5', '六']],
  ];

  it.each([1, 2, 3, 5, 1_000])('is read alike whatever pieces of %i bytes it comes in', async (size) => {
    expect(await csv(text, size)).toEqual(rows);
  });

  it('goes on after a quote that is never closed, and after one in the wrong place', async () => {
    expect(await csv('a,b\n1,"open\n2,x\n3,y\n')).toEqual([
      [2, 'UNCLOSED_QUOTE'],
      [3, ['2', 'x']],
      [4, ['3', 'y']],
    ]);
    expect(await csv('a,b\n1,"open\n2,"x"\n3,5" pipe\n4,"z"tail\n5,v\n')).toEqual([
      [2, 'BAD_QUOTE'],
      [3, ['2', 'x']],
      [4, 'BAD_QUOTE'],
      [5, 'BAD_QUOTE'],
      [6, ['5', 'v']],
    ]);
  });

  it('refuses a row that is longer than any record, and a row with another number of columns, alone', async () => {
    expect(await csv(`a,b\n1,${'x'.repeat(5_000_000)}\n2\n3,z\n`, 262_144)).toEqual([
      [2, 'TOO_LONG'],
      [3, 'WRONG_COLUMNS'],
      [4, ['3', 'z']],
    ]);
  });

  it('reads UTF-16 and GB18030, drops a byte order mark, and refuses bytes that mean nothing', async () => {
    const utf16 = Buffer.from('\ufeffa,b\n1,乙\n2,上\n', 'utf16le');
    expect(await csv(utf16, 3, 'utf-16le')).toEqual([
      [2, ['1', '乙']],
      [3, ['2', '上']],
    ]);
    // 中 is D6 D0; the second row lost its last byte.
    const gb = Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from([0xd6, 0xd0, 0x0a]), Buffer.from('2,')]);
    expect(await csv(Buffer.concat([gb, Buffer.from([0xd6, 0x0a]), Buffer.from('3,x')]), 2, 'gb18030')).toEqual([
      [2, ['1', '中']],
      [3, 'BAD_ENCODING'],
      [4, ['3', 'x']],
    ]);
  });
});

describe('JSONL', () => {
  it.each([1, 4, 1_000])('keeps lines and numbers in pieces of %i bytes', async (size) => {
    expect(await jsonl('{"a":"一"}\n\n[]\r\n{"a":2\n{"a":"\ufffd"}', size)).toEqual([
      [1, ['一']],
      [3, 'NOT_AN_OBJECT'],
      [4, 'BAD_JSON'],
      [5, ['\ufffd']],
    ]);
  });

  it('refuses a line that is too long and one that does not decode, each alone', async () => {
    const text = Buffer.concat([
      Buffer.from(`{"a":"${'长'.repeat(4_500_000)}"}\n{"a":"`),
      Buffer.from([0xe4, 0xb8]),
      Buffer.from('"}\n{"a":1}\n'),
    ]);
    expect(await jsonl(text, 262_144)).toEqual([
      [1, 'TOO_LONG'],
      [2, 'BAD_ENCODING'],
      [3, [1]],
    ]);
  });
});
