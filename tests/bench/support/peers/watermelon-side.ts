/**
 * WatermelonDB on better-sqlite3 (rollback journal and fsync, as its adapter opens the file) against a server in memory. A change of
 * 10,000 records goes up in one request, as the library does it; records come down in large pages.
 */
import path from 'node:path';
import { CALLER, FIRST_OF_CLIENTS, HISTORY, peerTicket } from './documents.ts';
import { startPeerServer } from './http-server.ts';
import { loadPeer } from './load-peer.ts';
import { serveSide } from './side.ts';
import { type TicketRecord, toRecord, type WatermelonPage, watermelonPageSchema } from './watermelon-record.ts';

interface Query {
  fetch(): Promise<readonly unknown[]>;
  fetchCount(): Promise<number>;
}
interface Collection {
  prepareCreateFromDirtyRaw(raw: TicketRecord): unknown;
  query(...clauses: readonly unknown[]): Query;
}
interface WatermelonDb {
  get(table: string): Collection;
  write<T>(work: () => Promise<T>): Promise<T>;
  batch(records: readonly unknown[]): Promise<void>;
}
interface Changes {
  readonly tickets: {
    readonly created: readonly TicketRecord[];
    readonly updated: readonly TicketRecord[];
    readonly deleted: readonly string[];
  };
}
interface SyncArguments {
  readonly database: WatermelonDb;
  pullChanges(asked: { readonly lastPulledAt: number | null }): Promise<{ changes: Changes; timestamp: number }>;
  pushChanges?(given: { readonly changes: Changes }): Promise<void>;
}
interface Watermelon {
  readonly Database: new (options: object) => WatermelonDb;
  readonly Model: new () => object;
  readonly Q: {
    where(column: string, value: string): unknown;
    sortBy(column: string, order: unknown): unknown;
    take(count: number): unknown;
    readonly desc: unknown;
  };
  appSchema(options: object): unknown;
  tableSchema(options: object): unknown;
}

const { Database, Model, Q, appSchema, tableSchema } = loadPeer<Watermelon>('@nozbe/watermelondb');
const { synchronize } = loadPeer<{ synchronize(args: SyncArguments): Promise<void> }>('@nozbe/watermelondb/sync');
const { default: SQLiteAdapter } = loadPeer<{ readonly default: new (options: object) => object }>(
  '@nozbe/watermelondb/adapters/sqlite',
);
loadPeer<{ readonly default: { silence(): void } }>('@nozbe/watermelondb/utils/common/logger').default.silence();

class TicketModel extends Model {
  static table = 'tickets';
}

const schema = appSchema({
  version: 1,
  tables: [
    tableSchema({
      name: 'tickets',
      columns: [
        { name: 'number', type: 'number', isIndexed: true },
        { name: 'status', type: 'string', isIndexed: true },
        { name: 'caller_phone', type: 'string', isIndexed: true },
        { name: 'citizen_uid', type: 'string', isIndexed: true },
        { name: 'created_at', type: 'number', isIndexed: true },
        { name: 'doc', type: 'string' },
      ],
    }),
  ],
});

const folder = process.argv[2] ?? '';
const server = await startPeerServer(path.join(import.meta.dirname, 'watermelon-server.ts'), folder);
/** Records of one answer: with 2,000 it took twice as long, with 40,000 no less. */
const PAGE = 10_000;
let written = FIRST_OF_CLIENTS;
let onServer = 0;
let loaded = 0;

function openClient(name: string): WatermelonDb {
  const adapter = new SQLiteAdapter({ schema, dbName: path.join(folder, `${name}.db`) });
  return new Database({ adapter, modelClasses: [TicketModel] });
}

/** One call of the library takes one page; it is called until the server has no more. */
async function pullAll(database: WatermelonDb): Promise<void> {
  for (let more = true; more; ) {
    await synchronize({
      database,
      pullChanges: async ({ lastPulledAt }) => {
        const response = await fetch(`${server.url}/pull/${lastPulledAt ?? 0}/${PAGE}`);
        const page: WatermelonPage = watermelonPageSchema.parse(await response.json());
        more = page.more;
        return { changes: { tickets: { created: page.created, updated: [], deleted: [] } }, timestamp: page.timestamp };
      },
    });
  }
}

/** Sends what was written here; `since` keeps the client from fetching back what it just sent. */
async function pushAll(database: WatermelonDb, since: number): Promise<void> {
  await synchronize({
    database,
    pullChanges: () =>
      Promise.resolve({ changes: { tickets: { created: [], updated: [], deleted: [] } }, timestamp: since + 1 }),
    pushChanges: async ({ changes }) => {
      const records = changes.tickets.created.map(
        ({ id, number, status, caller_phone, citizen_uid, created_at, doc }) => ({
          id,
          number,
          status,
          caller_phone,
          citizen_uid,
          created_at,
          doc,
        }),
      );
      const response = await fetch(`${server.url}/push`, { method: 'POST', body: JSON.stringify(records) });
      if (!response.ok) throw new Error(await response.text());
      await response.text();
      onServer += records.length;
    },
  });
}

async function load(count: number): Promise<void> {
  await server.load(loaded + 1, count);
  loaded += count;
  onServer += count;
}

async function checkCount(database: WatermelonDb): Promise<void> {
  const count = await database.get('tickets').query().fetchCount();
  if (count !== onServer) throw new Error(`${count} of ${onServer} records arrived`);
}

const writer = openClient('writer');
const reader = openClient('reader');
let clients = 0;

serveSide({
  push: async (count) => {
    const collection = writer.get('tickets');
    await writer.write(() =>
      writer.batch(
        Array.from({ length: count }, (_, i) =>
          collection.prepareCreateFromDirtyRaw(toRecord(peerTicket(written + i))),
        ),
      ),
    );
    written += count;
    const before = onServer;
    const begun = performance.now();
    await pushAll(writer, before);
    const took = performance.now() - begun;
    if (onServer - before !== count) throw new Error('not every record was sent');
    return took;
  },
  pull: async (count) => {
    await pullAll(reader);
    await load(count);
    const begun = performance.now();
    await pullAll(reader);
    const took = performance.now() - begun;
    await checkCount(reader);
    return took;
  },
  firstSync: async (total) => {
    if (total > onServer) await load(total - onServer);
    const client = openClient(`first-${++clients}`);
    const begun = performance.now();
    await pullAll(client);
    const fetched = performance.now() - begun;
    const history = await client
      .get('tickets')
      .query(Q.where('caller_phone', CALLER), Q.sortBy('created_at', Q.desc), Q.take(HISTORY))
      .fetch();
    const usable = performance.now() - begun;
    if (history.length === 0) throw new Error('no history of the caller');
    await checkCount(client);
    return { fetched, usable, popAt: null };
  },
  close: async () => {
    await server.stop();
  },
});
