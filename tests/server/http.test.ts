import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toServiceError } from '#server/http/errors.ts';
import { silentLog } from '#server/log.ts';
import { createTestDatabase } from '#tests/support/postgres-global.ts';
import { createManualClock, monthScope, startTestServer, type TestServer } from '#tests/support/server.ts';
import { codeOf, createTicketBody, noteBody, request, TestConsole } from '#tests/support/test-console.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.addAccount({ account: 'agent1' });
  await server.addAccount({ account: 'special1', lines: ['12345', '12350'] });
});
afterAll(() => server.stop());

test('/healthz and /readyz need no token', async () => {
  expect(await request(server.url, '/healthz')).toMatchObject({ status: 200, body: { ok: true } });
  expect(await request(server.url, '/readyz')).toMatchObject({
    status: 200,
    body: { state: 'ready', mode: 'production', phase: 'ready', done: 0, total: 0 },
  });
});

test('the OpenAPI document names every operation; the page to read it needs no script and nothing from elsewhere', async () => {
  const { body } = await request(server.url, '/api/openapi.json');
  const paths = Object.keys((body as { paths: object }).paths);
  expect(paths).toEqual(
    expect.arrayContaining([
      '/auth/login',
      '/auth/refresh',
      '/accounts/{id}/disabled',
      '/tickets/{uid}',
      '/sync/hello',
      '/sync/push',
      '/sync/pull',
    ]),
  );
  const page = await fetch(`${server.url}/api/docs`);
  const html = await page.text();
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/);
  expect(html).toContain('/sync/push');
  expect(html).not.toMatch(/<script|src=|https?:\/\/(?!json-schema\.org)/);
});

/** Reads events of a stream until `count` came. */
async function readEvents(response: Response, count: number): Promise<unknown[]> {
  const events: unknown[] = [];
  let text = '';
  for await (const bytes of response.body ?? []) {
    text += Buffer.from(bytes).toString();
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) if (part.startsWith('data: ')) events.push(JSON.parse(part.slice(6)));
    if (events.length >= count) return events;
  }
  return events;
}

test('pokes tell a console that a scope of its own moved, after the commit and without data', async () => {
  const [agent, special] = [
    await new TestConsole(server.url).signIn('agent1'),
    await new TestConsole(server.url).signIn('special1'),
  ];
  const abort = new AbortController();
  const stream = await fetch(`${server.url}/api/v1/sync/events`, { headers: agent.headers, signal: abort.signal });
  expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/);
  // Not the agent's line: its poke must not be among the events.
  await special.pushOne(createTicketBody({ line: '12350' }));
  const { seq } = await agent.pushOne(createTicketBody({ title: '仅测试' }));
  const [poke] = await readEvents(stream, 1);
  expect(poke).toEqual({ scope: monthScope(), seq });
  abort.abort();
});

test('a poke of one process reaches the consoles of another on the same database', async () => {
  const database = await createTestDatabase();
  const [one, two] = [await startTestServer({ database }), await startTestServer({ database })];
  await one.addAccount({ account: 'agent1' });
  const [writer, reader] = [
    await new TestConsole(one.url).signIn('agent1'),
    await new TestConsole(two.url).signIn('agent1'),
  ];
  const abort = new AbortController();
  const stream = await fetch(`${two.url}/api/v1/sync/events`, { headers: reader.headers, signal: abort.signal });
  const { seq } = await writer.pushOne(createTicketBody());
  expect(await readEvents(stream, 1)).toEqual([{ scope: monthScope(), seq }]);
  abort.abort();
  await one.stop();
  await two.stop();
  await database.drop();
});

test('the stream of pokes needs a token and ends with it', async () => {
  expect((await request(server.url, '/api/v1/sync/events')).status).toBe(401);
  const clock = createManualClock();
  const other = await startTestServer({ clock });
  await other.addAccount({ account: 'agent1' });
  const console = await new TestConsole(other.url).signIn('agent1');
  // Nearly used up, so the stream closes by itself.
  clock.advance(10 * 60_000 - 500);
  const stream = await fetch(`${other.url}/api/v1/sync/events`, { headers: console.headers });
  expect(stream.status).toBe(200);
  expect(await readEvents(stream, 1)).toEqual([]);
  await other.stop();
});

test('logs are typed lines without anything a citizen or an agent said', async () => {
  const secrets = ['欧阳彻', '13777778888', '320102199001011234', 'Right-Horse-7', '不可外传的内容'];
  const console = await new TestConsole(server.url).signIn('agent1');
  const body = createTicketBody({
    title: secrets[4] ?? '',
    caller: { ...createTicketBody().args.fields.caller, name: secrets[0] ?? '', phone: secrets[1] ?? '' },
    content: `身份证 ${secrets[2]}`,
  });
  await console.pushOne(body);
  await console.pushOne(noteBody(body.uid, secrets.join(' ')));
  // A row the database refuses: what it says of the row must not reach the log.
  await server.query(`ALTER TABLE tickets ADD CONSTRAINT refused CHECK (category_code <> '${secrets[1]}') NOT VALID`);
  await console.rawPush([console.op(createTicketBody({ categoryCode: secrets[1] ?? '' }))]);
  await server.query('ALTER TABLE tickets DROP CONSTRAINT refused');
  await request(
    server.url,
    `/api/v1/tickets/${secrets[1]}?phone=${secrets[1]}&name=${encodeURIComponent(secrets[0] ?? '')}`,
    { headers: console.headers },
  );
  await request(server.url, `/${secrets[1]}`);
  await request(server.url, '/api/v1/auth/login', {
    body: { account: secrets[1], password: secrets[3], console: console.id },
  });
  await expect.poll(() => server.logLines.filter((line) => line.includes('"auth.login"')).length).toBeGreaterThan(0);
  const text = server.logLines.join('');
  for (const secret of [...secrets, console.tokens.accessToken, console.tokens.refreshToken, 'agent1'])
    expect(text).not.toContain(secret);
  for (const line of server.logLines)
    expect(JSON.parse(line)).toMatchObject({
      time: expect.any(Number),
      level: expect.any(String),
      event: expect.any(String),
    });
  expect(text).toContain('"event":"push.poison-op"');
});

test('stopping answers the requests under way, ends the streams and takes no new ones', async () => {
  const database = await createTestDatabase();
  const other = await startTestServer({ database });
  await other.addAccount({ account: 'agent1' });
  const console = await new TestConsole(other.url).signIn('agent1');
  await console.hello();
  const stream = await fetch(`${other.url}/api/v1/sync/events`, { headers: console.headers });
  // Somebody holds the console's row, so that the push is under way when the server is told to stop.
  const holder = new pg.Client({ connectionString: database.url });
  await holder.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT 1 FROM consoles WHERE id = $1 FOR UPDATE', [console.id]);
  const pushing = console.rawPush(Array.from({ length: 300 }, () => console.op(createTicketBody())));
  const waiting = () =>
    holder.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()");
  await expect.poll(async () => (await waiting()).rowCount, { timeout: 10_000 }).toBe(1);
  const stopped = other.stop();
  expect(await readEvents(stream, 1)).toEqual([]);
  await holder.query('COMMIT');
  expect((await pushing).status).toBe(200);
  await stopped;
  await expect(request(other.url, '/healthz')).rejects.toThrow();
  expect((await holder.query('SELECT 1 FROM tickets')).rowCount).toBe(300);
  await holder.end();
  await database.drop();
});

test('a restarted server goes on with the same sessions, numbers and clocks', async () => {
  const database = await createTestDatabase();
  const first = await startTestServer({ database });
  await first.addAccount({ account: 'agent1' });
  const console = await new TestConsole(first.url).signIn('agent1');
  const before = await console.pushOne(createTicketBody());
  await first.stop();
  const second = await startTestServer({ database });
  const again = new TestConsole(second.url, console.id);
  again.tokens = console.tokens;
  again.nextS = 2;
  const after = await again.pushOne(createTicketBody());
  expect(after).toMatchObject({ code: 'applied', seq: (before.seq ?? 0) + 1 });
  expect(after.ticket?.number).toBeGreaterThan(before.ticket?.number ?? 0);
  await second.stop();
  await database.drop();
});

test('when every database connection is lost the server answers 503 or works, and comes back by itself with its pokes', async () => {
  const console = await new TestConsole(server.url).signIn('agent1');
  const abort = new AbortController();
  const stream = await fetch(`${server.url}/api/v1/sync/events`, { headers: console.headers, signal: abort.signal });
  await server.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'hotline-server'",
  );
  const op = console.op(createTicketBody());
  const statuses: number[] = [];
  await expect
    .poll(async () => {
      const { status } = await console.rawPush([op]);
      statuses.push(status);
      return status;
    })
    .toBe(200);
  expect(statuses.slice(0, -1).every((status) => status === 503)).toBe(true);
  expect(await server.query('SELECT 1 FROM op_log WHERE op_id = $1', [op.opId])).toHaveLength(1);
  // The LISTEN connection is back: either it tells what was missed, or the next push does.
  const poked = readEvents(stream, 1);
  await expect
    .poll(
      async () =>
        (
          await server.query(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'",
          )
        ).length,
      { timeout: 15_000 },
    )
    .toBe(1);
  await console.pushOne(createTicketBody());
  expect(await poked).toMatchObject([{ scope: monthScope() }]);
  abort.abort();
});

test('a database that only reads for a while is nobody’s fault: 503 until it writes again, then the same push is applied', async () => {
  const console = await new TestConsole(server.url).signIn('agent1');
  const op = console.op(createTicketBody());
  const name = new URL(server.databaseUrl).pathname.slice(1);
  const reconnect = () =>
    server.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'hotline-server'",
    );
  await server.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
  await reconnect();
  await expect
    .poll(async () => {
      const answer = await console.rawPush([op]);
      return [answer.status, codeOf(answer)];
    })
    .toEqual([503, 'NOT_READY']);
  // Not only while connections come back: it stays so.
  for (let n = 0; n < 15; n++) expect(codeOf(await console.rawPush([op]))).toBe('NOT_READY');
  await server.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
  await reconnect();
  await expect.poll(async () => (await console.rawPush([op])).status).toBe(200);
  expect(await server.query('SELECT 1 FROM op_log WHERE op_id = $1', [op.opId])).toHaveLength(1);
});

test.each([
  ['53100', 'disk full'],
  ['57014', 'stopped by a time limit'],
  ['58030', 'files that cannot be read'],
  ['XX001', 'damaged data'],
])('PostgreSQL %s (%s) is told as 503, to be tried again unchanged', (code) => {
  const error = Object.assign(new pg.DatabaseError('refused', 0, 'error'), { code });
  expect(toServiceError(error, silentLog, 'sync.push')).toMatchObject({ code: 'NOT_READY', status: 503 });
});
