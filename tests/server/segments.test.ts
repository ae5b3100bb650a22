import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadTickets } from '#server/bulk/bulk-load.ts';
import { inTransaction } from '#server/db/transaction.ts';
import { buildSegments, SEGMENT_RULES } from '#server/sync/segments/segment-builder.ts';
import { beginManifest, listStandings, publish, withdraw } from '#server/sync/segments/segment-store.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { HEADERS } from '#shared/sync/protocol.ts';
import { SEGMENT_TYPES, segmentManifestSchema } from '#shared/sync/segments.ts';
import { START, sampleFields, sampleTicket } from '#tests/support/data/samples.ts';
import { CENTRE, monthScope, PASSWORD, startTestServer, type TestServer } from '#tests/support/server.ts';
import { readKept } from '#tests/support/sync/segments.ts';
import { codeOf, TestConsole } from '#tests/support/test-console.ts';

const SECRET = monthScope('12350', CENTRE, START);
const RULES = { ...SEGMENT_RULES, fromRows: 100, changesPerSegment: 200 };
const asked = (scope: string, over: Record<string, string> = {}) =>
  `/sync/segments?${new URLSearchParams({ scope, epoch: '1', seq: '0', ...over })}`;

let server: TestServer;
/** Reads the reporting line, too. */
let insider: TestConsole;

beforeAll(async () => {
  server = await startTestServer();
  await server.addAccount({ account: 'insider1', lines: ['12345', '12350'] });
  await server.addAccount({ account: 'ordinary1', lines: ['12345'] });
  await server.addAccount({ account: 'elsewhere', centre: '330100', lines: ['12345', '12350'] });
  await server.addAccount({ account: 'editor1', role: 'editor', lines: ['12345', '12350'] });
  const caller = { ...sampleFields().caller, confidential: true };
  const tickets = Array.from({ length: 500 }, (_, n) =>
    sampleTicket(n + 1, { fields: sampleFields({ line: '12350', caller }) }),
  );
  await inTransaction(server.services.pool, (client) => loadTickets(client, tickets, systemClock.now()));
  expect(await buildSegments(server.services, RULES)).toEqual([SECRET]);
  insider = await new TestConsole(server.url).signIn('insider1');
});
afterAll(() => server.stop());

const manifest = async () => segmentManifestSchema.parse((await insider.send(asked(SECRET))).body);

function fetchBytes(console: Pick<TestConsole, 'headers'>, id: string, accept?: string): Promise<Response> {
  const headers = { ...console.headers, ...(accept === undefined ? {} : { accept }) };
  return fetch(`${server.url}/api/v1/sync/segments/${id}`, { headers });
}

test('the manifest names immutable segments in order, and ends where a pull goes on', async () => {
  const first = await manifest();
  expect(first).toMatchObject({ scope: SECRET, epoch: 1, seq: 500 });
  expect(first.segments.map(({ until, changes }) => [until, changes])).toEqual([
    [200, 200],
    [400, 200],
    [500, 100],
  ]);
  expect(await buildSegments(server.services, RULES)).toEqual([]);
  expect(await manifest()).toEqual(first);
});

test('a console in the middle is told of the segments that it still needs', async () => {
  const { body } = await insider.send(asked(SECRET, { seq: '250' }));
  expect(segmentManifestSchema.parse(body).segments.map(({ until }) => until)).toEqual([400, 500]);
  expect(codeOf(await insider.send(asked(SECRET, { seq: '500' })))).toBe('NOT_FOUND');
});

test.each(['ordinary1', 'elsewhere', 'editor1'])(
  'whoever may not pull the line gets neither its manifest nor a segment whose id they know: %s',
  async (account) => {
    const outsider = await new TestConsole(server.url).signIn(account, PASSWORD);
    const answer = await outsider.send(asked(SECRET));
    expect([answer.status, codeOf(answer)]).toEqual([403, 'FORBIDDEN']);
    for (const { id } of (await manifest()).segments) expect((await fetchBytes(outsider, id)).status).toBe(404);
  },
);

test('nobody gets a segment without a session', async () => {
  const [segment] = (await manifest()).segments;
  const stranger = { headers: { [HEADERS.mode]: 'production' } };
  expect((await fetchBytes(stranger, segment?.id ?? '')).status).toBe(401);
});

test('a cursor of another epoch or from the future is refused as by a pull', async () => {
  expect(codeOf(await insider.send(asked(SECRET, { epoch: '2' })))).toBe('SCOPE_EPOCH_CHANGED');
  expect(codeOf(await insider.send(asked(SECRET, { seq: '501' })))).toBe('SCOPE_TOO_OLD');
  expect(codeOf(await insider.send(asked(SECRET, { seq: 'x' })))).toBe('BAD_INPUT');
});

test('a console that is too old for our rows is told so', async () => {
  const answer = await insider.send(asked(SECRET), undefined, { [HEADERS.schema]: '0' });
  expect(answer.status).toBe(400);
});

test('scopes that are small or belong to one seat have no segments', async () => {
  expect(codeOf(await insider.send(asked(monthScope())))).toBe('NOT_FOUND');
  const own = '320100:seat:der1';
  // However much was sent to it.
  await server.query('INSERT INTO clocks (scope, value, count) VALUES ($1, 1000, 1000)', [own]);
  expect(await buildSegments(server.services, RULES)).toEqual([]);
  expect(codeOf(await insider.send(asked(own)))).toBe('NOT_FOUND');
  expect(codeOf(await insider.send(asked('320100:seat:ary1')))).toBe('FORBIDDEN');
});

test('a segment travels as the console can unpack it', async () => {
  const [segment] = (await manifest()).segments;
  const typeOf = async (accept?: string) =>
    (await fetchBytes(insider, segment?.id ?? '', accept)).headers.get('content-type');
  expect(await typeOf()).toBe(SEGMENT_TYPES.zstd);
  expect(await typeOf(SEGMENT_TYPES.gzip)).toBe(SEGMENT_TYPES.gzip);
  expect(await typeOf(`${SEGMENT_TYPES.zstd}, ${SEGMENT_TYPES.gzip}`)).toBe(SEGMENT_TYPES.zstd);
  expect((await fetchBytes(insider, 'not-an-id')).status).toBe(404);
});

test('two processes that look at the same moment: one makes the segments', async () => {
  await server.query('DELETE FROM segment_manifests');
  const made = await Promise.all([buildSegments(server.services, RULES), buildSegments(server.services, RULES)]);
  expect(made.flat()).toEqual([SECRET]);
});

test('builds of two formats on one database keep segments of their own, until one of them runs no more', async () => {
  const inFormat = (format: number) =>
    server.query('SELECT s.id FROM segments s JOIN segment_manifests m USING (scope, format) WHERE format = $1', [
      format,
    ]);
  await server.query('UPDATE segments SET format = 99');
  await server.query('UPDATE segment_manifests SET format = 99');
  expect(codeOf(await insider.send(asked(SECRET)))).toBe('NOT_FOUND');
  expect(await buildSegments(server.services, RULES)).toEqual([SECRET]);
  expect(await buildSegments(server.services, RULES)).toEqual([]);
  expect((await manifest()).segments).toHaveLength(3);
  expect(await inFormat(99)).toHaveLength(3);

  const later = { now: () => systemClock.now() + 2 * RULES.staleMs + 60_000 };
  expect(await buildSegments({ ...server.services, clock: later }, RULES)).toEqual([]);
  expect(await inFormat(99)).toEqual([]);
  expect((await manifest()).segments).toHaveLength(3);
});

test('long rows make shorter segments: each is bounded in bytes, and they hold everything', async () => {
  await server.query('DELETE FROM segment_manifests');
  await server.query('DELETE FROM segments');
  const rules = { ...RULES, bytesPerSegment: 50_000 };
  expect(await buildSegments(server.services, rules)).toEqual([SECRET]);
  const { segments } = await manifest();
  expect(segments.length).toBeGreaterThan(3);
  for (const { size } of segments) expect(size).toBeLessThanOrEqual(50_000);
  const seqs = (await readKept(server)).flatMap((content) =>
    content
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).seq),
  );
  expect(seqs).toEqual(Array.from({ length: 500 }, (_, n) => n + 1));

  // Those that are full in bytes are kept, although few rows fill them.
  await server.query('DELETE FROM segment_manifests');
  await buildSegments(server.services, rules);
  expect((await manifest()).segments.slice(0, -1)).toEqual(segments.slice(0, -1));
});

test('segments that are withdrawn with a change of rows are given to nobody and made anew', async () => {
  const before = await manifest();
  const [first, second] = before.segments;
  const [row] = await server.query<{ uid: string }>('SELECT uid FROM tickets WHERE scope = $1 AND seq = 250', [SECRET]);
  await inTransaction(server.services.pool, async (client) => {
    await client.query('UPDATE clocks SET value = value + 1 WHERE scope = $1', [SECRET]);
    await client.query('UPDATE tickets SET seq = 501, version = 2 WHERE uid = $1', [row?.uid]);
    await withdraw(client, [SECRET]);
  });
  expect(codeOf(await insider.send(asked(SECRET)))).toBe('NOT_FOUND');
  expect((await fetchBytes(insider, first?.id ?? '')).status).toBe(404);
  expect(await buildSegments(server.services, RULES)).toEqual([SECRET]);
  expect((await manifest()).segments.map(({ changes }) => changes)).toEqual([200, 200, 100]);
  expect((await fetchBytes(insider, second?.id ?? '')).status).toBe(404);
  expect(await server.query('SELECT id FROM segments WHERE id = $1', [second?.id])).toEqual([]);
});

test('segments that are withdrawn while they are being made are not published', async () => {
  const { pool } = server.services;
  const standing = (await listStandings(pool, 0)).find(({ scope }) => scope === SECRET);
  if (!standing) throw new Error('no such scope');
  const unpublished = { ...standing, manifest: null };
  const begun = await beginManifest(pool, unpublished, 1);
  await inTransaction(pool, (client) => withdraw(client, [SECRET]));
  expect(await publish(pool, unpublished, [], begun, 2)).toBe(false);
  expect(codeOf(await insider.send(asked(SECRET)))).toBe('NOT_FOUND');
});

test('a scope that became small loses its segments', async () => {
  await buildSegments(server.services, { ...RULES, fromRows: 501 });
  expect(await server.query('SELECT id FROM segments')).toEqual([]);
  expect(codeOf(await insider.send(asked(SECRET)))).toBe('NOT_FOUND');
});
