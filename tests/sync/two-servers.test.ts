import { join } from 'node:path';
import { expect, test } from 'vitest';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { until } from '#tests/support/data/until.ts';
import { createLedger, expectAgreement, expectOnceAtServer, waitUntilSynced } from '#tests/support/sync/agreement.ts';
import { OBSERVER, prepareWorlds, seatOf, type World } from '#tests/support/sync/world.ts';
import { type ServerProcess, startServerProcess } from '../../scripts/driver/server-process.ts';

const worlds = prepareWorlds();
const tempFolder = prepareTempFolders();

/** Two server processes on one database, and what stands before them: it hands every request to one of the two. */
interface Pair {
  readonly world: World;
  /** Requests that went to each process. */
  readonly served: [number, number];
  /** Which process gets the next request. */
  choose: () => 0 | 1;
}

async function openPair(seats: number): Promise<Pair> {
  const processes: ServerProcess[] = [];
  worlds.atEnd(() => Promise.all(processes.map((process) => process.stop())));
  const served: [number, number] = [0, 0];
  const pair = { served, choose: (): 0 | 1 => 0 };
  const world = await worlds.open({
    seats,
    address: async ({ databaseUrl }) => {
      const folder = tempFolder();
      for (const name of ['first', 'second']) {
        processes.push(
          await startServerProcess({ mode: 'production', port: 0, databaseUrl, logFile: join(folder, `${name}.log`) }),
        );
      }
      return () => {
        const chosen = pair.choose();
        served[chosen] += 1;
        return processes[chosen]?.url ?? '';
      };
    },
  });
  return Object.assign(pair, { world });
}

test('requests of one console go to either of two servers, one after the other: every ticket and note is there once, at all seats', async () => {
  const pair = await openPair(3);
  const { world } = pair;
  let turn = 0;
  pair.choose = () => (turn++ % 2 === 0 ? 0 : 1);
  const ledger = createLedger();
  for (let round = 0; round < 6; round++) {
    for (const seat of world.seats) {
      const title = `${seat.account} ${round}`;
      ledger.tickets.set(seat.submit({ title, phone: `1370000${round}000` }), { title, outcome: 'submit' });
      const known = seat.tickets[round];
      if (!known) continue;
      seat.note(known.uid, 'note', `补充 ${title}`);
      ledger.notes.push({ uid: known.uid, kind: 'note', text: `补充 ${title}` });
    }
    const waiting = () => world.seats.some((seat) => seat.status.outbox.waiting > 0);
    await until('what was written has been sent', () => {
      for (const seat of world.seats) if (seat.isResting) seat.wake();
      return !waiting();
    });
  }
  await waitUntilSynced(world.server, world.seats);
  expect(Math.min(...pair.served)).toBeGreaterThan(10);
  await expectOnceAtServer(world.server, ledger);
  await expectAgreement(world.server, world.seats, OBSERVER);
});

test('what one server wrote is told to the consoles that listen at the other', async () => {
  const pair = await openPair(2);
  const [listener, writer] = [seatOf(pair.world, 0), seatOf(pair.world, 1)];
  // Both streams of news hang on the first process; from now on the second one does all the work.
  await until('both listen for news', () => pair.world.network.streams === 2);
  expect(pair.served[1]).toBe(0);
  pair.choose = () => 1;
  const uid = writer.submit({ title: '路灯不亮', phone: '13700001111' });
  // Without a poke the listener would ask again after 20 seconds at the earliest.
  await until('the listener has it', () => listener.tickets.some((ticket) => ticket.uid === uid));
  expect(pair.served[1]).toBeGreaterThan(0);
});
