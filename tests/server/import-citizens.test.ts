import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectOnce } from '#server/db/pool.ts';
import { importFile } from '#server/import/import-file.ts';
import { type ImportMap, importMapSchema } from '#server/import/import-map.ts';
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

type Call = readonly [id: string, name: string, phone: string];

/** Imports calls of `name` and `phone`, each with its own id and day. */
const importCalls = (...calls: readonly Call[]) => importWith(MAP, calls);
/** The same for calls to the line 12350. */
const importReports = (...calls: readonly Call[]) => importWith({ ...MAP, line: { const: '12350' } }, calls);

async function importWith(map: ImportMap, calls: readonly Call[]) {
  const file = join(folder, `${calls[0]?.[0] ?? 'none'}.jsonl`);
  const lines = calls.map(([id, name, phone], index) =>
    JSON.stringify({ id, at: `2021-03-0${1 + index} 05:06:07`, title: '标题', text: `正文 ${id}`, name, phone }),
  );
  writeFileSync(file, lines.join('\n'));
  const client = await connectOnce(server.databaseUrl);
  try {
    return await importFile(client, { file, map, now: systemClock.now(), onProgress: () => undefined });
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

test('whoever called 12350 becomes nobody, and is not found under the number either', async () => {
  await importCalls(['d1', '吴刚', '13700000001']);
  await importReports(['d2', '举报人甲', '13700000002'], ['d3', '吴刚', '13700000001'], ['d4', '', '13700000001']);
  expect((await people()).map(({ name }) => name)).not.toContain('举报人甲');
  for (const no of ['d2', 'd3', 'd4']) expect([no, await personOf(no)]).toEqual([no, null]);
});

test('under the number of a secret person everybody is secret, and so are their tickets; merged records count', async () => {
  await importCalls(['e1', '孙丽', '13600000001'], ['e2', '孙莉', '13600000002']);
  const isSecret = async (name: string) =>
    (
      await server.query<{ secret: boolean }>(
        `SELECT fields->'confidential' AS secret FROM citizens WHERE fields->>'name' = $1`,
        [name],
      )
    )[0]?.secret;
  expect(await isSecret('孙丽')).toBe(false);
  // The secret record has another number and was merged into the one that is found.
  await server.query(
    `UPDATE citizens SET fields = jsonb_set(fields, '{confidential}', 'true'),
       merged_into = (SELECT uid FROM citizens WHERE fields->>'name' = '孙丽') WHERE fields->>'name' = '孙莉'`,
  );
  await importCalls(['e3', '孙力', '13600000001'], ['e4', '孙丽', '13600000001'], ['e5', '吴刚', '13700000001']);
  expect(await isSecret('孙力')).toBe(true);
  expect(
    await server.query(
      `SELECT provisional_no AS no, doc #> '{fields,caller,confidential}' AS secret FROM tickets
       WHERE provisional_no IN ('e3', 'e4', 'e5') ORDER BY 1`,
    ),
  ).toEqual([
    { no: 'e3', secret: true },
    { no: 'e4', secret: true },
    { no: 'e5', secret: false },
  ]);
});

test('an imported person keeps the extension and every number that was written', async () => {
  await importCalls(
    ['f1', '郑浩', '025-84000002转801'],
    ['f2', '冯雪', '13500000001、13500000002'],
    ['f3', '冯雪', '13500000001'],
    ['f4', '郑浩', '02584000002'],
  );
  const known = new Map((await people()).map(({ name, phones }) => [name, phones]));
  expect(known.get('郑浩')).toEqual(['02584000002#801', '02584000002']);
  expect(known.get('冯雪')).toEqual(['13500000001', '13500000002']);
  expect(await personOf('f1')).toBe(await personOf('f4'));
  // Found by the second number as well.
  await importCalls(['f5', '冯雪', '13500000002']);
  expect(await personOf('f5')).toBe(await personOf('f2'));
});
