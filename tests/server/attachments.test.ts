import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ORPHAN_AFTER_MS, UPLOAD_LIFE_MS } from '#server/attachments/attachments.ts';
import { MOST_UNNAMED_BYTES, MOST_UNNAMED_FILES } from '#server/attachments/upload-quota.ts';
import { MAX_ATTACHMENT_BYTES } from '#shared/domain/attachment/attachment-type.ts';
import { writeAttachment } from '#shared/domain/form/attachment-ref.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import { noisePng, pdfOf } from '#tests/support/sample-files.ts';
import { createManualClock, type ManualClock, startTestServer, type TestServer } from '#tests/support/server.ts';
import { createTicketBody, TestConsole } from '#tests/support/test-console.ts';

const UPLOADS = '/api/v1/attachments/uploads';
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const base64 = (text: string) => Buffer.from(text).toString('base64');

let folder: string;
let server: TestServer;
let clock: ManualClock;
let mine: TestConsole;
let special: TestConsole;
let foreign: TestConsole;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hotline-files-'));
  clock = createManualClock();
  server = await startTestServer({ filesDir: folder, clock });
  await server.addAccount({ account: 'seat1001' });
  await server.addAccount({ account: 'seat1002', lines: ['12345', '12350'] });
  await server.addAccount({ account: 'seat2001', centre: '320200' });
  await server.addAccount({ account: 'unit3001', role: 'unit' });
  [mine, special, foreign] = (await Promise.all(
    ['seat1001', 'seat1002', 'seat2001'].map((account) => new TestConsole(server.url).signIn(account)),
  )) as [TestConsole, TestConsole, TestConsole];
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A request of the tus protocol. */
function tus(
  console: TestConsole,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Uint8Array<ArrayBuffer> | string,
) {
  return fetch(`${server.url}${path}`, {
    method,
    headers: { ...console.headers, 'tus-resumable': '1.0.0', ...headers },
    ...(body === undefined ? {} : { body }),
  });
}

async function begin(console: TestConsole, sha256: string, size: number): Promise<string> {
  const answer = await tus(console, 'POST', UPLOADS, {
    'upload-length': String(size),
    'upload-metadata': `sha256 ${base64(sha256)}`,
  });
  expect(answer.status).toBe(201);
  return new URL(answer.headers.get('location') ?? '', `${server.url}${UPLOADS}`).pathname;
}

const patch = (console: TestConsole, url: string, offset: number, bytes: Uint8Array) =>
  tus(
    console,
    'PATCH',
    url,
    { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
    new Uint8Array(bytes),
  );

async function upload(console: TestConsole, bytes: Buffer): Promise<string> {
  const url = await begin(console, sha(bytes), bytes.length);
  expect((await patch(console, url, 0, bytes)).status).toBe(204);
  return sha(bytes);
}

const download = (console: TestConsole, sha256: string, range?: string) =>
  tus(console, 'GET', `/api/v1/attachments/${sha256}`, range ? { range } : {});
const isStored = async (console: TestConsole, sha256: string) =>
  (await console.send(`/attachments/${sha256}/state`)).body as { isStored: boolean };
const codeOf = async (answer: Response) => (JSON.parse(await answer.text()) as { code: string }).code;

const attachBody = (uid: TicketId, bytes: Buffer) => ({
  kind: 'ticket.note' as const,
  uid,
  args: {
    eventId: newId<EventId>(clock.now()),
    kind: 'attached' as const,
    text: writeAttachment({ sha256: sha(bytes), size: bytes.length, type: 'image/png', name: '现场.png' }),
  },
});

describe('an upload', () => {
  test('goes on where it stopped, and the whole file is there', async () => {
    const bytes = noisePng(300);
    const url = await begin(mine, sha(bytes), bytes.length);
    expect((await patch(mine, url, 0, bytes.subarray(0, 100_000))).status).toBe(204);
    // The console was killed; a new one asks where to go on.
    const head = await tus(mine, 'HEAD', url);
    expect(head.headers.get('upload-offset')).toBe('100000');
    expect((await patch(mine, url, 50_000, bytes.subarray(50_000))).status).toBe(409);
    expect((await patch(mine, url, 100_000, bytes.subarray(100_000))).status).toBe(204);
    expect(await isStored(mine, sha(bytes))).toEqual({ isStored: true });
    expect(Buffer.from(await (await download(mine, sha(bytes))).arrayBuffer()).equals(bytes)).toBe(true);
    expect(await server.query('SELECT 1 FROM attachment_uploads')).toEqual([]);
  });

  test('whose server ended before it was taken over is taken over when the console asks', async () => {
    const bytes = noisePng(20);
    const url = await begin(mine, sha(bytes), bytes.length);
    const id = url.split('/').at(-1) ?? '';
    writeFileSync(join(folder, 'uploads', id), bytes);
    expect(await isStored(mine, sha(bytes))).toEqual({ isStored: false });
    const head = await tus(mine, 'HEAD', url);
    expect(head.headers.get('upload-offset')).toBe(String(bytes.length));
    expect(await isStored(mine, sha(bytes))).toEqual({ isStored: true });
  });

  test('that is not what it was said to be is refused and leaves nothing', async () => {
    const bytes = noisePng(10);
    const url = await begin(mine, 'a'.repeat(64), bytes.length);
    const answer = await patch(mine, url, 0, bytes);
    expect([answer.status, await codeOf(answer)]).toEqual([422, 'ATTACHMENT_DAMAGED']);
    const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(50)]);
    const other = await patch(mine, await begin(mine, sha(program), program.length), 0, program);
    expect([other.status, await codeOf(other)]).toEqual([415, 'ATTACHMENT_TYPE']);
    expect((await tus(mine, 'HEAD', url)).status).toBe(404);
    expect(await server.query('SELECT 1 FROM attachment_uploads')).toEqual([]);
  });

  test('is its person’s at its console: nobody else sees, feeds or ends it', async () => {
    const bytes = noisePng(10);
    const url = await begin(mine, sha(bytes), bytes.length);
    const elsewhere = await new TestConsole(server.url).signIn('seat1001');
    for (const other of [special, foreign, elsewhere]) {
      expect((await tus(other, 'HEAD', url)).status).toBe(404);
      expect((await patch(other, url, 0, bytes)).status).toBe(404);
      expect((await tus(other, 'DELETE', url)).status).toBe(404);
    }
    expect((await tus(mine, 'DELETE', url)).status).toBe(204);
    await server.services.attachments.sweep();
  });

  test('is not reached through the address of another one', async () => {
    const bytes = noisePng(10);
    const theirs = await begin(special, sha(bytes), bytes.length);
    const own = await begin(mine, sha(bytes), bytes.length);
    const through = `${own}?/${theirs.split('/').at(-1)}`;
    expect((await patch(mine, through, 0, bytes.subarray(0, 100))).status).toBe(204);
    expect((await tus(special, 'HEAD', theirs)).headers.get('upload-offset')).toBe('0');
    expect((await tus(mine, 'HEAD', through)).headers.get('upload-offset')).toBe('100');
    expect((await tus(mine, 'DELETE', through)).status).toBe(204);
    expect((await patch(special, theirs, 0, bytes)).status).toBe(204);
    expect((await tus(mine, 'HEAD', own)).status).toBe(404);
  });

  test('needs a person who works with tickets', async () => {
    const nobody = await fetch(`${server.url}${UPLOADS}`, { method: 'POST', headers: { 'tus-resumable': '1.0.0' } });
    expect([nobody.status, await codeOf(nobody)]).toEqual([401, 'UNAUTHENTICATED']);
    const unit = await new TestConsole(server.url).signIn('unit3001');
    const answer = await tus(unit, 'POST', UPLOADS, {
      'upload-length': '10',
      'upload-metadata': `sha256 ${base64('a'.repeat(64))}`,
    });
    expect([answer.status, await codeOf(answer)]).toEqual([403, 'FORBIDDEN']);
  });

  test('under too many others waits', async () => {
    const busy = await new TestConsole(server.url).signIn('seat1002');
    for (let i = 0; i < 20; i++) await begin(busy, String(10 + i).repeat(32), 10);
    const answer = await tus(busy, 'POST', UPLOADS, {
      'upload-length': '10',
      'upload-metadata': `sha256 ${base64('b'.repeat(64))}`,
    });
    expect([answer.status, await codeOf(answer)]).toEqual([429, 'RATE_LIMITED']);
    await server.query('DELETE FROM attachment_uploads');
  });

  test('whose first answer was lost is begun again as often as it takes, and leaves nothing behind', async () => {
    const seat = await new TestConsole(server.url).signIn('seat1002');
    const bytes = noisePng(10);
    const urls: string[] = [];
    for (let i = 0; i < 25; i++) urls.push(await begin(seat, sha(bytes), bytes.length));
    expect(await server.query('SELECT 1 FROM attachment_uploads')).toHaveLength(1);
    expect((await tus(seat, 'HEAD', urls[0] ?? '')).status).toBe(404);
    // Another console of the same person has its own.
    const elsewhere = await new TestConsole(server.url).signIn('seat1002');
    await begin(elsewhere, sha(bytes), bytes.length);
    expect((await patch(seat, urls.at(-1) ?? '', 0, bytes)).status).toBe(204);
    expect(await server.query('SELECT 1 FROM attachment_uploads')).toHaveLength(1);
    await server.query('DELETE FROM attachment_uploads');
    await server.services.attachments.sweep();
    expect(readdirSync(join(folder, 'uploads'))).toEqual([]);
  });

  test('that the folder does not take is not counted', async () => {
    const uploads = join(folder, 'uploads');
    rmSync(uploads, { recursive: true });
    writeFileSync(uploads, 'no folder');
    const answer = await tus(mine, 'POST', UPLOADS, {
      'upload-length': '10',
      'upload-metadata': `sha256 ${base64('d'.repeat(64))}`,
    });
    rmSync(uploads);
    mkdirSync(uploads, { mode: 0o700 });
    expect(answer.status).toBeGreaterThanOrEqual(500);
    await expect.poll(() => server.query('SELECT 1 FROM attachment_uploads')).toEqual([]);
  });

  describe('beyond what one person may leave without a ticket', () => {
    /** Whole files of somebody that no ticket names, as their uploads would have left them. */
    async function leave(console: TestConsole, account: string, files: number, size: number): Promise<void> {
      await server.query(
        `INSERT INTO attachments (centre, sha256, size, type, uploaded_by, console, at)
         SELECT centre, sha256(convert_to($1 || n, 'UTF8')), $2, 'image/png', id, $3, $4
           FROM users, generate_series(1, $5::int) AS n WHERE account = $1`,
        [account, size, console.id, clock.now(), files],
      );
    }
    const tryBegin = (console: TestConsole, sha256: string, size: number) =>
      tus(console, 'POST', UPLOADS, {
        'upload-length': String(size),
        'upload-metadata': `sha256 ${base64(sha256)}`,
      });
    const someHash = () => sha(noisePng(1));
    afterAll(async () => {
      await server.query('DELETE FROM attachment_uploads');
      await server.query(
        `DELETE FROM attachments WHERE uploaded_by IN (SELECT id FROM users WHERE account LIKE 'seat11%')`,
      );
    });

    async function person(account: string): Promise<TestConsole> {
      await server.addAccount({ account });
      return new TestConsole(server.url).signIn(account);
    }

    test('is refused by the number of files, for this person only, until a ticket names one of them', async () => {
      const console = await person('seat1101');
      await leave(console, 'seat1101', MOST_UNNAMED_FILES - 1, 10);
      const last = noisePng(4);
      const url = await begin(console, sha(last), last.length);
      // What is under way counts as well: it is whole soon.
      const answer = await tryBegin(console, someHash(), 10);
      expect([answer.status, await codeOf(answer)]).toEqual([409, 'ATTACHMENT_QUOTA']);
      expect((await patch(console, url, 0, last)).status).toBe(204);
      expect(await codeOf(await tryBegin(console, someHash(), 10))).toBe('ATTACHMENT_QUOTA');
      await begin(await person('seat1102'), someHash(), 10);

      const body = createTicketBody();
      await console.pushOne(body);
      await console.pushOne(attachBody(body.uid, last));
      await begin(console, someHash(), 10);
    });

    test('is refused by their bytes together, and a file that a ticket names is taken all the same', async () => {
      const console = await person('seat1103');
      await leave(console, 'seat1103', 64, MOST_UNNAMED_BYTES / 64 - 1);
      await begin(console, someHash(), 64);
      expect(await codeOf(await tryBegin(console, someHash(), 64))).toBe('ATTACHMENT_QUOTA');
      const wanted = noisePng(30);
      const body = createTicketBody();
      await console.pushOne(body);
      await console.pushOne(attachBody(body.uid, wanted));
      await upload(console, wanted);
    });

    test('is counted one after the other, from however many consoles they are sent', async () => {
      const console = await person('seat1104');
      await leave(console, 'seat1104', MOST_UNNAMED_FILES - 1, 10);
      const consoles = await Promise.all(
        Array.from({ length: 6 }, () => new TestConsole(server.url).signIn('seat1104')),
      );
      const answers = await Promise.all(consoles.map((one) => tryBegin(one, someHash(), 10)));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
    });
  });

  test('made of nonsense is refused, never a fault of the server', async () => {
    const bytes = noisePng(10);
    const url = await begin(mine, sha(bytes), bytes.length);
    const metadata = `sha256 ${base64(sha(bytes))}`;
    const octets = { 'content-type': 'application/offset+octet-stream' };
    const tries: readonly [string, string, Record<string, string>, string?][] = [
      ['POST', UPLOADS, {}],
      ['POST', UPLOADS, { 'upload-length': '10' }],
      ['POST', UPLOADS, { 'upload-length': '-1', 'upload-metadata': metadata }],
      ['POST', UPLOADS, { 'upload-length': '0', 'upload-metadata': metadata }],
      ['POST', UPLOADS, { 'upload-length': 'ten', 'upload-metadata': metadata }],
      ['POST', UPLOADS, { 'upload-defer-length': '1', 'upload-metadata': metadata }],
      ['POST', UPLOADS, { 'upload-length': String(MAX_ATTACHMENT_BYTES + 1), 'upload-metadata': metadata }],
      ['POST', UPLOADS, { 'upload-length': '10', 'upload-metadata': 'sha256 ====' }],
      ['POST', UPLOADS, { 'upload-length': '10', 'upload-metadata': `sha256 ${base64('../../etc')}` }],
      ['POST', UPLOADS, { 'upload-length': '10', 'upload-metadata': metadata, 'tus-resumable': '0.2.0' }],
      ['PATCH', url, { ...octets, 'upload-offset': '-5' }, 'x'],
      ['PATCH', url, { ...octets, 'upload-offset': '0' }, 'x'.repeat(bytes.length + 1)],
      ['PATCH', url, { 'content-type': 'application/json', 'upload-offset': '0' }, '{}'],
      ['PATCH', url, { ...octets }, 'x'],
      ['PATCH', `${UPLOADS}/..%2f..%2fetc`, { ...octets, 'upload-offset': '0' }, 'x'],
      ['HEAD', `${UPLOADS}/00000000-0000-7000-8000-000000000000`, {}],
      ['DELETE', `${UPLOADS}/x`, {}],
    ];
    for (const [method, path, headers, body] of tries) {
      const { status } = await tus(mine, method, path, headers, body);
      expect([method, path, headers, status >= 400 && status < 500], `${status}`).toEqual([
        method,
        path,
        headers,
        true,
      ]);
    }
    await tus(mine, 'DELETE', url);
    await server.services.attachments.sweep();
  });
});

describe('a file', () => {
  test('is read by whoever may read a ticket that names it, and by nobody else', async () => {
    const bytes = noisePng(12);
    const ordinary = createTicketBody();
    await mine.pushOne(ordinary);
    await mine.pushOne(attachBody(ordinary.uid, bytes));
    const sha256 = await upload(mine, bytes);
    expect((await download(special, sha256)).status).toBe(200);
    for (const other of [foreign, await new TestConsole(server.url).signIn('unit3001')]) {
      expect((await download(other, sha256)).status).toBe(404);
      expect(await isStored(other, sha256)).toEqual({ isStored: false });
    }
    const secret = noisePng(13);
    const report = createTicketBody({ line: '12350' });
    expect((await special.pushOne(report)).code).toBe('applied');
    await special.pushOne(attachBody(report.uid, secret));
    expect((await download(mine, await upload(special, secret))).status).toBe(404);
  });

  test('named before it arrives is listed on the ticket and read as soon as it is there', async () => {
    const bytes = noisePng(14);
    const body = createTicketBody();
    await mine.pushOne(body);
    await mine.pushOne(attachBody(body.uid, bytes));
    const { rows } = await special.pullAll();
    const row = rows.find((one) => one.row.uid === body.uid)?.row;
    expect(row && 'events' in row && row.events.at(-1)).toMatchObject({ kind: 'attached', actorName: '座席seat1001' });
    expect((await download(special, sha(bytes))).status).toBe(404);
    await upload(mine, bytes);
    expect((await download(special, sha(bytes))).status).toBe(200);
  });

  test('is given in parts', async () => {
    const bytes = pdfOf(5_000);
    const sha256 = await upload(mine, bytes);
    const part = await download(mine, sha256, 'bytes=1000-1999');
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 1000-1999/5000']);
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(1_000, 2_000))).toBe(true);
    const rest = await download(mine, sha256, 'bytes=4990-');
    expect(Buffer.from(await rest.arrayBuffer()).equals(bytes.subarray(4_990))).toBe(true);
    expect((await download(mine, sha256, 'bytes=5000-')).status).toBe(416);
    const whole = await download(mine, sha256, 'bytes=a-b');
    expect([whole.status, whole.headers.get('content-type')]).toEqual([200, 'application/octet-stream']);
  });

  test('an operation that names no file is refused', async () => {
    const body = createTicketBody();
    await mine.pushOne(body);
    const note = attachBody(body.uid, noisePng(4));
    const result = await mine.pushOne({ ...note, args: { ...note.args, text: '../../etc/passwd' } });
    expect(result).toMatchObject({ code: 'rejected', reason: 'BAD_INPUT:args.text' });
  });

  test('that is sent again while it would go stays', async () => {
    const bytes = noisePng(17);
    await upload(mine, bytes);
    const url = await begin(mine, sha(bytes), bytes.length);
    await server.query('UPDATE attachments SET at = $1', [clock.now() - ORPHAN_AFTER_MS - 1]);
    const { attachments } = server.services;
    await Promise.all([patch(mine, url, 0, bytes), ...Array.from({ length: 5 }, () => attachments.sweep())]);
    const stored = await isStored(mine, sha(bytes));
    expect(stored).toEqual({ isStored: true });
    expect(Buffer.from(await (await download(mine, sha(bytes))).arrayBuffer()).equals(bytes)).toBe(true);
  });

  test('goes when no ticket names it for a long time; one that is named stays', async () => {
    const [named, orphan] = [noisePng(15), noisePng(16)];
    const body = createTicketBody();
    await mine.pushOne(body);
    await mine.pushOne(attachBody(body.uid, named));
    await upload(mine, named);
    await upload(mine, orphan);
    const late = await begin(mine, 'c'.repeat(64), 10);
    const blob = (bytes: Buffer) => join(folder, 'blobs', '320100', sha(bytes).slice(0, 2), sha(bytes));
    clock.advance(UPLOAD_LIFE_MS + 1);
    expect((await server.services.attachments.sweep()).uploads).toBe(1);
    expect(existsSync(join(folder, 'uploads', late.split('/').at(-1) ?? ''))).toBe(false);
    expect(existsSync(blob(orphan))).toBe(true);
    clock.advance(ORPHAN_AFTER_MS);
    await server.services.attachments.sweep();
    expect([existsSync(blob(named)), existsSync(blob(orphan))]).toEqual([true, false]);
  });
});
