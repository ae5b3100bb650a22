import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectOnce } from '#server/db/pool.ts';
import { importFile } from '#server/import/import-file.ts';
import { importMapSchema } from '#server/import/import-map.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { startTestServer, type TestServer } from '#tests/support/server.ts';
import { TestConsole } from '#tests/support/test-console.ts';

const folder = mkdtempSync(join(tmpdir(), 'hotline-import-people-'));
const MAP = importMapSchema.parse({
  source: 'old-system',
  centre: '320100',
  fields: {
    id: 'id',
    createdAt: { field: 'at', formats: ['yyyy-MM-dd HH:mm:ss'] },
    title: 'title',
    content: 'text',
    callerName: 'name',
    callerPhone: 'phone',
  },
});

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.addAccount({ account: 'agent1' });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Imports calls of `name` and `phone`, each with its own id and day. */
async function importCalls(...calls: readonly (readonly [id: string, name: string, phone: string])[]) {
  const file = join(folder, `${calls[0]?.[0] ?? 'none'}.jsonl`);
  const lines = calls.map(([id, name, phone], index) =>
    JSON.stringify({ id, at: `2021-03-0${1 + index} 05:06:07`, title: '标题', text: `正文 ${id}`, name, phone }),
  );
  writeFileSync(file, lines.join('\n'));
  const client = await connectOnce(server.databaseUrl);
  try {
    return await importFile(client, { file, map: MAP, now: systemClock.now(), onProgress: () => undefined });
  } finally {
    await client.end();
  }
}

const people = () =>
  server.query<{ uid: string; name: string; phones: string[]; created: string }>(
    `SELECT uid, fields->>'name' AS name, fields->'phones' AS phones, created_at AS created FROM citizens ORDER BY name, uid`,
  );
const personOf = async (provisionalNo: string) =>
  (
    await server.query<{ uid: string | null }>(
      `SELECT doc->'fields'->>'citizenUid' AS uid FROM tickets WHERE provisional_no = $1`,
      [provisionalNo],
    )
  )[0]?.uid;

test('callers of imported tickets become people, one for each number and name, and every ticket knows its own', async () => {
  await importCalls(
    ['a1', '王芳', '138 0000 1234'],
    ['a2', '王芳', '+86 13800001234'],
    ['a3', '李强', '13800001234'],
    ['a4', '赵敏', '025-84000001'],
  );
  expect((await people()).map(({ name, phones }) => [name, phones])).toEqual([
    ['李强', ['13800001234']],
    ['王芳', ['13800001234']],
    ['赵敏', ['02584000001']],
  ]);
  expect(await personOf('a1')).toBe(await personOf('a2'));
  expect(await personOf('a1')).not.toBe(await personOf('a3'));
  const console = await new TestConsole(server.url).signIn('agent1');
  const { rows } = await console.pullAll();
  expect(rows.flatMap((row) => (row.table === 'citizens' ? [row.row.fields.name] : [])).sort()).toHaveLength(3);
});

test('run again it makes nobody twice; people that are known are joined, also under a new name', async () => {
  const before = await people();
  expect(await importCalls(['a1', '王芳', '138 0000 1234'], ['a5', '赵敏', '02584000001'])).toMatchObject({
    imported: 1,
    unchanged: 1,
  });
  expect(await people()).toEqual(before);
  const [known] = await server.query<{ uid: string }>(`SELECT uid FROM citizens WHERE fields->>'name' = '赵敏'`);
  expect(await personOf('a5')).toBe(known?.uid);
  await server.query(`UPDATE citizens SET fields = jsonb_set(fields, '{name}', '"赵小敏"') WHERE uid = $1`, [
    known?.uid,
  ]);
  await importCalls(['a6', '赵敏', '02584000001']);
  expect(await personOf('a6')).toBe(known?.uid);
  expect(await people()).toHaveLength(3);
});

test('a caller without a name is the only person of the number; without a number, or of several, nobody', async () => {
  const [only] = await server.query<{ uid: string }>(`SELECT uid FROM citizens WHERE fields->>'name' = '赵小敏'`);
  await importCalls(['b1', '', '02584000001'], ['b2', '', '13800001234'], ['b3', '网友', ''], ['b4', '', '']);
  expect(await personOf('b1')).toBe(only?.uid);
  for (const no of ['b2', 'b3', 'b4']) expect([no, await personOf(no)]).toEqual([no, null]);
  expect(await people()).toHaveLength(3);
});

test('tickets that an older import brought without people get them when it is run again', async () => {
  await importCalls(['c1', '周杰', '13900000001']);
  await server.query(`DELETE FROM citizen_phones WHERE phone = '13900000001'`);
  await server.query(`DELETE FROM citizens WHERE fields->>'name' = '周杰'`);
  expect(await importCalls(['c1', '周杰', '13900000001'])).toMatchObject({ imported: 0, unchanged: 1 });
  expect((await people()).map(({ name }) => name)).toContain('周杰');
});
