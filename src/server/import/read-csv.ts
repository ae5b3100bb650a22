import { StartupError } from '../startup-error.ts';
import { UNDECODABLE } from './decode-text.ts';
import { MAX_RECORD, type ReadProblem, type ReadRecord } from './read-records.ts';

/** What stands at a position of the text. */
type Lexed =
  | { readonly kind: 'row'; readonly fields: readonly string[]; readonly end: number }
  | { readonly kind: 'bad'; readonly reason: ReadProblem }
  /** The row is not all there yet. */
  | { readonly kind: 'more'; readonly isQuoted: boolean };

/**
 * Records of a CSV text with a header line, in order (RFC 4180: quoted fields may hold delimiters, line breaks and doubled
 * quotes). Empty lines are skipped. After a quote that is wrong or never closed, reading goes on with the next line: one
 * missing quote must not swallow the rest of the file.
 * @throws StartupError BAD_HEADER when the first line gives no column names
 */
export async function* readCsv(texts: AsyncIterable<string>, delimiter: string): AsyncGenerator<ReadRecord> {
  const reader = new CsvReader(delimiter);
  for await (const text of texts) yield* reader.take(text, false);
  yield* reader.take('', true);
}

class CsvReader {
  readonly #plain: RegExp;
  readonly #delimiter: string;
  #header: readonly string[] | null = null;
  #text = '';
  #at = 0;
  #line = 1;
  /** The line under way is longer than any record may be; everything up to its end is passed over. */
  #isSkipping = false;

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
    this.#plain = new RegExp(`[^${delimiter.replace(/[\\\]^-]/g, '\\$&')}\r\n"]*`, 'y');
  }

  *take(text: string, isEnd: boolean): Generator<ReadRecord> {
    this.#text = this.#text.slice(this.#at) + text;
    this.#at = 0;
    for (;;) {
      if (this.#isSkipping && !this.#skipLine(isEnd)) return;
      if (this.#at >= this.#text.length) return;
      const lexed = this.#lex(this.#at, isEnd);
      if (lexed.kind === 'more') {
        if (this.#text.length - this.#at <= MAX_RECORD && !isEnd) return;
        yield this.#refuse(lexed.isQuoted ? 'UNCLOSED_QUOTE' : 'TOO_LONG');
      } else if (lexed.kind === 'bad') {
        yield this.#refuse(lexed.reason);
      } else {
        const read = this.#toRecord(lexed.fields);
        this.#moveTo(lexed.end);
        if (read) yield read;
      }
    }
  }

  /** Reading goes on with the next line. */
  #refuse(reason: ReadProblem): ReadRecord {
    const line = this.#line;
    this.#demandHeader();
    this.#isSkipping = true;
    return { line, reason };
  }

  /** @returns false while the end of the line is not there */
  #skipLine(isEnd: boolean): boolean {
    const found = this.#text.slice(this.#at).search(/[\r\n]/);
    const end = found === -1 ? -1 : lineEnd(this.#text, this.#at + found, isEnd);
    if (end === -1) {
      this.#text = isEnd || found === -1 ? '' : this.#text.slice(this.#at + found);
      this.#at = 0;
      return false;
    }
    this.#moveTo(end);
    this.#isSkipping = false;
    return true;
  }

  #moveTo(end: number): void {
    this.#line += this.#text.slice(this.#at, end).match(/\r\n|\r|\n/g)?.length ?? 0;
    this.#at = end;
  }

  #demandHeader(): void {
    if (this.#header === null) {
      throw new StartupError('BAD_HEADER', 'The first line of the file gives no column names that can be read.');
    }
  }

  #toRecord(fields: readonly string[]): ReadRecord | null {
    if (fields.length === 1 && fields[0] === '') return null;
    const line = this.#line;
    const isBad = fields.some((field) => field.includes(UNDECODABLE));
    if (this.#header === null) {
      if (!isBad) this.#header = fields;
      this.#demandHeader();
      return null;
    }
    if (isBad) return { line, reason: 'BAD_ENCODING' };
    if (fields.length !== this.#header.length) return { line, reason: 'WRONG_COLUMNS' };
    return { line, record: Object.fromEntries(this.#header.map((name, index) => [name, fields[index]])) };
  }

  #lex(start: number, isEnd: boolean): Lexed {
    const fields: string[] = [];
    let at = start;
    for (;;) {
      const isQuoted = this.#text[at] === '"';
      const field = isQuoted ? this.#lexQuoted(at, isEnd) : this.#lexPlain(at);
      if (typeof field === 'string') return { kind: 'bad', reason: field };
      if (field === null) return { kind: 'more', isQuoted: true };
      fields.push(field.value);
      at = field.end;
      if (at >= this.#text.length) return isEnd ? { kind: 'row', fields, end: at } : { kind: 'more', isQuoted: false };
      if (this.#text[at] === this.#delimiter) at++;
      else if (this.#text[at] === '"') return { kind: 'bad', reason: 'BAD_QUOTE' };
      else {
        const end = lineEnd(this.#text, at, isEnd);
        return end === -1 ? { kind: 'more', isQuoted: false } : { kind: 'row', fields, end };
      }
    }
  }

  #lexPlain(at: number): { readonly value: string; readonly end: number } {
    this.#plain.lastIndex = at;
    const value = this.#plain.exec(this.#text)?.[0] ?? '';
    return { value, end: at + value.length };
  }

  /** @returns null while the closing quote is not there */
  #lexQuoted(start: number, isEnd: boolean): { readonly value: string; readonly end: number } | ReadProblem | null {
    let value = '';
    let at = start + 1;
    for (;;) {
      const quote = this.#text.indexOf('"', at);
      if (quote === -1) return null;
      value += this.#text.slice(at, quote);
      const next = this.#text[quote + 1];
      if (next === undefined && !isEnd) return null;
      if (next === '"') {
        value += '"';
        at = quote + 2;
      } else if (next === undefined || next === this.#delimiter || next === '\r' || next === '\n') {
        return { value, end: quote + 1 };
      } else return 'BAD_QUOTE';
    }
  }
}

/** Position behind the line end that begins at `at`; -1 when it may not be all there. */
function lineEnd(text: string, at: number, isEnd: boolean): number {
  if (text[at] === '\n') return at + 1;
  if (at + 1 >= text.length && !isEnd) return -1;
  return text[at + 1] === '\n' ? at + 2 : at + 1;
}
