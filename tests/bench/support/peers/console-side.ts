/** This product: the console's data process (AEGIS-256, acknowledged work on disk) against a server process on PostgreSQL with fsync. */
import { hasCode } from '#main/data/errors.ts';
import { fetchOlder, getCoverage } from '#main/data/services/history.service.ts';
import { lookUpCaller } from '#main/data/services/person-card.service.ts';
import { inLoadTransaction, loadTickets } from '#server/bulk/bulk-load.ts';
import { connectOnce } from '#server/db/pool.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { waitFor } from '../../../../scripts/driver/wait-for.ts';
import { setup, teardown } from '../../../support/postgres-global.ts';
import { type BenchConsole, openBenchCentre, writeBenchTicket } from '../bench-centre.ts';
import { CALLER, FIRST_OF_CLIENTS, HISTORY, peerTicket } from './documents.ts';
import { serveSide } from './side.ts';

/** Tickets of one transaction while the server is filled. */
const CHUNK = 5_000;
const LONGEST_MS = 1_800_000;

const folder = process.argv[2] ?? '';
await setup();
const centre = await openBenchCentre(folder);
const database = await connectOnce(centre.databaseUrl);
const writer = await centre.openConsole();
await writer.waitForTickets(0);
let written = FIRST_OF_CLIENTS;
let loaded = 0;
let onServer = 0;

async function load(count: number): Promise<void> {
  for (let done = 0; done < count; done += CHUNK) {
    const tickets = Array.from({ length: Math.min(CHUNK, count - done) }, (_, i) => peerTicket(loaded + done + i + 1));
    await inLoadTransaction(database, async () => {
      await loadTickets(database, tickets, systemClock.now());
    });
  }
  loaded += count;
  onServer += count;
  // As on a server that has been up for days; it would happen by itself within a minute.
  await database.query('ANALYZE tickets');
}

const uidsOf = (tickets: readonly { readonly uid: string }[]) => tickets.map(({ uid }) => uid);

/** Somebody rings as soon as the first rows are here: until the last page of their history is shown, ms from the start of the first sync. */
async function popUp(client: BenchConsole): Promise<{ readonly popAt: number; readonly shown: readonly string[] }> {
  await waitFor('the first rows are here', () => client.session.syncStatus().cached.tickets > 0, LONGEST_MS);
  if (!getCoverage(client.work).arriving) throw new Error('too few tickets: all of them came at once');
  const ask = () =>
    fetchOlder(client.work, { phone: CALLER }).catch((error: unknown) => {
      if (!hasCode(error, 'OFFLINE')) throw error;
    });
  await waitFor('the server answers', ask, LONGEST_MS);
  const { tickets } = lookUpCaller(client.work, CALLER);
  return { popAt: performance.now() - client.firstSyncBegan(), shown: uidsOf(tickets) };
}

serveSide({
  push: async (count) => {
    writer.setCable(false);
    for (let i = 0; i < count; i++) writeBenchTicket(writer.work, written + i);
    written += count;
    const begun = performance.now();
    writer.setCable(true);
    await writer.waitForOutbox();
    const took = performance.now() - begun;
    onServer += count;
    // What a push leaves to do (its rows come back, are indexed and learnt from) must not run while another engine is measured.
    await writer.waitForTickets(onServer);
    await writer.waitForRest();
    return took;
  },
  pull: async (count) => {
    writer.setCable(false);
    const reader = await centre.openConsole();
    await reader.waitForTickets(onServer);
    await reader.waitForRest();
    reader.setCable(false);
    await load(count);
    const begun = performance.now();
    reader.setCable(true);
    await reader.waitForTickets(onServer);
    const took = performance.now() - begun;
    await centre.closeConsole(reader);
    return took;
  },
  firstSync: async (total) => {
    writer.setCable(false);
    if (total > onServer) await load(total - onServer);
    const client = await centre.openConsole();
    const fetchAll = async () => {
      await client.waitForTickets(total);
      return performance.now() - client.firstSyncBegan();
    };
    const [fetched, { popAt, shown }] = await Promise.all([fetchAll(), popUp(client)]);
    const { tickets } = lookUpCaller(client.work, CALLER);
    const usable = performance.now() - client.firstSyncBegan();
    if (tickets.length === 0 || tickets.length > HISTORY) throw new Error('no history of the caller');
    if (shown.join() !== uidsOf(tickets).join()) throw new Error('not the whole page of the caller was shown');
    await centre.closeConsole(client);
    return { fetched, usable, popAt };
  },
  close: async () => {
    await database.end();
    await centre.close();
    await teardown();
  },
});
