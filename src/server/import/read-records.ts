import { z } from 'zod';
import { UNDECODABLE } from './decode-text.ts';
import type { SourceRecord } from './map-record.ts';

/** A record with the line it starts on, or the reason why there is none. */
export type ReadRecord =
  | { readonly line: number; readonly record: SourceRecord }
  | { readonly line: number; readonly reason: ReadProblem };

export type ReadProblem =
  | 'BAD_ENCODING'
  | 'TOO_LONG'
  | 'BAD_JSON'
  | 'NOT_AN_OBJECT'
  | 'BAD_QUOTE'
  | 'UNCLOSED_QUOTE'
  | 'WRONG_COLUMNS';

/** One record must not fill the memory: nothing a ticket can hold comes near. In UTF-16 units. */
export const MAX_RECORD = 4 * 1024 * 1024;

const recordSchema = z.record(z.string(), z.unknown());

/** Records of a JSONL text in order. Empty lines are skipped; a line that cannot be read spoils no other. */
export async function* readJsonl(texts: AsyncIterable<string>): AsyncGenerator<ReadRecord> {
  let line = 1;
  let rest = '';
  let isTooLong = false;
  for await (const text of texts) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const one of lines) {
      const read = isTooLong ? { line, reason: 'TOO_LONG' as const } : readJsonLine(one, line);
      isTooLong = false;
      line++;
      if (read) yield read;
    }
    if (rest.length > MAX_RECORD) isTooLong = true;
    if (isTooLong) rest = '';
  }
  const last = isTooLong ? { line, reason: 'TOO_LONG' as const } : readJsonLine(rest, line);
  if (last) yield last;
}

function readJsonLine(text: string, line: number): ReadRecord | null {
  if (text.trim() === '') return null;
  if (text.length > MAX_RECORD) return { line, reason: 'TOO_LONG' };
  if (text.includes(UNDECODABLE)) return { line, reason: 'BAD_ENCODING' };
  try {
    const parsed = recordSchema.safeParse(JSON.parse(text));
    return parsed.success ? { line, record: parsed.data } : { line, reason: 'NOT_AN_OBJECT' };
  } catch {
    return { line, reason: 'BAD_JSON' };
  }
}
