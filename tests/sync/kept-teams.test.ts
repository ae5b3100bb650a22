import { expect, test } from 'vitest';
import { findSession } from '#main/data/repositories/identity.repository.ts';
import { deleteNoteDraft, saveNoteDraft } from '#main/data/repositories/note-draft.repository.ts';
import { chooseCachePolicy, fetchOlder, getCoverage, searchOlder } from '#main/data/services/history.service.ts';
import { lookUpCaller } from '#main/data/services/person-card.service.ts';
import { chooseKeptTeams, findKeptTeams, findSortedTeams, listTeams } from '#main/data/services/team.service.ts';
import { erasePerson } from '#server/upkeep/erase-person.ts';
import { addMonths, monthOf, startOfMonth } from '#shared/domain/month.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import type { TicketId, UserId } from '#shared/kernel/ids.ts';
import { sampleFields } from '#tests/support/data/samples.ts';
import { until } from '#tests/support/data/until.ts';
import { expectAgreement, waitUntilSynced } from '#tests/support/sync/agreement.ts';
import type { Seat } from '#tests/support/sync/seat.ts';
import { fillCentre, makeSegments, oldTickets, removeTickets, SMALL_SEGMENTS } from '#tests/support/sync/segments.ts';
import { OBSERVER, prepareWorlds, seatOf, type World, type WorldOptions } from '#tests/support/sync/world.ts';
import { noteBody, TestConsole } from '#tests/support/test-console.ts';

const worlds = prepareWorlds();
const PHONE = '13951990077';
const APPLY_ENTRY = new URL('../../src/main/data/sync/intake/apply-worker.ts', import.meta.url).pathname;

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
async function openCentre(count = 90, options: Partial<WorldOptions> = {}): Promise<Centre> {
  const world = await worlds.open({ seats: 1, roles: ['lead'], ...options });
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
async function expectProved({ world, seat }: Centre, parity: 'equal' | 'different' = 'equal'): Promise<void> {
  await waitUntilSynced(world.server, world.seats);
  expect(seat.status).toMatchObject({ parity, held: null });
  const there = await world.server.query<{ uid: string; version: number }>('SELECT uid, version FROM tickets');
  const here = seat.work.db.all<{ uid: string; version: number }>(
    `SELECT uid, version FROM tickets WHERE scope_id IS NOT NULL UNION ALL SELECT uid, version FROM left_out_tickets`,
  );
  const lines = (rows: readonly { uid: string; version: number }[]) =>
    rows.map(({ uid, version }) => `${uid} ${version}`).sort();
  expect(lines(here)).toEqual(lines(there));
  expect(seat.scopes.reduce((sum, { leftOut }) => sum + leftOut, 0)).toBe(leftOutAt(seat).length);
  const strangers =
    'SELECT uid FROM tickets WHERE scope_id IS NOT NULL AND created_by IN (SELECT user_id FROM left_out_takers)';
  expect(seat.work.db.values(strangers)).toEqual([]);
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
  const tables = seat.work.db.values<string>("SELECT name FROM sqlite_master WHERE type = 'table'");
  for (const table of tables) {
    expect(JSON.stringify(seat.work.db.all(`SELECT * FROM ${table}`)), table).not.toContain(
      `"${second[0]?.fields.title}"`,
    );
  }
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

test('nearly half of what is kept of a 班组 disappears at the server: that waits for a person, though it is little of the month', async () => {
  const centre = await openCentre(600);
  const { world, seat, first } = centre;
  await keep(centre, ['一班'], [...first, ...centre.nobodys]);
  // Less than a fifth of the month, more than a fifth of what is here.
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
      if (seat.isResting) seat.work.policyChanged();
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
  // What is here is not said to be missing.
  expect(getCoverage(seat.work)).toMatchObject({ tickets: 60, seen: 30, leftOut: 0 });
  expect(leftOutAt(seat)).toHaveLength(30);
  const uid = forceUnwrap('a ticket of 二班', second[5]).uid;
  const colleague = await new TestConsole(world.server.url).signIn('second3003');
  await colleague.push([colleague.op(noteBody(uid, '后来补的'))]);
  await until('the pull brings it up to date', () => seat.ticket(uid).version === 2);
  await expectProved(centre);
  chooseKeptTeams(seat.work, []);
  await until('their month takes them over', () => leftOutAt(seat).length === 0);
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
  await world.server.query('UPDATE clocks SET count = count - 5 WHERE count > 80');
  await until('everything came again', () => leftOutAt(seat).length === 25);
  expect(uidsAt(seat)).toEqual(uidsOf([...first, ...nobodys]));
  expect(seat.status.held).toBeNull();
});

test('killed while tickets leave, while they come back: the next start goes on, by segments, too', async () => {
  // Pages and segments of this size are applied in the thread.
  const centre = await openCentre(1_500, { applyEntry: APPLY_ENTRY });
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

/** Lets the console greet the server some more times: what it learns then must not change anything. */
async function greetAgain({ world, seat }: Centre, isThere: () => boolean): Promise<void> {
  await until('greeted', () => {
    if (seat.isResting) seat.work.policyChanged();
    return isThere();
  });
  await waitUntilSynced(world.server, world.seats);
}

test('the kept 班组 is renamed: a name that is gone empties no computer', async () => {
  const centre = await openCentre();
  const { world, seat, idOf, first, second, nobodys } = centre;
  await keep(centre, ['一班'], [...first, ...nobodys]);
  await world.server.services.accounts.setTeam('320100', idOf('first3001'), '甲班');
  await greetAgain(centre, () => listTeams(seat.work).includes('甲班') && leftOutAt(seat).length === 0);
  expect(uidsAt(seat)).toEqual(uidsOf([...first, ...second, ...nobodys]));
  expect(getCoverage(seat.work)).toMatchObject({ keptTeams: [], sortedTeams: [], leftOut: 0 });
});

test('somebody leaves the centre: their tickets stay as they were, and no month is pulled again', async () => {
  const centre = await openCentre();
  const { world, seat, idOf, first, nobodys } = centre;
  await keep(centre, ['一班'], [...first, ...nobodys]);
  const rounds = () => seat.scopes.map(({ scope, round }) => `${scope} ${round}`);
  const before = rounds();
  await world.server.query('UPDATE users SET disabled = true WHERE id = $1', [idOf('second3002')]);
  const isGone = () => !listSeats().includes(idOf('second3002'));
  const listSeats = () => seat.work.db.value<string>("SELECT value FROM settings WHERE name = 'seat-directory'") ?? '';
  await greetAgain(centre, isGone);
  await greetAgain(centre, () => true);
  expect(uidsAt(seat)).toEqual(uidsOf([...first, ...nobodys]));
  expect(rounds()).toEqual(before);
  await expectProved(centre);
});

test('a choice that is taken back before its month is pulled leaves nothing behind', async () => {
  const centre = await openCentre(1_200);
  const { world, seat, first, nobodys } = centre;
  await world.server.addAccount({ account: 'third3005', team: '三班' });
  await greetAgain(centre, () => listTeams(seat.work).length === 3);
  await keep(centre, ['一班'], [...first, ...nobodys]);
  chooseKeptTeams(seat.work, ['一班', '二班']);
  await until('some are back', () => seat.tickets.length > first.length + nobodys.length);
  seat.kill();
  await world.stopServer();
  await seat.restart();
  chooseKeptTeams(seat.work, ['一班']);
  await world.startServer();
  await until('gone again', () => {
    if (seat.isResting) seat.work.policyChanged();
    return seat.tickets.length === first.length + nobodys.length;
  });
  await expectProved(centre);
});

test('what is written while tickets leave goes out at once, and a choice made meanwhile stops them', async () => {
  const centre = await openCentre(4_500);
  const { seat, first, second, nobodys } = centre;
  chooseKeptTeams(seat.work, ['一班']);
  await until('some have left', () => leftOutAt(seat).length > 0);
  seat.note(forceUnwrap('a ticket of 一班', first[0]).uid, 'note', '急');
  await until('sent', () => seat.outbox.length === 0);
  const gone = leftOutAt(seat).length;
  chooseKeptTeams(seat.work, []);
  await until('all are kept again', () => seat.tickets.length === 4_500 && leftOutAt(seat).length === 0);
  expect(gone).toBeLessThanOrEqual(second.length);
  expect(findSortedTeams(seat.work.db)).toEqual([]);
  expect(uidsAt(seat)).toEqual(uidsOf([...first, ...second, ...nobodys]));
});

test('a ticket of another 班组 that was worked on stays as long as one that was looked at, whatever became of the work', async () => {
  const centre = await openCentre();
  const { world, seat, first, second, nobodys } = centre;
  await keep(centre, ['一班'], [...first, ...nobodys]);
  const [sent, givenUp] = [second[3], second[4]].map((one) => forceUnwrap('a ticket of 二班', one).uid);
  const uids = [forceUnwrap('one', sent), forceUnwrap('another', givenUp)] as const;
  await fetchOlder(seat.work, { phone: PHONE });
  for (const uid of uids) saveNoteDraft(seat.work.db, { uid, text: '写到一半' }, 1);
  const colleague = await new TestConsole(world.server.url).signIn('second3003');
  await colleague.push(uids.map((uid) => colleague.op(noteBody(uid, '同事补的'))));
  await until('up to date', () => uids.every((uid) => seat.ticket(uid).version === 2));
  seat.note(uids[0], 'note', '班长的意见');
  for (const uid of uids) deleteNoteDraft(seat.work.db, uid);
  await until('the confirmation is here', () => seat.ticket(uids[0]).version === 3 && seat.outbox.length === 0);
  await expectProved(centre);
  const standing = `SELECT count(*) FROM tickets WHERE scope_id IS NULL AND seen_at IS NOT NULL AND uid IN (?, ?)`;
  expect(seat.work.db.value(standing, ...uids)).toBe(2);
});

test('somebody with more tickets than one answer holds: all of them come, page after page', async () => {
  const centre = await openCentre(900);
  const { seat, first, nobodys } = centre;
  await keep(centre, ['一班'], [...first, ...nobodys]);
  expect(await fetchOlder(seat.work, { phone: PHONE })).toEqual({ state: 'complete' });
  expect(getCoverage(seat.work)).toMatchObject({ seen: 300, leftOut: 0 });
});

test('who is no 班长 any more keeps the tickets of all 班组, and own tickets are never left out', async () => {
  const centre = await openCentre();
  const { world, seat, first, second, nobodys } = centre;
  await world.server.services.accounts.setTeam('320100', seat.work.user.id, '二班');
  const own = oldTickets(2).map((ticket, n) => ({ ...ticket, number: 2_000 + n, createdById: seat.work.user.id }));
  await fillCentre(world, own, []);
  await greetAgain(centre, () => seat.tickets.length === 92);
  await keep(centre, ['一班'], [...first, ...nobodys, ...own]);
  await world.server.query("UPDATE users SET role = 'agent' WHERE id = $1", [seat.work.user.id]);
  // The next sign-in knows it from the one before.
  await seat.restart();
  await until('told', () => findSession(seat.work.db)?.user.role === 'agent');
  await seat.restart();
  await until('all are here', () => {
    if (seat.isResting) seat.work.policyChanged();
    return leftOutAt(seat).length === 0 && seat.tickets.length === 92;
  });
  expect(findKeptTeams(seat.work.db, 'agent')).toEqual([]);
  expect(uidsAt(seat)).toEqual(uidsOf([...first, ...second, ...nobodys, ...own]));
  await expectAgreement(world.server, world.seats, OBSERVER);
});

test('a month is left and joined again: count and digest hold for what is not kept, too', async () => {
  const centre = await openCentre();
  const { world, seat, idOf, first, nobodys } = centre;
  const old = oldTickets(30).map((ticket, n) => {
    const at = startOfMonth(addMonths(monthOf(systemClock.now()), -5)) + n * 60_000;
    const createdById = idOf(n % 2 === 0 ? 'first3001' : 'second3002');
    return { ...ticket, number: 3_000 + n, createdAt: at, acceptedAt: at, createdById };
  });
  await fillCentre(world, old, []);
  await greetAgain(centre, () => seat.tickets.length === 120);
  const kept = [...first, ...nobodys, ...old.filter((_, n) => n % 2 === 0)];
  await keep(centre, ['一班'], kept);
  expect(leftOutAt(seat)).toHaveLength(45);
  chooseCachePolicy(seat.work, { kind: 'months', months: 3 });
  await until('left', () => leftOutAt(seat).length === 30 && seat.tickets.length === 60);
  chooseCachePolicy(seat.work, { kind: 'months', months: 13 });
  await until('joined again', () => leftOutAt(seat).length === 45 && uidsAt(seat).join() === uidsOf(kept).join());
  await expectProved(centre);
});

test('a row that this build cannot read takes nothing away of what is not kept', async () => {
  const centre = await openCentre();
  const { world, seat, first, second, nobodys } = centre;
  await keep(centre, ['一班'], [...first, ...nobodys]);
  const uid = forceUnwrap('a ticket of 二班', second[2]).uid;
  await world.server.query(
    `UPDATE tickets SET doc = jsonb_set(doc::jsonb, '{fields,type}', '"of a newer build"')::json WHERE uid = $1`,
    [uid],
  );
  await world.server.query('UPDATE clocks SET epoch = epoch + 1');
  await until('everything came again', () => {
    if (seat.isResting) seat.work.policyChanged();
    return seat.work.db.value('SELECT count(*) FROM parked_rows') === 1 && seat.status.parity !== 'unknown';
  });
  await waitUntilSynced(world.server, world.seats);
  expect(leftOutAt(seat)).toEqual(uidsOf(second));
  // What lies parked is not proved, whatever its version.
  await expectProved(centre, 'different');
});
