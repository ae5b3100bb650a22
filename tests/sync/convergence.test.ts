import { expect, test } from 'vitest';
import { lookUpCaller } from '#main/data/services/person-card.service.ts';
import { until } from '#tests/support/data/until.ts';
import { createLedger, expectAgreement, expectOnceAtServer, waitUntilSynced } from '#tests/support/sync/agreement.ts';
import { stallNextPush } from '#tests/support/sync/stalled-push.ts';
import { OBSERVER, prepareWorlds, seatOf } from '#tests/support/sync/world.ts';

const worlds = prepareWorlds();

test('the cursor never passes a row: one push stands before its COMMIT, another follows, a third seat pulls meanwhile', async () => {
  const world = await worlds.open({ seats: 3 });
  const [slow, quick, reader] = [seatOf(world, 0), seatOf(world, 1), seatOf(world, 2)];
  const ledger = createLedger();
  const stalled = await stallNextPush(world.server, slow);
  worlds.atEnd(() => stalled.release());
  const early = slow.submit({ title: '先写的' });
  ledger.tickets.set(early, { title: '先写的', outcome: 'submit' });
  await stalled.reached(1);
  const late = quick.submit({ title: '后写的' });
  ledger.tickets.set(late, { title: '后写的', outcome: 'submit' });
  await until(
    'the second push has either gone through or queued behind the first',
    async () => quick.status.outbox.waiting === 0 || (await stalled.count()) >= 2,
  );
  const before = reader.status.lastSuccessAt ?? 0;
  await until('the reader has pulled', () => {
    if (!reader.isResting) return false;
    if ((reader.status.lastSuccessAt ?? 0) > before) return true;
    // Woken only while it rests: a wish during a cycle starts the next one at once, and a slow machine would never see it rest.
    reader.wake();
    return false;
  });
  await stalled.release();
  await waitUntilSynced(world.server, world.seats);
  expect(reader.tickets.map(({ uid }) => uid).sort()).toEqual([early, late].sort());
  await expectOnceAtServer(world.server, ledger);
  await expectAgreement(world.server, world.seats, OBSERVER);
});

test('two seats push without a break while a third pulls without a break: it ends with every row', async () => {
  const world = await worlds.open({ seats: 3 });
  const [first, second, reader] = [seatOf(world, 0), seatOf(world, 1), seatOf(world, 2)];
  const ledger = createLedger();
  for (let round = 0; round < 8; round++) {
    for (let n = 0; n < 10; n++) {
      for (const seat of [first, second]) {
        const title = `${seat.account} ${round}-${n}`;
        const phone = `137000${round}000${n}`;
        ledger.tickets.set(seat.submit({ title, phone }), { title, outcome: 'submit' });
      }
    }
    const known = reader.tickets.length;
    await until('the reader sees more, while the seats are still sending', () => {
      if (reader.isResting) reader.wake();
      return reader.tickets.length > known;
    });
  }
  await waitUntilSynced(world.server, world.seats);
  await expectOnceAtServer(world.server, ledger);
  await expectAgreement(world.server, world.seats, OBSERVER);
});

test('two seats write on the same citizen’s tickets while apart: each sees its own words at once, then both see the same', async () => {
  const world = await worlds.open({ seats: 2 });
  const [first, second] = [seatOf(world, 0), seatOf(world, 1)];
  const caller = { name: '陈女士', phone: '13955556666' };
  const ledger = createLedger();
  const uid = first.submit({ title: '拖欠工资', ...caller });
  ledger.tickets.set(uid, { title: '拖欠工资', outcome: 'submit' });
  await waitUntilSynced(world.server, world.seats);
  expect(second.ticket(uid).number).toBe(first.ticket(uid).number);

  let isApart = true;
  world.faultFor = () => (isApart ? 'request-lost' : null);
  const write = (seat: typeof first, kind: 'note' | 'remind', text: string) => {
    seat.note(uid, kind, text);
    ledger.notes.push({ uid, kind, text });
    expect(seat.ticket(uid).events.at(-1)).toMatchObject({ kind, text });
  };
  write(first, 'note', '单位名称是某某公司');
  write(second, 'remind', '市民再次来电催办');
  write(first, 'remind', '市民说还没有人联系');
  write(second, 'note', '共三个月工资');
  for (const seat of world.seats) {
    const title = `${seat.account} 又接到来电`;
    const again = seat.submit({ title, ...caller });
    ledger.tickets.set(again, { title, outcome: 'submit' });
    seat.note(again, 'note', title);
    ledger.notes.push({ uid: again, kind: 'note', text: title });
    expect(lookUpCaller(seat.work, caller.phone)).toMatchObject({ totals: { tickets: 2 } });
  }
  isApart = false;
  await waitUntilSynced(world.server, world.seats);
  await expectOnceAtServer(world.server, ledger);
  await expectAgreement(world.server, world.seats, OBSERVER);
  expect(first.citizens).toHaveLength(1);
  const card = lookUpCaller(first.work, caller.phone);
  expect(card.tickets).toHaveLength(3);
  const { totals, citizen, tickets } = lookUpCaller(second.work, caller.phone);
  expect({ totals: { ...totals, calls: 0 }, citizen, uids: tickets.map((ticket) => ticket.uid).sort() }).toEqual({
    totals: { ...card.totals, calls: 0 },
    citizen: card.citizen,
    uids: card.tickets.map((ticket) => ticket.uid).sort(),
  });
});
