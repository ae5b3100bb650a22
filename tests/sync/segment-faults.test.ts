import { expect, test } from 'vitest';
import { openCutProxy } from '#tests/support/cut-proxy.ts';
import {
  countPulls,
  countRequests,
  countRows,
  countSegments,
  expectEqual,
  LONG_TIMEOUT,
  MANY,
  prepareOldCentres,
} from '#tests/support/sync/old-centre.ts';
import { prepareWorlds, seatOf } from '#tests/support/sync/world.ts';

const worlds = prepareWorlds();
const openOldCentre = prepareOldCentres(worlds);

test(
  'half a segment that looks like a whole one is fetched again, and nothing of it is applied',
  async () => {
    const centre = await openOldCentre();
    centre.fault = (nth) => (nth === 1 ? 'reply-truncated' : null);
    const seat = await centre.world.addSeat();
    await expectEqual(centre, seat);
    expect(countSegments(centre)).toBe(4);
    expect(countPulls(centre)).toBe(1);
  },
  LONG_TIMEOUT,
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
      if (nth > 1) counts.push(countRows(seatOf(world, 0)));
      return null;
    };
    const seat = await world.addSeat();
    await expectEqual(centre, seat);
    // Three tries for the second one, and not a row more than the first one held until the pull.
    expect(countSegments(centre)).toBe(4);
    expect(Math.max(...counts)).toBeLessThanOrEqual(500);
  },
  LONG_TIMEOUT,
);

test(
  'a line that dies during a segment: what was applied stays, and the next session goes on with that segment',
  async () => {
    const centre = await openOldCentre(MANY);
    const { world } = centre;
    centre.fault = (nth) => (nth === 4 ? 'reply-lost' : null);
    const atHello: number[] = [];
    centre.otherFault = (path) => {
      if (path.endsWith('/sync/hello')) atHello.push(world.seats[0] ? countRows(world.seats[0]) : 0);
      return null;
    };
    const seat = await world.addSeat();
    await expectEqual(centre, seat);
    // Four of fourteen had come, the fifth was lost: the second session fetches it and those behind it, none twice.
    expect(atHello).toEqual([0, 2_000]);
    // Two for the month; of the citizens there are so few that nobody asks.
    expect(countRequests(centre, '/sync/segments')).toBe(2);
    expect(countSegments(centre)).toBe(15);
    expect(countPulls(centre)).toBe(1);
  },
  LONG_TIMEOUT,
);

test(
  'something on the way lets no segment through: after three sessions in vain the console pulls, and asks for none again',
  async () => {
    const centre = await openOldCentre();
    centre.fault = () => 'bad-gateway';
    const seat = await centre.world.addSeat();
    await expectEqual(centre, seat);
    expect(countSegments(centre)).toBe(3);
    expect(countRequests(centre, '/sync/hello')).toBe(3);
    expect(countPulls(centre)).toBeGreaterThanOrEqual(1);
  },
  LONG_TIMEOUT,
);

test(
  'somebody else answers for manifests: after three sessions in vain the console pulls',
  async () => {
    const centre = await openOldCentre();
    centre.otherFault = (path) => (path.endsWith('/sync/segments') ? 'captive-portal' : null);
    const seat = await centre.world.addSeat();
    await expectEqual(centre, seat);
    expect(countSegments(centre)).toBe(0);
    // Once given up for the line, the citizens get no three sessions of their own.
    expect(countRequests(centre, '/sync/hello')).toBe(3);
  },
  LONG_TIMEOUT,
);

test(
  'segments that are cut in their middle every time: the console pulls; what a session has brought starts the count again',
  async () => {
    let cut: () => Promise<void> = async () => {};
    const centre = await openOldCentre(MANY, {
      address: async (server) => {
        const proxy = await openCutProxy(() => server.url);
        worlds.atEnd(() => proxy.close());
        cut = () => proxy.cutNext(/\/sync\/segments\/./, 'in-answer');
        return () => proxy.url;
      },
    });
    const { world } = centre;
    // Two sessions in vain, one that brings a segment and loses the next, three in vain.
    const plan = ['cut', 'cut', 'pass', 'cut', 'cut', 'cut', 'cut'];
    centre.fault = (nth) => {
      if (plan[nth] === 'cut') void cut();
      return null;
    };
    const seat = await world.addSeat();
    await expectEqual(centre, seat);
    expect(countSegments(centre)).toBe(plan.length);
    expect(countPulls(centre)).toBeGreaterThan(1);
  },
  LONG_TIMEOUT,
);
