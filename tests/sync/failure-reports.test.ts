import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findTicket } from '#main/data/repositories/ticket.repository.ts';
import { TICKETS } from '#main/data/services/synced-table.ts';
import { TICKETS_NOW } from '#tests/support/data/samples.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { checkEqual } from '#tests/support/sync/model/check-equal.ts';
import type { ModelConsole } from '#tests/support/sync/model/model-console.ts';
import { ModelWorld } from '#tests/support/sync/model/model-world.ts';
import { startTime, stopTime } from '#tests/support/sync/model/still-time.ts';

/** What went wrong in other products and has no test elsewhere; the table in docs/sync.md names them all. */
const tempFolder = prepareTempFolders();
beforeEach(stopTime);
afterEach(startTime);

const DAY_MS = 86_400_000;

async function openPair(): Promise<{ world: ModelWorld; first: ModelConsole; second: ModelConsole }> {
  const world = new ModelWorld(1, tempFolder());
  world.isWild = false;
  const [first, second] = [await world.addConsole(), await world.addConsole()];
  await world.round();
  return { world, first, second };
}

const cursorOf = (self: ModelConsole, end: string) => self.scopes.find(({ scope }) => scope.endsWith(end))?.seq;

test('a row that cannot be applied stops the cursor of its scope before it, and no other; it comes when it can be', async () => {
  const { world, first, second } = await openPair();
  first.submit('先来的', '13900000001');
  await world.round();
  await world.round();
  const before = cursorOf(second, TICKETS_NOW);
  const { save } = TICKETS;
  const broken = vi.spyOn(TICKETS, 'save').mockImplementation((db, row, known, received) => {
    if (received && row.fields.title === '写不进去的') throw new Error('no such column');
    return save(db, row, known, received);
  });
  const failing = first.submit('写不进去的', '13900000002');
  const later = first.submit('后来的', '13900000003');
  await world.round();
  await world.round();
  expect(cursorOf(second, TICKETS_NOW)).toBe(before);
  expect(findTicket(second.work.db, later)).toBeNull();
  // The persons of the three tickets are in another scope.
  expect(second.work.db.value('SELECT count(*) FROM citizens')).toBe(3);
  broken.mockRestore();
  await world.round();
  await world.round();
  for (const uid of [failing, later]) expect(findTicket(second.work.db, uid)).not.toBeNull();
  await checkEqual(world.centre, world.consoles);
  await world.close();
});

test.each([-2, -1, 1, 400])(
  'a clock that is %d days off stops nothing, neither before nor after it is put right',
  async (days) => {
    const { world, first, second } = await openPair();
    first.clock.advance(days * DAY_MS);
    const early = first.submit('钟不准', '13900000001');
    await world.round();
    await world.round();
    expect(findTicket(second.work.db, early)?.ticket.acceptedAt).toBe(world.centre.clock.now());
    first.clock.advance(-days * DAY_MS);
    const late = first.submit('钟准了', '13900000002');
    await world.round();
    await world.round();
    expect(findTicket(second.work.db, late)).not.toBeNull();
    expect(first.outbox).toEqual([]);
    await checkEqual(world.centre, world.consoles);
    await world.close();
  },
);
