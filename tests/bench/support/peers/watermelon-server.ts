/**
 * The two endpoints WatermelonDB asks for, over plain HTTP and in memory: the library brings no server, so this one does the least a
 * server can do. Nothing is checked, nothing is stored.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { peerTicket } from './documents.ts';
import { announceServer } from './http-server.ts';
import { type TicketRecord, toRecord, type WatermelonPage } from './watermelon-record.ts';

/** In the order in which they came; the position of a record is its timestamp. */
const records: TicketRecord[] = [];
const known = new Set<string>();

function take(record: TicketRecord): void {
  if (known.has(record.id)) throw new Error('a record came twice');
  known.add(record.id);
  records.push(record);
}

async function answer(request: IncomingMessage): Promise<unknown> {
  const [, what, from, count] = (request.url ?? '').split('/');
  if (what === 'load') {
    for (let n = Number(from); n < Number(from) + Number(count); n++) take(toRecord(peerTicket(n)));
    return {};
  }
  if (what === 'push') {
    for (const record of (await json(request)) as TicketRecord[]) take(record);
    return {};
  }
  const page = records.slice(Number(from), Number(from) + Number(count));
  const timestamp = Number(from) + page.length;
  return { created: page, timestamp, more: timestamp < records.length } satisfies WatermelonPage;
}

const server = createServer(async (request, response) => {
  try {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(await answer(request)));
  } catch (error) {
    response.statusCode = 500;
    response.end(String(error));
  }
});
server.listen(0, '127.0.0.1', () => announceServer((server.address() as AddressInfo).port));
