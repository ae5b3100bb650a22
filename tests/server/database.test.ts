import { createServer } from 'node:net';
import pg from 'pg';
import { expect, test, vi } from 'vitest';
import { silentLog } from '#server/log.ts';
import { openDatabase } from '#server/postgres/database.ts';
import { StartupError } from '#server/startup-error.ts';
import { createTestDatabase } from '#tests/support/postgres-global.ts';

/** What a person reads who starts the server with that DATABASE_URL. */
async function refusalOf(url: string): Promise<string> {
  const opened = await openDatabase({ url, dir: '', share: false }, silentLog).catch((error: unknown) => error);
  return opened instanceof StartupError ? opened.code : `no refusal: ${String(opened)}`;
}

test('a wrong password, a missing database, nobody there and no address at all are told apart', async () => {
  const database = await createTestDatabase();
  const change = (part: (url: URL) => void) => {
    const url = new URL(database.url);
    part(url);
    return url.href;
  };
  expect(await refusalOf(change((url) => Object.assign(url, { password: 'wrong' })))).toBe('DATABASE_REFUSED');
  expect(await refusalOf(change((url) => Object.assign(url, { username: 'nobody' })))).toBe('DATABASE_REFUSED');
  expect(await refusalOf(change((url) => Object.assign(url, { pathname: '/nowhere' })))).toBe('DATABASE_MISSING');
  expect(await refusalOf('postgres://user:password@host:port/hotline')).toBe('BAD_DATABASE_URL');

  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const address = taken.address();
  await new Promise((resolve) => taken.close(resolve));
  const port = typeof address === 'object' ? String(address?.port) : '';
  expect(await refusalOf(change((url) => Object.assign(url, { port })))).toBe('DATABASE_UNREACHABLE');
  await database.drop();
});

test.each([
  ['14.19', 140_019, 'POSTGRES_VERSION'],
  ['one that does not tell its version', null, 'POSTGRES_VERSION'],
  ['15.0', 150_000, 'no refusal: [object Object]'],
])('PostgreSQL %s: what is older than 15 is refused by name', async (_name, version, expected) => {
  const database = await createTestDatabase();
  const asked = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(async () => ({ rows: [{ version }] }));
  const found = await refusalOf(database.url).finally(() => asked.mockRestore());
  expect(found).toBe(expected);
  await database.drop();
});
