import { expect, test } from 'vitest';
import { lookUpCaller } from '#main/data/services/person-card.service.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { until } from '#tests/support/data/until.ts';
import {
  countRows,
  expectEqual,
  LONG_TIMEOUT,
  MANY,
  type OldCentre,
  prepareOldCentres,
} from '#tests/support/sync/old-centre.ts';
import type { Seat } from '#tests/support/sync/seat.ts';
import { prepareWorlds } from '#tests/support/sync/world.ts';

const worlds = prepareWorlds();
const openOldCentre = prepareOldCentres(worlds);
const APPLY_ENTRY = new URL('../../src/main/data/sync/intake/apply-worker.ts', import.meta.url).pathname;
/** Nobody called with it before. */
const PHONE = '13951990066';
const MORTAL_ENTRY = new URL('../support/sync/mortal-apply-worker.ts', import.meta.url).pathname;

/** The thread copies the log of the cache back from its start to its end. */
const isThreadRunning = (seat: Seat) => seat.work.db.value('PRAGMA wal_autocheckpoint') === 32_000;

/** A seat that is signed in and has just begun to receive. */
async function openReceivingSeat(centre: OldCentre): Promise<Seat> {
  const seat = await centre.world.addSeat();
  await until('the first rows are here', () => countRows(seat) > 0);
  expect(isThreadRunning(seat)).toBe(true);
  return seat;
}

/** As on a server that has not made its segments yet. */
async function forgetSegments({ world }: OldCentre): Promise<void> {
  await world.server.query('DELETE FROM segment_manifests');
}

test.each([
  ['by segments', async () => undefined],
  ['page by page', forgetSegments],
])(
  'a first sync %s beside an agent who works: nothing is lost and nothing refused',
  async (_, prepare) => {
    const centre = await openOldCentre(MANY, { applyEntry: APPLY_ENTRY });
    await prepare(centre);
    const seat = await openReceivingSeat(centre);
    const written = new Set<TicketId>();
    const noted: TicketId[] = [];
    for (let n = 0; countRows(seat) < MANY; n++) {
      // The newest that is here: its row and the next ones are just being written.
      const last = seat.work.db.value<string>(
        'SELECT uid FROM tickets WHERE scope_id IS NOT NULL ORDER BY id DESC LIMIT 1',
      );
      if (n % 4 === 0) written.add(seat.submit({ title: `边同步边写 ${n}`, phone: PHONE }));
      else if (last !== undefined) {
        seat.note(last as TicketId, 'note', `边同步边记 ${n}`);
        noted.push(last as TicketId);
      }
      expect(lookUpCaller(seat.work, PHONE).totals.tickets).toBe(written.size);
      const before = countRows(seat);
      await until('more rows are here', () => countRows(seat) > before || before === MANY);
    }
    await expectEqual(centre, seat);
    expect(seat.outbox).toEqual([]);
    const shown = new Map(seat.tickets.map((ticket) => [ticket.uid, ticket]));
    for (const uid of written) expect(shown.get(uid)?.number).not.toBeNull();
    for (const uid of noted)
      expect(shown.get(uid)?.events.some(({ text }) => text.startsWith('边同步边记'))).toBe(true);
    expect(written.size + noted.length).toBeGreaterThan(5);
    expect(seat.work.db.value('PRAGMA integrity_check(1)')).toBe('ok');
  },
  LONG_TIMEOUT,
);

test(
  'a console that is locked while rows come stops before they are all here, and goes on where it was',
  async () => {
    const centre = await openOldCentre(MANY, { applyEntry: APPLY_ENTRY });
    await forgetSegments(centre);
    const seat = await openReceivingSeat(centre);
    await seat.close();
    await seat.restart();
    expect(countRows(seat)).toBeGreaterThan(0);
    expect(countRows(seat)).toBeLessThan(MANY);
    await expectEqual(centre, seat);
  },
  LONG_TIMEOUT,
);

test.each([
  ['cannot be started', '/nowhere/apply.js'],
  ['dies with rows in its hands', MORTAL_ENTRY],
])(
  'a thread that %s: the rows come all the same',
  async (_, applyEntry) => {
    const centre = await openOldCentre(MANY, { applyEntry });
    const seat = await centre.world.addSeat();
    await expectEqual(centre, seat);
    expect(isThreadRunning(seat)).toBe(false);
    expect(seat.status.problem).toBeNull();
  },
  LONG_TIMEOUT,
);
