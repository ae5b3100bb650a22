import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findAttachment } from '#main/data/repositories/attachment.repository.ts';
import { listOutbox } from '#main/data/repositories/outbox.repository.ts';
import {
  attachToTicket,
  fetchAttachment,
  finishAttachment,
  listAttachments,
  readAttachmentBytes,
} from '#main/data/services/attachment.service.ts';
import { listCarriedItems, saveCarried, takeCarried, takeCarriedBytes } from '#main/data/services/carry.service.ts';
import { redoOp } from '#main/data/services/refused-ops.service.ts';
import { MOST_UNNAMED_FILES } from '#server/attachments/upload-quota.ts';
import { MAX_ATTACHMENT_BYTES } from '#shared/domain/attachment/attachment-type.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { type CutProxy, openCutProxy } from '#tests/support/cut-proxy.ts';
import { codeOf } from '#tests/support/data/rpc-client.ts';
import { until } from '#tests/support/data/until.ts';
import { noisePng } from '#tests/support/sample-files.ts';
import { startTestServer, type TestServer } from '#tests/support/server.ts';
import { Seat } from '#tests/support/sync/seat.ts';

const PASSPHRASE = '雨天里的第三盏路灯还亮着';

let folder: string;
let server: TestServer;
let proxy: CutProxy;
let seats: Seat[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hotline-attach-'));
  server = await startTestServer();
  proxy = await openCutProxy(() => server.url);
  seats = [];
  for (const account of ['seat1001', 'seat1002']) await server.addAccount({ account });
});
afterEach(async () => {
  for (const seat of seats) await seat.close();
  await proxy.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Network {
  isCut: boolean;
  /** What the server makes of everything about files: nothing of it arrives, or it is older than they are. */
  files: 'work' | 'lost' | 'unknown';
  /** Lets this many pieces of files through, then cuts. */
  pieces: number;
}

/** A seat behind the proxy with a network of its own. */
async function openSeat(account: string): Promise<{ readonly seat: Seat; readonly network: Network }> {
  const network: Network = { isCut: false, files: 'work', pieces: Number.POSITIVE_INFINITY };
  const through: typeof fetch = async (input, init) => {
    if (init?.method === 'PATCH' && --network.pieces < 0) network.isCut = true;
    const url = String(input).replace('http://server.test', proxy.url);
    const isFile = url.includes('/attachments/');
    if (network.isCut || (isFile && network.files === 'lost')) {
      throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } });
    }
    return fetch(isFile && network.files === 'unknown' ? url.replace('/attachments/', '/unknown/') : url, init);
  };
  const seat = await Seat.open({
    account,
    folder: mkdtempSync(join(folder, `${account}-`)),
    connect: () => ({ fetch: through, underWay: 0, cut: () => undefined }),
  });
  seats.push(seat);
  return { seat, network };
}

function attach(seat: Seat, uid: TicketId, bytes: Buffer): string {
  const { fileIntake } = seat.work;
  const id = fileIntake.begin('现场.png', bytes.length);
  for (let offset = 0; offset < bytes.length; offset += 200_000) {
    fileIntake.append(id, offset, bytes.subarray(offset, offset + 200_000));
  }
  const { sha256, written } = finishAttachment(seat.work, id);
  attachToTicket(seat.work, uid, [written]);
  return sha256;
}

function readAll(seat: Seat, sha256: string, uid: TicketId): Buffer {
  const parts: Buffer[] = [];
  for (let offset = 0; offset < MAX_ATTACHMENT_BYTES; ) {
    const { bytes, size } = readAttachmentBytes(seat.work, sha256, uid, offset);
    parts.push(bytes);
    offset += bytes.length;
    if (offset >= size) break;
  }
  return Buffer.concat(parts);
}

const stateOf = (seat: Seat, sha256: string) => findAttachment(seat.work.db, sha256);
const isSent = (seat: Seat, sha256: string) => until('the file is sent', () => stateOf(seat, sha256)?.state === 'sent');
/** Places from which bytes were sent, by how often a request for bytes got through. */
const patches = () => proxy.passed.filter((path) => /uploads\/[0-9a-f-]{36}$/.test(path)).length;

test('a file written down without a network is sent when it is back, and opens at another seat byte for byte', async () => {
  const { seat, network } = await openSeat('seat1001');
  const other = await openSeat('seat1002');
  network.isCut = true;
  const bytes = noisePng(500);
  const uid = seat.submit({ title: '路灯' });
  const sha256 = attach(seat, uid, bytes);
  await until('a try was made', () => (stateOf(seat, sha256)?.attempts ?? 0) > 0);
  expect(stateOf(seat, sha256)).toMatchObject({ state: 'waiting', lastError: { code: 'OFFLINE' } });
  network.isCut = false;
  seat.wake();
  await isSent(seat, sha256);
  expect(seat.work.files.placeOf(sha256)).toBe('kept');

  other.seat.wake();
  await until('the ticket is there', () => other.seat.tickets.some((ticket) => ticket.uid === uid));
  await until('with its file', () => {
    other.seat.wake();
    return listAttachments(other.seat.work, uid).files.length === 1;
  });
  expect(listAttachments(other.seat.work, uid).files).toMatchObject([{ state: 'remote', byName: '座席seat1001' }]);
  await fetchAttachment(other.seat.work, { sha256, name: '现场.png', ticketUid: uid });
  other.network.isCut = true;
  expect(readAll(other.seat, sha256, uid).equals(bytes)).toBe(true);
});

test('carried to another seat with its ticket, a file is at the server once, also when the first console comes back', async () => {
  await server.addAccount({ account: 'seat2001', role: 'lead' });
  const { seat: cut, network } = await openSeat('seat1001');
  const { seat: lead } = await openSeat('seat2001');
  await until(
    'the server knows the key of the seat',
    async () => (await server.query('SELECT 1 FROM console_keys')).length === 2,
  );
  network.isCut = true;
  const [small, large] = [noisePng(30), noisePng(1_200)];
  const uid = cut.submit({ title: '护栏倾斜' });
  const hashes = [small, large].map((bytes) => attach(cut, uid, bytes));
  const { id, text, files } = await saveCarried(cut.work, cut.carryDeps, PASSPHRASE);
  expect(files).toBe(2);
  const parts: Buffer[] = [];
  for (let part = cut.carryDeps.bundles.next(id); part.length > 0; part = cut.carryDeps.bundles.next(id))
    parts.push(part);
  const packed = Buffer.concat(parts);

  const taken = await takeCarried(lead.work, lead.carryDeps, text, PASSPHRASE);
  expect(taken.files).toEqual({ total: 2, sent: 0, missing: 2 });
  // The stick is pulled out too early: what was read stays, and the same file brings the rest.
  expect(takeCarriedBytes(lead.work, lead.carryDeps, id, packed.subarray(0, 200_000))).toBe(1);
  await takeCarried(lead.work, lead.carryDeps, text, PASSPHRASE);
  expect(takeCarriedBytes(lead.work, lead.carryDeps, id, packed)).toBe(0);
  for (const sha256 of hashes) await isSent(lead, sha256);
  await until('the carried work is handed in', () => listCarriedItems(lead.work)[0]?.isDone === true);
  expect(listCarriedItems(lead.work)[0]?.files).toEqual({ total: 2, sent: 2, missing: 0 });
  expect(await codeOf(takeCarried(lead.work, lead.carryDeps, text, PASSPHRASE))).toBe('CARRIED_TWICE');
  const sentPieces = patches();

  network.isCut = false;
  cut.wake();
  await until('the ticket is at the server', () => cut.outbox.length === 0);
  for (const sha256 of hashes) await isSent(cut, sha256);
  // It asked whether they are there, and sent nothing.
  expect(patches()).toBe(sentPieces);
  await until('the ticket came back', () => {
    lead.wake();
    return lead.tickets.some((ticket) => ticket.uid === uid);
  });
  expect(readAll(lead, hashes[1] ?? '', uid).equals(large)).toBe(true);
});

test('an upload cut in the middle goes on where it stopped, also after a kill', async () => {
  const { seat, network } = await openSeat('seat1001');
  const bytes = noisePng(1_000);
  const uid = seat.submit();
  await until('the ticket is at the server', () => seat.outbox.length === 0);
  network.pieces = 4;
  const sha256 = attach(seat, uid, bytes);
  await until('some pieces went', () => network.isCut && (stateOf(seat, sha256)?.sentBytes ?? 0) === 4 * 256 * 1024);
  expect(patches()).toBe(4);
  seat.kill();
  network.isCut = false;
  network.pieces = Number.POSITIVE_INFINITY;
  await seat.restart();
  await isSent(seat, sha256);
  const pieces = Math.ceil(bytes.length / (256 * 1024));
  // One request asked where to go on; no piece went twice.
  expect(patches()).toBe(pieces + 1);
  expect(readAll(seat, sha256, uid).equals(bytes)).toBe(true);
});

test('a lost answer to the last piece sends nothing twice', async () => {
  const { seat } = await openSeat('seat1001');
  const uid = seat.submit();
  await until('the ticket is at the server', () => seat.outbox.length === 0);
  const bytes = noisePng(100);
  const begun = proxy.passed.length;
  const cut = proxy.cutNext('/state', 'after-server');
  const sha256 = attach(seat, uid, bytes);
  await cut;
  await isSent(seat, sha256);
  expect(proxy.passed.slice(begun).filter((path) => path.endsWith('/uploads'))).toHaveLength(1);
  const { rows } = { rows: await server.query('SELECT 1 FROM attachments') };
  expect(rows).toHaveLength(1);
});

test('an upload the server has forgotten begins anew', async () => {
  const { seat, network } = await openSeat('seat1001');
  const uid = seat.submit();
  await until('the ticket is at the server', () => seat.outbox.length === 0);
  network.pieces = 2;
  const sha256 = attach(seat, uid, noisePng(600));
  await until('some pieces went', () => network.isCut && stateOf(seat, sha256)?.uploadId !== null);
  for (const { id } of await server.query<{ id: string }>('SELECT id FROM attachment_uploads')) {
    await server.services.attachments.dropUpload(id);
  }
  network.isCut = false;
  network.pieces = Number.POSITIVE_INFINITY;
  seat.work.wakeFiles();
  await isSent(seat, sha256);
});

test('a server that does not know files yet gets them once it does', async () => {
  const { seat, network } = await openSeat('seat1001');
  const uid = seat.submit();
  network.files = 'unknown';
  const sha256 = attach(seat, uid, noisePng(50));
  await until('it was tried', () => (stateOf(seat, sha256)?.attempts ?? 0) > 0);
  expect(stateOf(seat, sha256)).toMatchObject({ state: 'waiting', lastError: { code: 'NOT_READY' } });
  network.files = 'work';
  await isSent(seat, sha256);
});

test('a file that is gone from this console is not sent, and says so', async () => {
  const { seat, network } = await openSeat('seat1001');
  const uid = seat.submit();
  network.files = 'lost';
  const sha256 = attach(seat, uid, noisePng(50));
  seat.work.files.dropUnsent(sha256);
  network.files = 'work';
  await until('it is given up', () => stateOf(seat, sha256)?.state === 'refused');
  expect(stateOf(seat, sha256)?.lastError).toEqual({ code: 'ATTACHMENT_GONE', detail: '' });
});

test('a file that cannot be sent waits longer and longer, however often tickets are exchanged', async () => {
  const { seat, network } = await openSeat('seat1001');
  const uid = seat.submit();
  network.files = 'lost';
  const sha256 = attach(seat, uid, noisePng(50));
  await until('the ticket is at the server', () => seat.outbox.length === 0 && seat.isResting);
  const tries = () => stateOf(seat, sha256)?.attempts ?? 0;
  const before = tries();
  const exchanges = 20;
  for (let i = 0; i < exchanges; i++) {
    const last = seat.status.lastSuccessAt ?? 0;
    seat.wake();
    await until('the server was asked', () => (seat.status.lastSuccessAt ?? 0) > last && seat.isResting);
  }
  expect(tries() - before).toBeLessThan(exchanges / 2);
  network.files = 'work';
  seat.work.wakeFiles();
  await isSent(seat, sha256);
});

test('tickets do not wait for files', async () => {
  const { seat, network } = await openSeat('seat1001');
  const first = seat.submit();
  await until('the ticket is at the server', () => seat.outbox.length === 0);
  network.pieces = 1;
  const sha256 = attach(seat, first, noisePng(600));
  await until('the upload was cut', () => network.isCut);
  network.isCut = false;
  network.pieces = 0;
  // Every further piece is cut off; the tickets have a network in between.
  const second = seat.submit({ title: '井盖' });
  await until('the second ticket is at the server', () => {
    network.isCut = false;
    seat.wake();
    return seat.ticket(second).number !== null;
  });
  expect(stateOf(seat, sha256)?.state).toBe('waiting');
});

test('a file another seat has not sent yet is missing, and there when it has', async () => {
  const { seat, network } = await openSeat('seat1001');
  const other = await openSeat('seat1002');
  const uid = seat.submit();
  await until('the ticket is at the server', () => seat.outbox.length === 0);
  network.pieces = 0;
  const sha256 = attach(seat, uid, noisePng(50));
  const request = { sha256, name: '现场.png', ticketUid: uid };
  await until('the other seat has the ticket with its file', () => {
    network.isCut = false;
    seat.wake();
    other.seat.wake();
    return other.seat.tickets.some(
      (ticket) => ticket.uid === uid && ticket.events.some(({ kind }) => kind === 'attached'),
    );
  });
  await expect(fetchAttachment(other.seat.work, request)).rejects.toMatchObject({ code: 'ATTACHMENT_MISSING' });
  network.isCut = false;
  network.pieces = Number.POSITIVE_INFINITY;
  seat.work.wakeFiles();
  await isSent(seat, sha256);
  const cut = proxy.cutNext(`/${sha256}`, 'after-server');
  const fetched = fetchAttachment(other.seat.work, request);
  await cut;
  await expect(fetched).rejects.toMatchObject({ code: 'OFFLINE' });
  await fetchAttachment(other.seat.work, request);
  expect(other.seat.work.files.placeOf(sha256)).toBe('kept');
});

test('a file beyond what may lie at the server without a ticket waits and says why, and goes once there is room', async () => {
  const { seat } = await openSeat('seat1001');
  await server.query(
    `INSERT INTO attachments (centre, sha256, size, type, uploaded_by, console, at)
     SELECT centre, sha256(convert_to('left ' || n, 'UTF8')), 10, 'image/png', id, id, 0
       FROM users, generate_series(1, $1::int) AS n WHERE account = 'seat1001'`,
    [MOST_UNNAMED_FILES],
  );
  await server.query(`UPDATE users SET role = 'quality' WHERE account = 'seat1001'`);
  const uid = seat.submit({ title: '路灯' });
  const sha256 = attach(seat, uid, noisePng(20));
  seat.wake();
  await until('the ticket was refused', () => listOutbox(seat.work.db).some(({ state }) => state === 'rejected'));
  await server.query(`UPDATE users SET role = 'agent' WHERE account = 'seat1001'`);
  await until('the file waits for room', () => stateOf(seat, sha256)?.lastError?.code === 'ATTACHMENT_QUOTA');
  expect(stateOf(seat, sha256)?.state).toBe('waiting');

  for (const { op, state } of listOutbox(seat.work.db)) if (state === 'rejected') redoOp(seat.work, op.opId);
  seat.wake();
  await isSent(seat, sha256);
});
