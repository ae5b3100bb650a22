/** The part of the driver this program uses; the package that stands behind the name ships no types a compiler can reach. */
declare module 'better-sqlite3' {
  export interface RunResult {
    readonly changes: number;
    readonly lastInsertRowid: number | bigint;
  }

  export interface Statement {
    get(...params: unknown[]): unknown;
    all(...params: unknown[]): unknown[];
    iterate(...params: unknown[]): IterableIterator<unknown>;
    run(...params: unknown[]): RunResult;
    pluck(): this;
  }

  // biome-ignore lint/style/noDefaultExport: the driver's own export
  export default class Database {
    constructor(path: string, options?: { readonly timeout?: number; readonly nativeBinding?: string });
    readonly open: boolean;
    readonly inTransaction: boolean;
    prepare(sql: string): Statement;
    exec(sql: string): this;
    pragma(text: string, options?: { readonly simple?: boolean }): unknown;
    close(): this;
  }
}
