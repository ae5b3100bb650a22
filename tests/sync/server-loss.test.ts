import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { prepareTempFolders } from '#tests/support/data/temp-folder.ts';
import { until } from '#tests/support/data/until.ts';
import { createLedger, expectAgreement, expectOnceAtServer, waitUntilSynced } from '#tests/support/sync/agreement.ts';
import { stallNextPush } from '#tests/support/sync/stalled-push.ts';
import { OBSERVER, prepareWorlds, seatOf, type World } from '#tests/support/sync/world.ts';
import { TestConsole } from '#tests/support/test-console.ts';
import { type ServerProcess, startServerProcess } from '../../scripts/driver/server-process.ts';

const worlds = prepareWorlds();
const tempFolder = prepareTempFolders();

/** A centre whose seats talk to a server in its own process, as in a data centre. */
async function openWithProcess(): Promise<{ world: World; process: ServerProcess; restart: () => Promise<void> }> {
  const logFile = join(tempFolder(), 'server.log');
  let running: ServerProcess | null = null;
  let databaseUrl = '';
  const start = async () => {
    running = await startServerProcess({ mode: 'production', port: 0, databaseUrl, logFile });
    return running;
  };
  worlds.atEnd(async () => running?.stop());
  const world = await worlds.open({
    seats: 2,
    address: async (server) => {
      databaseUrl = server.databaseUrl;
      await start();
      return () => running?.url ?? '';
    },
  });
  if (!running) throw new Error('no server process');
  return { world, process: running, restart: async () => void (await start()) };
}

test('the server is killed in the middle of a push: nothing of it stays, and after its restart everything is there once', async () => {
  const { world, process, restart } = await openWithProcess();
  const seat = seatOf(world, 0);
  const stalled = await stallNextPush(world.server, seat);
  worlds.atEnd(() => stalled.release());
  const ledger = createLedger();
  for (const title of ['停水', '停电', '停气']) {
    ledger.tickets.set(seat.submit({ title }), { title, outcome: 'submit' });
  }
  await stalled.reached();
  await process.kill();
  await stalled.release();
  await until('the push of the dead server is rolled back', async () => (await stalled.count()) === 0);
  await until('the seat knows that nobody answers', () => seat.status.connection === 'offline');
  expect(await world.server.query('SELECT uid FROM tickets')).toEqual([]);
  expect(seat.status.outbox).toEqual({ waiting: 4, needsAttention: 0 });

  await restart();
  await waitUntilSynced(world.server, world.seats);
  await expectOnceAtServer(world.server, ledger);
  await expectAgreement(world.server, world.seats, OBSERVER);
}, 60_000);

test('the database ends the connection in the middle of a push: the server goes on and the ticket is there once', async () => {
  const { world, process } = await openWithProcess();
  const seat = seatOf(world, 0);
  const stalled = await stallNextPush(world.server, seat);
  worlds.atEnd(() => stalled.release());
  const ledger = createLedger();
  ledger.tickets.set(seat.submit({ title: '道路积水' }), { title: '道路积水', outcome: 'submit' });
  await stalled.reached();
  await world.server.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  await until('the seat learns that it did not work', () => seat.status.connection === 'offline');
  await stalled.release();
  expect((await fetch(`${process.url}/healthz`)).status).toBe(200);
  await waitUntilSynced(world.server, world.seats);
  await expectOnceAtServer(world.server, ledger);
  await expectAgreement(world.server, world.seats, OBSERVER);
}, 60_000);

test('a stream of pokes that a seat is just opening does not hold the server up when it stops', async () => {
  const world = await worlds.open({ seats: 0 });
  const { server } = world;
  const seat = await new TestConsole(server.url).signIn(OBSERVER);
  const keeper = new pg.Client({ connectionString: server.databaseUrl });
  await keeper.connect();
  await keeper.query('BEGIN');
  // Whoever wants to know whose token it is has to wait.
  await keeper.query('LOCK TABLE users IN ACCESS EXCLUSIVE MODE');
  const stream = fetch(`${server.url}/api/v1/sync/events`, { headers: seat.headers }).then(
    (response) => response.text(),
    () => 'cut',
  );
  const isAsked = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  await until('the server looks the seat up', async () => (await server.query(isAsked)).length > 0);
  let hasStopped = false;
  const stopped = world.stopServer().then(() => {
    hasStopped = true;
  });
  await until('the server takes nothing new', async () => {
    const status = await fetch(`${server.url}/healthz`).then(
      (response) => response.status,
      () => 0,
    );
    return status !== 200;
  });
  await keeper.query('ROLLBACK');
  await keeper.end();
  await until('the server has stopped', () => hasStopped, 10_000);
  await stopped;
  await stream;
});
