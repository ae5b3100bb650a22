import { afterEach, beforeEach, expect, test } from 'vitest';
import { findCitizen } from '#main/data/repositories/citizen.repository.ts';
import { findTicket } from '#main/data/repositories/ticket.repository.ts';
import { savePerson } from '#main/data/services/person-edit.service.ts';
import { recoverOps } from '#main/data/services/recover-ops.service.ts';
import { sendAgain } from '#main/data/services/send-again.service.ts';
import { addNote } from '#main/data/services/ticket.service.ts';
import { withdrawNote } from '#main/data/services/withdraw.service.ts';
import { actorOf } from '#main/data/services/work-context.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import type { CitizenId } from '#shared/kernel/ids.ts';
import type { PullResponse } from '#shared/sync/wire.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { checkEqual } from '#tests/support/sync/model/check-equal.ts';
import type { ModelConsole } from '#tests/support/sync/model/model-console.ts';
import { ModelWorld } from '#tests/support/sync/model/model-world.ts';
import { startTime, stopTime } from '#tests/support/sync/model/still-time.ts';

const tempFolder = prepareTempFolders();
beforeEach(stopTime);
afterEach(startTime);

/** What a server says that has too much to do. */
const BUSY = { status: 429, body: { code: 'RATE_LIMITED', message: 'RATE_LIMITED' } };

/** A centre where nothing goes wrong by itself. */
function openCentre(): ModelWorld {
  const world = new ModelWorld(1, tempFolder());
  world.isWild = false;
  return world;
}

/** Such a centre with one seat that has synced. */
async function openSeat() {
  const world = openCentre();
  const self = await world.addConsole();
  await world.round();
  return { world, self };
}

/** The same with two seats. */
async function openPair() {
  const world = openCentre();
  const [first, second] = [await world.addConsole(), await world.addConsole()];
  await world.round();
  return { world, first, second };
}

/** The server takes what a seat sends, and the seat does not hear so. @returns what ends that */
function leaveUnheard(world: ModelWorld, seat: ModelConsole): () => void {
  let isUnheard = true;
  const proper = world.answer;
  world.answer = async (request, self) => {
    const answer = await proper(request, self);
    return isUnheard && self === seat && request.path === '/sync/push' ? BUSY : answer;
  };
  return () => {
    isUnheard = false;
  };
}

test('an answer that comes after the row was pulled: the console shows what the server holds, not what it once sent', async () => {
  const { world, first, second } = await openPair();
  const hear = leaveUnheard(world, first);
  first.submit('路灯不亮', '13900000001');
  await world.round();
  await world.round();
  const uid = forceUnwrap('a person', first.work.db.value<CitizenId>('SELECT uid FROM citizens'));
  const seen = forceUnwrap('the person at the second seat', findCitizen(second.work.db, uid));
  savePerson(second.work, { uid, seenAt: seen.updatedAt, changes: { name: '王建国' } });
  await world.round();
  await world.round();
  expect(first.outbox.every(({ state }) => state === 'waiting')).toBe(true);
  hear();
  await world.round();
  expect(first.outbox).toEqual([]);
  expect(findCitizen(first.work.db, uid)?.fields.name).toBe('王建国');
  await checkEqual(world.centre, world.consoles);
  await world.close();
});

test('a kill between an answer and its note in the journal: what the journal brings back hides nothing that others wrote since', async () => {
  const { world, first, second } = await openPair();
  first.submit('路灯不亮', '13900000001');
  await world.round();
  const uid = forceUnwrap('a person', first.work.db.value<CitizenId>('SELECT uid FROM citizens'));
  const correct = async (self: ModelConsole, remark: string) => {
    const { updatedAt } = forceUnwrap('the person', findCitizen(self.work.db, uid));
    savePerson(self.work, { uid, seenAt: updatedAt, changes: { remark } });
    const [entry] = self.outbox;
    await world.round();
    await world.round();
    return forceUnwrap('the change', entry);
  };
  const { op, schema, label, incarnation } = await correct(first, '住在三楼');
  await correct(second, '搬到五楼了');
  recoverOps(first.work.db, [{ op, schema, label, incarnation: incarnation + 1 }], actorOf(first.work));
  expect(first.outbox).toHaveLength(1);
  await world.round();
  expect(first.outbox).toEqual([]);
  expect(findCitizen(first.work.db, uid)?.fields.remark).toBe('搬到五楼了');
  await checkEqual(world.centre, world.consoles);
  await world.close();
});

test('a server comes back from a backup: a note that was confirmed and not pulled yet is found missing, whatever waits on its ticket', async () => {
  const { world, self: first } = await openSeat();
  const uid = first.submit('路灯不亮', '13900000001');
  await world.round();
  await world.round();
  const backup = world.centre.backUp();
  const write = (text: string) => addNote(first.work, uid, { kind: 'note', text });
  write('第一次补充');
  await world.round();
  await world.round();
  // Of the next two the first is confirmed, and nothing is pulled any more.
  const proper = world.answer;
  let isFirst = true;
  world.answer = (request, self) => {
    if (request.path === '/sync/pull') return Promise.resolve(BUSY);
    if (request.path !== '/sync/push') return proper(request, self);
    if (!isFirst) return Promise.resolve(BUSY);
    isFirst = false;
    const body = request.body as { readonly ops: readonly unknown[] };
    return proper({ ...request, body: { ...body, ops: body.ops.slice(0, 1) } }, self);
  };
  write('第二次补充');
  write('第三次补充');
  await world.round();
  expect(first.outbox).toHaveLength(1);
  world.centre.restore(backup);
  world.answer = proper;
  await world.round();
  await world.round();
  sendAgain(first.work);
  await world.round();
  await world.round();
  const shown = findTicket(first.work.db, uid)?.ticket.events.flatMap(({ kind, text }) =>
    kind === 'note' ? [text] : [],
  );
  expect(shown?.toSorted()).toEqual(['第一次补充', '第三次补充', '第二次补充'].toSorted());
  await checkEqual(world.centre, world.consoles);
  await world.close();
});

test('of a cloned console the end of a numbering arrives before its beginning: nothing of it is refused in the end', async () => {
  const { world, self: original } = await openSeat();
  const uid = original.submit('路灯不亮', '13900000001');
  await world.round();
  await world.round();
  await original.bury();
  const copy = world.cloneOf(original);
  original.start();
  addNote(original.work, uid, { kind: 'note', text: '原机写的' });
  const proper = world.answer;
  // What the copy sends does not get through; two batches are on their way.
  world.answer = (request, self) =>
    self === copy && request.path === '/sync/push' ? Promise.resolve(BUSY) : proper(request, self);
  const eventId = addNote(copy.work, uid, { kind: 'note', text: '克隆机写的' });
  await world.round();
  expect(withdrawNote(copy.work, uid, eventId, '写错了')).toBe('noted');
  const [beginning, end] = copy.outbox;
  const { user, work } = copy;
  const body = { console: work.consoleId, incarnation: end?.incarnation, ops: [end?.op] };
  const late = await proper({ path: '/sync/push', body, consoleId: work.consoleId, user }, copy);
  expect(late.body).toMatchObject({ results: [{ code: 'rejected', reason: 'NOT_FOUND' }] });
  expect(beginning?.op.s).toBe((end?.op.s ?? 0) - 1);
  world.answer = proper;
  for (let rounds = 0; rounds < 4; rounds++) await world.round();
  expect(copy.outbox).toEqual([]);
  const texts = findTicket(original.work.db, uid)?.ticket.events.map(({ text }) => text);
  expect(texts).toEqual(expect.arrayContaining(['原机写的', '克隆机写的', '写错了']));
  await checkEqual(world.centre, world.consoles);
  await world.close();
});

test('a lost cache: a note that the journal brought back is on its ticket as soon as that comes again, however long the server takes no operation', async () => {
  const { world, self } = await openSeat();
  const uid = self.submit('路灯不亮', '13900000001');
  await world.round();
  let takes = false;
  world.answer = async (request) => (request.path === '/sync/push' && !takes ? BUSY : world.centre.answer(request));
  addNote(self.work, uid, { kind: 'note', text: '整条街都不亮' });
  await self.bury();
  self.loseCache();
  self.start();
  expect(findTicket(self.work.db, uid)).toBeNull();
  await world.round();
  await world.round();
  const shown = () => findTicket(self.work.db, uid)?.ticket.events.filter(({ text }) => text === '整条街都不亮');
  expect(self.outbox).toHaveLength(1);
  expect(shown()).toHaveLength(1);
  takes = true;
  await world.round();
  await world.round();
  expect(self.outbox).toEqual([]);
  expect(shown()).toHaveLength(1);
  await checkEqual(world.centre, world.consoles);
  await world.close();
});

test('a record is taken away after the server took a change of it and before the console heard so: once it hears, the record goes here, too', async () => {
  const { world, first, second } = await openPair();
  first.submit('路灯不亮', '13900000001');
  await world.round();
  await world.round();
  const uid = forceUnwrap('a person', second.work.db.value<CitizenId>('SELECT uid FROM citizens'));
  const hear = leaveUnheard(world, second);
  const { updatedAt } = forceUnwrap('the person', findCitizen(second.work.db, uid));
  savePerson(second.work, { uid, seenAt: updatedAt, changes: { remark: '住在三楼' } });
  await world.round();
  world.centre.removePeople([uid]);
  await world.round();
  expect(findCitizen(first.work.db, uid)).toBeNull();
  expect(findCitizen(second.work.db, uid)?.fields.remark).toBe('住在三楼');
  hear();
  await world.round();
  expect(second.outbox).toEqual([]);
  expect(findCitizen(second.work.db, uid)).toBeNull();
  await checkEqual(world.centre, world.consoles);
  await world.close();
});

test('an own ticket that comes back in a shape of tomorrow is not taken for the one the server holds, and comes after the update', async () => {
  const { world, self } = await openSeat();
  const proper = world.answer;
  world.answer = async (request, asking) => {
    const answer = await proper(request, asking);
    if (request.path !== '/sync/pull' || answer.status !== 200) return answer;
    const page = answer.body as PullResponse;
    const rows = page.rows.map((each) => ({ ...each, row: { ...each.row, status: 'of-tomorrow' } }));
    return { ...answer, body: { ...page, rows } };
  };
  const uid = self.submit('路灯不亮', '13900000001');
  for (let rounds = 0; rounds < 4; rounds++) await world.round();
  expect(self.outbox).toEqual([]);
  expect(self.engine.status().parity).toBe('different');
  world.answer = proper;
  await self.bury();
  self.start();
  for (let rounds = 0; rounds < 3; rounds++) await world.round();
  expect(findTicket(self.work.db, uid)?.ticket.status).toBe('to_dispatch');
  await checkEqual(world.centre, world.consoles);
  await world.close();
});
