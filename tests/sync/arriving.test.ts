import { randomInt } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { fetchOlder, getCoverage, searchOlder } from '#main/data/services/history.service.ts';
import { getPersonCard, lookUpCaller } from '#main/data/services/person-card.service.ts';
import { savePerson } from '#main/data/services/person-edit.service.ts';
import { discardOp } from '#main/data/services/refused-ops.service.ts';
import { erasePerson } from '#server/upkeep/erase-person.ts';
import type { Citizen } from '#shared/domain/citizen.ts';
import { addMonths, monthOf, startOfMonth } from '#shared/domain/month.ts';
import type { Role } from '#shared/domain/roles.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { newId, type TicketId } from '#shared/kernel/ids.ts';
import { addToDigest, EMPTY_DIGEST, formatDigest } from '#shared/kernel/row-hash.ts';
import { historyResponseSchema } from '#shared/sync/history.ts';
import { createRandom } from '#tests/bench/support/bench-tickets.ts';
import { sampleCitizen, sampleFields, sampleTicket } from '#tests/support/data/samples.ts';
import { until } from '#tests/support/data/until.ts';
import { monthScope } from '#tests/support/server.ts';
import { expectAgreement, waitUntilSynced } from '#tests/support/sync/agreement.ts';
import type { Seat } from '#tests/support/sync/seat.ts';
import { fillCentre, makeSegments, oldTickets } from '#tests/support/sync/segments.ts';
import { OBSERVER, prepareWorlds, type World } from '#tests/support/sync/world.ts';
import { codeOf, noteBody, TestConsole } from '#tests/support/test-console.ts';

const worlds = prepareWorlds();
/** The number that rings, one of the same person under a record that was merged, and that of the record both were merged into. */
const PHONE = '13951990021';
const FORMERLY = '13951990022';
const HOME = '02588990023';

const callerOf = (phone: string, name: string) => ({ ...sampleFields().caller, phone, name });

/** Somebody whose three records were merged one after the other, with tickets under each number, one of them of long ago. */
function somebody(fields: Partial<Citizen['fields']> = {}) {
  const head = sampleCitizen({ name: '陆文静', phones: [HOME], ...fields });
  const middle = { ...sampleCitizen({ name: '陆女士', phones: [PHONE] }), mergedInto: head.uid };
  const first = { ...sampleCitizen({ name: '小陆', phones: [FORMERLY] }), mergedInto: middle.uid };
  const now = systemClock.now();
  const long = startOfMonth(addMonths(monthOf(now), -3));
  const ticketOf = (n: number, citizen: Citizen, at: number): Ticket => {
    const fields = sampleFields({
      title: `路灯不亮 ${n}`,
      caller: callerOf(citizen.fields.phones[0] ?? '', citizen.fields.name),
      citizenUid: citizen.uid,
    });
    return sampleTicket(9_000 + n, { uid: newId<TicketId>(at), fields, createdAt: at, acceptedAt: at });
  };
  const begin = startOfMonth(monthOf(now));
  const tickets = [
    ticketOf(1, head, begin + 1),
    ticketOf(2, middle, begin + 2),
    ticketOf(3, middle, long),
    ticketOf(4, first, long + 1),
  ];
  return { head, records: [head, middle, first], tickets };
}

interface Centre extends ReturnType<typeof somebody> {
  readonly world: World;
  readonly seat: Seat;
  /** Paths of the seat's requests. */
  readonly paths: string[];
  /** The rows come. */
  arrive(): Promise<void>;
}

/** What cuts a request or its answer, and nothing else. */
const LOST = ['request-lost', 'reply-lost', 'reply-truncated', 'bad-gateway'] as const;

const isRows = (path: string) => path.endsWith('/sync/pull') || path.includes('/sync/segments');

/** A centre with a long history, and a seat whose first sync is held up: everything but its rows gets through. */
async function openCentre(role: Role = 'agent', fields: Partial<Citizen['fields']> = {}): Promise<Centre> {
  const world = await worlds.open({ seats: 0, roles: [role] });
  const person = somebody(fields);
  const others = oldTickets(200).map((ticket, n) => ({ ...ticket, number: 100 + n }));
  await fillCentre(world, [...person.tickets, ...others], [sampleCitizen(), ...person.records]);
  const paths: string[] = [];
  world.faultFor = (_, path) => {
    paths.push(path);
    return isRows(path) ? 'request-held' : null;
  };
  const seat = await world.addSeat();
  await until('the server was greeted and asked for rows', () => paths.some(isRows));
  const arrive = async () => {
    await world.network.calmDown();
    await waitUntilSynced(world.server, world.seats);
  };
  return { world, seat, paths, arrive, ...person };
}

const countAsked = ({ paths }: Centre) => paths.filter((path) => path.endsWith('/sync/history')).length;
const countEarly = ({ work }: Seat) => work.db.value<number>('SELECT count(*) FROM early_citizens');

test('a caller is known at the first ring: records, tickets of any time, other numbers; then all of it arrives, once', async () => {
  const centre = await openCentre();
  const { world, seat, head, records, tickets, arrive } = centre;
  expect(lookUpCaller(seat.work, PHONE)).toMatchObject({ citizen: null, tickets: [] });
  expect(getCoverage(seat.work)).toMatchObject({ arriving: true, tickets: 0 });
  expect(await fetchOlder(seat.work, { phone: PHONE })).toEqual({ state: 'complete' });
  // Under the number that rings, and under those of whoever that was.
  expect(countAsked(centre)).toBe(2);
  const card = lookUpCaller(seat.work, PHONE);
  expect(card).toMatchObject({ citizen: { uid: head.uid, fields: { name: '陆文静' } }, totals: { tickets: 4 } });
  expect(card.merged.map(({ uid }) => uid).sort()).toEqual(
    records
      .slice(1)
      .map(({ uid }) => uid)
      .sort(),
  );
  expect(card.tickets).toHaveLength(4);
  expect(getCoverage(seat.work)).toMatchObject({ arriving: true, tickets: 0, seen: 4 });
  expect(seat.status).toMatchObject({ isWhole: false, parity: 'unknown', cached: { tickets: 0, citizens: 0 } });
  await arrive();
  await expectAgreement(world.server, world.seats, OBSERVER);
  expect(getCoverage(seat.work)).toMatchObject({ arriving: false, seen: 0, tickets: 200 + tickets.length });
  expect(countEarly(seat)).toBe(0);
  const after = lookUpCaller(seat.work, PHONE);
  const inside = { ...card, tickets: card.tickets.map((each) => ({ ...each, outside: false })) };
  expect({ ...inside, open: inside.tickets }).toEqual({ ...after, open: after.tickets });
  expect(await fetchOlder(seat.work, { phone: PHONE })).toEqual({ state: 'nothing-outside' });
});

test('a ticket for a caller of whom nothing has arrived belongs to their record, and no second one is made', async () => {
  const { world, seat, head, records, arrive } = await openCentre();
  await fetchOlder(seat.work, { phone: PHONE });
  const uid = seat.submit({ phone: PHONE, name: '陆女士' });
  expect(seat.ticket(uid).fields.citizenUid).toBe(head.uid);
  await arrive();
  await expectAgreement(world.server, world.seats, OBSERVER);
  expect(seat.citizens).toHaveLength(1 + records.length);
});

test('a number is looked up at the server while rows are on their way, and so is a ticket', async () => {
  const { world, seat, head, tickets } = await openCentre();
  await searchOlder(seat.work, PHONE);
  expect(lookUpCaller(seat.work, PHONE)).toMatchObject({ citizen: { uid: head.uid } });
  const [row] = await world.server.query<{ number: number }>('SELECT number FROM tickets WHERE uid = $1', [
    tickets[3]?.uid,
  ]);
  await searchOlder(seat.work, String(row?.number).padStart(8, '0'));
  expect(seat.ticket(String(tickets[3]?.uid)).number).toBe(Number(row?.number));
});

test('without the server nothing is fetched and nothing is lost: the answer says why', async () => {
  const { world, seat } = await openCentre();
  await world.stopServer();
  await expect(fetchOlder(seat.work, { phone: PHONE })).rejects.toMatchObject({ code: 'OFFLINE' });
  expect(getCoverage(seat.work).arriving).toBe(true);
});

test('somebody who asked for confidentiality is masked before their record has arrived as after it', async () => {
  const { seat, head, arrive } = await openCentre('agent', { confidential: true });
  await fetchOlder(seat.work, { phone: PHONE });
  const masked = { masked: true, confidential: true, citizen: { uid: head.uid, fields: { name: '陆*' } } };
  const before = getPersonCard(seat.work, head.uid);
  expect(before).toMatchObject(masked);
  await arrive();
  const { citizen, merged } = getPersonCard(seat.work, head.uid);
  expect({ citizen, merged }).toEqual({ citizen: before.citizen, merged: before.merged });
});

test('whoever is erased at the server before their record arrives is gone here, too', async () => {
  const { world, seat, records, arrive } = await openCentre();
  await fetchOlder(seat.work, { phone: PHONE });
  expect(seat.citizens).toHaveLength(records.length);
  const erasure = { centre: '320100', by: { phone: PHONE }, reason: '2026-19', doneBy: '管理员' };
  await erasePerson(world.server.services.pool, erasure, systemClock.now());
  await arrive();
  await until('the record has left', () => countEarly(seat) === 0);
  await expectAgreement(world.server, world.seats, OBSERVER);
  const { db } = seat.work;
  const kept = JSON.stringify([db.all('SELECT doc FROM tickets'), db.all('SELECT * FROM citizens')]);
  expect(['陆文静', PHONE, FORMERLY, HOME].filter((trace) => kept.includes(trace))).toEqual([]);
});

test('what was written on a record that came ahead is sent, and is part of it when it arrives', async () => {
  const { world, seat, head, arrive } = await openCentre();
  await fetchOlder(seat.work, { phone: PHONE });
  savePerson(seat.work, {
    uid: head.uid,
    seenAt: head.updatedAt,
    changes: { remark: '耳背，请大声' },
  });
  await arrive();
  await expectAgreement(world.server, world.seats, OBSERVER);
  expect(lookUpCaller(seat.work, PHONE).citizen?.fields.remark).toBe('耳背，请大声');
});

test('own work on somebody erased meanwhile stays until it is decided about, and the record goes with it', async () => {
  const { world, seat, head, arrive } = await openCentre();
  await fetchOlder(seat.work, { phone: PHONE });
  savePerson(seat.work, { uid: head.uid, seenAt: head.updatedAt, changes: { remark: '耳背' } });
  const erasure = { centre: '320100', by: { phone: PHONE }, reason: '2026-19', doneBy: '管理员' };
  await erasePerson(world.server.services.pool, erasure, systemClock.now());
  await arrive();
  await until('refused', () => seat.outbox[0]?.state === 'rejected');
  expect(seat.citizens.map(({ uid }) => uid)).toContain(head.uid);
  discardOp(seat.work, forceUnwrap('the refused change', seat.outbox[0]).op.opId);
  await waitUntilSynced(world.server, world.seats);
  await expectAgreement(world.server, world.seats, OBSERVER);
});

test('a refused change of a record that came ahead is taken off again, before anything else arrives', async () => {
  const { world, seat, head } = await openCentre();
  await fetchOlder(seat.work, { phone: PHONE });
  await world.server.query(
    "ALTER TABLE citizens ADD CONSTRAINT no_such_remark CHECK (fields ->> 'remark' <> '写不进去的')",
  );
  savePerson(seat.work, { uid: head.uid, seenAt: head.updatedAt, changes: { remark: '写不进去的' } });
  world.faultFor = (_, path) => (isRows(path) ? 'request-lost' : null);
  // What is held up ends with the console; the next one sends first.
  await seat.restart();
  await until('refused', () => seat.outbox[0]?.state === 'rejected');
  expect(getCoverage(seat.work).arriving).toBe(true);
  expect(lookUpCaller(seat.work, PHONE).citizen?.fields.remark).toBe('');
});

test('a server out of a backup has not confirmed a record that came ahead: it goes with what is not there any more', async () => {
  const { world, seat, head, arrive } = await openCentre();
  await fetchOlder(seat.work, { phone: PHONE });
  const { hi, lo } = addToDigest(EMPTY_DIGEST, head.uid, head.version, -1);
  await world.server.query('DELETE FROM citizen_phones WHERE citizen_uid = $1', [head.uid]);
  await world.server.query('DELETE FROM citizens WHERE uid = $1', [head.uid]);
  await world.server.query(
    `UPDATE clocks SET count = count - 1, digest_hi = (digest_hi + $1) & 4294967295, digest_lo = (digest_lo + $2) & 4294967295
     WHERE scope = '320100:citizens'`,
    [hi, lo],
  );
  await world.server.query('UPDATE clocks SET epoch = epoch + 1');
  await arrive();
  await until('the record has left', () => countEarly(seat) === 0);
  expect(seat.status).toMatchObject({ held: null, parity: 'equal' });
  await expectAgreement(world.server, world.seats, OBSERVER);
});

/** A seat that gets no rows at first, of a centre whose tickets are packed; `let` says what passes. */
async function openPacked() {
  const world = await worlds.open({ seats: 0 });
  const tickets = oldTickets(1_200, { caller: callerOf(PHONE, '陆女士') });
  await fillCentre(world, tickets);
  expect(await makeSegments(world)).toEqual([monthScope()]);
  const passes = { segments: false, pull: false };
  world.faultFor = (_, path) => {
    if (path.includes('/sync/segments')) return passes.segments ? null : 'request-lost';
    return path.endsWith('/sync/pull') && !passes.pull ? 'request-lost' : null;
  };
  const uid = forceUnwrap('the newest ticket', tickets.at(-1)).uid;
  const colleague = await new TestConsole(world.server.url).signIn(OBSERVER);
  await colleague.push([colleague.op(noteBody(uid, '打包之后补的'))]);
  const seat = await world.addSeat();
  await until('the server was greeted', () => seat.scopes.length > 0);
  return { world, seat, passes, uid, tickets };
}

/** Lets the packed tickets come, and waits for all of them; what changed since is still missing. */
async function bringSegments({ seat, passes, tickets }: Awaited<ReturnType<typeof openPacked>>) {
  const month = () => seat.scopes.find(({ scope }) => scope === monthScope());
  passes.segments = true;
  await until('the segments are here', () => {
    if (seat.isResting) seat.wake();
    return month()?.count === tickets.length;
  });
  const counted = tickets.reduce((sum, ticket) => addToDigest(sum, ticket.uid, 1), EMPTY_DIGEST);
  expect(formatDigest(month()?.digest ?? EMPTY_DIGEST)).toBe(formatDigest(counted));
  expect(getCoverage(seat.work).arriving).toBe(true);
}

const textsOf = (seat: Seat, uid: TicketId) => seat.ticket(uid).events.map(({ text }) => text);

test('a segment that was packed before takes nothing back of what was fetched or confirmed since', async () => {
  const centre = await openPacked();
  const { world, seat, passes, uid } = centre;
  await fetchOlder(seat.work, { phone: PHONE });
  expect(seat.ticket(uid).version).toBe(2);
  // Sent, and confirmed, before rows are asked for.
  seat.note(uid, 'note', '本席位写的');
  await bringSegments(centre);
  expect(seat.outbox).toEqual([]);
  expect(seat.ticket(uid).version).toBe(3);
  expect(textsOf(seat, uid)).toEqual(expect.arrayContaining(['打包之后补的', '本席位写的']));
  passes.pull = true;
  await waitUntilSynced(world.server, world.seats);
  await expectAgreement(world.server, world.seats, OBSERVER);
});

test('a note that waits for the server stays on a fetched ticket when its older version arrives', async () => {
  const centre = await openPacked();
  const { world, seat, passes, uid } = centre;
  await fetchOlder(seat.work, { phone: PHONE });
  // A server that fails at what it is sent goes on giving out rows.
  await world.server.query('ALTER TABLE op_log RENAME TO op_log_away');
  seat.note(uid, 'note', '还没发出去的');
  await bringSegments(centre);
  expect(seat.outbox).toHaveLength(1);
  const both = ['打包之后补的', '还没发出去的'];
  expect(textsOf(seat, uid)).toEqual(expect.arrayContaining(both));
  await world.server.query('ALTER TABLE op_log_away RENAME TO op_log');
  passes.pull = true;
  await waitUntilSynced(world.server, world.seats);
  await expectAgreement(world.server, world.seats, OBSERVER);
  expect(textsOf(seat, uid)).toEqual(expect.arrayContaining(both));
});

test('who is known under a number is told to those who may read the citizens of the centre', async () => {
  const { world, records, head } = await openCentre();
  await world.server.addAccount({ account: 'elsewhere', centre: '320500', lines: ['12345'] });
  await world.server.addAccount({ account: 'editor1', role: 'editor' });
  await world.server.addAccount({ account: 'noline1', lines: [] });
  const ask = { by: 'phones', phones: [PHONE], before: systemClock.now() };
  const send = async (account: string, asked: object = ask) =>
    (await new TestConsole(world.server.url).signIn(account)).send('/sync/history', asked);
  const read = async (account: string, asked: object = ask) =>
    historyResponseSchema.parse((await send(account, asked)).body);
  const told = (await read(OBSERVER)).citizens;
  expect(told.map(({ uid }) => uid).sort()).toEqual(records.map(({ uid }) => uid).sort());
  expect(told).toContainEqual(head);
  expect((await read('elsewhere')).citizens).toEqual([]);
  expect(codeOf(await send('editor1'))).toBe('FORBIDDEN');
  expect(codeOf(await send('noline1'))).toBe('FORBIDDEN');
  expect((await read(OBSERVER, { ...ask, phones: ['13951990099'] })).citizens).toEqual([]);
  // An answer of a server from before has no such list.
  expect(historyResponseSchema.parse({ tickets: [], more: false, gone: [] }).citizens).toEqual([]);
});

/** Callers of the random sync, each with their record. */
const CALLERS = Array.from({ length: 8 }, (_, n) => `1395199${String(7_001 + n)}`);
const STEPS = 60;

const seed = Number(process.env.SYNC_SEED ?? randomInt(1, 2 ** 31));

test(`whoever is looked at, whatever happens on the way: no row goes back, and in the end all are equal (SYNC_SEED=${seed})`, async () => {
  const random = createRandom(seed);
  const pick = <T>(from: readonly T[]): T => forceUnwrap('one of them', from[Math.floor(random() * from.length)]);
  const world = await worlds.open({ seats: 0, random: () => createRandom(seed + 1) });
  const records = CALLERS.map((phone, n) => sampleCitizen({ name: `来电人${n}`, phones: [phone] }));
  // Half of them were merged into the one before.
  const citizens = records.map((each, n) =>
    n % 2 === 1 ? { ...each, mergedInto: records[n - 1]?.uid ?? null } : each,
  );
  const tickets = oldTickets(1_200).map((ticket, n) => {
    const caller = callerOf(CALLERS[n % CALLERS.length] ?? '', `来电人${n % CALLERS.length}`);
    return { ...ticket, fields: { ...ticket.fields, caller } };
  });
  await fillCentre(world, tickets, citizens);
  await makeSegments(world);
  const colleague = await new TestConsole(world.server.url).signIn(OBSERVER);
  let share = 0;
  world.faultFor = (_, path) => (path.includes('/sync/') && random() < share ? pick(LOST) : null);
  const seat = await world.addSeat();
  share = 0.5;
  const known = new Map<string, number>();
  const expectNothingBack = () => {
    const rows = seat.work.db.all<{ uid: string; version: number }>(
      'SELECT uid, version FROM tickets UNION ALL SELECT uid, version FROM citizens',
    );
    const back = rows.filter(({ uid, version }) => version < (known.get(uid) ?? 0));
    expect(back).toEqual([]);
    for (const { uid, version } of rows) known.set(uid, version);
  };
  for (let step = 0; step < STEPS; step++) {
    const chance = random();
    if (chance < 0.4) await fetchOlder(seat.work, { phone: pick(CALLERS) }).catch(() => undefined);
    else if (chance < 0.7) await colleague.push([colleague.op(noteBody(pick(tickets).uid, `同事第 ${step} 步`))]);
    else if (chance < 0.85) {
      const here = pick(CALLERS);
      const [ticket] = lookUpCaller(seat.work, here).tickets;
      if (ticket) seat.note(ticket.uid, 'note', `本席位第 ${step} 步`);
    } else if (chance < 0.95) {
      const { citizen } = lookUpCaller(seat.work, pick(CALLERS));
      const changes = { remark: `第 ${step} 步` };
      if (citizen) savePerson(seat.work, { uid: citizen.uid, seenAt: citizen.updatedAt, changes });
    } else {
      seat.kill();
      await seat.restart();
    }
    seat.wake();
    await setImmediate();
    expectNothingBack();
  }
  share = 0;
  await waitUntilSynced(world.server, world.seats);
  await until('what came ahead is taken over', () => countEarly(seat) === 0);
  expectNothingBack();
  await expectAgreement(world.server, world.seats, OBSERVER);
});
