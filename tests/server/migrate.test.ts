import { createHash } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Migration, migrate } from '#server/db/migrate.ts';
import { MIGRATIONS } from '#server/migrations/migrations.ts';
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

test('migrations are numbered upwards, and released ones never change', () => {
  const ids = MIGRATIONS.map((migration) => migration.id);
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  const hashes = Object.fromEntries(
    MIGRATIONS.map(({ name, statements }) => [
      name,
      createHash('sha256').update(statements.join(';\n')).digest('hex').slice(0, 16),
    ]),
  );
  expect(hashes).toEqual({
    foundation: '6967648e08d08446',
    shift: 'b3c800eefab524d4',
    promises: '3bf8b882b131e01b',
    'call reveals': '8509bcddcda3ae2b',
    attachments: '6ed74d005a75b81f',
    'attachments by person': '621b1561680f8503',
    segments: 'd1d487ced126c887',
    retention: '41be661fb9f6dc8b',
    'console keys': '64285ba620f25227',
    'ticket clocks': '80b6c54d62573b08',
  });
});
