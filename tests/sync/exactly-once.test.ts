import { expect, test } from 'vitest';
import { openCutProxy } from '#tests/support/cut-proxy.ts';
import { until } from '#tests/support/data/until.ts';
import { createLedger, expectAgreement, expectOnceAtServer, waitUntilSynced } from '#tests/support/sync/agreement.ts';
import { OBSERVER, prepareWorlds, seatOf } from '#tests/support/sync/world.ts';

const worlds = prepareWorlds();

test('the answer is lost after the server committed, twice in a row: one ticket, with the number of the first time', async () => {
  let cutNext: (pathEnd: string, cut: 'after-server') => Promise<void> = async () => {};
  const world = await worlds.open({
    seats: 1,
    address: async (server) => {
      const proxy = await openCutProxy(() => server.url);
      worlds.atEnd(() => proxy.close());
      cutNext = proxy.cutNext;
      return () => proxy.url;
    },
  });
  const { server } = world;
  const seat = seatOf(world, 0);
  const first = cutNext('/sync/push', 'after-server');
  const second = cutNext('/sync/push', 'after-server');
  const uid = seat.submit({ title: '路灯不亮' });
  await first;
  await until('the agent sees that it is not confirmed', () => seat.status.connection === 'offline');
  const numbers = () => server.query<{ uid: string; number: number }>('SELECT uid, number FROM tickets');
  const committed = await numbers();
  expect(committed).toMatchObject([{ uid }]);
  expect(seat.ticket(uid)).toMatchObject({ number: null, status: 'submitted' });
  expect(seat.outbox).toMatchObject([{ state: 'waiting' }, { state: 'waiting' }]);

  seat.wake();
  await second;
  await waitUntilSynced(server, world.seats);
  expect(await numbers()).toEqual(committed);
  expect(seat.ticket(uid).number).toBe(committed[0]?.number);
  const ledger = createLedger();
  ledger.tickets.set(uid, { title: '路灯不亮', outcome: 'submit' });
  await expectOnceAtServer(server, ledger);
  await expectAgreement(server, world.seats, OBSERVER);
});

test.each(['killed-before-sending', 'killed-before-reply'] as const)(
  'a console %s of a push starts again and the ticket and its note are there once',
  async (fault) => {
    const world = await worlds.open({ seats: 1 });
    const seat = seatOf(world, 0);
    const ledger = createLedger();
    let hits = 0;
    world.faultFor = (_, path) => (path.endsWith('/push') && hits++ === 0 ? fault : null);
    const uid = seat.submit({ title: '井盖缺失' });
    seat.note(uid, 'note', '在学校门口');
    ledger.tickets.set(uid, { title: '井盖缺失', outcome: 'submit' });
    ledger.notes.push({ uid, kind: 'note', text: '在学校门口' });
    await until('the console is dead', () => !seat.isUp);
    await seat.restart();
    expect(seat.ticket(uid).fields.title).toBe('井盖缺失');
    await waitUntilSynced(world.server, world.seats);
    await expectOnceAtServer(world.server, ledger);
    await expectAgreement(world.server, world.seats, OBSERVER);
  },
);

test('an outage: what two seats wrote offline, one of them through a crash, is there once and in each seat’s order', async () => {
  const world = await worlds.open({ seats: 2 });
  const [first, second] = [seatOf(world, 0), seatOf(world, 1)];
  const ledger = createLedger();
  await world.stopServer();
  for (const seat of world.seats) {
    await until('the seat notices', () => {
      if (seat.isResting) seat.wake();
      return seat.status.connection === 'offline';
    });
  }
  const submit = (seat: typeof first, title: string, outcome: 'submit' | 'direct_answer' = 'submit') => {
    const uid = seat.submit({ title, answer: title, name: '市民', phone: '13912345678' }, outcome);
    ledger.tickets.set(uid, { title, outcome });
    return uid;
  };
  for (let n = 0; n < 15; n++) {
    submit(first, `甲${n}`, n % 4 === 0 ? 'direct_answer' : 'submit');
    const uid = submit(second, `乙${n}`);
    second.note(uid, 'note', `补充${n}`);
    ledger.notes.push({ uid, kind: 'note', text: `补充${n}` });
    if (n !== 7) continue;
    second.kill();
    await second.restart();
    expect(second.tickets).toHaveLength(8);
  }
  expect(first.status.outbox).toEqual({ waiting: 16, needsAttention: 0 });
  expect(second.status.outbox).toEqual({ waiting: 31, needsAttention: 0 });

  await world.startServer();
  await waitUntilSynced(world.server, world.seats);
  await expectOnceAtServer(world.server, ledger);
  await expectAgreement(world.server, world.seats, OBSERVER);
  const rows = await world.server.query<{ title: string; offline: string; provisional_no: string }>(
    `SELECT doc->'fields'->>'title' AS title, doc->>'madeOffline' AS offline, provisional_no FROM tickets ORDER BY number`,
  );
  const range = Array.from({ length: 15 }, (_, n) => n);
  expect(rows.map(({ title }) => title).filter((title) => title.startsWith('甲'))).toEqual(range.map((n) => `甲${n}`));
  expect(rows.map(({ title }) => title).filter((title) => title.startsWith('乙'))).toEqual(range.map((n) => `乙${n}`));
  expect(rows.every(({ offline }) => offline === 'true')).toBe(true);
  expect(new Set(rows.map((row) => row.provisional_no)).size).toBe(30);
});
