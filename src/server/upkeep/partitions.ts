import type pg from 'pg';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';

/**
 * Tables that are cut by months, and the column whose time decides. It is the ticket's uid in both: a UUIDv7 begins with the time its
 * console made it, and the primary key of a partitioned table must contain what it is cut by. So a uid exists once in the whole table,
 * and a ticket's events lie in the month of the ticket.
 */
const BY_MONTH = [
  { table: 'tickets', key: 'uid' },
  { table: 'ticket_events', key: 'ticket_uid' },
] as const;
type ByMonth = (typeof BY_MONTH)[number];

/** Parts of op_log. It is cut by console: its primary key, which proves that an operation was answered once, holds no time. */
const OP_LOG_PARTS = 8;

/** Above every UUIDv7 until the year 2109. Derived uids of imported tickets begin with anything: 98 of 100 are above. */
const FIRST_IMPORTED = '04000000-0000-0000-0000-000000000000';

/** Any number, the same in every process: one of them at a time makes partitions. */
const LOCK = 12_345_090;

/** Months made in advance. What comes from a console whose clock is further ahead waits in the partition `…_ahead`. */
export const MONTHS_AHEAD = 3;

/** What was done: partitions that were made, by name. */
export interface Partitioned {
  readonly made: readonly string[];
}

/**
 * Cuts the big tables into partitions where they are whole, and makes the months up to {@link MONTHS_AHEAD} that are missing. Everything
 * up to the end of the month of `now` stays where it is, as the first partition. In the caller's transaction; the tables are locked
 * until it ends: the first time that takes as long as reading them (and copying op_log), later on next to nothing.
 * @param now epoch ms
 */
export async function partitionTables(client: pg.ClientBase, now: number): Promise<Partitioned> {
  await lock(client);
  const made: string[] = [];
  for (const each of BY_MONTH) {
    if (!(await isPartitioned(client, each.table))) made.push(...(await cutByMonth(client, each, now)));
  }
  if (!(await isPartitioned(client, 'op_log'))) made.push(...(await cutByConsole(client)));
  made.push(...(await makeMonths(client, now)).made);
  return { made };
}

/** Makes the months that are missing, in the caller's transaction. Does nothing to tables that are whole. */
export async function makeMonths(client: pg.ClientBase, now: number): Promise<Partitioned> {
  await lock(client);
  const made: string[] = [];
  for (const each of BY_MONTH) {
    if (await isPartitioned(client, each.table)) made.push(...(await addMonths(client, each, now)));
  }
  return { made };
}

async function lock(client: pg.ClientBase): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
}

async function isPartitioned(client: pg.ClientBase, table: string): Promise<boolean> {
  const found = await client.query<{ relkind: string }>('SELECT relkind FROM pg_class WHERE oid = $1::regclass', [
    table,
  ]);
  return found.rows[0]?.relkind === 'p';
}

/** Renames a table and its indices out of the way and makes an empty partitioned one with the same columns and indices. */
async function makeParent(client: pg.ClientBase, table: string, old: string, by: string): Promise<void> {
  const indices = await client.query<{ name: string; is_unique: boolean; is_primary: boolean; definition: string }>(
    `SELECT c.relname AS name, i.indisunique AS is_unique, i.indisprimary AS is_primary,
        CASE WHEN i.indisprimary THEN pg_get_constraintdef(k.oid) ELSE pg_get_indexdef(i.indexrelid) END AS definition
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid
      WHERE i.indrelid = $1::regclass`,
    [table],
  );
  await client.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  const suffix = old.slice(table.length);
  for (const { name } of indices.rows) await client.query(`ALTER INDEX ${name} RENAME TO ${name}${suffix}`);
  await client.query(`ALTER TABLE ${table} RENAME TO ${old}`);
  await client.query(
    `CREATE TABLE ${table} (LIKE ${old} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE) PARTITION BY ${by}`,
  );
  for (const { name, is_unique, is_primary, definition } of indices.rows) {
    if (is_primary) await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`);
    // A unique index without the key can only be had per partition; each of them gets it as a copy of the first.
    else if (!is_unique) await client.query(definition);
  }
}

async function cutByMonth(client: pg.ClientBase, { table, key }: ByMonth, now: number): Promise<readonly string[]> {
  const [past, ahead, imported] = [`${table}_past`, `${table}_ahead`, `${table}_imported`];
  const bound = firstUidOf(monthStart(now, 1));
  await makeParent(client, table, past, `RANGE (${key})`);
  for (const part of [ahead, imported]) await client.query(`CREATE TABLE ${part} (LIKE ${past} INCLUDING ALL)`);
  await moveRows(client, past, imported, `${key} >= '${FIRST_IMPORTED}'`);
  await moveRows(client, past, ahead, `${key} >= '${bound}'`);
  await client.query(`ALTER TABLE ${table} ATTACH PARTITION ${past} FOR VALUES FROM (MINVALUE) TO ('${bound}')`);
  await attach(client, table, ahead, bound, FIRST_IMPORTED);
  await client.query(
    `ALTER TABLE ${table} ATTACH PARTITION ${imported} FOR VALUES FROM ('${FIRST_IMPORTED}') TO (MAXVALUE)`,
  );
  return [past, ahead, imported];
}

async function cutByConsole(client: pg.ClientBase): Promise<readonly string[]> {
  await makeParent(client, 'op_log', 'op_log_whole', 'HASH (console)');
  const parts = Array.from({ length: OP_LOG_PARTS }, (_, part) => `op_log_${part}`);
  for (const [remainder, part] of parts.entries()) {
    await client.query(
      `CREATE TABLE ${part} PARTITION OF op_log FOR VALUES WITH (MODULUS ${OP_LOG_PARTS}, REMAINDER ${remainder})`,
    );
  }
  // In the order of time, as its index of time wants them.
  await client.query('INSERT INTO op_log SELECT * FROM op_log_whole ORDER BY received_at');
  await client.query('DROP TABLE op_log_whole');
  return parts;
}

async function addMonths(client: pg.ClientBase, { table, key }: ByMonth, now: number): Promise<readonly string[]> {
  const ahead = `${table}_ahead`;
  const wanted = monthStart(now, 1 + MONTHS_AHEAD);
  const begins = await firstMonthAhead(client, ahead);
  if (begins >= wanted) return [];
  const made: string[] = [];
  await client.query(`ALTER TABLE ${table} DETACH PARTITION ${ahead}`);
  for (let from = begins; from < wanted; from = monthStart(from, 1)) {
    const month = `${table}_${new Date(from).toISOString().slice(0, 7).replace('-', '_')}`;
    const [first, end] = [firstUidOf(from), firstUidOf(monthStart(from, 1))];
    await client.query(`CREATE TABLE ${month} (LIKE ${table}_past INCLUDING ALL)`);
    await moveRows(client, ahead, month, `${key} < '${end}'`);
    await attach(client, table, month, first, end);
    made.push(month);
  }
  await attach(client, table, ahead, firstUidOf(wanted), FIRST_IMPORTED);
  return made;
}

/** Where the partition of uids from the future begins, epoch ms. */
async function firstMonthAhead(client: pg.ClientBase, ahead: string): Promise<number> {
  const found = await client.query<{ bound: string }>(
    'SELECT pg_get_expr(relpartbound, oid) AS bound FROM pg_class WHERE oid = $1::regclass',
    [ahead],
  );
  const [, high, low] = /FROM \('([0-9a-f]{8})-([0-9a-f]{4})/.exec(found.rows[0]?.bound ?? '') ?? [];
  return Number.parseInt(forceUnwrap(`${ahead} has no lower bound`, high) + forceUnwrap('half a uid', low), 16);
}

async function moveRows(client: pg.ClientBase, from: string, to: string, which: string): Promise<void> {
  await client.query(
    `WITH moved AS (DELETE FROM ${from} WHERE ${which} RETURNING *) INSERT INTO ${to} SELECT * FROM moved`,
  );
}

async function attach(client: pg.ClientBase, table: string, part: string, from: string, to: string): Promise<void> {
  await client.query(`ALTER TABLE ${table} ATTACH PARTITION ${part} FOR VALUES FROM ('${from}') TO ('${to}')`);
}

/** Start of the month that is `months` after the one of `ms`, UTC. */
function monthStart(ms: number, months: number): number {
  const at = new Date(ms);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1);
}

/** The smallest UUIDv7 of a moment, or less than it. */
function firstUidOf(ms: number): string {
  const time = ms.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}
