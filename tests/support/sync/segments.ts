import { loadCitizens, loadTickets } from '#server/bulk/bulk-load.ts';
import { connectOnce } from '#server/db/pool.ts';
import { buildSegments, SEGMENT_RULES, type SegmentRules } from '#server/sync/segments/segment-builder.ts';
import type { Citizen } from '#shared/domain/citizen.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { addToDigest, EMPTY_DIGEST } from '#shared/kernel/row-hash.ts';
import { sampleCitizen, sampleFields, sampleTicket } from '../data/samples.ts';
import type { World } from './world.ts';

/** Small segments, so that a few hundred rows are many. */
export const SMALL_SEGMENTS: SegmentRules = {
  ...SEGMENT_RULES,
  fromRows: 100,
  changesPerSegment: 500,
  pausePerWork: 0,
};

/** Tickets that a centre has had for years; one line each says which it is. */
export function oldTickets(count: number, changes: Partial<Ticket['fields']> = {}): readonly Ticket[] {
  return Array.from({ length: count }, (_, n) =>
    sampleTicket(n + 1, { fields: sampleFields({ title: `旧单 ${n + 1}`, ...changes }) }),
  );
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

/** A row leaves its scope as the server would let it: raised clock, adjusted count and digest, a line in the list of what is gone. */
export async function removeTicket(world: World, uid: string): Promise<void> {
  const { server } = world;
  const [row] = await server.query<{ scope: string; version: number }>(
    'SELECT scope, version FROM tickets WHERE uid = $1',
    [uid],
  );
  if (!row) throw new Error(`no ticket ${uid}`);
  const { hi, lo } = addToDigest(EMPTY_DIGEST, uid, row.version, -1);
  await server.query(
    `WITH raised AS (
       UPDATE clocks SET value = value + 1, count = count - 1, digest_hi = (digest_hi + $2) & 4294967295,
         digest_lo = (digest_lo + $3) & 4294967295 WHERE scope = $1 RETURNING scope, value
     ), listed AS (
       INSERT INTO scope_gone (scope, seq, kind, uid, at) SELECT scope, value, 'tickets', $4, 0 FROM raised
     ), history AS (
       DELETE FROM ticket_events WHERE ticket_uid = $4
     ) DELETE FROM tickets WHERE uid = $4`,
    [row.scope, hi, lo, uid],
  );
}
