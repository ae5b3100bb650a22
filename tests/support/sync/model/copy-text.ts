/** A stored row: column → value, as the driver would give it. Never changed in place. */
export type ModelRow = Readonly<Record<string, unknown>>;

const NUMBERS = new Set([
  'number',
  's',
  'seq',
  'version',
  'position',
  'incarnation',
  'schema_version',
  'at',
  'received_at',
  'created_at',
  'accepted_at',
  'closed_at',
  'due_at',
  'updated_at',
]);
const DOCUMENTS = new Set(['link', 'doc', 'fields', 'result', 'clocks', 'handling', 'act', 'overlay']);
const BYTES = new Set(['hash', 'create_hash']);
const LISTS = new Set(['flags']);
const UNESCAPED: Readonly<Record<string, string>> = { '\\': '\\', n: '\n', r: '\r', t: '\t' };

/** Reads rows as PostgreSQL reads `COPY … FROM STDIN`: tab between values, a line a row, backslash escapes. */
export function parseCopy(columns: readonly string[], text: string): readonly ModelRow[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const values = line.split('\t');
      if (values.length !== columns.length) throw new Error(`COPY line of ${values.length} values`);
      return Object.fromEntries(columns.map((column, index) => [column, readValue(column, values[index] ?? '')]));
    });
}

function readValue(column: string, escaped: string): unknown {
  if (escaped === '\\N') return null;
  const text = escaped.replace(/\\(.)/g, (_, code: string) => UNESCAPED[code] ?? code);
  if (NUMBERS.has(column)) return Number(text);
  if (DOCUMENTS.has(column)) return JSON.parse(text);
  if (BYTES.has(column)) return Buffer.from(text.slice(2), 'hex');
  if (LISTS.has(column)) return text === '{}' ? [] : text.slice(1, -1).split(',');
  return text;
}
