import pg from 'pg';
import { type ModelRow, parseCopy } from './copy-text.ts';
import { findStatement } from './statements.ts';
import type { Statement } from './tables.ts';
import { type TableName, Tables, type Writer } from './tables.ts';

/** A word that this database cannot store; whatever holds it is refused like a value PostgreSQL cannot represent. */
export const UNSTORABLE = '☠';

/**
 * A model of PostgreSQL that knows the statements of the sync: one transaction at a time, savepoints, rollback, unique keys, crash
 * between any two statements. The server's own code runs on it without sockets or a disk; an unknown statement is an error.
 */
export class ModelPostgres {
  tables = new Tables();
  /** Called with every statement's rows; what it returns is what the server reads. Text or name says which statement. */
  alter: (statement: string, rows: readonly ModelRow[], values: readonly unknown[]) => readonly ModelRow[] = (
    _,
    rows,
  ) => rows;
  /** The process of the server dies after so many further statements. */
  crashAfter: number | null = null;
  crashes = 0;
  #life = 0;
  #turn: Promise<void> = Promise.resolve();
  #undo: (() => void)[] = [];
  #marks = new Map<string, number>();
  #isOpen = false;
  /** A statement of the transaction failed: everything else does until it is rolled back. */
  #hasFailed = false;

  /** What the server takes for its pool of connections. */
  get pool(): pg.Pool {
    const query = async (text: unknown, values: unknown) => {
      const client = await this.#connect();
      return client.query(text as string, values as unknown[]).finally(() => client.release());
    };
    return { connect: () => this.#connect(), query } as unknown as pg.Pool;
  }

  /** The server dies: what was not committed never was. */
  crash(): void {
    this.crashes++;
    this.crashAfter = null;
    this.#life++;
    this.#rollBack(0);
    this.#isOpen = false;
  }

  async #connect(): Promise<pg.PoolClient> {
    let life = this.#life;
    let begun: Promise<void> | null = null;
    let isReleased = false;
    let done = () => {};
    const takeTurn = async () => {
      const before = this.#turn;
      this.#turn = new Promise((resolve) => {
        done = resolve;
      });
      await before;
      life = this.#life;
    };
    const query = async (text: unknown, values: unknown) => {
      if (isReleased) throw new Error('a statement on a connection that was given back');
      // Whoever holds a lock of this kind works on other connections meanwhile.
      if (isAdvisory(text)) return { rows: [{ taken: true }], rowCount: 1 };
      begun ??= takeTurn();
      await begun;
      return this.#run(life, text, values);
    };
    return {
      query: (text: unknown, values: unknown, callback?: Callback) => {
        const heard = isCopy(text) ? text.callback.bind(text) : callback;
        const answered = query(text, values);
        if (!heard) return answered;
        answered.then((result) => heard(null, result), heard);
      },
      release: () => {
        isReleased = true;
        if (begun && this.#isOpen && life === this.#life) {
          this.#rollBack(0);
          this.#isOpen = false;
        }
        done();
      },
    } as unknown as pg.PoolClient;
  }

  async #run(life: number, query: unknown, values: unknown): Promise<unknown> {
    if (isCopy(query)) return this.#copy(life, query);
    const { text, name, given } = readQuery(query, values);
    this.#live(life);
    const command = this.#control(text);
    if (command) return { rows: [], rowCount: 0, command };
    const statement: Statement = findStatement(name, text);
    const { rows, count } = this.#attempt(() => statement(this.#writer, given));
    const altered = this.alter(name ?? text, rows, given);
    return { rows: altered, rowCount: count ?? altered.length };
  }

  #live(life: number): void {
    if (this.crashAfter !== null && --this.crashAfter < 0) this.crash();
    if (life !== this.#life) throw new Error('Connection terminated unexpectedly');
  }

  /** What a statement about the transaction did, as PostgreSQL names it; null for other statements. */
  #control(text: string): string | null {
    const [word = '', ...rest] = text.split(' ');
    const last = rest.at(-1) ?? '';
    if (text.startsWith('ROLLBACK TO')) {
      this.#rollBack(this.#marks.get(last) ?? 0);
      this.#hasFailed = false;
    } else if (word === 'ROLLBACK' || (word === 'COMMIT' && this.#hasFailed)) {
      this.#rollBack(0);
      this.#isOpen = false;
      return 'ROLLBACK';
    } else if (word === 'BEGIN') {
      this.#rollBack(0);
      this.#isOpen = true;
    } else if (word === 'COMMIT') {
      this.#undo = [];
      this.#isOpen = false;
    } else if (word === 'SAVEPOINT' || word === 'RELEASE') {
      this.#attempt(() => word === 'SAVEPOINT' && this.#marks.set(last, this.#undo.length));
    } else return null;
    return word;
  }

  #attempt<T>(statement: () => T): T {
    if (this.#hasFailed) throw refusal('25P02', 'current transaction is aborted');
    try {
      return statement();
    } catch (error) {
      this.#hasFailed = this.#isOpen;
      throw error;
    }
  }

  #rollBack(to: number): void {
    if (to === 0) this.#hasFailed = false;
    while (this.#undo.length > to) this.#undo.pop()?.();
  }

  readonly #writer: Writer = this.#makeWriter();

  #makeWriter(): Writer {
    const self = this;
    const put = (table: TableName, key: string, row: unknown) => {
      const map = self.tables[table] as Map<string, unknown>;
      const before = map.get(key);
      if (self.#isOpen) self.#undo.push(() => (before === undefined ? map.delete(key) : map.set(key, before)));
      map.set(key, row);
    };
    return {
      get tables() {
        return self.tables;
      },
      put,
      insert: (table, key, row) => {
        if (self.tables[table].has(key)) throw refusal('23505', `duplicate key in ${table}`);
        put(table, key, row);
      },
      remove: (table, key) => {
        const map = self.tables[table] as Map<string, unknown>;
        const before = map.get(key);
        if (!map.delete(key)) return;
        if (self.#isOpen) self.#undo.push(() => map.set(key, before));
      },
    };
  }

  #copy(life: number, copy: CopyQuery): void {
    this.#live(life);
    let text = '';
    const chunks: Buffer[] = [];
    copy.submit({
      stream: { cork: () => {}, uncork: () => {} },
      query: (sent) => {
        text = sent;
      },
      sendCopyFromChunk: (chunk) => chunks.push(chunk),
      endCopyFrom: () => {},
    });
    const [, table = '', columns = ''] = /^COPY (\w+) \((.*)\) FROM STDIN$/.exec(text) ?? [];
    const rows = parseCopy(columns.split(', '), Buffer.concat(chunks).toString('utf8'));
    this.#attempt(() => this.#insertRows(table, rows));
  }

  #insertRows(table: string, rows: readonly ModelRow[]): void {
    if (table === 'citizen_phones') return;
    for (const row of rows) {
      if (JSON.stringify(row).includes(UNSTORABLE)) throw refusal('22P05', 'untranslatable character');
      const { insert, put, tables } = this.#writer;
      const key = String(row.uid);
      if (table === 'tickets' || table === 'citizens' || table === 'records') insert(table, key, row);
      else if (table === 'op_log') {
        insert('opLog', `${row.console}/${row.incarnation}/${row.s}`, row);
        put('opLogById', String(row.op_id), row);
      } else if (table === 'ticket_events') {
        const known = tables.events.get(String(row.ticket_uid)) ?? [];
        if (known.some(({ id }) => id === row.id)) throw refusal('23505', 'duplicate key in ticket_events');
        put('events', String(row.ticket_uid), [...known, row]);
      } else throw new Error(`the model has no table ${table}`);
    }
  }
}

function isAdvisory(query: unknown): boolean {
  return typeof query === 'string' && /^SELECT pg_(try_)?advisory/.test(query);
}

interface CopyQuery {
  submit(connection: {
    readonly stream: { cork(): void; uncork(): void };
    query(text: string): void;
    sendCopyFromChunk(chunk: Buffer): void;
    endCopyFrom(): void;
  }): void;
  callback: Callback;
}

type Callback = (error: unknown, result?: unknown) => void;

function isCopy(query: unknown): query is CopyQuery {
  return typeof query === 'object' && query !== null && 'handleCopyInResponse' in query;
}

function readQuery(query: unknown, values: unknown): { text: string; name: string | null; given: readonly unknown[] } {
  if (typeof query === 'string') return { text: query, name: null, given: (values as readonly unknown[]) ?? [] };
  const { text, name, values: own } = query as { text: string; name?: string; values?: readonly unknown[] };
  return { text, name: name ?? null, given: own ?? [] };
}

function refusal(code: string, message: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError(message, message.length, 'error'), { code });
}
