import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { z } from 'zod';
import type { SourceRecord } from './map-record.ts';

/** A record with the line it starts on, or the reason why the line holds none. */
export type ReadRecord =
  | { readonly line: number; readonly record: SourceRecord }
  | { readonly line: number; readonly reason: string };

/** One record must not fill the memory: nothing a ticket can hold comes near. */
const MAX_RECORD = 4 * 1024 * 1024;

const recordSchema = z.record(z.string(), z.unknown());

/** Records of a JSONL file in order. Empty lines are skipped. */
export async function* readJsonl(file: string, encoding: string): AsyncGenerator<ReadRecord> {
  let line = 0;
  let rest = '';
  const parseLine = (text: string): ReadRecord | null => {
    line++;
    if (text.trim() === '') return null;
    try {
      const parsed = recordSchema.safeParse(JSON.parse(text));
      return parsed.success ? { line, record: parsed.data } : { line, reason: 'NOT_AN_OBJECT' };
    } catch {
      return { line, reason: 'BAD_JSON' };
    }
  };
  for await (const text of decode(file, encoding)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_RECORD) throw new RangeError('a line is longer than 4 MiB');
    for (const one of lines) {
      const read = parseLine(one);
      if (read) yield read;
    }
  }
  const last = parseLine(rest);
  if (last) yield last;
}

/** Records of a CSV file with a header line, in order. Quoted line breaks are part of their record. */
export async function* readCsv(file: string, encoding: string, delimiter: string): AsyncGenerator<ReadRecord> {
  const skipped: ReadRecord[] = [];
  const parser = parse({
    columns: true,
    delimiter,
    bom: true,
    info: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: MAX_RECORD,
    on_skip: (error) => {
      skipped.push({ line: typeof error?.lines === 'number' ? error.lines : 0, reason: error?.code ?? 'BAD_CSV' });
      return undefined;
    },
  });
  const feed = async () => {
    for await (const text of decode(file, encoding)) {
      if (!parser.write(text)) await new Promise((resolve) => parser.once('drain', resolve));
    }
    parser.end();
  };
  const feeding = feed().catch((error: unknown) => parser.destroy(error instanceof Error ? error : new Error('read')));
  for await (const item of parser) {
    yield* skipped.splice(0);
    const parsed = csvItemSchema.safeParse(item);
    if (parsed.success) yield { line: parsed.data.info.lines, record: parsed.data.record };
  }
  yield* skipped.splice(0);
  await feeding;
}

const csvItemSchema = z.object({ info: z.object({ lines: z.number() }), record: recordSchema });

async function* decode(file: string, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: false, ignoreBOM: false });
  for await (const bytes of createReadStream(file, { highWaterMark: 256 * 1024 })) {
    yield decoder.decode(bytes instanceof Uint8Array ? bytes : Buffer.from(String(bytes)), { stream: true });
  }
  const last = decoder.decode();
  if (last !== '') yield last;
}
