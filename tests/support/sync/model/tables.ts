import type { ModelRow } from './copy-text.ts';

/** What the tables of the sync hold. Rows are replaced, never changed, so a copy of the maps is a copy of the database. */
export class Tables {
  consoles = new Map<string, ModelRow>();
  clocks = new Map<string, ModelRow>();
  tickets = new Map<string, ModelRow>();
  citizens = new Map<string, ModelRow>();
  records = new Map<string, ModelRow>();
  /** Events by ticket. */
  events = new Map<string, readonly ModelRow[]>();
  /** Answers by console, incarnation and number, in the order they were written. */
  opLog = new Map<string, ModelRow>();
  opLogById = new Map<string, ModelRow>();
  history = new Map<string, ModelRow>();
  /** Rows that left a scope. */
  gone = new Map<string, ModelRow>();
  segments = new Map<string, ModelRow>();
  /** Manifests of segments by scope. */
  manifests = new Map<string, ModelRow>();
  lastNumber = 0;

  /** What a backup of this moment holds. */
  copy(): Tables {
    const made = new Tables();
    for (const name of TABLE_NAMES) (made[name] as Map<string, unknown>) = new Map<string, unknown>(this[name]);
    made.lastNumber = this.lastNumber;
    return made;
  }
}
const TABLE_NAMES = [
  'consoles',
  'clocks',
  'tickets',
  'citizens',
  'records',
  'events',
  'opLog',
  'opLogById',
  'history',
  'gone',
  'segments',
  'manifests',
] as const;
export type TableName = (typeof TABLE_NAMES)[number];

/** Writes with the way back. */
export interface Writer {
  readonly tables: Tables;
  put<Name extends TableName>(
    table: Name,
    key: string,
    row: Tables[Name] extends Map<string, infer Row> ? Row : never,
  ): void;
  /** @throws the unique violation PostgreSQL would answer with */
  insert(table: TableName, key: string, row: ModelRow): void;
  remove(table: TableName, key: string): void;
}

/** One statement of the sync over the model's tables. `count` is the number of rows it changed. */
export type Statement = (
  writer: Writer,
  values: readonly unknown[],
) => { readonly rows: readonly ModelRow[]; readonly count?: number };
