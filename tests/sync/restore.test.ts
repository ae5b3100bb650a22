import { expect, test } from 'vitest';
import { createTestDatabase } from '#tests/support/postgres-global.ts';
import { createLedger, expectAgreement, expectOnceAtServer, waitUntilSynced } from '#tests/support/sync/agreement.ts';
import { OBSERVER, prepareWorlds, seatOf } from '#tests/support/sync/world.ts';

const worlds = prepareWorlds();

test('a new epoch of the scopes: the cursors start anew, what waits goes out once, nothing disappears', async () => {
  const world = await worlds.open({ seats: 2 });
  const [first, second] = [seatOf(world, 0), seatOf(world, 1)];
  const ledger = createLedger();
  const submit = (seat: typeof first, title: string) => {
    const uid = seat.submit({ title });
    ledger.tickets.set(uid, { title, outcome: 'submit' });
    return uid;
  };
  for (let n = 0; n < 5; n++) submit(first, `之前${n}`);
  await waitUntilSynced(world.server, world.seats);
  await world.stopServer();
  const waiting = submit(second, '停机时写的');
  await world.startServer();
  await world.server.query('UPDATE clocks SET epoch = epoch + 1');
  await waitUntilSynced(world.server, world.seats);
  expect(first.ticket(waiting).number).not.toBeNull();
  expect(first.scopes.map(({ epoch, deletesHeld }) => [epoch, deletesHeld])).toEqual([
    [2, true],
    [2, true],
  ]);
  await expectOnceAtServer(world.server, ledger);
  await expectAgreement(world.server, world.seats, OBSERVER);
});

test('the server comes back from an earlier backup: what waits goes out once, what it forgot stays on the seats and is told', async () => {
  const world = await worlds.open({ seats: 2 });
  const [first, second] = [seatOf(world, 0), seatOf(world, 1)];
  const ledger = createLedger();
  const kept = first.submit({ title: '备份之前' });
  ledger.tickets.set(kept, { title: '备份之前', outcome: 'submit' });
  await waitUntilSynced(world.server, world.seats);
  await world.stopServer();
  const backup = await createTestDatabase(new URL(world.database.url).pathname.slice(1));
  worlds.atEnd(() => backup.drop());
  await world.startServer();
  const forgotten = first.submit({ title: '备份之后' });
  await waitUntilSynced(world.server, world.seats);
  await world.stopServer();
  const waiting = first.submit({ title: '停机时写的' });
  first.note(kept, 'note', '停机时补充的');
  ledger.tickets.set(waiting, { title: '停机时写的', outcome: 'submit' });
  ledger.notes.push({ uid: kept, kind: 'note', text: '停机时补充的' });

  await world.startServer(backup);
  worlds.atEnd(() => world.stopServer());
  await waitUntilSynced(world.server, world.seats);
  await expectOnceAtServer(world.server, ledger);
  for (const seat of [first, second]) {
    expect(seat.outbox).toEqual([]);
    expect(seat.ticket(forgotten).fields.title).toBe('备份之后');
    expect(seat.ticket(waiting).number).not.toBeNull();
    expect(seat.ticket(kept).events.at(-1)?.text).toBe('停机时补充的');
    expect(seat.status.parity).toBe('different');
  }
});
