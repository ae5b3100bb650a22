import { expect, test } from 'vitest';
import { listCarriedItems, saveCarried, takeCarried } from '#main/data/services/carry.service.ts';
import { codeOf } from '#tests/support/data/rpc-client.ts';
import { until } from '#tests/support/data/until.ts';
import { createLedger, expectAgreement, expectOnceAtServer, waitUntilSynced } from '#tests/support/sync/agreement.ts';
import type { Seat } from '#tests/support/sync/seat.ts';
import { OBSERVER, prepareWorlds, seatOf, type World } from '#tests/support/sync/world.ts';

const worlds = prepareWorlds();
const PASSPHRASE = '雨天里的第三盏路灯还亮着';

/** A seat without a network that has written two tickets and a note, a 班长 beside it, and the file for a USB stick. */
async function openCut() {
  const world = await worlds.open({ seats: 3, roles: ['agent', 'lead', 'agent'] });
  const [cut, lead, other] = [seatOf(world, 0), seatOf(world, 1), seatOf(world, 2)];
  await until('the server knows the key of the seat', async () => {
    const keys = await world.server.query('SELECT 1 FROM console_keys WHERE console = $1', [cut.work.consoleId]);
    return keys.length === 1;
  });
  world.faultFor = (seat) => (seat === 0 ? 'request-lost' : null);
  const ledger = createLedger();
  for (const title of ['井盖缺失', '路灯不亮']) {
    const uid = cut.submit({ title, name: title, phone: '13912340000' });
    ledger.tickets.set(uid, { title, outcome: 'submit' });
    cut.note(uid, 'note', `${title}的补充`);
    ledger.notes.push({ uid, kind: 'note', text: `${title}的补充` });
  }
  const { text, operations } = await saveCarried(cut.work, cut.carryDeps, PASSPHRASE);
  return { world, cut, lead, other, ledger, text, operations };
}

const untilDone = (seat: Seat) =>
  until('the carried work is handed in', () => {
    if (seat.isResting) seat.wake();
    return listCarriedItems(seat.work).every(({ isDone }) => isDone);
  });

const createdBy = async (world: World) => {
  const rows = await world.server.query<{ name: string; console: string }>(
    `SELECT doc->>'createdByName' AS name, console FROM tickets ORDER BY number`,
  );
  return rows;
};

test('carried to another seat, the work is at the server once, in the name of who did it, also when the first console comes back', async () => {
  const { world, cut, lead, ledger, text, operations } = await openCut();
  // Names and words of citizens are nowhere in the file.
  for (const word of ['井盖缺失', '13912340000', '路灯不亮']) expect(text).not.toContain(word);
  expect(await takeCarried(lead.work, lead.carryDeps, text, PASSPHRASE)).toMatchObject({ operations, isDone: false });
  await untilDone(lead);
  expect(listCarriedItems(lead.work)).toMatchObject([{ applied: operations, refused: [], problem: '' }]);
  await expectOnceAtServer(world.server, ledger);
  const { user, consoleId } = cut.work;
  expect(await createdBy(world)).toEqual([
    { name: user.name, console: consoleId },
    { name: user.name, console: consoleId },
  ]);

  world.faultFor = null;
  await waitUntilSynced(world.server, world.seats);
  expect(cut.outbox).toEqual([]);
  for (const uid of ledger.tickets.keys()) expect(cut.ticket(uid).number).not.toBeNull();
  await expectOnceAtServer(world.server, ledger);
  await expectAgreement(world.server, world.seats, OBSERVER);
});

test('the first console comes back before the file is handed in: the file changes nothing more', async () => {
  const { world, lead, ledger, text } = await openCut();
  world.faultFor = null;
  await waitUntilSynced(world.server, world.seats);
  await takeCarried(lead.work, lead.carryDeps, text, PASSPHRASE);
  await untilDone(lead);
  await expectOnceAtServer(world.server, ledger);
  await expectAgreement(world.server, world.seats, OBSERVER);
});

test('both at the same moment, and answers that get lost on both ways: still once', async () => {
  const { world, lead, ledger, text } = await openCut();
  let lost = 0;
  world.faultFor = (_, path) =>
    (path.endsWith('/push') || path.endsWith('/carry')) && lost++ < 4 ? 'reply-lost' : null;
  await takeCarried(lead.work, lead.carryDeps, text, PASSPHRASE);
  await untilDone(lead);
  await waitUntilSynced(world.server, world.seats);
  await expectOnceAtServer(world.server, ledger);
  await expectAgreement(world.server, world.seats, OBSERVER);
});

test('work done after the file was saved goes its own way, and a newer file holds all of it', async () => {
  const { world, cut, lead, ledger, text } = await openCut();
  const uid = cut.submit({ title: '树枝压线', name: '市民', phone: '13912340009' });
  ledger.tickets.set(uid, { title: '树枝压线', outcome: 'submit' });
  const newer = await saveCarried(cut.work, cut.carryDeps, PASSPHRASE);
  await takeCarried(lead.work, lead.carryDeps, text, PASSPHRASE);
  await takeCarried(lead.work, lead.carryDeps, newer.text, PASSPHRASE);
  await untilDone(lead);
  await expectOnceAtServer(world.server, ledger);
  world.faultFor = null;
  await waitUntilSynced(world.server, world.seats);
  await expectOnceAtServer(world.server, ledger);
});

test('a note of the file that is taken back at the first console is not made unsaid: a further note says so', async () => {
  const { world, cut, lead, text } = await openCut();
  const [uid] = cut.tickets.map((ticket) => ticket.uid);
  if (!uid) throw new Error('no ticket');
  const note = cut.ticket(uid).events.find(({ kind }) => kind === 'note');
  if (!note) throw new Error('no note');
  expect(cut.withdraw(uid, note.id, '撤回')).toBe('noted');
  await takeCarried(lead.work, lead.carryDeps, text, PASSPHRASE);
  await untilDone(lead);
  world.faultFor = null;
  await waitUntilSynced(world.server, world.seats);
  expect(
    cut
      .ticket(uid)
      .events.filter(({ kind }) => kind === 'note')
      .map(({ text: words }) => words),
  ).toContain('撤回');
  await expectAgreement(world.server, world.seats, OBSERVER);
});

test('a damaged, foreign, twice imported or wrongly opened file says so and changes nothing', async () => {
  const { world, cut, lead, other, text } = await openCut();
  const take = (seat: Seat, file: string, passphrase = PASSPHRASE) =>
    codeOf(takeCarried(seat.work, seat.carryDeps, file, passphrase));
  expect(await take(lead, text, '别的口令别的口令')).toBe('CARRIED_PASSPHRASE');
  expect(await take(lead, text.replace(/"data":"(....)/, '"data":"AAAA'))).toBe('CARRIED_DAMAGED');
  expect(await take(lead, text.slice(0, text.length / 2))).toBe('CARRIED_DAMAGED');
  expect(await take(lead, text.replace('"operations":', '"operations":1'))).toBe('CARRIED_DAMAGED');
  expect(await take(lead, '{"format":"hotline-outbox"}')).toBe('CARRIED_FOREIGN');
  expect(await take(lead, 'GIF89a')).toBe('CARRIED_FOREIGN');
  // At the seat it comes from, and at a seat of somebody who may not.
  expect(await take(cut, text)).toBe('CARRIED_FOREIGN');
  expect(await take(other, text)).toBe('FORBIDDEN');
  expect(listCarriedItems(lead.work)).toEqual([]);
  await takeCarried(lead.work, lead.carryDeps, text, PASSPHRASE);
  expect(await take(lead, text)).toBe('CARRIED_TWICE');
  await untilDone(lead);
  expect(await world.server.query('SELECT 1 FROM tickets')).toHaveLength(2);
});
