import { expect, test } from 'vitest';
import { findLoggedCall } from '#main/data/repositories/call-log.repository.ts';
import { openDraft, saveDraft } from '#main/data/services/draft.service.ts';
import { submitDraft } from '#main/data/services/submit.service.ts';
import { runPersonCommand } from '#server/upkeep/person-command.ts';
import type { CallFacts } from '#shared/domain/ticket.ts';
import { type CallId, newId } from '#shared/kernel/ids.ts';
import { sampleIntake } from '#tests/support/data/samples.ts';
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
    content: `${FORMER}来电，家里电话 ${OTHER_PHONE}，手机139-5199-8123，反映某路路灯不亮`,
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
    return await runPersonCommand(['erase', '--centre', '320100', '--reason', '2026-17', ...args]);
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
  expect(await erase(world, '--citizen', person.uid)).toEqual({ citizens: 1, tickets: 2, files: 0 });
  expect(tracesIn(await storedAtServer(world))).toEqual(TRACES);
  expect(await erase(world, '--citizen', person.uid, '--yes')).toEqual({ citizens: 1, tickets: 2, files: 0 });
  await waitUntilSynced(world.server, world.seats);
  for (const seat of [first, second]) {
    expect(seat.scopes.map(({ parity }) => parity)).toEqual(seat.scopes.map(() => 'equal'));
    await until('the index follows', async () => (await seat.indexedNumbers(NAME)).length === 0);
    expect(seat.ticket(theirs.uid).fields).toMatchObject({
      title: '路灯不亮',
      content: '***来电，家里电话 ***，手机***，反映某路路灯不亮',
      citizenUid: null,
      caller: { name: '', phone: '', anonymous: true },
      form: { data: { employer: '某建筑公司', people: 12, industry: 'construction' } },
    });
    expect(seat.ticket(unnamed.uid).fields.caller.phone).toBe('');
    expect(seat.ticket(others.uid).fields.caller).toMatchObject({ name: '尉迟安', phone: '13951990000' });
    // The neighbour shares the number and keeps it.
    expect(tracesIn(storedAt(seat))).toEqual([PHONE]);
  }
  expect(tracesIn(await storedAtServer(world))).toEqual([PHONE]);
  expect(await world.server.query('SELECT reason, citizens, tickets FROM erasures')).toEqual([
    { reason: '2026-17', citizens: 1, tickets: 2 },
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
  expect(await erase(world, '--phone', '+86 139-5199-8123', '--yes')).toEqual({ citizens: 2, tickets: 3, files: 0 });
  expect(await erase(world, '--phone', '13951998123', '--yes')).toEqual({ citizens: 0, tickets: 0, files: 0 });
  await waitUntilSynced(world.server, world.seats);
  for (const seat of world.seats) expect(tracesIn(storedAt(seat))).toEqual([]);
});

test('the call log and the forms of the seat that took the call forget the person as well', async () => {
  const world = await worlds.open({ seats: 2 });
  const seat = seatOf(world, 0);
  const phone = '13951997001';
  const { uid, callId } = await takeCall(world, seat, phone);
  await takeCall(world, seat, '13951997002');
  expect(storedAt(seat)).toContain('令狐冲和');
  await erase(world, '--phone', phone, '--yes');
  await waitUntilSynced(world.server, world.seats);
  expect(storedAt(seat)).not.toContain(phone);
  expect(seat.ticket(uid).fields.caller.anonymous).toBe(true);
  // That there was a call, and its ticket, stays.
  expect(findLoggedCall(seat.work.db, callId)).toMatchObject({ record: { ani: '' }, ticketUids: [uid] });
  expect(storedAt(seat)).toContain('13951997002');
});
