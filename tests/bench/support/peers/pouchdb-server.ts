/** express-pouchdb on LevelDB: the peer's own server, with the parts that a replication needs and without compression (loopback). */
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { peerTicket } from './documents.ts';
import { announceServer } from './http-server.ts';
import { loadPeer } from './load-peer.ts';
import type { PouchDb, PouchDbConstructor } from './pouchdb-types.ts';

interface ExpressRequest {
  readonly params: Readonly<Record<string, string>>;
}
interface ExpressResponse {
  end(): void;
}
interface ExpressApp {
  use(app: unknown): void;
  post(route: string, handler: (request: ExpressRequest, response: ExpressResponse) => Promise<void>): void;
  listen(port: number, host: string, listening: () => void): { address(): AddressInfo };
}

const folder = process.argv[2] ?? '';
const PouchDB = loadPeer<PouchDbConstructor>('pouchdb').defaults({ prefix: `${folder}${path.sep}server-` });
const express = loadPeer<() => ExpressApp>('express');
const expressPouchDb = loadPeer<(pouch: PouchDbConstructor, options: object) => unknown>('express-pouchdb');

/** Documents of one bulk write while the server is filled. */
const CHUNK = 5_000;
const db: PouchDb = new PouchDB('tickets');
const app = express();
app.post('/load/:from/:count', async (request, response) => {
  const end = Number(request.params.from) + Number(request.params.count);
  for (let n = Number(request.params.from); n < end; n += CHUNK) {
    const docs = Array.from({ length: Math.min(CHUNK, end - n) }, (_, i) => {
      const ticket = peerTicket(n + i);
      return { _id: ticket.uid, ...ticket };
    });
    await db.bulkDocs(docs);
  }
  response.end();
});
app.use(
  expressPouchDb(PouchDB, {
    mode: 'minimumForPouchDB',
    overrideMode: { exclude: ['compression'] },
    inMemoryConfig: true,
  }),
);
const server = app.listen(0, '127.0.0.1', () => announceServer(server.address().port));
