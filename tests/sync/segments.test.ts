import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TicketId } from '#shared/kernel/ids.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { until } from '#tests/support/data/until.ts';
import { expectAgreement, waitUntilSynced } from '#tests/support/sync/agreement.ts';
import type { Fault } from '#tests/support/sync/faulty-network.ts';
import type { Seat } from '#tests/support/sync/seat.ts';
import { fillCentre, makeSegments, oldTickets, removeTicket } from '#tests/support/sync/segments.ts';
import { OBSERVER, prepareWorlds, seatOf, type World, type WorldOptions } from '#tests/support/sync/world.ts';
import { noteBody, TestConsole } from '#tests/support/test-console.ts';
import { startServerProcess } from '../../scripts/driver/server-process.ts';

const worlds = prepareWorlds();
const tempFolder = prepareTempFolders();
const SCOPE = '320100:12345';
/** So many that after a few segments the console is still far behind. */
const MANY = 7_000;
const TIMEOUT = 120_000;

const isSegment = (path: string) => /\/sync\/segments\/./.test(path);

interface OldCentre {
  readonly world: World;
  /** Paths of the requests of all seats. */
  readonly paths: string[];
  readonly uids: readonly TicketId[];
  /** Faults of requests for segments, by how many there were before; the others pass. */
  fault: (nth: number) => Fault | null;
}

/** A centre with a long history, packed into segments of 500 changes, and nobody signed in yet. */
async function openOldCentre(tickets = 1_200, options: Omit<WorldOptions, 'seats'> = {}): Promise<OldCentre> {
  const world = await worlds.open({ seats: 0, ...options });
  const rows = oldTickets(tickets);
  await fillCentre(world, rows);
  expect(await makeSegments(world)).toEqual([SCOPE]);
  const centre: OldCentre = { world, paths: [], uids: rows.map(({ uid }) => uid), fault: () => null };
  world.faultFor = (_, path) => {
    const nth = centre.paths.filter(isSegment).length;
    centre.paths.push(path);
    return isSegment(path) ? centre.fault(nth) : null;
  };
  return centre;
}

const countSegments = ({ paths }: OldCentre) => paths.filter(isSegment).length;
const countPulls = ({ paths }: OldCentre) => paths.filter((path) => path.endsWith('/sync/pull')).length;

async function note({ world }: OldCentre, uid: TicketId | undefined, text: string): Promise<void> {
  const colleague = await new TestConsole(world.server.url).signIn(OBSERVER);
  await colleague.push([colleague.op(noteBody(uid as TicketId, text))]);
}

async function expectEqual({ world }: OldCentre, ...seats: readonly Seat[]): Promise<void> {
  await waitUntilSynced(world.server, seats, TIMEOUT / 2);
  await expectAgreement(world.server, seats, OBSERVER);
}

/** Starts a seat whose console is killed after some segments have come, and waits for that. */
async function openKilledSeat(centre: OldCentre, segments: number): Promise<Seat> {
  centre.fault = (nth) => (nth === segments ? 'killed-before-reply' : null);
  const seat = await centre.world.addSeat();
  await until('the console is dead', () => !seat.isUp);
  centre.paths.length = 0;
  centre.fault = () => null;
  return seat;
}

test(
  'an empty console gets a large scope by segments and equals the server after one pull',
  async () => {
    const centre = await openOldCentre();
    const seat = await centre.world.addSeat();
    await expectEqual(centre, seat);
    expect(countSegments(centre)).toBe(3);
    expect(countPulls(centre)).toBe(1);
  },
  TIMEOUT,
);

test(
  'what was changed after the segments were made comes with the pull',
  async () => {
    const centre = await openOldCentre();
    const [first] = centre.uids;
    await note(centre, first, '补充：门牌写错了');
    const seat = await centre.world.addSeat();
    await expectEqual(centre, seat);
    expect(countSegments(centre)).toBe(3);
    expect(seat.ticket(first as string).events.at(-1)?.text).toBe('补充：门牌写错了');
  },
  TIMEOUT,
);

test(
  'after a removal nobody is given the old segments: the console pulls, and gets new ones once they are made',
  async () => {
    const centre = await openOldCentre();
    const { world, uids } = centre;
    const removed = uids[700] as string;
    await removeTicket(world, removed);
    const pulling = await world.addSeat();
    await expectEqual(centre, pulling);
    expect(countSegments(centre)).toBe(0);

    expect(await makeSegments(world)).toEqual([SCOPE]);
    // The segment with the row is gone from the database as well; the one before it stayed as it was.
    const kept = await world.server.query<{ id: string }>('SELECT id FROM segments ORDER BY until_seq');
    expect(kept).toHaveLength(3);
    const fresh = await world.addSeat();
    await expectEqual(centre, fresh);
    expect(countSegments(centre)).toBe(3);
    expect(fresh.tickets.map(({ uid }) => uid)).not.toContain(removed);
  },
  TIMEOUT,
);

test(
  'a row removed while a console is fetching: the segments end for it, it pulls the rest, and the row goes',
  async () => {
    const centre = await openOldCentre();
    const { world, uids } = centre;
    let isRemoved: Promise<void> | null = null;
    centre.fault = (nth) => {
      // The second request waits until the row is gone, so that its segment was asked for before and is served after.
      if (nth === 1) {
        isRemoved = removeTicket(world, uids[3] as string);
        return 'request-held';
      }
      return null;
    };
    const seat = await world.addSeat();
    await until('the second segment is held back', () => world.network.isHolding && isRemoved !== null);
    await isRemoved;
    await world.network.settle(() => seat.isResting);
    await expectEqual(centre, seat);
    expect(countSegments(centre)).toBe(2);
    expect(seat.tickets.map(({ uid }) => uid)).not.toContain(uids[3]);
    expect(seat.status.held).toBeNull();
  },
  TIMEOUT,
);

test(
  'a console killed between segments goes on with the next one and fetches none again',
  async () => {
    const centre = await openOldCentre(MANY);
    const seat = await openKilledSeat(centre, 3);
    await seat.restart();
    await expectEqual(centre, seat);
    // Fourteen; the first two were applied, and at the kill the third may have been, too.
    expect(countSegments(centre)).toBeGreaterThanOrEqual(11);
    expect(countSegments(centre)).toBeLessThanOrEqual(12);
  },
  TIMEOUT,
);

test(
  'a new manifest while a console is in the middle: it goes on from its cursor, also with rows that were changed or removed since',
  async () => {
    const centre = await openOldCentre(MANY);
    const { world, uids } = centre;
    const seat = await openKilledSeat(centre, 3);
    await note(centre, uids[10], '补充：换了电话');
    await note(centre, uids[6_000], '补充：又来问');
    await removeTicket(world, uids[20] as string);
    await removeTicket(world, uids[5_000] as string);
    expect(await makeSegments(world)).toEqual([SCOPE]);
    await seat.restart();
    await expectEqual(centre, seat);
    expect(countSegments(centre)).toBeGreaterThanOrEqual(11);
    expect(seat.ticket(uids[10] as string).events.at(-1)?.text).toBe('补充：换了电话');
    const shown = new Set(seat.tickets.map(({ uid }) => uid));
    expect([uids[20], uids[5_000]].filter((uid) => shown.has(uid as TicketId))).toEqual([]);
    expect(seat.status.held).toBeNull();
  },
  TIMEOUT,
);

test(
  'segments that are taken away in the middle: the console asks for the new manifest and goes on',
  async () => {
    const centre = await openOldCentre(MANY);
    const { world } = centre;
    let isReplaced: Promise<unknown> | null = null;
    centre.fault = (nth) => {
      if (nth !== 2) return null;
      // All are made anew under other ids, and the old ones are not even kept for a while.
      isReplaced = world.server
        .query('DELETE FROM segment_manifests')
        .then(() => world.server.query('DELETE FROM segments'))
        .then(() => makeSegments(world));
      return 'request-held';
    };
    const seat = await world.addSeat();
    await until('the third request is held back', () => world.network.isHolding && isReplaced !== null);
    await isReplaced;
    await world.network.settle(() => seat.isResting);
    await expectEqual(centre, seat);
    expect(centre.paths.filter((path) => path.endsWith('/sync/segments')).length).toBeGreaterThanOrEqual(3);
    expect(countPulls(centre)).toBeLessThanOrEqual(2);
  },
  TIMEOUT,
);

test(
  'a segment cut short on the way is fetched again, and nothing of the damaged one is applied',
  async () => {
    const centre = await openOldCentre();
    centre.fault = (nth) => (nth === 1 ? 'reply-truncated' : null);
    const seat = await centre.world.addSeat();
    await expectEqual(centre, seat);
    expect(countSegments(centre)).toBe(4);
    expect(countPulls(centre)).toBe(1);
  },
  TIMEOUT,
);

test(
  'a segment that is damaged at the server is refused by its digest; the console pulls from where it stood',
  async () => {
    const centre = await openOldCentre();
    const { world } = centre;
    // Bytes of another segment: they unpack well, and are not what the manifest speaks of.
    await world.server.query(
      `UPDATE segments SET data = (SELECT data FROM segments ORDER BY until_seq LIMIT 1)
       WHERE id = (SELECT id FROM segments ORDER BY until_seq OFFSET 1 LIMIT 1)`,
    );
    const counts: number[] = [];
    centre.fault = (nth) => {
      if (nth > 1) counts.push(seatOf(world, 0).scopes.find(({ scope }) => scope === SCOPE)?.count ?? 0);
      return null;
    };
    const seat = await world.addSeat();
    await expectEqual(centre, seat);
    // Three tries for the second one, and not a row more than the first one held until the pull.
    expect(countSegments(centre)).toBe(4);
    expect(Math.max(...counts)).toBeLessThanOrEqual(500);
  },
  TIMEOUT,
);

test(
  'a line that dies during a segment: what was applied stays, and the next session goes on',
  async () => {
    const centre = await openOldCentre(MANY);
    centre.fault = (nth) => (nth === 4 ? 'reply-lost' : null);
    const seat = await centre.world.addSeat();
    await expectEqual(centre, seat);
    // A lost answer is not asked for in the same breath three times in vain: the other tries pass.
    expect(countSegments(centre)).toBe(15);
  },
  TIMEOUT,
);

test(
  'two servers on one database serve the same segments: each console may be sent to either at every request',
  async () => {
    const addresses: string[] = [];
    let turn = 0;
    const centre = await openOldCentre(1_200, {
      address: async ({ url, databaseUrl }) => {
        const logFile = join(tempFolder(), 'second.log');
        const second = await startServerProcess({ mode: 'production', port: 0, databaseUrl, logFile });
        worlds.atEnd(() => second.stop());
        addresses.push(url, second.url);
        return () => addresses[turn++ % 2] as string;
      },
    });
    const { world } = centre;
    const manifests = await Promise.all(
      addresses.map(async (url) => {
        const asking = await new TestConsole(url).signIn(OBSERVER);
        return (await asking.send(`/sync/segments?scope=${SCOPE}&epoch=1&seq=0`)).body;
      }),
    );
    expect(manifests[0]).toMatchObject({ scope: SCOPE, segments: { length: 3 } });
    expect(manifests[1]).toEqual(manifests[0]);
    const seats = [await world.addSeat(), await world.addSeat()];
    await expectEqual(centre, ...seats);
    expect(countSegments(centre)).toBe(6);
  },
  TIMEOUT,
);

test(
  'a database restored under a new epoch serves no segment of the former one',
  async () => {
    const centre = await openOldCentre();
    const { world } = centre;
    await world.server.query('UPDATE clocks SET epoch = epoch + 1');
    const seat = await world.addSeat();
    await expectEqual(centre, seat);
    expect(countSegments(centre)).toBe(0);
  },
  TIMEOUT,
);

test(
  'an agent writes a ticket and finds a caller while segments arrive; it is sent before the first sync has ended',
  async () => {
    const centre = await openOldCentre(MANY);
    const { world } = centre;
    const seat = await world.addSeat();
    await until('the first rows are there', () => (seat.status.progress?.done ?? 0) > 0);
    const uid = seat.submit({ title: '同步时来的电话', phone: '13700001111' });
    await until('it is confirmed', () => seat.status.outbox.waiting === 0);
    const { progress } = seat.status;
    expect(progress).not.toBeNull();
    expect(progress?.total).toBeGreaterThanOrEqual(MANY);
    await waitUntilSynced(world.server, [seat], TIMEOUT / 2);
    expect(seat.ticket(uid).number).not.toBeNull();
    await expectAgreement(world.server, [seat], OBSERVER);
  },
  TIMEOUT,
);
