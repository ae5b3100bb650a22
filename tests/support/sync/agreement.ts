import { expect } from 'vitest';
import type { IntakeOutcome } from '#shared/domain/intake.ts';
import { addToDigest, EMPTY_DIGEST, formatDigest } from '#shared/kernel/row-hash.ts';
import { until } from '../data/until.ts';
import type { TestServer } from '../server.ts';
import { TestConsole } from '../test-console.ts';
import type { Seat } from './seat.ts';

/** What agents were told is done. */
export interface Ledger {
  readonly tickets: Map<string, { readonly title: string; readonly outcome: IntakeOutcome }>;
  readonly notes: { readonly uid: string; readonly kind: 'note' | 'remind'; readonly text: string }[];
}

export function createLedger(): Ledger {
  return { tickets: new Map(), notes: [] };
}

interface ClockRow {
  readonly scope: string;
  readonly value: number;
  readonly count: number;
  readonly digest_hi: number;
  readonly digest_lo: number;
}

function readClocks(server: TestServer): Promise<readonly ClockRow[]> {
  return server.query<ClockRow>('SELECT scope, value, count, digest_hi, digest_lo FROM clocks ORDER BY scope');
}

/** Lets every seat sync until its outbox holds nothing to send and its cursors stand where the server stands. */
export async function waitUntilSynced(server: TestServer, seats: readonly Seat[], timeoutMs = 50_000): Promise<void> {
  const describeAll = () => seats.map((seat) => `${seat.account} ${JSON.stringify(seat.status)}`).join('\n');
  const isSynced = async () => {
    const values = new Map((await readClocks(server)).map((clock) => [clock.scope, clock.value]));
    return seats.every(
      (seat) =>
        seat.status.outbox.waiting === 0 &&
        seat.scopes.length > 0 &&
        seat.scopes.every((scope) => scope.seq === values.get(scope.scope) && scope.parity !== 'unknown'),
    );
  };
  await until(
    'all seats have sent and received everything',
    async () => {
      if (await isSynced()) return true;
      for (const seat of seats) if (seat.isResting) seat.wake();
      return false;
    },
    timeoutMs,
  ).catch((error: unknown) => {
    throw new Error(describeAll(), { cause: error });
  });
}

/** By SQL: every acknowledged ticket and note is in PostgreSQL exactly once, as it was written, and nothing else is. */
export async function expectOnceAtServer(server: TestServer, ledger: Ledger): Promise<void> {
  const tickets = await server.query<{ uid: string; title: string; status: string; number: number }>(
    `SELECT uid, doc->'fields'->>'title' AS title, status, number FROM tickets ORDER BY uid`,
  );
  expect(tickets.map(({ uid, title, status }) => [uid, title, status === 'closed_direct'])).toEqual(
    [...ledger.tickets]
      .map(([uid, { title, outcome }]) => [uid, title, outcome === 'direct_answer'])
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  );
  expect(new Set(tickets.map(({ number }) => number)).size).toBe(tickets.length);

  const created = await server.query<{ ticket_uid: string }>(
    `SELECT ticket_uid FROM ticket_events WHERE kind = 'created' ORDER BY ticket_uid`,
  );
  expect(created.map(({ ticket_uid }) => ticket_uid)).toEqual(tickets.map(({ uid }) => uid));

  const notes = await server.query<{ ticket_uid: string; kind: string; body: string }>(
    `SELECT ticket_uid, kind, body FROM ticket_events WHERE kind IN ('note', 'remind')`,
  );
  expect(notes.map(({ ticket_uid, kind, body }) => `${body} ${kind} ${ticket_uid}`).sort()).toEqual(
    ledger.notes.map(({ uid, kind, text }) => `${text} ${kind} ${uid}`).sort(),
  );

  const strangers = await server.query(
    'SELECT uid FROM tickets WHERE citizen_uid IS NOT NULL AND citizen_uid NOT IN (SELECT uid FROM citizens)',
  );
  expect(strangers).toEqual([]);
}

/** Count and digest of every scope, counted anew from the rows in PostgreSQL. */
async function recount(server: TestServer): Promise<ReadonlyMap<string, { count: number; digest: string }>> {
  const rows = await server.query<{ scope: string; uid: string; version: number }>(
    'SELECT scope, uid, version FROM tickets UNION ALL SELECT scope, uid, version FROM citizens',
  );
  const counted = new Map<string, { count: number; digest: string }>();
  for (const [scope, members] of Map.groupBy(rows, (row) => row.scope)) {
    const digest = members.reduce((sum, row) => addToDigest(sum, row.uid, row.version), EMPTY_DIGEST);
    counted.set(scope, { count: members.length, digest: formatDigest(digest) });
  }
  return counted;
}

/**
 * Every seat holds the server's rows, field by field, with nothing unconfirmed; counts and digests of both sides equal a recount.
 * @param account of an agent who may read everything
 */
export async function expectAgreement(server: TestServer, seats: readonly Seat[], account: string): Promise<void> {
  const { rows } = await (await new TestConsole(server.url).signIn(account)).pullAll();
  const ordered = rows.map(({ row }) => row).sort((a, b) => (a.uid < b.uid ? -1 : 1));
  const tickets = ordered.filter((row) => 'provisionalNo' in row);
  const citizens = ordered.filter((row) => !('provisionalNo' in row));
  const counted = await recount(server);
  for (const { scope, count, digest_hi, digest_lo } of await readClocks(server)) {
    expect({ scope, count, digest: formatDigest({ hi: digest_hi, lo: digest_lo }) }).toEqual({
      scope,
      ...(counted.get(scope) ?? { count: 0, digest: formatDigest(EMPTY_DIGEST) }),
    });
  }
  for (const seat of seats) {
    expect(seat.outbox, `outbox of ${seat.account}`).toEqual([]);
    expect(seat.work.db.value('SELECT count(*) FROM parked_rows')).toBe(0);
    expect(seat.work.db.value('SELECT count(*) FROM ticket_bases')).toBe(0);
    expect(seat.tickets, `tickets of ${seat.account}`).toEqual(tickets);
    expect(seat.citizens, `citizens of ${seat.account}`).toEqual(citizens);
    for (const { scope, count, digest, parity } of seat.scopes) {
      expect({ scope, parity, count, digest: formatDigest(digest) }).toEqual({
        scope,
        parity: 'equal',
        ...(counted.get(scope) ?? { count: 0, digest: formatDigest(EMPTY_DIGEST) }),
      });
    }
  }
}
