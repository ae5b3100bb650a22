import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { connectOnce } from '#server/db/pool.ts';
import { type ImportProgress, importFile } from '#server/import/import-file.ts';
import { importMapSchema } from '#server/import/import-map.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { addToDigest, EMPTY_DIGEST } from '#shared/kernel/row-hash.ts';
import { startTestServer, type TestServer } from '#tests/support/server.ts';
import { TestConsole } from '#tests/support/test-console.ts';

const REPLIED = resolve('../shared/data/replied.jsonl');
const MAP = resolve('resources/import/message-board.map.json');
const folder = mkdtempSync(join(tmpdir(), 'hotline-import-'));

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.addAccount({ account: 'agent1' });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  readonly code: number;
  readonly lines: readonly Record<string, unknown>[];
  readonly stderr: string;
}

/** The command as a person runs it, on this test's database. */
function runImport(file: string, map: string): Promise<Run> {
  return new Promise((done) => {
    execFile(
      process.execPath,
      ['src/server/import-command.ts', file, '--map', map],
      { env: { ...process.env, DATABASE_URL: server.databaseUrl } },
      (error, stdout, stderr) =>
        done({
          code: typeof error?.code === 'number' ? error.code : 0,
          lines: stdout
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => JSON.parse(line)),
          stderr,
        }),
    );
  });
}

function writeFile(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function writeMap(name: string, map: object): string {
  return writeFile(name, JSON.stringify(map));
}

const BASIC = {
  source: 'old-system',
  centre: '320100',
  fields: { id: 'id', createdAt: { field: 'at', formats: ['yyyy-MM-dd HH:mm:ss'] }, title: 'title', content: 'text' },
};
const record = (id: string, over: object = {}) => ({
  id,
  at: '2021-03-04 05:06:07',
  title: '标题',
  text: `正文 ${id}`,
  ...over,
});
const jsonl = (...records: readonly unknown[]) =>
  records.map((one) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`).join('');
const countTickets = async (where = 'true') =>
  (await server.query<{ n: number }>(`SELECT count(*) AS n FROM tickets WHERE ${where}`))[0]?.n;

describe.skipIf(!existsSync(REPLIED))('2,816 real messages and replies (../shared/data)', () => {
  test('all arrive, character for character, at Beijing time, pullable; a second run changes nothing', async () => {
    const file = writeFile('replied.jsonl', readFileSync(REPLIED));
    const first = await runImport(file, MAP);
    expect(first.lines.at(-1)).toEqual({
      event: 'import.done',
      read: 2_816,
      imported: 2_816,
      unchanged: 0,
      rejected: 0,
    });
    expect(first.code).toBe(0);
    expect(existsSync(`${file}.rejected.jsonl`)).toBe(false);

    const sourceSchema = z.object({
      id: z.string(),
      user: z.string(),
      title: z.string(),
      time: z.string(),
      body: z.string(),
      reply: z.string(),
      replyTime: z.string(),
    });
    const sources = readFileSync(REPLIED, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => sourceSchema.parse(JSON.parse(line)));
    const console = await new TestConsole(server.url).signIn('agent1');
    const { rows } = await console.pullAll();
    const byId = new Map(
      rows.flatMap((row) => (row.table === 'tickets' ? [[row.row.provisionalNo, row.row] as const] : [])),
    );
    for (const source of sources) {
      const ticket = byId.get(source.id);
      expect([ticket?.fields.title, ticket?.fields.content, ticket?.fields.caller.name]).toEqual([
        source.title,
        source.body,
        source.user,
      ]);
      expect(ticket?.replies.map((reply) => reply.text)).toEqual([source.reply]);
    }
    expect(byId.get('2549')).toMatchObject({
      status: 'closed',
      createdAt: Date.UTC(2019, 3, 25, 1, 32, 9),
      events: [{ kind: 'created' }, { kind: 'reply' }, { kind: 'imported' }],
    });

    const before = await server.query('SELECT uid, number, seq, version, updated_at FROM tickets ORDER BY uid');
    const second = await runImport(file, MAP);
    expect(second.lines.at(-1)).toEqual({
      event: 'import.done',
      read: 2_816,
      imported: 0,
      unchanged: 2_816,
      rejected: 0,
    });
    expect(await server.query('SELECT uid, number, seq, version, updated_at FROM tickets ORDER BY uid')).toEqual(
      before,
    );
  }, 120_000);
});

test('an interrupted import keeps what it wrote and the next run adds the rest, each record once', async () => {
  const map = importMapSchema.parse({ ...BASIC, source: 'interrupted' });
  const file = writeFile('long.jsonl', jsonl(...Array.from({ length: 5_000 }, (_, index) => record(`r${index}`))));
  const client = await connectOnce(server.databaseUrl);
  const stop = new AbortController();
  const first = await importFile(client, {
    file,
    map,
    now: systemClock.now(),
    signal: stop.signal,
    onProgress: ({ imported }) => imported > 0 && stop.abort(),
  });
  expect(first.imported).toBeGreaterThan(0);
  expect(first.imported).toBeLessThan(5_000);
  const second = await importFile(client, { file, map, now: systemClock.now(), onProgress: () => {} });
  expect(second).toEqual({ read: 5_000, imported: 5_000 - first.imported, unchanged: first.imported, rejected: 0 });
  await client.end();
  const [clock] = await server.query<{ count: number; hi: number; lo: number }>(
    `SELECT sum(count)::bigint AS count, sum(digest_hi)::bigint & 4294967295 AS hi, sum(digest_lo)::bigint & 4294967295 AS lo
     FROM clocks WHERE scope LIKE '320100:12345:%'`,
  );
  const rows = await server.query<{ uid: string; version: number }>('SELECT uid, version FROM tickets');
  const digest = rows.reduce((sum, row) => addToDigest(sum, row.uid, row.version), EMPTY_DIGEST);
  expect(clock).toEqual({ count: rows.length, hi: digest.hi, lo: digest.lo });
}, 60_000);

test('bad lines go to the report with number and reason and nothing of their content; the others are imported', async () => {
  const secret = '13912345678 张三';
  const file = writeFile(
    'bad.jsonl',
    jsonl(
      record('b1'),
      `{"id": "cut", "text": "${secret}`,
      '["not", "an object"]',
      '',
      record('', { text: secret }),
      record('b2', { at: '2021-02-30 00:00:00', text: secret }),
      record('b3', { at: secret }),
      record('b4', { title: secret.repeat(30) }),
      record('b5', { text: `${secret}\u0000` }),
      record('b6', { text: '' }),
      record('b7', { text: { nested: secret } }),
      record('b1'),
      record('b1', { text: secret }),
      record('b8'),
    ),
  );
  const run = await runImport(file, writeMap('bad.map.json', { ...BASIC, source: 'bad' }));
  expect(run.lines.at(-1)).toMatchObject({ read: 13, imported: 2, unchanged: 1, rejected: 10 });
  const report = readFileSync(`${file}.rejected.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(report).toEqual([
    { line: 2, reason: 'BAD_JSON' },
    { line: 3, reason: 'NOT_AN_OBJECT' },
    { line: 5, reason: 'MISSING:id' },
    { line: 6, reason: 'BAD_TIME:createdAt' },
    { line: 7, reason: 'BAD_TIME:createdAt' },
    { line: 8, reason: 'TOO_LONG:fields.title' },
    { line: 9, reason: 'UNSTORABLE_TEXT:fields.content' },
    { line: 10, reason: 'MISSING:content' },
    { line: 11, reason: 'NOT_TEXT:text' },
    { line: 13, reason: 'DIFFERENT_FROM_IMPORTED' },
  ]);
  expect(run.lines.map((line) => JSON.stringify(line)).join('') + run.stderr).not.toContain('13912345678');
});

test('a record that changed in the source since it was imported is reported, not overwritten', async () => {
  const map = writeMap('changed.map.json', { ...BASIC, source: 'changed' });
  await runImport(writeFile('v1.jsonl', jsonl(record('c1'))), map);
  const file = writeFile('v2.jsonl', jsonl(record('c1', { text: '改过的正文' }), record('c2')));
  const run = await runImport(file, map);
  expect(run.lines.at(-1)).toMatchObject({ imported: 1, unchanged: 0, rejected: 1 });
  expect(readFileSync(`${file}.rejected.jsonl`, 'utf8')).toBe('{"line":1,"reason":"DIFFERENT_FROM_IMPORTED"}\n');
});

test('CSV in GB18030 with quoted line breaks, translated values, phones, several replies and constant fields', async () => {
  const csv =
    '编号;时间;类别;电话;内容;答复一;答复时间;地点\r\n1;2020/1/2 3:04;咨询;+86 139-0000-0001;"第一行\r\n第二;行 ""引""";已办;2020/1/3;320102\r\n2;2020/1/2 3:04;其它;;没有答复;;;\r\n3;2020/1/2 3:04;咨询;1;2;3\r\n4;2020/1/2 3:04;未知;;;;;\r\n';
  // 编 = B1E0 …: written through the platform's own table, as an old system would have.
  const file = writeFile('old.csv', encodeGb18030(csv));
  const map = writeMap('csv.map.json', {
    source: 'csv',
    centre: '320100',
    encoding: 'gb18030',
    delimiter: ';',
    type: { field: '类别', values: { 咨询: 'consult', 其它: 'other' } },
    channel: { const: 'letter' },
    status: { replied: 'closed', unreplied: 'to_dispatch' },
    fields: {
      id: '编号',
      createdAt: { field: '时间', formats: ['yyyy/M/d H:mm'] },
      content: '内容',
      callerPhone: '电话',
      divisionCode: '地点',
      createdByName: { const: '历史数据' },
    },
    replies: [{ text: '答复一', at: { field: '答复时间', formats: ['yyyy/M/d'] }, unit: { const: '某局' } }],
  });
  const run = await runImport(file, map);
  expect(run.lines.at(-1)).toMatchObject({ imported: 2, rejected: 2 });
  const rows = await server.query<{
    status: string;
    type: string;
    phone: string;
    doc: { fields: { content: string }; replies: unknown[] };
  }>(
    "SELECT status, type, caller_phone AS phone, doc FROM tickets WHERE doc->'fields'->>'channel' = 'letter' ORDER BY provisional_no",
  );
  expect(rows.map(({ status, type, phone, doc }) => [status, type, phone, doc.fields.content])).toEqual([
    ['closed', 'consult', '13900000001', '第一行\r\n第二;行 "引"'],
    ['to_dispatch', 'other', '', '没有答复'],
  ]);
  expect(rows[0]?.doc.replies).toEqual([{ at: Date.UTC(2020, 0, 2, 16), unit: '某局', text: '已办' }]);
  expect(readFileSync(`${file}.rejected.jsonl`, 'utf8')).toBe(
    '{"line":5,"reason":"WRONG_COLUMNS"}\n{"line":6,"reason":"MISSING:content"}\n',
  );
});

test('bytes that mean nothing in the encoding refuse their record, never become a replacement character', async () => {
  const lines = [
    record('e1'),
    record('e2', { text: '乱码？' }),
    record('e3', { text: '原文里的 \ufffd 是本来就有的' }),
  ];
  const bytes = Buffer.concat(
    lines.map((line, index) => {
      const text = Buffer.from(`${JSON.stringify(line)}\n`);
      // One byte in the middle of a character is lost.
      return index === 1 ? Buffer.concat([text.subarray(0, -6), text.subarray(-5)]) : text;
    }),
  );
  const file = writeFile('broken.jsonl', bytes);
  const run = await runImport(file, writeMap('broken.map.json', { ...BASIC, source: 'broken' }));
  expect(run.lines.at(-1)).toMatchObject({ read: 3, imported: 2, rejected: 1 });
  expect(readFileSync(`${file}.rejected.jsonl`, 'utf8')).toBe('{"line":2,"reason":"BAD_ENCODING"}\n');
  expect(await countTickets("doc->'fields'->>'content' LIKE '原文里的 \ufffd %'")).toBe(1);

  // A file in another encoding than the map says: no record arrives as mojibake.
  const other = writeFile('other.csv', encodeGb18030('id,at,title,text\n1,2021-03-04 05:06:07,题,中文\n'));
  const wrong = await runImport(other, writeMap('other.map.json', { ...BASIC, source: 'other' }));
  expect(wrong.lines.at(-1)).toMatchObject({ read: 1, imported: 0, rejected: 1 });
}, 60_000);

test('a line of five million characters refuses itself alone', async () => {
  const file = writeFile(
    'long-line.jsonl',
    jsonl(record('l1'), record('l2', { text: '长'.repeat(5_000_000) }), record('l3')),
  );
  const run = await runImport(file, writeMap('long-line.map.json', { ...BASIC, source: 'long-line' }));
  expect(run.lines.at(-1)).toMatchObject({ read: 3, imported: 2, rejected: 1 });
  expect(readFileSync(`${file}.rejected.jsonl`, 'utf8')).toBe('{"line":2,"reason":"TOO_LONG"}\n');
}, 60_000);

test('a CSV file without column names ends in one sentence', async () => {
  const file = writeFile('no-header.csv', '"id,at\n1,2021-03-04 05:06:07\n');
  const run = await runImport(file, writeMap('no-header.map.json', BASIC));
  expect([run.code, run.stderr]).toEqual([1, expect.stringContaining('column names')]);
});

test('the progress tells bytes of bytes and an interruption is heard where no record can be taken either', async () => {
  const file = writeFile('refused.jsonl', 'no record\n'.repeat(3_000));
  const client = await connectOnce(server.databaseUrl);
  const stop = new AbortController();
  const told: ImportProgress[] = [];
  const counts = await importFile(client, {
    file,
    map: importMapSchema.parse({ ...BASIC, source: 'refused' }),
    now: systemClock.now(),
    signal: stop.signal,
    onProgress: (progress) => {
      told.push(progress);
      if (told.length === 2) stop.abort();
    },
  });
  await client.end();
  expect(counts).toMatchObject({ read: 400, rejected: 400 });
  expect(told[0]).toMatchObject({ read: 200, bytes: 30_000, totalBytes: 30_000 });
});

test.each<[string, object, RegExp]>([
  ['an unknown key', { ...BASIC, feilds: {} }, /feilds/],
  ['no id', { ...BASIC, fields: { ...BASIC.fields, id: undefined } }, /fields\.id/],
  [
    'a time format without a day',
    { ...BASIC, fields: { ...BASIC.fields, createdAt: { field: 'at', formats: ['yyyy-MM'] } } },
    /formats/,
  ],
  ['a made-up encoding', { ...BASIC, encoding: 'gb-2312-80' }, /encoding \(no known encoding/],
  ['a made-up status', { ...BASIC, status: { replied: 'done', unreplied: 'closed' } }, /status/],
])('a map with %s is refused in one sentence, nothing is imported', async (_name, map, said) => {
  const before = await countTickets();
  const run = await runImport(writeFile('x.jsonl', jsonl(record('x1'))), writeMap('x.map.json', map));
  expect(run.code).toBe(1);
  expect(run.stderr).toMatch(said);
  expect(await countTickets()).toBe(before);
});

test('a file that is not there ends in one sentence', async () => {
  const run = await runImport(join(folder, 'missing.jsonl'), writeMap('m.map.json', BASIC));
  expect([run.code, run.stderr]).toEqual([1, expect.stringContaining('cannot be read')]);
});

test('the published schema of the map is the one the import checks', () => {
  const published: unknown = JSON.parse(readFileSync('resources/import/import-map.schema.json', 'utf8'));
  expect(published).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(importMapSchema, { io: 'input' }))));
  const example: unknown = JSON.parse(readFileSync(MAP, 'utf8'));
  expect(importMapSchema.safeParse(example).success).toBe(true);
});

/** GB18030 for the characters of this test: the decoder knows the table, so it is turned around. */
function encodeGb18030(text: string): Uint8Array {
  const table = new Map<string, readonly number[]>();
  const decoder = new TextDecoder('gb18030');
  for (let high = 0x81; high <= 0xfe; high++) {
    for (let low = 0x40; low <= 0xfe; low++) {
      if (low !== 0x7f) table.set(decoder.decode(new Uint8Array([high, low])), [high, low]);
    }
  }
  return new Uint8Array(
    [...text].flatMap((char) => (char.charCodeAt(0) < 0x80 ? [char.charCodeAt(0)] : [...(table.get(char) ?? [0x3f])])),
  );
}
