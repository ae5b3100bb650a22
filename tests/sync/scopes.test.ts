import { expect, test } from 'vitest';
import { discardOp } from '#main/data/services/refused-ops.service.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { until } from '#tests/support/data/until.ts';
import { monthScope } from '#tests/support/server.ts';
import { waitUntilSynced } from '#tests/support/sync/agreement.ts';
import { prepareWorlds, seatOf, type World } from '#tests/support/sync/world.ts';
import { createTicketBody, TestConsole } from '#tests/support/test-console.ts';

const worlds = prepareWorlds();
const SPECIAL = monthScope('12350');

async function setLines(world: World, account: string, lines: readonly string[]): Promise<void> {
  await world.server.query('UPDATE users SET lines = $2 WHERE account = $1', [account, lines]);
}

/** A seat that holds the 12350 line with two of its tickets, and one ticket of the ordinary line. */
async function openSpecialSeat() {
  const world = await worlds.open({ seats: 1 });
  const seat = seatOf(world, 0);
  await world.server.addAccount({ account: 'special1', lines: ['12345', '12350'] });
  const before = await new TestConsole(world.server.url).signIn('special1');
  const bodies = [
    createTicketBody({ title: '路灯 举报一', line: '12350' }),
    createTicketBody({ title: '路灯 举报二', line: '12350' }),
    createTicketBody({ title: '路灯 普通' }),
  ] as const;
  await before.push(bodies.map((body) => before.op(body)));
  await setLines(world, seat.account, ['12345', '12350']);
  // The next start of a session brings what was granted meanwhile.
  await world.stopServer();
  seat.wake();
  await until('away', () => seat.status.connection === 'offline');
  await world.startServer();
  await waitUntilSynced(world.server, world.seats);
  const colleague = await new TestConsole(world.server.url).signIn('special1');
  const [first, second, ordinary] = bodies.map(({ uid }) => uid) as [TicketId, TicketId, TicketId];
  return { world, seat, colleague, first, second, ordinary };
}

test('a line granted later arrives by itself', async () => {
  const { seat, first } = await openSpecialSeat();
  expect(seat.ticket(first).fields.title).toBe('路灯 举报一');
  expect(seat.scopes.map(({ scope }) => scope)).toContain(SPECIAL);
});

test('a withdrawn line: its tickets leave the seat and the search index, everything else goes on', async () => {
  const { world, seat, colleague, first, ordinary } = await openSpecialSeat();
  expect(await seat.indexedNumbers()).toHaveLength(3);
  await setLines(world, seat.account, ['12345']);
  // Pulling the line is refused as a whole; the next session tells what may be pulled.
  await colleague.push([colleague.op(createTicketBody({ title: '路灯 之后' }))]);
  await waitUntilSynced(world.server, world.seats);
  expect(seat.scopes.map(({ scope }) => scope)).not.toContain(SPECIAL);
  expect(seat.tickets.map(({ fields }) => fields.title).sort()).toEqual(['路灯 之后', '路灯 普通']);
  expect(seat.work.db.value('SELECT count(*) FROM tickets WHERE uid = ?', first)).toBe(0);
  expect(await seat.indexedNumbers()).toEqual([
    ...seat.tickets.map(({ number }) => number).sort((a, b) => Number(b) - Number(a)),
  ]);
  expect(seat.work.db.value('SELECT count(*) FROM search_gone')).toBe(0);
  expect(seat.ticket(ordinary).number).not.toBeNull();
});

test('a withdrawn line: own work on it that the server has not seen stays, with the server’s reason', async () => {
  const { world, seat, first, second } = await openSpecialSeat();
  world.faultFor = (_seat, path) => (path.endsWith('/push') ? 'request-lost' : null);
  seat.note(first, 'note', '撤回权限前写的');
  await setLines(world, seat.account, ['12345']);
  world.faultFor = null;
  await until('refused', () => {
    seat.wake();
    return seat.outbox.some(({ state }) => state === 'rejected');
  });
  expect(seat.outbox).toMatchObject([{ state: 'rejected', lastError: { code: 'NOT_FOUND' }, op: { uid: first } }]);
  await until('the other ticket of the line is gone', () => !seat.tickets.some(({ uid }) => uid === second));
  expect(seat.ticket(first).fields.title).toBe('路灯 举报一');
  // Given up, it goes with the ticket that may not be read any more.
  const [entry] = seat.outbox;
  discardOp(seat.work, forceUnwrap('the refused note', entry).op.opId);
  expect(seat.outbox).toEqual([]);
  expect(seat.tickets.map(({ uid }) => uid)).not.toContain(first);
  await until('the sync goes on', () => seat.status.connection === 'online');
});
