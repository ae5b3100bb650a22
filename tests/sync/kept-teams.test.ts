import { expect, test } from 'vitest';
import { saveNoteDraft } from '#main/data/repositories/note-draft.repository.ts';
import { fetchOlder, getCoverage, searchOlder } from '#main/data/services/history.service.ts';
import { lookUpCaller } from '#main/data/services/person-card.service.ts';
import { chooseKeptTeams, listTeams } from '#main/data/services/team.service.ts';
import { erasePerson } from '#server/upkeep/erase-person.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import type { TicketId, UserId } from '#shared/kernel/ids.ts';
import { sampleFields } from '#tests/support/data/samples.ts';
import { until } from '#tests/support/data/until.ts';
import { expectAgreement, waitUntilSynced } from '#tests/support/sync/agreement.ts';
import type { Seat } from '#tests/support/sync/seat.ts';
import { fillCentre, makeSegments, oldTickets, removeTickets, SMALL_SEGMENTS } from '#tests/support/sync/segments.ts';
import { OBSERVER, prepareWorlds, seatOf, type World } from '#tests/support/sync/world.ts';
import { noteBody, TestConsole } from '#tests/support/test-console.ts';

const worlds = prepareWorlds();
const PHONE = '13951990077';

interface Centre {
  readonly world: World;
  /** The console of a 班长. */
  readonly seat: Seat;
  readonly idOf: (account: string) => UserId;
  /** Tickets of this month, each taken in by 一班, 二班 and somebody who is in none, in turns. */
  readonly first: readonly Ticket[];
  readonly second: readonly Ticket[];
  readonly nobodys: readonly Ticket[];
}

/** A centre led in 班组, and a 班长 whose console has synced and knows them. */
async function openCentre(count = 90): Promise<Centre> {
  const world = await worlds.open({ seats: 1, roles: ['lead'] });
  await world.server.addAccount({ account: 'first3001', team: '一班' });
  await world.server.addAccount({ account: 'second3002', team: '二班' });
  await world.server.addAccount({ account: 'second3003', team: '二班' });
  await world.server.addAccount({ account: 'free3004' });
  const rows = await world.server.query<{ id: UserId; account: string }>('SELECT id, account FROM users');
  const idOf = (account: string) =>
    forceUnwrap(
      account,
      rows.find((row) => row.account === account),
    ).id;
  const takers = ['first3001', 'second3002', 'free3004'].map(idOf);
  const caller = { ...sampleFields().caller, phone: PHONE };
  const tickets = oldTickets(count, { caller }).map((ticket, n) => ({
    ...ticket,
    createdById: takers[n % 3] ?? null,
  }));
  await fillCentre(world, tickets, []);
  const seat = seatOf(world, 0);
  seat.work.policyChanged();
  await until('the 班组 are known', () => listTeams(seat.work).length === 2);
  await waitUntilSynced(world.server, world.seats);
  const of = (n: number) => tickets.filter((_, at) => at % 3 === n);
  return { world, seat, idOf, first: of(0), second: of(1), nobodys: of(2) };
}

const uidsOf = (tickets: readonly Ticket[]) => tickets.map(({ uid }) => uid as string).sort();
const uidsAt = (seat: Seat) => seat.tickets.map(({ uid }) => uid as string);
const leftOutAt = (seat: Seat) => seat.work.db.values<string>('SELECT uid FROM left_out_tickets ORDER BY uid');

/** Chooses, and waits until the console holds just these tickets and is proved equal. */
async function keep({ world, seat }: Centre, teams: readonly string[], held: readonly Ticket[]): Promise<void> {
  chooseKeptTeams(seat.work, teams);
  const wanted = uidsOf(held).join();
  await until('only these are here', () => uidsAt(seat).join() === wanted);
  await waitUntilSynced(world.server, world.seats);
  expect(uidsAt(seat).join()).toBe(wanted);
}

/** Everything the server has is here, or known to be left out in just this version; count and digest prove it. */
async function expectProved({ world, seat }: Centre): Promise<void> {
  await waitUntilSynced(world.server, world.seats);
  expect(seat.status).toMatchObject({ parity: 'equal', held: null });
  const there = await world.server.query<{ uid: string; version: number }>('SELECT uid, version FROM tickets');
  const here = seat.work.db.all<{ uid: string; version: number }>(
    `SELECT uid, version FROM tickets WHERE scope_id IS NOT NULL UNION ALL SELECT uid, version FROM left_out_tickets`,
  );
  const lines = (rows: readonly { uid: string; version: number }[]) =>
    rows.map(({ uid, version }) => `${uid} ${version}`).sort();
  expect(lines(here)).toEqual(lines(there));
  expect(seat.scopes.reduce((sum, { leftOut }) => sum + leftOut, 0)).toBe(leftOutAt(seat).length);
}

test('a 班长 keeps one 班组: the others’ tickets leave the computer, what nobody of a 班组 took in stays, and the month is still proved whole', async () => {
  const centre = await openCentre();
  const { seat, first, second, nobodys } = centre;
  expect(seat.tickets).toHaveLength(90);
  await keep(centre, ['一班'], [...first, ...nobodys]);
  expect(leftOutAt(seat)).toEqual(uidsOf(second));
  expect(getCoverage(seat.work)).toMatchObject({ keptTeams: ['一班'], mayKeepTeams: true, leftOut: 30, tickets: 60 });
  expect(seat.status.cached.tickets).toBe(60);
  expect(await seat.indexedNumbers('旧单')).toHaveLength(60);
  await expectProved(centre);
  // Nothing of them is in the file any more, not even their words.
  const words = seat.work.db.values<string>('SELECT doc FROM tickets').join();
  expect(words).not.toContain(`"${second[0]?.fields.title}"`);
});

test('another 班组 is chosen, then all again: what was left out comes back, equal row by row', async () => {
  const centre = await openCentre();
  const { world, seat, first, second, nobodys } = centre;
  await keep(centre, ['一班'], [...first, ...nobodys]);
  await keep(centre, ['二班'], [...second, ...nobodys]);
  expect(leftOutAt(seat)).toEqual(uidsOf(first));
  await expectProved(centre);
  await keep(centre, [], [...first, ...second, ...nobodys]);
  expect(getCoverage(seat.work)).toMatchObject({ keptTeams: [], leftOut: 0, tickets: 90 });
  await expectAgreement(world.server, world.seats, OBSERVER);
  await keep(centre, ['一班', '二班'], [...first, ...second, ...nobodys]);
  expect(getCoverage(seat.work).keptTeams).toEqual([]);
});

test('what happens to tickets that are not kept moves count and digest and brings nothing here: changed, removed, new', async () => {
  const centre = await openCentre();
  const { world, seat, first, second, nobodys } = centre;
  await keep(centre, ['一班'], [...first, ...nobodys]);
  const colleague = await new TestConsole(world.server.url).signIn('second3003');
  const changed = forceUnwrap('a ticket of 二班', second[3]).uid;
  await colleague.push([colleague.op(noteBody(changed, '二班的补充'))]);
  await removeTickets(world, uidsOf(second).slice(0, 2));
  const more = oldTickets(3).map((ticket, n) => ({
    ...ticket,
    number: 1_000 + n,
    createdById: centre.idOf('second3003'),
  }));
  await fillCentre(world, more, []);
  seat.wake();
  await expectProved(centre);
  expect(uidsAt(seat)).toEqual(uidsOf([...first, ...nobodys]));
  expect(leftOutAt(seat)).toHaveLength(31);
});

test('the whole of what is kept disappears at the server: that waits for a person, however many others there are', async () => {
  const centre = await openCentre(600);
  const { world, seat, first } = centre;
  await keep(centre, ['一班'], [...first, ...centre.nobodys]);
  // A tenth of the month, more than a fifth of what is here.
  await removeTickets(world, uidsOf(first).slice(0, 90));
  seat.wake();
  await until('held', () => (seat.status.held?.tickets ?? 0) === 90);
  expect(seat.tickets).toHaveLength(400);
  await seat.decideHeld('delete');
  // Compared with the next answer of the server.
  await until('proved again', () => seat.status.parity === 'equal');
  await expectProved(centre);
  expect(seat.tickets).toHaveLength(310);
});

test('work on a ticket of another 班组 stays with it: a note begun here', async () => {
  const centre = await openCentre();
  const { world, seat, first, second, nobodys } = centre;
  const drafted = forceUnwrap('a ticket of 二班', second[0]);
  saveNoteDraft(seat.work.db, { uid: drafted.uid, text: '写到一半' }, 1);
  await keep(centre, ['一班'], [...first, ...nobodys, drafted]);
  await expectProved(centre);
  const colleague = await new TestConsole(world.server.url).signIn('second3003');
  await colleague.push([colleague.op(noteBody(drafted.uid, '同事补的'))]);
  await until('up to date', () => seat.ticket(drafted.uid).version === 2);
  await expectProved(centre);
});

test('somebody moves from one 班组 to the other: their tickets do the same at the next greeting', async () => {
  const centre = await openCentre();
  const { world, seat, idOf, first, second, nobodys } = centre;
  await keep(centre, ['一班'], [...first, ...nobodys]);
  const move = async (account: string, team: string | null, held: readonly Ticket[]) => {
    await world.server.services.accounts.setTeam('320100', idOf(account), team);
    await until('moved', () => {
      seat.work.policyChanged();
      return uidsAt(seat).join() === uidsOf(held).join();
    });
    await expectProved(centre);
  };
  await move('second3002', '一班', [...first, ...second, ...nobodys]);
  await move('first3001', '二班', [...second, ...nobodys]);
  await move('first3001', null, [...first, ...second, ...nobodys]);
});

test('the history of a caller is not cut by 班组: fetched when asked for, brought up to date, and gone when all is kept again', async () => {
  const centre = await openCentre();
  const { world, seat, first, second, nobodys } = centre;
  await keep(centre, ['一班'], [...first, ...nobodys]);
  expect(lookUpCaller(seat.work, PHONE).totals.tickets).toBe(60);
  expect(await fetchOlder(seat.work, { phone: PHONE })).toEqual({ state: 'complete' });
  expect(lookUpCaller(seat.work, PHONE).totals.tickets).toBe(90);
  expect(getCoverage(seat.work)).toMatchObject({ tickets: 60, seen: 30, leftOut: 30 });
  const uid = forceUnwrap('a ticket of 二班', second[5]).uid;
  const colleague = await new TestConsole(world.server.url).signIn('second3003');
  await colleague.push([colleague.op(noteBody(uid, '后来补的'))]);
  await until('the pull brings it up to date', () => seat.ticket(uid).version === 2);
  await expectProved(centre);
  chooseKeptTeams(seat.work, []);
  await until('their month takes them over', () => getCoverage(seat.work).leftOut === 0);
  expect(getCoverage(seat.work)).toMatchObject({ tickets: 90, seen: 0 });
  expect(uidsAt(seat)).toEqual(uidsOf([...first, ...second, ...nobodys]));
  await expectAgreement(world.server, world.seats, OBSERVER);
});

test('a ticket that is not kept is found by its number, and can be worked on', async () => {
  const centre = await openCentre();
  const { world, seat, first, second, nobodys } = centre;
  await keep(centre, ['一班'], [...first, ...nobodys]);
  const uid = forceUnwrap('a ticket of 二班', second[7]).uid as TicketId;
  const [row] = await world.server.query<{ number: number }>('SELECT number FROM tickets WHERE uid = $1', [uid]);
  await searchOlder(seat.work, String(row?.number).padStart(8, '0'));
  seat.note(uid, 'note', '班长的意见');
  await until('confirmed', () => seat.outbox.length === 0);
  await expectProved(centre);
  await until('the answer is here', () => seat.ticket(uid).version === 2);
  expect(seat.ticket(uid).events.map(({ text }) => text)).toContain('班长的意见');
});

test('an erased person is told on no console by what it did not keep', async () => {
  const centre = await openCentre();
  const { world, seat, first, nobodys } = centre;
  await keep(centre, ['一班'], [...first, ...nobodys]);
  await erasePerson(
    world.server.services.pool,
    { centre: '320100', by: { phone: PHONE }, reason: '2026-18', doneBy: '管理员' },
    systemClock.now(),
  );
  seat.wake();
  await expectProved(centre);
  expect(JSON.stringify(seat.work.db.all('SELECT doc FROM tickets'))).not.toContain(PHONE);
});

test('a new epoch of the server: everything comes again, and only what is kept can be missed', async () => {
  const centre = await openCentre();
  const { world, seat, first, second, nobodys } = centre;
  await keep(centre, ['一班'], [...first, ...nobodys]);
  await world.stopServer();
  await world.startServer();
  const lost = uidsOf(second).slice(0, 5);
  await world.server.query('DELETE FROM tickets WHERE uid = ANY($1::uuid[])', [lost]);
  await world.server.query('UPDATE clocks SET epoch = epoch + 1');
  seat.work.policyChanged();
  await until('everything came again', () => leftOutAt(seat).length === 25);
  expect(uidsAt(seat)).toEqual(uidsOf([...first, ...nobodys]));
  expect(seat.status.held).toBeNull();
});

test('killed while tickets leave, while they come back: the next start goes on, by segments, too', async () => {
  const centre = await openCentre(1_500);
  const { world, seat, first, second, nobodys } = centre;
  const all = [...first, ...second, ...nobodys];
  chooseKeptTeams(seat.work, ['一班']);
  await until('some have left', () => leftOutAt(seat).length > 0);
  seat.kill();
  await seat.restart();
  await keep(centre, ['一班'], [...first, ...nobodys]);
  await expectProved(centre);
  await makeSegments(world, SMALL_SEGMENTS);
  chooseKeptTeams(seat.work, []);
  await until('some are back', () => seat.tickets.length > first.length + nobodys.length);
  seat.kill();
  await seat.restart();
  await until('all are back', () => seat.tickets.length === all.length);
  await expectAgreement(world.server, world.seats, OBSERVER);
});

test('who may not choose: an agent needs the history of every caller', async () => {
  const world = await worlds.open({ seats: 1 });
  const seat = seatOf(world, 0);
  expect(() => chooseKeptTeams(seat.work, [])).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
  expect(getCoverage(seat.work)).toMatchObject({ mayKeepTeams: false, keptTeams: [] });
});
