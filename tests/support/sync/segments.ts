import { zstdDecompressSync } from 'node:zlib';
import type pg from 'pg';
import { loadCitizens, loadTickets } from '#server/bulk/bulk-load.ts';
import { connectOnce } from '#server/db/pool.ts';
import { buildSegments, SEGMENT_RULES, type SegmentRules } from '#server/sync/segments/segment-builder.ts';
import type { Citizen } from '#shared/domain/citizen.ts';
import { monthOf, startOfMonth } from '#shared/domain/month.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { addToDigest, EMPTY_DIGEST } from '#shared/kernel/row-hash.ts';
import { sampleCitizen, sampleFields, sampleTicket } from '../data/samples.ts';
import type { TestServer } from '../server.ts';
import type { World } from './world.ts';

/** Small segments, so that a few hundred rows are many. */
export const SMALL_SEGMENTS: SegmentRules = {
  ...SEGMENT_RULES,
  fromRows: 100,
  changesPerSegment: 500,
  pausePerWork: 0,
};

/** Tickets that a centre had before anybody signed in, all of this month; one line each says which it is. */
export function oldTickets(count: number, changes: Partial<Ticket['fields']> = {}): readonly Ticket[] {
  const begin = startOfMonth(monthOf(systemClock.now()));
  return Array.from({ length: count }, (_, n) => {
    const at = begin + n * 60_000;
    const fields = sampleFields({ title: `旧单 ${n + 1}`, ...changes });
    return sampleTicket(n + 1, { fields, createdAt: at, acceptedAt: at });
  });
}

/** Puts rows into a centre beside the consoles, as an import does. */
export async function fillCentre(
  world: World,
  tickets: readonly Ticket[],
  citizens: readonly Citizen[] = [sampleCitizen()],
): Promise<void> {
  const client = await connectOnce(world.database.url);
  try {
    await client.query('BEGIN');
    await loadCitizens(client, citizens);
    await loadTickets(client, tickets, systemClock.now());
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

/** Lets the server make its segments now. @returns scopes that got a new manifest */
export function makeSegments(world: World, rules: SegmentRules = SMALL_SEGMENTS): Promise<readonly string[]> {
  return buildSegments(world.server.services, rules);
}

/** What the segments of a database hold, as text. */
export async function readKept(server: Pick<TestServer, 'query'>): Promise<readonly string[]> {
  const kept = await server.query<{ data: Buffer }>('SELECT data FROM segments ORDER BY until_seq');
  return kept.map(({ data }) => zstdDecompressSync(data).toString('utf8'));
}

/** A pool with which something happens right before the n-th query (from 1) that begins so. */
export function beforeQuery(pool: pg.Pool, begin: string, nth: number, work: () => Promise<unknown>): pg.Pool {
  let seen = 0;
  const query = async (text: string, values: unknown[]) => {
    if (text.startsWith(begin) && ++seen === nth) await work();
    return pool.query(text, values);
  };
  return new Proxy(pool, {
    get: (target, key) => {
      const value: unknown = key === 'query' ? query : Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Tickets of one scope leave it as the server would let them: raised clock, adjusted count and digest, lines in the list of what is gone. */
export async function removeTickets({ server }: World, uids: readonly string[]): Promise<void> {
  const rows = await server.query<{ scope: string; uid: string; version: number }>(
    'SELECT scope, uid, version FROM tickets WHERE uid = ANY($1::uuid[])',
    [uids],
  );
  if (rows.length !== uids.length) throw new Error('not all of these tickets are there');
  const { hi, lo } = rows.reduce((sum, { uid, version }) => addToDigest(sum, uid, version, -1), EMPTY_DIGEST);
  await server.query(
    `WITH raised AS (
       UPDATE clocks SET value = value + $4, count = count - $4, digest_hi = (digest_hi + $2) & 4294967295,
         digest_lo = (digest_lo + $3) & 4294967295 WHERE scope = $1 RETURNING scope, value
     ), listed AS (
       INSERT INTO scope_gone (scope, seq, kind, uid, at)
       SELECT scope, value - $4 + nth, 'tickets', uid, 0 FROM raised, unnest($5::uuid[]) WITH ORDINALITY AS gone(uid, nth)
     ), history AS (
       DELETE FROM ticket_events WHERE ticket_uid = ANY($5::uuid[])
     ) DELETE FROM tickets WHERE uid = ANY($5::uuid[])`,
    [rows[0]?.scope, hi, lo, uids.length, uids],
  );
}
