import { expect, test } from 'vitest';
import { generateDemoCentre } from '#server/demo/generate.ts';
import { seedDemo } from '#server/demo/seed-demo.ts';
import { DEMO_ACCOUNTS, DEMO_SEED } from '#shared/domain/demo.ts';
import { addToDigest, EMPTY_DIGEST, formatDigest } from '#shared/kernel/row-hash.ts';
import { createTestDatabase } from '#tests/support/postgres-global.ts';
import { createManualClock, startTestServer, type TestServer } from '#tests/support/server.ts';
import { createTicketBody, TestConsole } from '#tests/support/test-console.ts';

const SIZE = { citizens: 60, tickets: 240, part: 40 };
const clock = createManualClock();
/** Who reports on 12350 calls, and has no record. */
const { records: RECORDS } = generateDemoCentre(DEMO_SEED, 0, SIZE);
const ROWS = RECORDS + SIZE.tickets;

async function content(server: TestServer) {
  const clocks = await server.query<{ scope: string; count: number; hi: number; lo: number }>(
    // Accounts get their ids when they are made: people are told apart by their names.
    `SELECT coalesce((SELECT replace(scope, id::text, account) FROM users WHERE scope LIKE '%:person:' || id), scope) AS scope,
      count, digest_hi AS hi, digest_lo AS lo FROM clocks WHERE count > 0 ORDER BY 1`,
  );
  const [total] = await server.query(
    `SELECT (SELECT count(*) FROM tickets) AS tickets, (SELECT count(*) FROM citizens) AS citizens,
      (SELECT count(*) FROM ticket_events) AS events, (SELECT max(number) - min(number) + 1 FROM tickets) AS numbers`,
  );
  return { clocks, total };
}

test('a demo centre is filled before the server is ready, with accounts, articles, citizens and tickets that any console can pull', async () => {
  const seen: [number, number][] = [];
  const server = await startTestServer({
    mode: 'demo',
    clock,
    seed: (url, services, onProgress) =>
      seedDemo(
        url,
        services,
        (done, total) => {
          seen.push([done, total]);
          onProgress(done, total);
        },
        SIZE,
      ),
  });
  expect(seen[0]).toEqual([0, ROWS]);
  expect(seen.at(-1)).toEqual([ROWS, ROWS]);
  expect((await content(server)).total).toMatchObject({ tickets: 240, citizens: RECORDS, numbers: 240 });

  const lead = DEMO_ACCOUNTS.find((account) => account.role === 'lead');
  const console = new TestConsole(server.url);
  console.mode = 'demo';
  await console.signIn(lead?.account ?? '', lead?.password);
  const { rows, last } = await console.pullAll(50);
  expect(rows.filter(({ table }) => table !== 'records')).toHaveLength(ROWS);
  expect(rows.filter(({ table }) => table === 'records').length).toBeGreaterThanOrEqual(40);
  const forms = rows.flatMap(({ table, row }) => (table === 'tickets' && row.fields.form ? [row.fields.form.id] : []));
  expect(new Set(forms).size).toBeGreaterThan(2);
  for (const { scope, count, digest } of last.parity) {
    const own = rows.filter((row) => row.scope === scope);
    const sum = own.reduce((total, { row }) => addToDigest(total, row.uid, row.version), EMPTY_DIGEST);
    expect({ count, digest }).toEqual({ count: own.length, digest: formatDigest(sum) });
  }
  expect(await console.pushOne(createTicketBody())).toMatchObject({ code: 'applied', ticket: { number: 241 } });
  await server.stop();
});

test('what was handed over in the past of a demo centre has its record for the service that it went to', async () => {
  // What a centre of that size lived through depends on the day it is made: on this one calls were handed over.
  const day = createManualClock(Date.UTC(2026, 10, 26, 2));
  const server = await startTestServer({
    mode: 'demo',
    clock: day,
    seed: (url, services, onProgress) =>
      seedDemo(url, services, onProgress, { citizens: 600, tickets: 3_000, part: 1_500 }),
  });
  const [found] = await server.query<{ handed: number; flows: number }>(
    `SELECT count(*) AS handed, count(f.id) AS flows FROM tickets
      LEFT JOIN flows f ON f.ticket_uid = uid AND f.receiver = doc #>> '{fields,handOff,service}' AND f.receipt IS NOT NULL
      WHERE status = 'handed_off' AND closed_at < $1`,
    [day.now() - 7 * 24 * 3_600_000],
  );
  expect(found?.handed).toBeGreaterThan(0);
  expect(found?.flows).toBe(found?.handed);
  await server.stop();
});

test('a start killed while filling goes on where it was and ends with the same centre', async () => {
  const whole = await startTestServer({
    mode: 'demo',
    clock,
    seed: (url, services, onProgress) => seedDemo(url, services, onProgress, SIZE),
  });
  const database = await createTestDatabase();
  for (const killAt of [40, 140]) {
    const dying = startTestServer({
      mode: 'demo',
      clock,
      database,
      seed: (url, services) =>
        seedDemo(
          url,
          services,
          (done) => {
            if (done >= killAt) throw new Error('killed');
          },
          SIZE,
        ),
    });
    await expect(dying).rejects.toThrow('killed');
  }
  const starts: number[] = [];
  const resumed = await startTestServer({
    mode: 'demo',
    clock,
    database,
    seed: (url, services) => seedDemo(url, services, (done) => starts.push(done), SIZE),
  });
  expect(starts[0]).toBeGreaterThanOrEqual(140);
  expect(await content(resumed)).toEqual(await content(whole));
  await resumed.stop();
  await whole.stop();

  const again = await startTestServer({
    mode: 'demo',
    clock,
    database,
    seed: (url, services) => seedDemo(url, services, () => expect.unreachable('filled twice'), SIZE),
  });
  await again.stop();
  await database.drop();
});

test('a production database never becomes a demo, nor the reverse', async () => {
  const database = await createTestDatabase();
  await (await startTestServer({ database })).stop();
  await expect(startTestServer({ database, mode: 'demo' })).rejects.toMatchObject({ code: 'MODE_MISMATCH' });
  await database.drop();
  const other = await createTestDatabase();
  await (await startTestServer({ database: other, mode: 'demo' })).stop();
  await expect(startTestServer({ database: other })).rejects.toMatchObject({ code: 'MODE_MISMATCH' });
  await other.drop();
});
