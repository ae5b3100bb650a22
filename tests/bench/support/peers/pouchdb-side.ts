/** PouchDB on LevelDB against its own server on LevelDB, both on disk; LevelDB does not wait for the disk on either side. */
import path from 'node:path';
import { CALLER, FIRST_OF_CLIENTS, HISTORY, peerTicket } from './documents.ts';
import { startPeerServer } from './http-server.ts';
import { loadPeer } from './load-peer.ts';
import type { PouchDb, PouchDbConstructor, Replicated } from './pouchdb-types.ts';
import { serveSide } from './side.ts';

const folder = process.argv[2] ?? '';
const PouchDB = loadPeer<PouchDbConstructor>('pouchdb').defaults({ prefix: `${folder}${path.sep}` });
const server = await startPeerServer(path.join(import.meta.dirname, 'pouchdb-server.ts'), folder);
const remote = new PouchDB(`${server.url}/tickets`);

/** Fewer, larger requests than by default (100 documents): everything is on one machine. */
const BATCH = { batch_size: 1_000, batches_limit: 10 } as const;
/** With more tickets no index is made: a few hundred documents a second, for as long as anybody would wait. */
const MOST_INDEXED = 20_000;
let written = FIRST_OF_CLIENTS;
let loaded = 0;
let clients = 0;

const writer = new PouchDB('writer');
const reader = new PouchDB('reader');

async function replicate(direction: 'to' | 'from', client: PouchDb, expected: number): Promise<number> {
  const begun = performance.now();
  const done: Replicated = await client.replicate[direction](remote, BATCH);
  const took = performance.now() - begun;
  if (!done.ok || done.docs_written !== expected) throw new Error(`${done.docs_written} of ${expected} replicated`);
  return took;
}

async function load(count: number): Promise<void> {
  await server.load(loaded + 1, count);
  loaded += count;
}

/** Makes the index a ring needs, as PouchDB makes one: it is built when it is first asked. */
async function lookUp(client: PouchDb): Promise<number> {
  const map = 'function (doc) { emit([doc.fields.caller.phone, doc.createdAt]); }';
  await client.put({ _id: '_design/history', views: { byPhone: { map } } });
  const { rows } = await client.query('history/byPhone', {
    startkey: [CALLER, {}],
    endkey: [CALLER],
    descending: true,
    limit: HISTORY,
    include_docs: true,
  });
  return rows.filter(({ doc }) => doc !== undefined).length;
}

serveSide({
  push: async (count) => {
    const docs = Array.from({ length: count }, (_, i) => {
      const ticket = peerTicket(written + i);
      return { _id: ticket.uid, ...ticket };
    });
    written += count;
    await writer.bulkDocs(docs);
    return replicate('to', writer, count);
  },
  pull: async (count) => {
    const before = await reader.info();
    const { doc_count } = await remote.info();
    await replicate('from', reader, doc_count - before.doc_count);
    await load(count);
    return replicate('from', reader, count);
  },
  firstSync: async (total) => {
    const { doc_count } = await remote.info();
    if (total > doc_count) await load(total - doc_count);
    const client = new PouchDB(`first-${++clients}`);
    const begun = performance.now();
    const fetched = await replicate('from', client, total);
    const isIndexed = total <= MOST_INDEXED;
    if (isIndexed && (await lookUp(client)) === 0) throw new Error('no history of the caller');
    const usable = isIndexed ? performance.now() - begun : null;
    await client.close();
    return { fetched, usable, popAt: null };
  },
  close: async () => {
    await server.stop();
  },
});
