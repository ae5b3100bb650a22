import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lookUpCaller } from '#main/data/services/person-card.service.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { until } from '#tests/support/data/until.ts';
import { expectAgreement, waitUntilSynced } from '#tests/support/sync/agreement.ts';
import {
  countPulls,
  countRequests,
  countSegments,
  expectEqual,
  LONG_TIMEOUT,
  MANY,
  note,
  OLD_SCOPE,
  openKilledSeat,
  prepareOldCentres,
} from '#tests/support/sync/old-centre.ts';
import { makeSegments, removeTickets } from '#tests/support/sync/segments.ts';
import { OBSERVER, prepareWorlds } from '#tests/support/sync/world.ts';
import { TestConsole } from '#tests/support/test-console.ts';
import { startServerProcess } from '../../scripts/driver/server-process.ts';

const worlds = prepareWorlds();
const openOldCentre = prepareOldCentres(worlds);
const tempFolder = prepareTempFolders();

test(
  'an empty console gets a large scope by segments and equals the server after one pull',
  async () => {
    const centre = await openOldCentre();
    const seat = await centre.world.addSeat();
    await expectEqual(centre, seat);
    expect(countSegments(centre)).toBe(3);
    expect(countPulls(centre)).toBe(1);
  },
  LONG_TIMEOUT,
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
  LONG_TIMEOUT,
);

test(
  'after a removal nobody is given the old segments: the console pulls, and gets new ones once they are made',
  async () => {
    const centre = await openOldCentre();
    const { world, uids } = centre;
    const removed = uids[700] as string;
    await removeTickets(world, [removed]);
    const pulling = await world.addSeat();
    await expectEqual(centre, pulling);
    expect(countSegments(centre)).toBe(0);

    expect(await makeSegments(world)).toEqual([OLD_SCOPE]);
    // The segment with the row is gone from the database as well; the one before it stayed as it was.
    const kept = await world.server.query<{ id: string }>('SELECT id FROM segments ORDER BY until_seq');
    expect(kept).toHaveLength(3);
    const fresh = await world.addSeat();
    await expectEqual(centre, fresh);
    expect(countSegments(centre)).toBe(3);
    expect(fresh.tickets.map(({ uid }) => uid)).not.toContain(removed);
  },
  LONG_TIMEOUT,
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
        isRemoved = removeTickets(world, [uids[3] as string]);
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
  LONG_TIMEOUT,
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
  LONG_TIMEOUT,
);

test(
  'a new manifest while a console is in the middle: it goes on from its cursor, also with rows that were changed or removed since',
  async () => {
    const centre = await openOldCentre(MANY);
    const { world, uids } = centre;
    const seat = await openKilledSeat(centre, 3);
    await note(centre, uids[10], '补充：换了电话');
    await note(centre, uids[6_000], '补充：又来问');
    await removeTickets(world, [uids[20] as string]);
    await removeTickets(world, [uids[5_000] as string]);
    expect(await makeSegments(world)).toEqual([OLD_SCOPE]);
    await seat.restart();
    await expectEqual(centre, seat);
    expect(countSegments(centre)).toBeGreaterThanOrEqual(11);
    expect(seat.ticket(uids[10] as string).events.at(-1)?.text).toBe('补充：换了电话');
    const shown = new Set(seat.tickets.map(({ uid }) => uid));
    expect([uids[20], uids[5_000]].filter((uid) => shown.has(uid as TicketId))).toEqual([]);
    expect(seat.status.held).toBeNull();
  },
  LONG_TIMEOUT,
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
    expect(countRequests(centre, '/sync/segments')).toBe(2);
    expect(countPulls(centre)).toBeLessThanOrEqual(2);
  },
  LONG_TIMEOUT,
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
        return (await asking.send(`/sync/segments?scope=${OLD_SCOPE}&epoch=1&seq=0`)).body;
      }),
    );
    expect(manifests[0]).toMatchObject({ scope: OLD_SCOPE, segments: { length: 3 } });
    expect(manifests[1]).toEqual(manifests[0]);
    const seats = [await world.addSeat(), await world.addSeat()];
    await expectEqual(centre, ...seats);
    expect(countSegments(centre)).toBe(6);
  },
  LONG_TIMEOUT,
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
  LONG_TIMEOUT,
);

test(
  'an agent writes a ticket and finds callers while segments arrive; it is sent before the first sync has ended',
  async () => {
    const centre = await openOldCentre(MANY);
    const { world, uids } = centre;
    // The sixth segment stays away until the agent has done all this.
    centre.fault = (nth) => (nth === 5 ? 'request-held' : null);
    const seat = await world.addSeat();
    await until('segments have come', () => world.network.isHolding && seat.scopes.some(({ count }) => count >= 2_500));
    const old = lookUpCaller(seat.work, '138 0000 1234');
    expect(old.totals.tickets).toBe(2_500);
    expect(old.tickets[0]?.uid).toBe(uids[2_499]);

    const uid = seat.submit({ title: '同步时来的电话', name: '赵敏', phone: '13700001111' });
    expect(lookUpCaller(seat.work, '13700001111')).toMatchObject({
      citizen: { fields: { name: '赵敏' } },
      tickets: [{ uid }],
    });
    const { progress } = seat.status;
    expect(progress?.total).toBeGreaterThanOrEqual(MANY);
    expect(progress?.done).toBeLessThan(MANY);

    centre.fault = () => null;
    await world.network.calmDown();
    await until('it is confirmed', () => seat.status.outbox.waiting === 0);
    expect(seat.status.progress).not.toBeNull();
    await waitUntilSynced(world.server, [seat], LONG_TIMEOUT / 2);
    expect(seat.ticket(uid).number).not.toBeNull();
    await expectAgreement(world.server, [seat], OBSERVER);
  },
  LONG_TIMEOUT,
);
