import { expect, test } from 'vitest';
import { findLoggedCall } from '#main/data/repositories/call-log.repository.ts';
import { recordCall } from '#main/data/services/call.service.ts';
import { discardDraft, listDrafts, openDraft, saveDraft } from '#main/data/services/draft.service.ts';
import { submitDraft } from '#main/data/services/submit.service.ts';
import { forgetExpired, RETENTION_MS } from '#server/upkeep/forget-expired.ts';
import { runPersonCommand } from '#server/upkeep/person-command.ts';
import { readAttachment, writeAttachment } from '#shared/domain/form/attachment-ref.ts';
import type { CallFacts } from '#shared/domain/ticket.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { type CallId, newId } from '#shared/kernel/ids.ts';
import { sampleCall, sampleIntake, sampleLeg, sampleRecord } from '#tests/support/data/samples.ts';
import { until } from '#tests/support/data/until.ts';
import { waitUntilSynced } from '#tests/support/sync/agreement.ts';
import type { Seat } from '#tests/support/sync/seat.ts';
import { prepareWorlds, seatOf, type World } from '#tests/support/sync/world.ts';
import { citizenBody, createTicketBody, noteBody, TestConsole, ticketFields } from '#tests/support/test-console.ts';

const worlds = prepareWorlds();
const NAME = '欧阳晓鹭';
const FORMER = '欧阳鹭';
const PHONE = '13951998123';
const OTHER_PHONE = '02588776655';
const TRACES = [NAME, FORMER, PHONE, OTHER_PHONE, '139-5199-8123'];

/** Everything that is stored in the cache of a seat, as text. */
function storedAt(seat: Seat): string {
  const { db } = seat.work;
  const tables = db.values<string>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite_%'",
  );
  return tables.map((name) => JSON.stringify(db.all(`SELECT * FROM "${name}"`))).join('\n');
}

/** Everything the server stores in its tables, as text. */
async function storedAtServer(world: World): Promise<string> {
  const tables = await world.server.query<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
  );
  const rows = await Promise.all(
    tables.map(({ name }) => world.server.query<{ row: unknown }>(`SELECT to_jsonb(t) AS row FROM "${name}" t`)),
  );
  return JSON.stringify(rows);
}

const tracesIn = (text: string) => TRACES.filter((trace) => text.includes(trace));

/** A centre that knows a person by two names and numbers, with two tickets of theirs and one of somebody else on the same number. */
async function openCentre() {
  const world = await worlds.open({ seats: 2 });
  const agent = await new TestConsole(world.server.url).signIn('watch9001');
  const person = citizenBody(FORMER, [PHONE]);
  const changed = {
    kind: 'citizen.change' as const,
    uid: person.uid,
    args: { centre: '320100', changes: { name: NAME, phones: { removed: [], added: [OTHER_PHONE] } } },
  };
  const neighbour = citizenBody('尉迟安', [PHONE]);
  const caller = { ...ticketFields().caller, name: NAME, phone: PHONE };
  const theirs = createTicketBody({
    title: '路灯不亮',
    citizenUid: person.uid,
    caller,
    place: { divisionCode: '320102', address: `某路 1 号${NAME}家`, landmark: PHONE, coordinates: null },
    content: `${FORMER}来电，2026-11-26 10:30 家里电话 ${OTHER_PHONE}，手机139-5199-8123，反映某路路灯不亮`,
    form: {
      id: 'wage-arrears',
      version: 2,
      data: { employer: '某建筑公司', people: 12, total: 240_000, industry: 'construction', foreman: NAME },
    },
  });
  const unnamed = createTicketBody({ title: '井盖松动', caller: { ...caller, name: '' } });
  const others = createTicketBody({
    title: '树木倾斜',
    citizenUid: neighbour.uid,
    caller: { ...caller, name: '尉迟安', phone: '13951990000' },
  });
  const bodies = [person, neighbour, theirs, unnamed, others];
  const { results } = await agent.push(bodies.map((body) => agent.op(body)));
  expect(results.map(({ code, reason }) => [code, reason])).toEqual(bodies.map(() => ['applied', undefined]));
  await agent.push([agent.op(changed, { baseVersion: 1 }), agent.op(noteBody(theirs.uid, `已回电${NAME}`))]);
  const file = { sha256: 'ab'.repeat(32), size: 2_345_678, type: 'image/png' };
  const attached = {
    ...noteBody(theirs.uid, writeAttachment({ ...file, name: `${NAME}门口.png` })).args,
    kind: 'attached' as const,
  };
  await agent.push([agent.op({ kind: 'ticket.note', uid: theirs.uid, args: attached })]);
  await waitUntilSynced(world.server, world.seats);
  return { world, person, theirs, unnamed, others };
}

/** A ticket written at a seat during a call of the number. */
async function takeCall(world: World, seat: Seat, phone: string) {
  const call: CallFacts = {
    callId: newId<CallId>(1),
    ani: phone,
    line: '12345',
    ringAt: 1,
    answeredAt: 2,
    endedAt: 3,
    heldMs: 0,
  };
  const draft = openDraft(seat.work, call);
  const content = sampleIntake({ title: '路灯', content: '路灯闪烁' });
  const caller = { ...content.caller, name: '令狐冲和', phone };
  const saved = saveDraft(seat.work, draft.id, draft.revision, { ...content, caller });
  const { uid } = submitDraft(seat.work, draft.id, saved.revision, 'submit');
  await waitUntilSynced(world.server, world.seats);
  return { uid, callId: call.callId };
}

async function erase(world: World, ...args: readonly string[]) {
  process.env.DATABASE_URL = world.database.url;
  try {
    return await runPersonCommand([
      'erase',
      '--centre',
      '320100',
      '--reason',
      '2026-17',
      '--by',
      '数据保护员',
      ...args,
    ]);
  } finally {
    delete process.env.DATABASE_URL;
  }
}

test('an erased person is nowhere at the server nor, with the next sync, in any cache; the matters stay', async () => {
  const { world, person, theirs, unnamed, others } = await openCentre();
  const [first, second] = [seatOf(world, 0), seatOf(world, 1)];
  for (const seat of world.seats) {
    expect(tracesIn(storedAt(seat))).toEqual(TRACES);
    expect(await seat.indexedNumbers(NAME)).toHaveLength(1);
  }
  // Nothing happens before somebody says yes.
  expect(await erase(world, '--citizen', person.uid)).toEqual({ citizens: 1, tickets: 2, files: 1 });
  expect(tracesIn(await storedAtServer(world))).toEqual(TRACES);
  expect(await erase(world, '--citizen', person.uid, '--yes')).toEqual({ citizens: 1, tickets: 2, files: 1 });
  await waitUntilSynced(world.server, world.seats);
  for (const seat of [first, second]) {
    expect(seat.scopes.map(({ parity }) => parity)).toEqual(seat.scopes.map(() => 'equal'));
    await until('the index follows', async () => (await seat.indexedNumbers(NAME)).length === 0);
    expect(seat.ticket(theirs.uid).fields).toMatchObject({
      title: '路灯不亮',
      content: '***来电，2026-11-26 10:30 家里电话 ***，手机***，反映某路路灯不亮',
      place: { address: '某路 1 号***家', landmark: '***' },
      citizenUid: null,
      caller: { name: '', phone: '', anonymous: true },
      form: { data: { employer: '某建筑公司', people: 12, industry: 'construction' } },
    });
    const files = seat
      .ticket(theirs.uid)
      .events.flatMap(({ kind, text }) => (kind === 'attached' ? [readAttachment(text)] : []));
    expect(files).toEqual([{ sha256: 'ab'.repeat(32), size: 2_345_678, type: 'image/png', name: '***门口.png' }]);
    expect(seat.ticket(unnamed.uid).fields.caller.phone).toBe('');
    expect(seat.ticket(others.uid).fields.caller).toMatchObject({ name: '尉迟安', phone: '13951990000' });
    // The neighbour shares the number and keeps it.
    expect(tracesIn(storedAt(seat))).toEqual([PHONE]);
  }
  expect(tracesIn(await storedAtServer(world))).toEqual([PHONE]);
  expect(await world.server.query('SELECT reason, done_by, citizens, tickets FROM erasures')).toEqual([
    { reason: '2026-17', done_by: '数据保护员', citizens: 1, tickets: 2 },
  ]);
});

test('a note written meanwhile without a network still reaches the ticket of an erased person', async () => {
  const { world, person, theirs } = await openCentre();
  const seat = seatOf(world, 0);
  world.faultFor = (index) => (index === 0 ? 'request-lost' : null);
  seat.note(theirs.uid, 'note', '路灯已修好');
  await erase(world, '--citizen', person.uid, '--yes');
  world.faultFor = null;
  await waitUntilSynced(world.server, world.seats);
  expect(seat.ticket(theirs.uid).events.map(({ text }) => text)).toContain('路灯已修好');
  expect(seat.ticket(theirs.uid).fields.caller.name).toBe('');
  expect(seat.outbox).toEqual([]);
});

test('everybody under a number is erased together; wrong arguments erase nothing', async () => {
  const { world } = await openCentre();
  await expect(erase(world, '--yes')).rejects.toMatchObject({ code: 'BAD_ARGUMENTS' });
  await expect(erase(world, '--phone', '139', '--yes')).rejects.toMatchObject({ code: 'BAD_ARGUMENTS' });
  expect(await erase(world, '--phone', '+86 139-5199-8123', '--yes')).toEqual({ citizens: 2, tickets: 3, files: 1 });
  await expect(erase(world, '--phone', '13951998123', '--yes')).rejects.toMatchObject({ code: 'NOBODY_FOUND' });
  await waitUntilSynced(world.server, world.seats);
  for (const seat of world.seats) expect(tracesIn(storedAt(seat))).toEqual([]);
});

test('the call log and the forms of the seat that took the call forget the person as well', async () => {
  const world = await worlds.open({ seats: 2 });
  const seat = seatOf(world, 0);
  const phone = '13951997001';
  const { uid, callId } = await takeCall(world, seat, phone);
  await takeCall(world, seat, '13951997002');
  const thrownAway = openDraft(seat.work, null);
  const content = sampleIntake({ title: '没有提交' });
  const typed = { ...content, caller: { ...content.caller, phone: '139-5199-7001' } };
  saveDraft(seat.work, thrownAway.id, thrownAway.revision, typed);
  discardDraft(seat.work, thrownAway.id);
  expect(storedAt(seat)).toContain('139-5199-7001');
  await erase(world, '--phone', phone, '--yes');
  await waitUntilSynced(world.server, world.seats);
  expect(storedAt(seat)).not.toContain(phone);
  expect(storedAt(seat)).not.toContain('139-5199-7001');
  expect(seat.ticket(uid).fields.caller.anonymous).toBe(true);
  // That there was a call, and its ticket, stays.
  expect(findLoggedCall(seat.work.db, callId)).toMatchObject({ record: { ani: '' }, ticketUids: [uid] });
  expect(storedAt(seat)).toContain('13951997002');
});

test('the form of a transferred call is erased at the server and where it went', async () => {
  const world = await worlds.open({ seats: 2 });
  const [from, to] = [seatOf(world, 0), seatOf(world, 1)];
  const phone = '13951997003';
  const now = systemClock.now();
  const call = sampleCall(phone, now);
  const draft = openDraft(from.work, call);
  const content = sampleIntake({ title: '楼上漏水' });
  saveDraft(from.work, draft.id, 0, { ...content, caller: { ...content.caller, name: '令狐冲和', phone } });
  const { seat, name } = to.work.user;
  const leg = sampleLeg({ party: { kind: 'seat', seat, name }, startedAt: now, answeredAt: now, endedAt: now });
  recordCall(from.work, sampleRecord(call, { seat: from.work.user.seat, outcome: 'transferred', legs: [leg] }));
  await waitUntilSynced(world.server, world.seats);
  const [received] = listDrafts(to.work);
  if (!received) throw new Error('no form came');
  submitDraft(to.work, received.id, received.revision, 'submit');
  await waitUntilSynced(world.server, world.seats);
  expect(await storedAtServer(world)).toContain('令狐冲和');
  await erase(world, '--phone', phone, '--yes');
  await waitUntilSynced(world.server, world.seats);
  expect(await storedAtServer(world)).not.toContain('令狐冲和');
  expect(await storedAtServer(world)).not.toContain(phone);
  for (const each of [from, to]) {
    expect(storedAt(each)).not.toContain('令狐冲和');
    expect(storedAt(each)).not.toContain(phone);
  }
});

test('a console that starts when removals were long forgotten arrives all the same, page by page', async () => {
  const world = await worlds.open({ seats: 1 });
  const agent = await new TestConsole(world.server.url).signIn('watch9001');
  const people = Array.from({ length: 2_100 }, (_, i) => citizenBody(`市民${i}`, [`137${String(i).padStart(8, '0')}`]));
  for (let from = 0; from < people.length; from += 500)
    await agent.push(people.slice(from, from + 500).map((body) => agent.op(body)));
  await erase(world, '--phone', '13700002000', '--yes');
  await forgetExpired(world.server.services.pool, systemClock.now() + RETENTION_MS + 1);
  const late = await world.addSeat();
  await waitUntilSynced(world.server, world.seats);
  expect(late.citizens).toHaveLength(people.length - 1);
  expect(late.scopes.map(({ parity }) => parity)).toEqual(late.scopes.map(() => 'equal'));
});
