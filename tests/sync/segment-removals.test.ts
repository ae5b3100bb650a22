import { expect, test } from 'vitest';
import { buildSegments } from '#server/sync/segments/segment-builder.ts';
import { erasePerson } from '#server/upkeep/erase-person.ts';
import { sampleCitizen, sampleFields } from '#tests/support/data/samples.ts';
import { until } from '#tests/support/data/until.ts';
import { expectAgreement, waitUntilSynced } from '#tests/support/sync/agreement.ts';
import {
  countSegments,
  expectEqual,
  LONG_TIMEOUT,
  MANY,
  OLD_SCOPE,
  prepareOldCentres,
} from '#tests/support/sync/old-centre.ts';
import {
  beforeQuery,
  fillCentre,
  makeSegments,
  oldTickets,
  readKept,
  removeTickets,
  SMALL_SEGMENTS,
} from '#tests/support/sync/segments.ts';
import { OBSERVER, prepareWorlds, type World } from '#tests/support/sync/world.ts';
import { TestConsole } from '#tests/support/test-console.ts';

const worlds = prepareWorlds();
const openOldCentre = prepareOldCentres(worlds);
const ERASED = '欧阳晓鹭';
const PHONE = '13951998123';
const REQUEST = { centre: '320100', by: { phone: PHONE }, reason: '本人申请', doneBy: '梁斌' };

/** A centre whose ticket in the middle is of somebody who will be erased; no segments yet. */
async function openCentreOf(person: string): Promise<World> {
  const world = await worlds.open({ seats: 0 });
  const tickets = oldTickets(1_200);
  const { caller } = sampleFields();
  const theirs = sampleFields({ content: `${person}来电`, caller: { ...caller, name: person, phone: PHONE } });
  await fillCentre(
    world,
    tickets.map((ticket, n) => (n === 300 ? { ...ticket, fields: theirs } : ticket)),
    [sampleCitizen({ name: person, phones: [PHONE] })],
  );
  return world;
}

/** Not even to somebody who knows the ids of those that are still there. */
async function expectNoSegmentGiven({ server }: World, asking: TestConsole): Promise<void> {
  for (const { id } of await server.query<{ id: string }>('SELECT id FROM segments')) {
    const given = await fetch(`${server.url}/api/v1/sync/segments/${id}`, { headers: asking.headers });
    expect(given.status).toBe(404);
  }
}

test.each([1, 2, 3])(
  'somebody is erased just before segment %i of three is kept: no console is given a hole or their name',
  async (nth) => {
    const world = await openCentreOf(ERASED);
    const { services } = world.server;
    const pool = beforeQuery(services.pool, 'INSERT INTO segments', nth, () => erasePerson(services.pool, REQUEST, 1));
    expect(await buildSegments({ ...services, pool }, SMALL_SEGMENTS)).toEqual([]);

    const seat = await world.addSeat();
    await waitUntilSynced(world.server, [seat]);
    await expectAgreement(world.server, [seat], OBSERVER);
    expect(JSON.stringify(seat.tickets)).not.toContain(ERASED);
    const asking = await new TestConsole(world.server.url).signIn(OBSERVER);
    await expectNoSegmentGiven(world, asking);

    expect(await makeSegments(world)).toEqual([OLD_SCOPE]);
    expect((await readKept(world.server)).filter((content) => content.includes(ERASED))).toEqual([]);
    const fresh = await world.addSeat();
    await waitUntilSynced(world.server, [fresh]);
    await expectAgreement(world.server, [fresh], OBSERVER);
  },
  LONG_TIMEOUT,
);

test(
  'an erasure that is under way while segments are made: as soon as it has happened nobody is given them',
  async () => {
    const world = await openCentreOf(ERASED);
    const { services } = world.server;
    // Erased, but not committed: its last statement waits.
    const gate = await services.pool.connect();
    await gate.query('BEGIN');
    await gate.query('LOCK TABLE erasures IN ACCESS EXCLUSIVE MODE');
    const erasing = erasePerson(services.pool, REQUEST, 1);
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    await until('the erasure waits', async () => (await world.server.query(waiting)).length > 0);
    expect(await makeSegments(world)).toEqual([OLD_SCOPE]);
    const asking = await new TestConsole(world.server.url).signIn(OBSERVER);
    const ask = () => asking.send(`/sync/segments?scope=${OLD_SCOPE}&epoch=1&seq=0`);
    expect((await ask()).status).toBe(200);
    await gate.query('COMMIT');
    gate.release();
    await erasing;

    expect((await ask()).status).toBe(404);
    await expectNoSegmentGiven(world, asking);
    expect(await makeSegments(world)).toEqual([OLD_SCOPE]);
    expect((await ask()).status).toBe(200);
    expect((await readKept(world.server)).filter((content) => content.includes(ERASED))).toEqual([]);
  },
  LONG_TIMEOUT,
);

test(
  'segments with deletes of most of a scope, a few in each: no more than a fifth is believed, the rest waits for a person',
  async () => {
    const centre = await openOldCentre(MANY);
    const { world, uids } = centre;
    const seat = await world.addSeat();
    await expectEqual(centre, seat);
    seat.kill();
    await removeTickets(world, uids.slice(0, 5_500));
    await makeSegments(world, { ...SMALL_SEGMENTS, changesPerSegment: 250 });
    centre.paths.length = 0;
    await seat.restart();
    await waitUntilSynced(world.server, [seat], LONG_TIMEOUT / 2);
    expect(countSegments(centre)).toBeGreaterThan(20);
    const here = seat.work.db.value('SELECT count(*) FROM tickets');
    expect(here).toBeGreaterThanOrEqual(MANY * 0.8);
    expect(seat.status.held).toMatchObject({ because: 'mass-delete', tickets: Number(here) - 1_500 });
  },
  LONG_TIMEOUT,
);
