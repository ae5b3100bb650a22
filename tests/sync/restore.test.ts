import { expect, test } from 'vitest';
import { attachToTicket, finishAttachment } from '#main/data/services/attachment.service.ts';
import { settlePromise } from '#main/data/services/promise.service.ts';
import { listMissingWork, sendAgain } from '#main/data/services/send-again.service.ts';
import { addNote } from '#main/data/services/ticket.service.ts';
import { runRestoredCommand } from '#server/upkeep/restored-command.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { until } from '#tests/support/data/until.ts';
import { createTestDatabase } from '#tests/support/postgres-global.ts';
import { noisePng } from '#tests/support/sample-files.ts';
import {
  createLedger,
  expectAgreement,
  expectOnceAtServer,
  type Ledger,
  waitUntilSynced,
} from '#tests/support/sync/agreement.ts';
import type { Seat } from '#tests/support/sync/seat.ts';
import { OBSERVER, prepareWorlds, seatOf, type World } from '#tests/support/sync/world.ts';

const worlds = prepareWorlds();

/** `npm run server -- restored` on the database of a world. */
async function tellRestored(world: World): Promise<{ readonly scopes: number }> {
  process.env.DATABASE_URL = world.database.url;
  try {
    return await runRestoredCommand([]);
  } finally {
    delete process.env.DATABASE_URL;
  }
}

test('a database that came back from a backup: the cursors start anew, what waits goes out once, nothing disappears', async () => {
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
  const { scopes } = await tellRestored(world);
  expect(scopes).toBe(new Set([first, second].flatMap((seat) => seat.scopes.map(({ scope }) => scope))).size);
  await world.startServer();
  await waitUntilSynced(world.server, world.seats);
  expect(first.ticket(waiting).number).not.toBeNull();
  // Everything came again: there is nothing to decide about.
  for (const { epoch, held, parity } of first.scopes) {
    expect([held, parity]).toEqual([null, 'equal']);
    expect(epoch).toBeGreaterThan(2);
  }
  await expectOnceAtServer(world.server, ledger);
  await expectAgreement(world.server, world.seats, OBSERVER);
});

/**
 * Two seats work, the server is backed up, they work on, and the server comes back as it was at the backup.
 * @param more what the first seat does besides after the backup, to a ticket
 * @returns the tickets of the first seat: from before the backup, after it, and written while the server was away
 */
async function loseAnAfternoon(ledger: Ledger, more: (seat: Seat, uid: TicketId) => void = () => undefined) {
  const world = await worlds.open({ seats: 2 });
  await world.server.addAccount({ account: 'lead8001', role: 'lead' });
  const [first, second] = [seatOf(world, 0), seatOf(world, 1)];
  const kept = first.submit({ title: '备份之前' });
  ledger.tickets.set(kept, { title: '备份之前', outcome: 'submit' });
  await waitUntilSynced(world.server, world.seats);
  await world.stopServer();
  const backup = await createTestDatabase(new URL(world.database.url).pathname.slice(1));
  worlds.atEnd(() => backup.drop());
  await world.startServer();
  const forgotten = first.submit({ title: '备份之后', name: '新来的人', phone: '13800009999' });
  first.note(forgotten, 'remind', '催一催');
  first.note(kept, 'note', '备份之后补充的');
  for (const uid of [kept, forgotten]) more(first, uid);
  await waitUntilSynced(world.server, world.seats);
  await world.stopServer();
  const waiting = first.submit({ title: '停机时写的' });
  first.note(kept, 'note', '停机时补充的');
  ledger.tickets.set(waiting, { title: '停机时写的', outcome: 'submit' });
  ledger.notes.push({ uid: kept, kind: 'note', text: '停机时补充的' });
  await world.startServer(backup);
  worlds.atEnd(() => world.stopServer());
  await waitUntilSynced(world.server, world.seats);
  await until('both have seen what is missing', () =>
    world.seats.every(({ status }) => status.held !== null && status.parity === 'different'),
  );
  return { world, first, second, kept, forgotten, waiting };
}

test('the server comes back from an earlier backup: what waits goes out once, what it forgot stays on the seats and is told', async () => {
  const ledger = createLedger();
  const { world, first, second, kept, forgotten, waiting } = await loseAnAfternoon(ledger);
  await expectOnceAtServer(world.server, ledger);
  for (const seat of [first, second]) {
    expect(seat.outbox).toEqual([]);
    expect(seat.ticket(forgotten).fields.title).toBe('备份之后');
    expect(seat.ticket(waiting).number).not.toBeNull();
    expect(seat.ticket(kept).events.at(-1)?.text).toBe('停机时补充的');
  }
  const told = { because: 'server-restored', tickets: 1, citizens: 1, records: 0 };
  expect(first.status.held).toEqual({ ...told, ownTickets: 1, ownNotes: 1 });
  expect(second.status.held).toEqual({ ...told, ownTickets: 0, ownNotes: 0 });
});

test('what a restored server has lost is sent again by who wrote it, once, and everybody agrees', async () => {
  const ledger = createLedger();
  const { world, first, kept, forgotten } = await loseAnAfternoon(ledger);
  const missing = listMissingWork(first.work);
  expect(missing.tickets.map(({ uid }) => uid)).toEqual([forgotten]);
  expect(missing.notes).toMatchObject([{ ticketUid: kept, kind: 'note', text: '备份之后补充的' }]);
  // Own work is not thrown away by a decision about the rest.
  await expect(first.decideHeld('delete', 'lead8001')).rejects.toMatchObject({ code: 'BAD_INPUT' });

  expect(sendAgain(first.work)).toEqual({ tickets: 1, notes: 1 });
  expect(sendAgain(first.work)).toEqual({ tickets: 0, notes: 0 });
  expect(first.ticket(forgotten)).toMatchObject({ number: null, status: 'submitted' });
  ledger.tickets.set(forgotten, { title: '备份之后', outcome: 'submit' });
  ledger.notes.push({ uid: forgotten, kind: 'remind', text: '催一催' });
  ledger.notes.push({ uid: kept, kind: 'note', text: '备份之后补充的' });
  await waitUntilSynced(world.server, world.seats);
  await expectOnceAtServer(world.server, ledger);
  await expectAgreement(world.server, world.seats, OBSERVER);
  for (const seat of world.seats) expect(seat.status.held).toBeNull();
});

test('files and promises that a restored server has lost are sent again, with what became of the promises', async () => {
  const picture = noisePng(20);
  const due = Date.UTC(2026, 10, 27, 10);
  const { world, first, kept, forgotten } = await loseAnAfternoon(createLedger(), ({ work }, uid) => {
    const promise = addNote(work, uid, { kind: 'promise', text: '周五前回电', dueAt: due });
    settlePromise(work, uid, promise, 'kept', '已回电');
    const id = work.fileIntake.begin('现场.png', picture.length);
    work.fileIntake.append(id, 0, picture);
    attachToTicket(work, uid, [finishAttachment(work, id).written]);
  });
  const lost = listMissingWork(first.work).notes;
  expect(lost.map(({ kind, text }) => `${kind} ${text}`).sort()).toEqual([
    'attached 现场.png',
    'note 备份之后补充的',
    'promise 周五前回电',
    'promise_kept 已回电',
  ]);
  expect(sendAgain(first.work)).toEqual({ tickets: 1, notes: 4 });
  await waitUntilSynced(world.server, world.seats);
  expect(first.outbox).toEqual([]);
  for (const uid of [kept, forgotten]) {
    const events = await world.server.query<{ id: string; kind: string; ref: string; due_at: number | null }>(
      `SELECT id, kind, ref, due_at FROM ticket_events WHERE ticket_uid = $1 AND kind IN ('promise', 'promise_kept', 'attached')
       ORDER BY kind`,
      [uid],
    );
    expect(events).toMatchObject([
      { kind: 'attached', ref: '' },
      { kind: 'promise', due_at: due },
      { kind: 'promise_kept', ref: events[1]?.id },
    ]);
  }
});

test('a ticket the server had confirmed and no pull had brought yet is missed after a restore, too, and sent again', async () => {
  const world = await worlds.open({ seats: 1 });
  const seat = seatOf(world, 0);
  await world.stopServer();
  const backup = await createTestDatabase(new URL(world.database.url).pathname.slice(1));
  worlds.atEnd(() => backup.drop());
  await world.startServer();
  world.faultFor = (_, path) => (path.endsWith('/pull') ? 'request-lost' : null);
  const uid = seat.submit({ title: '只有回执' });
  await until('confirmed, and not received', () => {
    if (seat.isResting) seat.wake();
    return seat.outbox.length === 0;
  });
  expect(seat.ticket(uid).number).not.toBeNull();
  await world.stopServer();
  world.faultFor = null;
  await world.startServer(backup);
  worlds.atEnd(() => world.stopServer());
  await waitUntilSynced(world.server, world.seats);
  await until('the loss is told', () => seat.status.held?.ownTickets === 1);
  expect(listMissingWork(seat.work).tickets.map((ticket) => ticket.uid)).toEqual([uid]);
  expect(sendAgain(seat.work)).toEqual({ tickets: 1, notes: 0 });
  await waitUntilSynced(world.server, world.seats);
  const ledger = createLedger();
  ledger.tickets.set(uid, { title: '只有回执', outcome: 'submit' });
  await expectOnceAtServer(world.server, ledger);
  await expectAgreement(world.server, world.seats, OBSERVER);
});

test('who may not decide needs somebody who may; then the rows go and the seat equals the server', async () => {
  const { world, second, forgotten } = await loseAnAfternoon(createLedger());
  await expect(second.decideHeld('delete')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(second.decideHeld('delete', second.account)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  expect(second.ticket(forgotten).fields.title).toBe('备份之后');
  expect(await second.decideHeld('delete', 'lead8001')).toBe(2);
  expect(second.tickets.map(({ uid }) => uid)).not.toContain(forgotten);
  await waitUntilSynced(world.server, world.seats);
  await until('equal', () => second.status.parity === 'equal');
  expect(second.status.held).toBeNull();
});

test('rows that are kept stay readable and are no difference any more', async () => {
  const { world, second, forgotten } = await loseAnAfternoon(createLedger());
  expect(await second.decideHeld('keep', 'lead8001')).toBe(2);
  await waitUntilSynced(world.server, world.seats);
  await until('equal', () => second.status.parity === 'equal');
  expect(second.status.held).toBeNull();
  expect(second.ticket(forgotten).fields.title).toBe('备份之后');
});
