import pg from 'pg';

/** A value of one column: numbers and texts as they are, other types in PostgreSQL's text form. */
export type CopyValue = string | number | boolean | null;

/** The part of the driver's connection that speaks the COPY messages; public in the driver, absent from its types. */
interface CopyConnection {
  readonly stream: { cork(): void; uncork(): void };
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/**
 * Writes rows with COPY, PostgreSQL's fastest way in: about half the work of an INSERT from JSON or arrays.
 * One round trip, in the caller's transaction; a value PostgreSQL refuses fails the whole statement.
 * @returns number of rows written
 */
export function copyRows(
  client: pg.ClientBase,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly CopyValue[])[],
): Promise<number> {
  if (rows.length === 0) return Promise.resolve(0);
  return copyEncoded(client, table, columns, rows.length, encodeRows(rows).bytes);
}

/**
 * {@link copyRows} with lines that are encoded already.
 * @returns `count`, once they are written
 */
export function copyEncoded(
  client: pg.ClientBase,
  table: string,
  columns: readonly string[],
  count: number,
  lines: Buffer,
): Promise<number> {
  const written = Promise.withResolvers<number>();
  client.query(
    new CopyQuery(`COPY ${table} (${columns.join(', ')}) FROM STDIN`, lines, (error) => {
      if (error) written.reject(error);
      else written.resolve(count);
    }),
  );
  return written.promise;
}

/**
 * One COPY as the driver runs queries. The lines go out behind the statement, before PostgreSQL says that it takes them, and nothing waits in
 * between: it drops the lines of a COPY that it refuses or that fails (its main loop ignores such messages outside of a COPY).
 */
class CopyQuery extends pg.Query {
  readonly #statement: string;
  readonly #lines: Buffer;
  callback: (error: unknown) => void;

  constructor(statement: string, lines: Buffer, done: (error: unknown) => void) {
    super(statement);
    this.#statement = statement;
    this.#lines = lines;
    this.callback = done;
  }

  override submit = (connection: unknown): void => {
    const { stream } = connection as CopyConnection;
    stream.cork();
    try {
      (connection as CopyConnection).query(this.#statement);
      (connection as CopyConnection).sendCopyFromChunk(this.#lines);
      (connection as CopyConnection).endCopyFrom();
    } finally {
      stream.uncork();
    }
  };

  handleCopyInResponse(): void {
    // They are on their way already.
  }
}

/** UTF-8 needs at most three bytes for a UTF-16 unit. */
const BYTES_PER_UNIT = 3;

/** Rows in COPY's text format: tab between values, a line a row, backslash escapes; with the place where each line ends. */
export function encodeRows(rows: readonly (readonly CopyValue[])[]): {
  readonly bytes: Buffer;
  readonly ends: Uint32Array;
} {
  let buffer = Buffer.allocUnsafeSlow(64 * 1024);
  let length = 0;
  const ends = new Uint32Array(rows.length);
  for (const [index, row] of rows.entries()) {
    const line = encodeRow(row);
    const room = line.length * BYTES_PER_UNIT;
    if (buffer.length - length < room) {
      const larger = Buffer.allocUnsafeSlow(Math.max(buffer.length * 2, length + room));
      buffer.copy(larger, 0, 0, length);
      buffer = larger;
    }
    length += buffer.write(line, length);
    ends[index] = length;
  }
  return { bytes: buffer.subarray(0, length), ends };
}

function encodeRow(row: readonly CopyValue[]): string {
  let line = '';
  for (let column = 0; column < row.length; column++) {
    const value = row[column];
    if (column > 0) line += '\t';
    if (value === null || value === undefined) line += '\\N';
    else line += typeof value === 'string' ? escapeText(value) : String(value);
  }
  return `${line}\n`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Four searches for one character each take a fraction of one regular expression in a document. */
function escapeText(text: string): string {
  return text.indexOf('\\') < 0 && text.indexOf('\n') < 0 && text.indexOf('\r') < 0 && text.indexOf('\t') < 0
    ? text
    : text.replace(/[\\\n\r\t]/g, (special) => ESCAPES[special] ?? special);
}

/** Puts the beginning of each line before it. @param room bytes that no beginning is longer than */
export function joinLines(given: readonly string[], lines: Uint8Array, ends: Uint32Array, room: number): Buffer {
  const joined = Buffer.allocUnsafe(lines.length + given.length * room);
  let length = 0;
  let from = 0;
  for (const [index, start] of given.entries()) {
    const end = ends[index] ?? from;
    length += joined.write(start, length, 'latin1');
    joined.set(lines.subarray(from, end), length);
    length += end - from;
    from = end;
  }
  return joined.subarray(0, length);
}
