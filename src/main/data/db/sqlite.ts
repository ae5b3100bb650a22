import Database, { type Statement } from 'better-sqlite3';
import { DataError, toDataError } from '../errors.ts';
import type { WriteTurns } from './write-turns.ts';

/** A value SQLite stores. */
export type SqlValue = string | number | bigint | null | Uint8Array;

/** `readonly` is missing in the driver's types. */
type DriverStatement = Statement & { readonly readonly: boolean };

/** Reading side of a database; a module that only reads asks for this type. */
export interface ReadableDb {
  /** First row or undefined. The caller names the row's shape, which the SQL guarantees. */
  get<T>(sql: string, ...params: readonly SqlValue[]): T | undefined;
  /** All rows. */
  all<T>(sql: string, ...params: readonly SqlValue[]): T[];
  /** First column of the first row, or undefined. */
  value<T extends SqlValue>(sql: string, ...params: readonly SqlValue[]): T | undefined;
  /** First column of row after row, read as they are asked for. The connection does nothing else meanwhile. */
  eachValue<T extends SqlValue>(sql: string, ...params: readonly SqlValue[]): IterableIterator<T>;
  /** First column of every row. */
  values<T extends SqlValue>(sql: string, ...params: readonly SqlValue[]): T[];
}

export interface RunResult {
  readonly changes: number;
  readonly lastId: number;
}

/** Writing side. Statements outside a transaction commit by themselves. */
export interface WritableDb extends ReadableDb {
  run(sql: string, ...params: readonly SqlValue[]): RunResult;
  /** Several statements without parameters (migrations only). */
  exec(sql: string): void;
  /**
   * Runs `work` in one IMMEDIATE transaction: all of it is committed or none. Inside another transaction it joins that one.
   * @throws DataError for every failure of the storage
   */
  transaction<T>(work: () => T): T;
  readonly inTransaction: boolean;
}

/** An open database with its lifetime. */
export interface OpenDb extends WritableDb {
  readonly path: string;
  /** Value of a pragma. */
  pragma(text: string): unknown;
  close(): void;
  readonly isOpen: boolean;
}

/**
 * The only place that touches the driver. Statements are prepared once per connection and kept: preparing costs more than running.
 * @param nativeBinding path of the driver's binding when the shipped one does not fit the runtime
 * @param turns whom every write asks first; without it SQLite alone decides who writes
 */
export function connect(
  path: string,
  options: { nativeBinding?: string | null; timeoutMs?: number; turns?: Pick<WriteTurns, 'write'> } = {},
): OpenDb {
  const db = (() => {
    try {
      return new Database(path, {
        timeout: options.timeoutMs ?? 2_000,
        ...(options.nativeBinding ? { nativeBinding: options.nativeBinding } : {}),
      });
    } catch (error) {
      throw toDataError(error);
    }
  })();
  const rows = new Map<string, DriverStatement>();
  const columns = new Map<string, DriverStatement>();

  const prepare = (cache: Map<string, DriverStatement>, sql: string, pluck: boolean) => {
    if (!db.open) throw new DataError('NOT_UNLOCKED', 'database is closed');
    let statement = cache.get(sql);
    if (!statement) {
      statement = db.prepare(sql) as DriverStatement;
      if (pluck) statement.pluck();
      cache.set(sql, statement);
    }
    return statement;
  };
  const guard = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw toDataError(error);
    }
  };

  /** A transaction is one write, whatever is in it. */
  const inTurn = <T>(work: () => T): T => (options.turns && !db.inTransaction ? options.turns.write(work) : work());
  const read = <T>(statement: DriverStatement, work: () => T): T => (statement.readonly ? work() : inTurn(work));

  return {
    path,
    get isOpen() {
      return db.open;
    },
    get inTransaction() {
      return db.inTransaction;
    },
    get: <T>(sql: string, ...params: readonly SqlValue[]) =>
      guard(() => {
        const statement = prepare(rows, sql, false);
        return read(statement, () => statement.get(...params) as T | undefined);
      }),
    all: <T>(sql: string, ...params: readonly SqlValue[]) =>
      guard(() => {
        const statement = prepare(rows, sql, false);
        return read(statement, () => statement.all(...params) as T[]);
      }),
    value: <T extends SqlValue>(sql: string, ...params: readonly SqlValue[]) =>
      guard(() => {
        const statement = prepare(columns, sql, true);
        return read(statement, () => statement.get(...params) as T | undefined);
      }),
    values: <T extends SqlValue>(sql: string, ...params: readonly SqlValue[]) =>
      guard(() => {
        const statement = prepare(columns, sql, true);
        return read(statement, () => statement.all(...params) as T[]);
      }),
    eachValue: <T extends SqlValue>(sql: string, ...params: readonly SqlValue[]) =>
      guard(() => prepare(columns, sql, true).iterate(...params) as IterableIterator<T>),
    run: (sql, ...params) =>
      guard(() => {
        const result = inTurn(() => prepare(rows, sql, false).run(...params));
        return { changes: result.changes, lastId: Number(result.lastInsertRowid) };
      }),
    exec: (sql) =>
      guard(() => {
        inTurn(() => db.exec(sql));
      }),
    transaction: (work) =>
      guard(() => {
        if (db.inTransaction) return work();
        return inTurn(() => {
          prepare(rows, 'BEGIN IMMEDIATE', false).run();
          try {
            const result = work();
            prepare(rows, 'COMMIT', false).run();
            return result;
          } catch (error) {
            // SQLite rolls back by itself on some errors (disk full, I/O); a second ROLLBACK would hide the first error.
            if (db.inTransaction) prepare(rows, 'ROLLBACK', false).run();
            throw error;
          }
        });
      }),
    pragma: (text) => guard(() => db.pragma(text, { simple: true })),
    close: () => {
      rows.clear();
      columns.clear();
      if (db.open) db.close();
    },
  };
}
