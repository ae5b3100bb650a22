import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import type { EventId, TicketId } from '#shared/kernel/ids.ts';
import { createRandom } from '#tests/bench/support/bench-tickets.ts';
import { createLedger, expectAgreement, expectOnceAtServer, waitUntilSynced } from '#tests/support/sync/agreement.ts';
import { FAULTS, type Fault } from '#tests/support/sync/faulty-network.ts';
import { OBSERVER, prepareWorlds } from '#tests/support/sync/world.ts';

const SEATS = 3;
const LEAST_FAULTS = 300;
/** Far more than needed; the run ends when the faults are there. */
const MOST_STEPS = 400;
/** Share of requests that something happens to, and of kills among that. */
const FAULT_SHARE = 0.4;
const KILL_SHARE = 0.12;
/** Share of steps in which the server restarts, and in which it loses its connections to the database. */
const RESTART_SHARE = 0.03;
const DISCONNECT_SHARE = 0.03;
const PHONES = ['13900000001', '13900000002', '13900000003', '13900000004'];
const KILLS = FAULTS.filter((fault) => fault.startsWith('killed'));
const CUTS = FAULTS.filter((fault) => !fault.startsWith('killed'));

const worlds = prepareWorlds();

/** Every seed is another shift; SYNC_SEED in the environment makes the same decisions again (not the same milliseconds). */
const seed = Number(process.env.SYNC_SEED ?? randomInt(1, 2 ** 31));

test(`nothing is lost and nothing doubled, whatever happens on the way (SYNC_SEED=${seed})`, async () => {
  const random = createRandom(seed);
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
  // Each seat has its own chance, so that the number of requests of one does not change what happens to the others.
  const chances = Array.from({ length: SEATS }, (_, index) => createRandom(seed + 1 + index));
  const world = await worlds.open({ seats: SEATS, random: (index) => createRandom(seed + 101 + index) });
  const { seats, network } = world;
  const ledger = createLedger();
  let written = 0;
  const withdrawals = { removed: 0, noted: 0 };
  /** Notes that can still be taken back by the seat that wrote them. */
  const withdrawable: { seat: (typeof seats)[number]; uid: TicketId; eventId: EventId; text: string }[] = [];

  /** What the call says is promised too: the note is gone as if it had not been written, or another one takes it back. */
  const withdrawOne = (words: string): boolean => {
    const index = withdrawable.findLastIndex(({ seat }) => seat.isUp);
    const [note] = index < 0 ? [] : withdrawable.splice(index, 1);
    if (!note) return false;
    const { seat, uid, eventId, text } = note;
    const how = seat.withdraw(uid, eventId, words);
    withdrawals[how] += 1;
    if (how === 'noted') ledger.notes.push({ uid, kind: 'note', text: words });
    else {
      ledger.notes.splice(
        ledger.notes.findIndex((each) => each.text === text),
        1,
      );
    }
    return true;
  };

  /** One agent does one thing; what the call returned from is a promise to the citizen. */
  const workAtOneSeat = () => {
    const seat = pick(seats.filter((each) => each.isUp));
    if (!seat) return;
    const text = `第${++written}件`;
    if (random() < 0.15 && withdrawOne(`撤回，${text}`)) return;
    const known = random() < 0.5 ? pick(seat.tickets) : undefined;
    if (known) {
      const kind = random() < 0.3 ? 'remind' : 'note';
      const eventId = seat.note(known.uid, kind, text);
      withdrawable.push({ seat, uid: known.uid, eventId, text });
      ledger.notes.push({ uid: known.uid, kind, text });
      return;
    }
    const outcome = random() < 0.3 ? 'direct_answer' : 'submit';
    const phone = pick(PHONES) ?? '';
    const uid = seat.submit({ title: text, answer: text, phone, name: `市民${phone.at(-1)}` }, outcome);
    ledger.tickets.set(uid, { title: text, outcome });
  };

  const missing = () => FAULTS.filter((fault) => !network.happened.has(fault));
  let steps = 0;
  let restarts = 0;
  let disconnections = 0;
  world.faultFor = (seat) => chooseFault(chances[seat] ?? random);
  while ((network.faults < LEAST_FAULTS || missing().length > 0) && steps < MOST_STEPS) {
    steps++;
    for (let actions = Math.floor(random() * 4); actions > 0; actions--) workAtOneSeat();
    for (const seat of seats) seat.wake();
    const event = random();
    if (event < RESTART_SHARE) {
      restarts++;
      await world.stopServer();
      workAtOneSeat();
      await world.startServer();
    } else if (event < RESTART_SHARE + DISCONNECT_SHARE) {
      disconnections++;
      await world.server.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'hotline-server'`,
      );
    }
    await network.settle(() => seats.every((seat) => seat.isResting), workAtOneSeat);
    for (const seat of seats) if (!seat.isUp) await seat.restart();
  }
  world.faultFor = null;
  await network.calmDown();
  await waitUntilSynced(world.server, seats);

  console.info(
    `SYNC_SEED=${seed}: ${steps} steps, ${ledger.tickets.size} tickets, ${ledger.notes.length} notes, ${withdrawals.removed} + ${withdrawals.noted} withdrawn, ${network.faults} faults ` +
      `of ${network.happened.size} kinds, ${restarts} server restarts, ${disconnections} lost databases`,
  );
  expect(missing()).toEqual([]);
  expect(network.faults).toBeGreaterThanOrEqual(LEAST_FAULTS);
  expect(ledger.tickets.size).toBeGreaterThan(20);
  expect(ledger.notes.length).toBeGreaterThan(20);
  for (const count of Object.values(withdrawals)) expect(count).toBeGreaterThan(0);
  await expectOnceAtServer(world.server, ledger);
  await expectAgreement(world.server, seats, OBSERVER);
}, 180_000);

function chooseFault(chance: () => number): Fault | null {
  if (chance() >= FAULT_SHARE) return null;
  const from = chance() < KILL_SHARE ? KILLS : CUTS;
  return from[Math.floor(chance() * from.length)] ?? null;
}
