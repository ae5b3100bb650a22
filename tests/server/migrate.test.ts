import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Migration, migrate } from '#server/db/migrate.ts';
import { MIGRATIONS } from '#server/migrations/migrations.ts';
import { addToDigest, EMPTY_DIGEST } from '#shared/kernel/row-hash.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres-global.ts';
import { startTestServer } from '#tests/support/server.ts';

let database: TestDatabase;
let client: pg.Client;
beforeEach(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await database.drop();
});

const tables = async () =>
  (
    await client.query<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
    )
  ).rows.map(({ name }) => name);

test('an empty database gets every migration once; a second start changes nothing', async () => {
  expect(await migrate(client, MIGRATIONS)).toEqual(MIGRATIONS.map((migration) => migration.name));
  const before = await tables();
  expect(before).toEqual(expect.arrayContaining(['tickets', 'ticket_events', 'clocks', 'op_log', 'consoles', 'users']));
  expect(await migrate(client, MIGRATIONS)).toEqual([]);
  expect(await tables()).toEqual(before);
});

test('two servers starting together migrate one after the other', async () => {
  const other = new pg.Client({ connectionString: database.url });
  await other.connect();
  const applied = await Promise.all([migrate(client, MIGRATIONS), migrate(other, MIGRATIONS)]);
  expect(applied.flat()).toEqual(MIGRATIONS.map((migration) => migration.name));
  await other.end();
});

test('a migration that fails leaves nothing of itself, and the ones before stay', async () => {
  const good: Migration = { id: 1, name: 'good', statements: ['CREATE TABLE kept (id int)'] };
  const bad: Migration = { id: 2, name: 'bad', statements: ['CREATE TABLE half (id int)', 'SELECT 1 / 0'] };
  await expect(migrate(client, [good, bad])).rejects.toThrow(/division/);
  expect(await tables()).toEqual(['kept', 'schema_migrations']);
  expect(await migrate(client, [good, { ...bad, statements: ['CREATE TABLE half (id int)'] }])).toEqual(['bad']);
});

test('a database of a newer server is refused by name and left as it is', async () => {
  await migrate(client, [
    ...MIGRATIONS,
    { id: 9_990, name: 'from-the-future', statements: ['CREATE TABLE future (id int)'] },
  ]);
  await expect(migrate(client, MIGRATIONS)).rejects.toMatchObject({
    code: 'DATABASE_NEWER',
    message: expect.stringContaining('from-the-future'),
  });
  await expect(startTestServer({ database })).rejects.toMatchObject({ code: 'DATABASE_NEWER' });
  expect(await tables()).toContain('future');
});

test('scopes of tickets are cut into months: rows keep their seqs, count and digest of every month are those of its rows', async () => {
  await migrate(
    client,
    MIGRATIONS.filter(({ id }) => id !== 110),
  );
  const rows = [
    // Midnight in Beijing is the evening before in Greenwich.
    {
      uid: '019a0000-0000-7000-8000-000000000001',
      seq: 3,
      version: 1,
      at: Date.UTC(2026, 9, 31, 15, 59),
      month: '2026-10',
    },
    {
      uid: '019a0000-0000-7000-8000-000000000002',
      seq: 7,
      version: 4,
      at: Date.UTC(2026, 9, 31, 16, 0),
      month: '2026-11',
    },
    { uid: '019a0000-0000-7000-8000-000000000003', seq: 9, version: 2, at: Date.UTC(2026, 10, 5), month: '2026-11' },
  ];
  for (const [index, { uid, seq, version, at }] of rows.entries()) {
    await client.query(
      `INSERT INTO tickets (uid, number, scope, seq, version, centre, line, status, type, caller_phone, provisional_no, created_at,
         accepted_at, updated_at, doc) VALUES ($1, $2, '320100:12345', $3, $4, '320100', '12345', 'accepted', 'help', '', '', 0, $5, $5, '{}')`,
      [uid, index + 1, seq, version, at],
    );
  }
  await client.query(
    `INSERT INTO clocks (scope, epoch, value, count, gone_floor) VALUES ('320100:12345', 3, 9, 3, 2), ('320100:citizens', 3, 5, 2, 1)`,
  );
  await client.query(
    `INSERT INTO scope_gone (scope, seq, kind, uid, at) VALUES ('320100:12345', 2, 'tickets', $1, 0)`,
    ['019a0000-0000-7000-8000-00000000000f'],
  );
  await migrate(client, MIGRATIONS);

  const placed = await client.query('SELECT uid, scope, seq::int FROM tickets ORDER BY seq');
  expect(placed.rows).toEqual(rows.map(({ uid, seq, month }) => ({ uid, seq, scope: `320100:12345:${month}` })));
  const clocks = await client.query(
    'SELECT scope, epoch, value::int, count::int, digest_hi::float8 AS hi, digest_lo::float8 AS lo FROM clocks ORDER BY scope',
  );
  const digestOf = (month: string) =>
    rows
      .filter((row) => row.month === month)
      .reduce((sum, { uid, version }) => addToDigest(sum, uid, version), EMPTY_DIGEST);
  expect(clocks.rows).toEqual([
    { scope: '320100:12345:2026-10', epoch: 3, value: 3, count: 1, ...digestOf('2026-10') },
    { scope: '320100:12345:2026-11', epoch: 3, value: 9, count: 2, ...digestOf('2026-11') },
    { scope: '320100:citizens', epoch: 3, value: 5, count: 2, hi: 0, lo: 0 },
  ]);
  expect((await client.query('SELECT scope FROM scope_gone')).rows).toEqual([]);
});
