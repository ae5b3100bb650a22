import { expect, test } from 'vitest';
import { saveNoteDraft } from '#main/data/repositories/note-draft.repository.ts';
import { chooseCachePolicy, fetchOlder, getCoverage, searchOlder } from '#main/data/services/history.service.ts';
import { lookUpCaller } from '#main/data/services/person-card.service.ts';
import { redoOp } from '#main/data/services/refused-ops.service.ts';
import { erasePerson } from '#server/upkeep/erase-person.ts';
import { addMonths, type Month, monthOf, startOfMonth } from '#shared/domain/month.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { newId, type TicketId, type UserId } from '#shared/kernel/ids.ts';
import { historyResponseSchema } from '#shared/sync/history.ts';
import { ticketScope } from '#shared/sync/protocol.ts';
import { sampleFields, sampleTicket } from '#tests/support/data/samples.ts';
import { until } from '#tests/support/data/until.ts';
import { monthScope } from '#tests/support/server.ts';
import { expectAgreement, waitUntilSynced } from '#tests/support/sync/agreement.ts';
import type { Seat } from '#tests/support/sync/seat.ts';
import { fillCentre } from '#tests/support/sync/segments.ts';
import { OBSERVER, prepareWorlds, seatOf, type World } from '#tests/support/sync/world.ts';
import { codeOf, noteBody, TestConsole } from '#tests/support/test-console.ts';

const worlds = prepareWorlds();
const PHONE = '13951990011';
const NOW = monthOf(systemClock.now());
const OLD = addMonths(NOW, -14);
const OLDER = addMonths(NOW, -20);

function ticketsOf(month: Month, count: number, changes: Partial<Ticket> = {}): readonly Ticket[] {
  const caller = { ...sampleFields().caller, phone: PHONE };
  return Array.from({ length: count }, (_, n) => {
    const at = startOfMonth(month) + n * 3_600_000;
    const fields = sampleFields({ title: `${month} 路灯 ${n}`, caller });
    return sampleTicket(n + 1, { uid: newId<TicketId>(at), fields, createdAt: at, acceptedAt: at, ...changes });
  });
}

interface Centre {
  readonly world: World;
  readonly seat: Seat;
  readonly old: readonly Ticket[];
  readonly older: readonly Ticket[];
}

/** A centre with tickets of this month and of two months longer ago than an agent holds, and a seat that has synced. */
async function openCentre(own: (userId: UserId) => readonly Ticket[] = () => []): Promise<Centre> {
  const world = await worlds.open({ seats: 1 });
  const seat = seatOf(world, 0);
  const [old, older] = [ticketsOf(OLD, 60), ticketsOf(OLDER, 5)];
  await fillCentre(world, [...older, ...old, ...ticketsOf(NOW, 8), ...own(seat.work.user.id)], []);
  seat.work.policyChanged();
  await until('greeted', () => getCoverage(seat.work).outside.tickets > 0);
  await waitUntilSynced(world.server, world.seats);
  return { world, seat, old, older };
}

const monthsAt = (seat: Seat) => seat.scopes.map(({ scope }) => scope.slice('320100:12345:'.length));
const choose = async ({ world, seat }: Centre, months: number) => {
  chooseCachePolicy(seat.work, { kind: 'months', months });
  const count = () => seat.work.db.value<number>('SELECT count(*) FROM scopes WHERE is_granted = 0');
  const from = addMonths(NOW, 1 - months);
  await until('chosen', () => getCoverage(seat.work).from === from);
  await waitUntilSynced(world.server, world.seats);
  await until('left', () => count() === 0);
};
const titlesOf = (seat: Seat, month: Month) =>
  seat.work.db.value<number>(`SELECT count(*) FROM tickets WHERE doc LIKE '%' || ? || ' 路灯%'`, month);

test('an agent’s console pulls the months it holds, is equal in them, and says what is outside', async () => {
  const { seat } = await openCentre();
  expect(monthsAt(seat)).toContain(NOW);
  expect(monthsAt(seat)).not.toContain(OLD);
  expect(seat.tickets).toHaveLength(8);
  expect(seat.status).toMatchObject({ parity: 'equal', held: null, progress: null });
  expect(getCoverage(seat.work)).toMatchObject({
    policy: { kind: 'months', months: 13 },
    from: addMonths(NOW, -12),
    outside: { months: 2, tickets: 65 },
    months: 1,
    tickets: 8,
    seen: 0,
  });
});

test('a month that is left and joined again: gone without anybody being asked, then back, equal row by row', async () => {
  const centre = await openCentre();
  const { world, seat } = centre;
  await choose(centre, 25);
  expect(seat.tickets).toHaveLength(73);
  expect(getCoverage(seat.work).outside.tickets).toBe(0);
  await expectAgreement(world.server, world.seats, OBSERVER);
  await choose(centre, 13);
  // Far more than a fifth of the cache.
  expect(seat.tickets).toHaveLength(8);
  expect(seat.status.held).toBeNull();
  expect(monthsAt(seat)).not.toContain(OLD);
  expect(await seat.indexedNumbers()).toHaveLength(8);
  await choose(centre, 25);
  await expectAgreement(world.server, world.seats, OBSERVER);
});

test('work on tickets of a month that is left stays with them: a refused note, a note begun, an own open ticket', async () => {
  const centre = await openCentre((createdById) => ticketsOf(OLD, 1, { createdById, status: 'handling' }));
  const { world, seat, old } = centre;
  await choose(centre, 25);
  const [noted, drafted] = old.map(({ uid }) => uid) as [TicketId, TicketId];
  await world.server.query("ALTER TABLE ticket_events ADD CONSTRAINT no_such_note CHECK (body <> '写不进去的')");
  seat.note(noted, 'note', '写不进去的');
  await until('refused', () => seat.outbox[0]?.state === 'rejected');
  saveNoteDraft(seat.work.db, { uid: drafted, text: '写到一半' }, 1);
  await choose(centre, 13);
  expect(titlesOf(seat, OLD)).toBe(3);
  expect(seat.ticket(drafted).fields.title).toContain(OLD);
  expect(seat.status).toMatchObject({ parity: 'equal', held: null, outbox: { needsAttention: 1 } });
  expect(getCoverage(seat.work).seen).toBe(3);
  await world.server.query('ALTER TABLE ticket_events DROP CONSTRAINT no_such_note');
  redoOp(seat.work, forceUnwrap('the refused note', seat.outbox[0]).op.opId);
  await waitUntilSynced(world.server, world.seats);
  expect(seat.outbox).toEqual([]);
  expect(seat.ticket(noted).events.map(({ text }) => text)).toContain('写不进去的');
  await choose(centre, 25);
  await expectAgreement(world.server, world.seats, OBSERVER);
  expect(getCoverage(seat.work).seen).toBe(0);
});

test('older tickets of a caller are fetched from the server, shown like any, and count in no digest', async () => {
  const { world, seat } = await openCentre();
  expect(lookUpCaller(seat.work, PHONE).totals.tickets).toBe(8);
  expect(await fetchOlder(seat.work, { phone: PHONE })).toEqual({ state: 'complete' });
  const card = lookUpCaller(seat.work, PHONE);
  expect(card.totals.tickets).toBe(73);
  expect(card.tickets.map(({ outside }) => outside)).toContain(true);
  expect(getCoverage(seat.work)).toMatchObject({ tickets: 8, seen: 65 });
  await waitUntilSynced(world.server, world.seats);
  expect(seat.status.parity).toBe('equal');
  await until('found by words, too', async () => (await seat.indexedNumbers()).length === 73);
});

test('a ticket is looked up by its number; words cannot be, and without a network the answer says so', async () => {
  const { world, seat, older } = await openCentre();
  const [row] = await world.server.query<{ number: number }>('SELECT number FROM tickets WHERE uid = $1', [
    older[0]?.uid,
  ]);
  await searchOlder(seat.work, String(row?.number).padStart(8, '0'));
  expect(seat.ticket(String(older[0]?.uid)).fields.title).toContain(OLDER);
  await expect(searchOlder(seat.work, '路灯')).rejects.toMatchObject({ code: 'BAD_INPUT' });
  await world.stopServer();
  await expect(fetchOlder(seat.work, { phone: PHONE })).rejects.toMatchObject({ code: 'OFFLINE' });
});

test('a person who is erased goes out of the tickets that were fetched, too', async () => {
  const { world, seat } = await openCentre();
  await fetchOlder(seat.work, { phone: PHONE });
  const erasure = { centre: '320100', by: { phone: PHONE }, reason: '2026-17', doneBy: '管理员' };
  expect((await erasePerson(world.server.services.pool, erasure, systemClock.now())).tickets).toBe(73);
  await seat.restart();
  await until('erased', () => seat.work.db.value('SELECT count(*) FROM tickets WHERE caller_phone = ?', PHONE) === 0);
  expect(JSON.stringify(seat.work.db.all('SELECT doc FROM tickets'))).not.toContain(PHONE);
});

test('the history is that of the own centre and lines only, and of callers who gave their name', async () => {
  const { world, old } = await openCentre(() => [
    ...ticketsOf(OLD, 1, {
      fields: sampleFields({ line: '12350', caller: { ...sampleFields().caller, phone: PHONE } }),
    }),
    ...ticketsOf(OLD, 1, {
      fields: sampleFields({ caller: { ...sampleFields().caller, phone: PHONE, anonymous: true } }),
    }),
  ]);
  await world.server.addAccount({ account: 'elsewhere', centre: '320500', lines: ['12345'] });
  await world.server.addAccount({ account: 'editor1', role: 'editor' });
  // In the first hours of a month some of its tickets are of hours to come.
  const ask = { by: 'phones', phones: [PHONE], before: Number.MAX_SAFE_INTEGER };
  const read = async (account: string) =>
    historyResponseSchema.parse(
      (await (await new TestConsole(world.server.url).signIn(account)).send('/sync/history', ask)).body,
    );
  const own = await read(seatOf(world, 0).account);
  expect(own.tickets).toHaveLength(73);
  expect(own.tickets.every(({ fields }) => fields.line === '12345' && !fields.caller.anonymous)).toBe(true);
  expect((await read('elsewhere')).tickets).toEqual([]);
  const editor = await new TestConsole(world.server.url).signIn('editor1');
  expect(codeOf(await editor.send('/sync/history', ask))).toBe('FORBIDDEN');
  const elsewhere = await new TestConsole(world.server.url).signIn('elsewhere');
  const known = { by: 'known', tickets: [{ uid: old[0]?.uid, version: 1 }] };
  expect((await elsewhere.send('/sync/history', known)).body).toEqual({
    tickets: [],
    more: false,
    gone: [old[0]?.uid],
    citizens: [],
  });
});

test('a fetched ticket that changes at the server is brought up to date by the next start', async () => {
  const { world, seat, old } = await openCentre();
  await fetchOlder(seat.work, { phone: PHONE });
  const uid = old[0]?.uid as TicketId;
  const colleague = await new TestConsole(world.server.url).signIn(OBSERVER);
  await colleague.push([colleague.op(noteBody(uid, '同事后来补的'))]);
  await seat.restart();
  await until('up to date', () => seat.ticket(uid).version === 2);
  expect(seat.ticket(uid).events.map(({ text }) => text)).toContain('同事后来补的');
  expect(seat.status.held).toBeNull();
});

test('a fetched ticket that a server out of a backup has in an older version is shown as the server has it', async () => {
  const { world, seat, old } = await openCentre();
  const uid = old[0]?.uid as TicketId;
  const colleague = await new TestConsole(world.server.url).signIn(OBSERVER);
  await colleague.push([colleague.op(noteBody(uid, '备份之后补的'))]);
  await fetchOlder(seat.work, { phone: PHONE });
  expect(seat.ticket(uid).version).toBe(2);
  await world.server.query("DELETE FROM ticket_events WHERE ticket_uid = $1 AND body = '备份之后补的'", [uid]);
  await world.server.query('UPDATE tickets SET version = 1 WHERE uid = $1', [uid]);
  await world.server.query('UPDATE clocks SET epoch = epoch + 1');
  seat.work.policyChanged();
  await until('as the server has it', () => seat.ticket(uid).version === 1);
  expect(seat.ticket(uid).events.map(({ text }) => text)).not.toContain('备份之后补的');
});

test('a server from a backup that does not know a month: the rows wait for a person and can be kept', async () => {
  const { world, seat } = await openCentre();
  const scope = monthScope();
  await world.stopServer();
  await world.startServer();
  await world.server.query('DELETE FROM tickets WHERE scope = $1', [scope]);
  await world.server.query('DELETE FROM clocks WHERE scope = $1', [scope]);
  await world.server.query('UPDATE clocks SET epoch = epoch + 1');
  seat.work.policyChanged();
  await until('held', () => (seat.status.held?.tickets ?? 0) === 8);
  expect(seat.tickets).toHaveLength(8);
});

test('tickets that a restored server lost and a person kept stay when their month is left: nobody could give them back', async () => {
  const centre = await openCentre();
  const { world, seat } = centre;
  await choose(centre, 25);
  await world.server.addAccount({ account: 'lead8001', role: 'lead' });
  await world.stopServer();
  await world.startServer();
  await world.server.query('DELETE FROM tickets WHERE scope = $1', [ticketScope('320100', '12345', OLD)]);
  await world.server.query('UPDATE clocks SET count = 0, digest_hi = 0, digest_lo = 0 WHERE scope = $1', [
    ticketScope('320100', '12345', OLD),
  ]);
  await world.server.query('UPDATE clocks SET epoch = epoch + 1');
  seat.work.policyChanged();
  await until('held', () => (seat.status.held?.tickets ?? 0) === 60);
  expect(await seat.decideHeld('keep', 'lead8001')).toBe(60);
  expect(titlesOf(seat, OLD)).toBe(60);
  chooseCachePolicy(seat.work, { kind: 'months', months: 13 });
  await until('the older months are left', () => titlesOf(seat, OLDER) === 0 && !monthsAt(seat).includes(OLD));
  expect(titlesOf(seat, OLD)).toBe(60);
});
