import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ERROR_CODES } from '#shared/contract/error-codes.ts';
import { weirdValue } from '#tests/support/nearly-valid.ts';
import { startTestServer, type TestServer } from '#tests/support/server.ts';
import { type Answer, createTicketBody, request, TestConsole, toOp } from '#tests/support/test-console.ts';

let server: TestServer;
let agent: TestConsole;
let admin: TestConsole;
beforeAll(async () => {
  server = await startTestServer();
  await server.addAccount({ account: 'agent1' });
  await server.addAccount({ account: 'admin1', role: 'admin' });
  agent = await new TestConsole(server.url).signIn('agent1');
  admin = await new TestConsole(server.url).signIn('admin1');
});
afterAll(() => server.stop());

/** Sends raw text as a body, whatever it is. */
async function sendText(
  method: string,
  path: string,
  body: string | Uint8Array | null,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...admin.headers, ...headers },
    ...(body === null || method === 'GET' ? {} : { body: body as BodyInit }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}

/** An answer that is either fine or an error of ours: known code, same status inside and out, nothing internal in it. */
function expectOurs(answer: Answer): void {
  expect(answer.headers.get('cache-control')).toBe('no-store');
  if (answer.status < 400) return;
  expect(answer.status).toBeLessThan(500);
  expect(answer.body).toMatchObject({ defined: true, status: answer.status });
  expect(ERROR_CODES).toContain((answer.body as { code: string }).code);
  expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.ts:|at \w+ \(|SELECT|INSERT|postgres/i);
}

describe('bodies', () => {
  test.each<[string, string, number, string]>([
    ['no JSON at all', 'hello', 400, 'BAD_INPUT'],
    ['cut JSON', '{"account":"a', 400, 'BAD_INPUT'],
    ['nothing', '', 400, 'BAD_INPUT'],
    ['null', 'null', 400, 'BAD_INPUT'],
    ['an array', '[]', 400, 'BAD_INPUT'],
    ['a number', '1e999', 400, 'BAD_INPUT'],
    [
      'unknown keys',
      '{"account":"agent1","password":"x","console":"019f0000-0000-7000-8000-000000000000","admin":true}',
      400,
      'BAD_INPUT',
    ],
    ['a key named __proto__', '{"__proto__":{"account":"agent1"}}', 400, 'BAD_INPUT'],
    ['21 levels', `${'['.repeat(21)}${']'.repeat(21)}`, 400, 'BAD_INPUT'],
    ['100,000 levels', '['.repeat(100_000), 400, 'BAD_INPUT'],
    ['100,000 closed levels', '['.repeat(100_000) + ']'.repeat(100_000), 400, 'BAD_INPUT'],
    ['more than 1 MiB', `"${'a'.repeat(1024 * 1024)}"`, 413, 'PAYLOAD_TOO_LARGE'],
    [
      'a password with NUL',
      '{"account":"agent1","password":"a\\u0000b","console":"019f0000-0000-7000-8000-000000000000"}',
      400,
      'BAD_INPUT',
    ],
    [
      'half a surrogate pair',
      '{"account":"agent1","password":"\\ud800","console":"019f0000-0000-7000-8000-000000000000"}',
      400,
      'BAD_INPUT',
    ],
  ])('%s', async (_name, body, status, code) => {
    const answer = await sendText('POST', '/auth/login', body);
    expectOurs(answer);
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([status, code]);
  });

  test.each([
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json-patch',
    '/',
    '',
  ])('content type %j is refused', async (type) => {
    const answer = await sendText('POST', '/auth/login', '{}', { 'content-type': type });
    expectOurs(answer);
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });

  test('bytes that are no UTF-8 and compressed bodies are refused', async () => {
    expectOurs(await sendText('POST', '/auth/login', new Uint8Array([0x22, 0xff, 0xfe, 0xc0, 0x22])));
    const packed = await sendText('POST', '/auth/login', new Uint8Array([0x1f, 0x8b, 8, 0]), {
      'content-encoding': 'gzip',
    });
    expectOurs(packed);
    expect(packed.status).toBe(400);
  });

  test('an error tells where the input was wrong, not what was in it', async () => {
    const answer = await request(server.url, '/api/v1/auth/login', {
      body: { account: '张三的手机13800000000', password: 'secret-word', console: 'x' },
    });
    expect(answer.body).toMatchObject({
      code: 'BAD_INPUT',
      data: { issues: [{ path: 'account' }, { path: 'console' }] },
    });
    expect(JSON.stringify(answer.body)).not.toMatch(/13800000000|secret-word/);
  });
});

describe('methods, paths and heads', () => {
  test.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE'])('%s on a POST route', async (method) => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      let text = '';
      socket.on('data', (data) => {
        text += data.toString();
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
      socket.write(`${method} /api/v1/auth/login HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
  });

  test.each([
    '/api/v1/nothing',
    '/api/v1',
    '/api/v1/',
    '/api/v1//auth/me',
    '/api/v1/auth/../../etc/passwd',
    '/api/v1/tickets/%00',
    '/api/v1/tickets/%E4%BD',
    '/api/v1/tickets/%',
    '/api/v1/tickets/..%2f..%2fetc',
    `/api/v1/tickets/${'a'.repeat(500)}`,
    "/api/v1/tickets/' OR 1=1--",
    '/api/v1/tickets?limit=0',
    '/api/v1/tickets?limit=201',
    '/api/v1/tickets?limit=1e9',
    '/api/v1/tickets?limit[a][b]=1',
    '/api/v1/tickets?before=-1',
    '/api/v1/tickets?before=99999999999999999999999',
    '/api/v1/tickets?unknown=1',
    '/api/v1/tickets?__proto__[x]=1',
    '/%',
    '/..',
  ])('%s', async (path) => {
    const answer = await request(server.url, path, { headers: agent.headers });
    expectOurs(answer);
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });

  test.each([
    'GARBAGE\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    `GET /healthz HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`,
    'POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-length: x\r\n\r\n',
  ])('a head that is no HTTP gets 400 in our shape', async (head) => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      let text = '';
      socket.on('data', (data) => {
        text += data.toString();
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
      socket.write(head);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"BAD_INPUT"');
  });
});

describe('sync bodies', () => {
  test.each<[string, unknown]>([
    ['no operations', []],
    ['an operation without hash', [{ s: 1 }]],
    ['operations out of order', [toOp(2, createTicketBody()), toOp(1, createTicketBody())]],
    ['501 operations', Array.from({ length: 501 }, (_, index) => ({ s: index + 1 }))],
    ['operation number zero', [toOp(0, createTicketBody())]],
    ['a fraction as number', [toOp(1.5, createTicketBody())]],
    ['a number beyond exact integers', [toOp(2 ** 60, createTicketBody())]],
    ['null among the operations', [null]],
    ['a word instead of operations', 'all'],
  ])('%s: 400 and nothing applied', async (_name, ops) => {
    const console = await new TestConsole(server.url).signIn('agent1');
    const answer = await console.send('/sync/push', { console: console.id, incarnation: 1, ops });
    expectOurs(answer);
    expect(answer.status).toBe(400);
    expect(await server.query('SELECT 1 FROM op_log WHERE console = $1', [console.id])).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['no cursors', { cursors: [], limit: 10 }],
    ['101 cursors', { cursors: Array.from({ length: 101 }, () => ({ scope: 'x', epoch: 1, seq: 0 })), limit: 10 }],
    ['2,001 rows', { cursors: [{ scope: '320100:12345', epoch: 1, seq: 0 }], limit: 2_001 }],
    ['the same scope twice', { cursors: [1, 2].map(() => ({ scope: '320100:12345', epoch: 1, seq: 0 })), limit: 10 }],
    ['a scope with NUL', { cursors: [{ scope: '320100:\u0000', epoch: 1, seq: 0 }], limit: 10 }],
    ['an epoch beyond the column', { cursors: [{ scope: '320100:12345', epoch: 2 ** 40, seq: 0 }], limit: 10 }],
    ['a huge seq', { cursors: [{ scope: '320100:12345', epoch: 1, seq: Number.MAX_SAFE_INTEGER }], limit: 10 }],
  ])('pull with %s is refused', async (_name, body) => {
    const answer = await agent.send('/sync/pull', body);
    expectOurs(answer);
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });

  test.each([2 ** 31, 2 ** 40, -1, 0])('incarnation %d is refused', async (incarnation) => {
    expectOurs(await agent.send('/sync/hello', { console: agent.id, incarnation, schema: 1, lastOp: 0 }));
    expectOurs(await agent.send('/sync/push', { console: agent.id, incarnation, ops: [toOp(1, createTicketBody())] }));
  });
});

describe('a batch with one bad operation (INP-1)', () => {
  test('operations with any argument replaced by anything are answered one by one', async () => {
    const console = await new TestConsole(server.url).signIn('agent1');
    const paths = [
      'args',
      'args.fields',
      'args.fields.title',
      'args.fields.caller',
      'args.fields.caller.phone',
      'args.fields.categoryCode',
      'args.fields.occurredAt',
      'args.fields.markers',
      'args.createdAt',
      'args.eventId',
      'args.centre',
      'kind',
      'at',
      'baseVersion',
      'dependsOn',
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), weirdValue, async (path, value) => {
        const template = createTicketBody();
        const changed = structuredClone(template) as unknown as Record<string, unknown>;
        replaceAt(changed, path.split('.'), value);
        const ops = [
          toOp(console.nextS, template),
          toOp(console.nextS + 1, changed as never),
          toOp(console.nextS + 2, createTicketBody()),
        ];
        const answer = await console.rawPush(ops);
        expectOurs(answer);
        if (answer.status !== 200) return;
        console.nextS += 3;
        const { results } = answer.body as { results: { code: string }[] };
        expect([results[0]?.code, results[2]?.code]).toEqual(['applied', 'applied']);
      }),
      { numRuns: 120 },
    );
  }, 120_000);
});

function replaceAt(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [head = '', ...rest] = path;
  if (rest.length === 0) target[head] = value;
  else replaceAt(target[head] as Record<string, unknown>, rest, value);
}
