import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DataError } from '#main/data/errors.ts';
import { createIntakeHere } from '#main/data/sync/intake/row-intake.ts';
import { fetchSegment } from '#main/data/sync/segments/fetch-segment.ts';
import type { ServerClient } from '#main/data/sync/server-client.ts';
import type { SyncContext } from '#main/data/sync/sync-context.ts';
import { SEGMENT_TYPES, type SegmentEntry } from '#shared/sync/segments.ts';
import { CONSOLE_ID } from '#tests/support/data/samples.ts';

const BODY = gzipSync('nonsense\n');
/** Right about size and lines, so that only the digest or the line itself is wrong. */
const ENTRY: SegmentEntry = {
  id: '019a0000-0000-7000-8000-0000000000aa',
  until: 1,
  changes: 1,
  size: 9,
  sha256: '0'.repeat(64),
};

let answer: (response: ServerResponse) => void;
const server = createServer((_, response) => answer(response));
let client: ServerClient;

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
beforeEach(() => {
  const { port } = server.address() as AddressInfo;
  client = {
    target: { baseUrl: `http://127.0.0.1:${port}`, mode: 'production', consoleId: CONSOLE_ID },
    accessToken: async () => ({ kind: 'answer', value: 'token' }),
  } as Partial<ServerClient> as ServerClient;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const { readSegment } = createIntakeHere({} as SyncContext);
const fetched = () => fetchSegment(client, readSegment, ENTRY, new AbortController().signal);

test('a body that ends before its announced length is a cut line, not a damaged segment', async () => {
  answer = (response) => {
    response.writeHead(200, { 'content-type': SEGMENT_TYPES.gzip, 'content-length': BODY.length });
    response.write(BODY.subarray(0, 5), () => response.socket?.destroy());
  };
  expect(await fetched()).toMatchObject({ kind: 'problem', problem: { detail: 'CUT_OFF', connection: 'offline' } });
});

test('a whole body of other content is a damaged segment, not a cut line', async () => {
  answer = (response) => response.writeHead(200, { 'content-type': SEGMENT_TYPES.gzip }).end(BODY);
  expect(await fetched()).toEqual({ kind: 'damaged' });
});

test.each([
  ['a failing server', 500, '{"code":"INTERNAL"}', { kind: 'problem', problem: { detail: 'INTERNAL' } }],
  ['a proxy', 502, '<html>', { kind: 'problem', problem: { detail: 'HTTP_502' } }],
  ['a page for signing in', 200, '<html>', { kind: 'problem', problem: { detail: 'HTTP_200' } }],
  ['a server that has it no more', 404, '{"code":"NOT_FOUND"}', { kind: 'gone' }],
])('the answer of %s says what it is', async (_, status, body, expected) => {
  answer = (response) => response.writeHead(status, { 'content-type': 'text/html' }).end(body);
  expect(await fetched()).toMatchObject(expected);
});

test('a token that cannot be kept because the disk is full is a problem of this side', async () => {
  client.accessToken = () => Promise.reject(new DataError('DISK_FULL', 'no space'));
  expect(await fetched()).toMatchObject({ kind: 'problem', problem: { code: 'DISK_FULL', connection: 'refused' } });
});
