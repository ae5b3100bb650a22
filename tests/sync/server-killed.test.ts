import { join } from 'node:path';
import { test } from 'vitest';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { until } from '#tests/support/data/until.ts';
import { createLedger, expectAgreement, expectOnceAtServer, waitUntilSynced } from '#tests/support/sync/agreement.ts';
import { OBSERVER, prepareWorlds } from '#tests/support/sync/world.ts';
import { type ServerProcess, startServerProcess } from '../../scripts/driver/server-process.ts';

const worlds = prepareWorlds();
const tempFolder = prepareTempFolders();

const ROUNDS = 4;
/** Enough for several requests of every seat. */
const TICKETS = 40;

test('the server is killed again and again in the middle of pushes: what agents were told is done is there once', async () => {
  const logFile = join(tempFolder(), 'server.log');
  let process: ServerProcess | null = null;
  let databaseUrl = '';
  const start = async () => {
    process = await startServerProcess({ mode: 'production', port: process?.port ?? 0, databaseUrl, logFile });
  };
  worlds.atEnd(async () => process?.kill());
  const world = await worlds.open({
    seats: 2,
    address: async (server) => {
      databaseUrl = server.databaseUrl;
      await start();
      return () => process?.url ?? '';
    },
  });
  const ledger = createLedger();
  const countOps = async () => {
    const [row] = await world.server.query<{ n: number }>('SELECT count(*)::int AS n FROM op_log');
    return row?.n ?? 0;
  };
  for (let round = 0; round < ROUNDS; round++) {
    const before = await countOps();
    for (const seat of world.seats) {
      for (let n = 0; n < TICKETS; n++) {
        const title = `${seat.account} ${round}.${n}`;
        const uid = seat.submit({ title, phone: `1370${round}${String(n).padStart(6, '0')}` });
        ledger.tickets.set(uid, { title, outcome: 'submit' });
        if (n % 8 !== 0) continue;
        seat.note(uid, 'note', `补充 ${title}`);
        ledger.notes.push({ uid, kind: 'note', text: `补充 ${title}` });
      }
    }
    const wakeAll = () => {
      for (const seat of world.seats) if (seat.isResting) seat.wake();
    };
    // Alternately while requests are under way, and when some of what they bring has just been committed.
    await until(`the server is in the middle of it, round ${round}`, async () => {
      wakeAll();
      if (round % 2 === 0) return world.seats.some((seat) => !seat.isResting && seat.status.outbox.waiting > 0);
      return (await countOps()) > before;
    });
    await forceUnwrap('a server runs', process as ServerProcess | null).kill();
    await start();
  }
  await waitUntilSynced(world.server, world.seats);
  await expectOnceAtServer(world.server, ledger);
  await expectAgreement(world.server, world.seats, OBSERVER);
}, 180_000);
