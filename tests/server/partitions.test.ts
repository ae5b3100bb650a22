import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadTickets } from '#server/bulk/bulk-load.ts';
import { inTransaction } from '#server/db/transaction.ts';
import { derivedUuid } from '#server/derived-uuid.ts';
import { buildSegments, SEGMENT_RULES } from '#server/sync/segments/segment-builder.ts';
import { forgetExpired, RETENTION_MS } from '#server/upkeep/forget-expired.ts';
import { MONTHS_AHEAD, makeMonths, partitionTables } from '#server/upkeep/partitions.ts';
import { newId, type TicketId } from '#shared/kernel/ids.ts';
import { addToDigest, EMPTY_DIGEST, formatDigest } from '#shared/kernel/row-hash.ts';
import type { PushResponse } from '#shared/sync/wire.ts';
import { START, sampleTicket } from '#tests/support/data/samples.ts';
import { CENTRE, createManualClock, monthScope, startTestServer, type TestServer } from '#tests/support/server.ts';
import { createTicketBody, noteBody, TestConsole } from '#tests/support/test-console.ts';

const SCOPE = monthScope('12345', CENTRE, START);
const DAY_MS = 86_400_000;
const IMPORTED = 40;
const clock = createManualClock(Date.UTC(2027, 4, 12));

let server: TestServer;
let seat: TestConsole;
/** Written before the tables were cut, and how it was answered. */
const before = createTicketBody();
let firstOps: readonly unknown[];
let firstAnswer: PushResponse;

/** A uid of a ticket that a console made at that time. */
const uidAt = (ms: number) => newId<TicketId>(ms);
const partition = () => inTransaction(server.services.pool, (client) => partitionTables(client, clock.now()));
const tableOf = async (table: string, key: string, uid: string) =>
  (
    await server.query<{ part: string }>(`SELECT tableoid::regclass::text AS part FROM ${table} WHERE ${key} = $1`, [
      uid,
    ])
  ).map(({ part }) => part);

beforeAll(async () => {
  server = await startTestServer({ clock });
  await server.addAccount({ account: 'agent1' });
  seat = await new TestConsole(server.url).signIn('agent1');
  before.uid = uidAt(clock.now());
  const ticket = seat.op(before);
  firstOps = [ticket, seat.op(noteBody(before.uid as TicketId, '补充一'), { dependsOn: ticket.opId })];
  firstAnswer = await seat.push(firstOps);
  const tickets = Array.from({ length: IMPORTED }, (_, n) =>
    sampleTicket(n + 1, { uid: derivedUuid('旧系统', String(n)) as TicketId }),
  );
  await inTransaction(server.services.pool, (client) => loadTickets(client, tickets, clock.now()));
});
afterAll(() => server.stop());

/** Everything of the scope, as a console that starts empty gets it; count and digest are held against what arrived. */
async function pullEverything(): Promise<readonly string[]> {
  const { rows, last } = await seat.pullAll(7);
  const tickets = rows.filter((row) => row.table === 'tickets');
  for (const [scope, held] of Map.groupBy(tickets, (row) => row.scope)) {
    const digest = held.reduce((sum, { row }) => addToDigest(sum, row.uid, row.version), EMPTY_DIGEST);
    expect(last.parity).toContainEqual({ scope, count: held.length, digest: formatDigest(digest) });
  }
  return tickets.map(({ row }) => row.uid).sort();
}

describe('cutting the tables of a centre that works', () => {
  test('keeps every row where it is, and nothing but imported tickets moves', async () => {
    const held = await pullEverything();
    expect(held).toHaveLength(1 + IMPORTED);
    const { made } = await partition();
    expect(made).toEqual(
      expect.arrayContaining([
        'tickets_past',
        'tickets_2027_06',
        'tickets_2027_08',
        'ticket_events_2027_08',
        'op_log_0',
      ]),
    );
    expect(made.filter((name) => /^tickets_\d/.test(name))).toHaveLength(MONTHS_AHEAD);
    expect(await pullEverything()).toEqual(held);
    expect(await tableOf('tickets', 'uid', before.uid)).toEqual(['tickets_past']);
    // The id of an imported ticket says nothing of its time; nearly all of them are above every time.
    const imported = Array.from({ length: IMPORTED }, (_, n) => derivedUuid('旧系统', String(n)));
    const parts = (await Promise.all(imported.map((uid) => tableOf('tickets', 'uid', uid)))).flat();
    expect(parts).toHaveLength(IMPORTED);
    expect(parts.filter((part) => part === 'tickets_imported').length).toBeGreaterThan(IMPORTED / 2);
  });

  test('is done once: a second time makes nothing', async () => {
    expect(await partition()).toEqual({ made: [] });
  });

  test('changes no answer: the batch from before is answered word for word, its ticket takes further notes', async () => {
    expect(await seat.push(firstOps)).toEqual(firstAnswer);
    expect(await seat.pushOne(noteBody(before.uid as TicketId, '补充二'))).toMatchObject({ code: 'applied' });
    const { body } = await seat.send(`/tickets/${before.uid}`);
    expect(JSON.stringify(body)).toContain('补充二');
  });

  test('leaves no index behind: every partition has those of the first one', async () => {
    const indices = await server.query<{ part: string; count: number }>(
      `SELECT i.indrelid::regclass::text AS part, count(*) AS count FROM pg_index i
        WHERE i.indrelid::regclass::text LIKE 'tickets\\_%' GROUP BY 1`,
    );
    expect(indices.length).toBe(3 + MONTHS_AHEAD);
    expect(new Set(indices.map(({ count }) => count)).size).toBe(1);
  });
});

describe('a centre whose tables are cut', () => {
  test('puts a ticket, its events and its result into the month in which it was made', async () => {
    clock.advance(30 * DAY_MS);
    await seat.signIn('agent1');
    const body = { ...createTicketBody(), uid: uidAt(clock.now()) };
    expect(await seat.pushOne(body)).toMatchObject({ code: 'applied' });
    expect(await tableOf('tickets', 'uid', body.uid)).toEqual(['tickets_2027_06']);
    expect(new Set(await tableOf('ticket_events', 'ticket_uid', body.uid))).toEqual(new Set(['ticket_events_2027_06']));
    expect(await pullEverything()).toContain(body.uid);
  });

  test('takes a uid only once, whatever month it is of', async () => {
    await expect(
      server.query(`INSERT INTO tickets SELECT * FROM tickets WHERE uid = $1`, [before.uid]),
    ).rejects.toThrow(/duplicate key/);
    const again = seat.op({ ...createTicketBody(), uid: before.uid });
    expect(await seat.push([again])).toMatchObject({ results: [{ code: 'rejected' }] });
  });

  test('answers an operation of every console once', async () => {
    const others = await Promise.all(Array.from({ length: 6 }, () => new TestConsole(server.url).signIn('agent1')));
    for (const other of others) {
      const ops = [other.op(createTicketBody()), other.op(createTicketBody())];
      const answer = await other.push(ops);
      expect(answer.results.map(({ code }) => code)).toEqual(['applied', 'applied']);
      expect(await other.push(ops)).toEqual(answer);
    }
    await expect(
      server.query('INSERT INTO op_log SELECT * FROM op_log WHERE console = $1', [others[0]?.id]),
    ).rejects.toThrow(/duplicate key/);
  });

  test('keeps what comes from a clock that is years ahead, and moves it when its month is made', async () => {
    const ahead = uidAt(Date.UTC(2027, 9, 5));
    const farAhead = uidAt(Date.UTC(2031, 0, 1));
    for (const uid of [ahead, farAhead]) {
      expect(await seat.pushOne({ ...createTicketBody(), uid })).toMatchObject({ code: 'applied' });
    }
    expect(await tableOf('tickets', 'uid', ahead)).toEqual(['tickets_ahead']);
    clock.advance(30 * DAY_MS);
    await seat.signIn('agent1');
    const held = await pullEverything();
    const { made } = await inTransaction(server.services.pool, (client) => makeMonths(client, clock.now()));
    expect(made).toEqual(['tickets_2027_09', 'tickets_2027_10', 'ticket_events_2027_09', 'ticket_events_2027_10']);
    expect(await tableOf('tickets', 'uid', ahead)).toEqual(['tickets_2027_10']);
    expect(await tableOf('tickets', 'uid', farAhead)).toEqual(['tickets_ahead']);
    expect(await pullEverything()).toEqual(held);
  });

  test('packs its rows for first syncs', async () => {
    const rules = { ...SEGMENT_RULES, fromRows: 10, changesPerSegment: 20 };
    expect(await buildSegments(server.services, rules)).toContain(SCOPE);
  });

  test('forgets results of operations after their time', async () => {
    clock.advance(RETENTION_MS + DAY_MS);
    const { results } = await forgetExpired(server.services.pool, clock.now());
    expect(results).toBeGreaterThan(10);
    expect(await server.query('SELECT s FROM op_log')).toEqual([]);
  });

  test('is migrated by the next start like any other', async () => {
    const again = await startTestServer({ clock, database: { url: server.databaseUrl, drop: async () => {} } });
    await again.stop();
    await server.query('ALTER TABLE tickets ADD COLUMN of_a_later_build text');
    await server.query('CREATE INDEX of_a_later_build ON tickets (of_a_later_build)');
    await seat.signIn('agent1');
    expect(await pullEverything()).not.toEqual([]);
  });
});
