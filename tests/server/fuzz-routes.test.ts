import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { addOpen311Key } from '#server/open311/open311-keys.ts';
import { addUnitKey } from '#server/units/unit-keys.ts';
import { ERROR_CODES } from '#shared/contract/error-codes.ts';
import { ROLES } from '#shared/domain/roles.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { type EventId, newId } from '#shared/kernel/ids.ts';
import { nearlyValid, weirdValue } from '#tests/support/nearly-valid.ts';
import { dispatchTo } from '#tests/support/sample-acts.ts';
import { CENTRE, startTestServer, type TestServer } from '#tests/support/server.ts';
import { listServerRoutes, type RouteKey, type ServerRoute } from '#tests/support/server-routes.ts';
import { createTicketBody, TestConsole } from '#tests/support/test-console.ts';

/** Who is let in at most routes. */
const FREQUENT = [ROLES.indexOf('agent'), ROLES.indexOf('admin'), ROLES.indexOf('lead')];
const ROUTES = await listServerRoutes();
const UNIT = '鼓楼区城管局';

let server: TestServer;
/** Heads that let a request in, by whose key a route takes; people of every role. */
let keys: Readonly<Record<Exclude<RouteKey, 'open311'>, readonly Readonly<Record<string, string>>[]>>;
let open311Key: string;
let ticketUid: string;
beforeAll(async () => {
  server = await startTestServer({ open311: [CENTRE] });
  // Limits would hide what comes behind them.
  vi.spyOn(server.services.limits, 'take').mockReturnValue();
  const people: Record<string, string>[] = [];
  for (const role of ROLES) {
    await server.addAccount({ account: role, role });
    people.push((await new TestConsole(server.url).signIn(role)).headers);
  }
  const agent = await new TestConsole(server.url).signIn('agent');
  const ticket = createTicketBody();
  await agent.pushOne(ticket);
  ticketUid = ticket.uid;
  const dispatcher = await new TestConsole(server.url).signIn('dispatcher');
  const eventId = newId<EventId>(systemClock.now());
  const args = { eventId, from: 'to_dispatch' as const, act: dispatchTo(UNIT), words: '情况属实' };
  await dispatcher.pushOne({ kind: 'ticket.act', uid: ticket.uid, args }, { baseVersion: 1_000 });
  const { pool } = server.services;
  const fields = { centre: CENTRE, lines: ['12345' as const], holder: '区级平台' };
  const unit = await addUnitKey(pool, { ...fields, units: [UNIT] }, systemClock.now());
  const flow = await addUnitKey(pool, { ...fields, units: ['police'], kind: 'flow' }, systemClock.now());
  keys = {
    person: people,
    unit: [{ authorization: `Bearer ${unit.key}` }],
    flow: [{ authorization: `Bearer ${flow.key}` }],
    nobody: [{}],
  };
  open311Key = (await addOpen311Key(pool, { centre: CENTRE, holder: '随手拍', readsDetails: true }, systemClock.now()))
    .key;
});
afterAll(() => server.stop());

test('every route that is known to be served is among those that are tried', () => {
  const tried = ROUTES.map(({ method, path }) => `${method} ${path}`);
  expect(new Set(tried).size).toBe(tried.length);
  expect(tried).toEqual(
    expect.arrayContaining([
      'POST /api/v1/auth/login',
      'POST /api/v1/sync/carry',
      'GET /api/v1/sync/segments/{id}',
      'PATCH /api/v1/attachments/uploads/{id}',
      'POST /api/v1/unit/tickets/{uid}/reply',
      'POST /api/v1/flows/{id}/receipt',
      'POST /open311/v2/requests.{format}',
      'GET /readyz',
    ]),
  );
});

const FORM = 'application/x-www-form-urlencoded';
const OPEN311_FIELDS = [
  ...['service_code', 'description', 'lat', 'long', 'address_string', 'address_id', 'email', 'phone', 'device_id'],
  ...['account_id', 'first_name', 'last_name', 'media_url', 'attribute', 'jurisdiction_id', 'api_key', 'status'],
  ...['service_request_id', 'start_date', 'end_date', 'updated_after', 'updated_before', 'page', 'page_size', 'q'],
];

const words = fc.oneof(
  weirdValue.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
  fc.constantFrom('020201', '320100', '1', '0', '-1', '1e9', '2026-11-22T00:00:00Z', '+99999-01-01', 'Infinity'),
);

/** What a head of HTTP can carry. */
const headValue = fc.string({ maxLength: 60 }).map((text) => text.replaceAll(/[^\x21-\x7e]/g, 'x') || '0');
const heads = fc.dictionary(
  fc.constantFrom(
    ...['idempotency-key', 'range', 'accept', 'accept-encoding', 'last-event-id', 'if-none-match', 'x-forwarded-for'],
    ...['tus-resumable', 'upload-length', 'upload-offset', 'upload-metadata', 'upload-defer-length', 'upload-concat'],
    ...['upload-checksum', 'x-http-method-override', 'x-hotline-protocol', 'x-hotline-schema', 'x-hotline-console'],
  ),
  fc.oneof(
    headValue,
    fc.constantFrom('1.0.0', '0', '1', '-1', '9007199254740993', 'bytes=0-0', 'bytes=5-1', 'PATCH', 'DELETE', 'POST'),
    fc.constant(`sha256 ${Buffer.from('a'.repeat(64)).toString('base64')}`),
  ),
  { maxKeys: 4 },
);

/** A proper beginning of an upload, for those heads to spoil. */
const TUS = {
  'tus-resumable': '1.0.0',
  'upload-length': '10',
  'upload-metadata': `sha256 ${Buffer.from('a'.repeat(64)).toString('base64')}`,
};

interface Sent {
  readonly place: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly form: Readonly<Record<string, string>> | null;
  readonly type: string;
  readonly heads: Readonly<Record<string, string>>;
  readonly person: number;
}

function sentTo(route: ServerRoute): fc.Arbitrary<Sent> {
  const isOpen311 = route.key === 'open311';
  const names = isOpen311 ? OPEN311_FIELDS : ['limit', 'before', 'hash'];
  const queryParts = Object.fromEntries(
    Object.entries(route.query).map(([name, part]) => [
      name,
      // A number of a query says nothing of itself: it comes as text.
      part.type || part.enum || part.anyOf ? nearlyValid(part) : fc.oneof(fc.nat(100).map(String), words),
    ]),
  );
  return fc.record({
    place: fc.oneof(fc.constant(ticketUid), fc.constantFrom('a'.repeat(64), '020201'), fc.uuid(), words),
    query: fc.oneof(
      { arbitrary: fc.record(queryParts, { requiredKeys: [] }), weight: 5 },
      { arbitrary: fc.dictionary(fc.constantFrom(...names), words), weight: isOpen311 ? 20 : 1 },
    ),
    body: route.body ? fc.oneof({ arbitrary: nearlyValid(route.body), weight: 5 }, weirdValue) : weirdValue,
    form: isOpen311 ? fc.dictionary(fc.constantFrom(...OPEN311_FIELDS), words) : fc.constant(null),
    // Routes of the contract take JSON alone; the others are tried with more.
    type: fc.constantFrom(
      FORM,
      ...(isOpen311
        ? [FORM, FORM, 'application/json']
        : ['application/json', 'application/offset+octet-stream', 'text/plain']),
    ),
    heads: fc.oneof({ arbitrary: fc.uuid().map((key) => ({ 'idempotency-key': key })), weight: 4 }, heads),
    person: fc.oneof(fc.constantFrom(...FREQUENT), fc.nat(ROLES.length - 1)),
  });
}

function addressOf({ path, key }: ServerRoute, { place, query }: Sent): string {
  const filled = path.replaceAll('{format}', 'json').replaceAll(/\{\w+\}/g, () => toPart(place));
  const parts = Object.entries(query).map(([name, value]): [string, string] => [name, toText(value)]);
  const isKeyed = key === 'open311' && !('api_key' in query);
  const given = new URLSearchParams([...parts, ...(isKeyed ? [['api_key', open311Key]] : [])]);
  return `${server.url}${filled}?${given}`;
}

const toText = (value: unknown) => (typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value));
const toPart = (text: string) => encodeURIComponent(text.toWellFormed().slice(0, 300)) || '%00';

async function send(route: ServerRoute, sent: Sent): Promise<Response> {
  const own = route.key === 'open311' ? [{}] : keys[route.key];
  const tus = route.path.includes('/uploads') ? TUS : {};
  const hasBody = !['GET', 'HEAD'].includes(route.method);
  const fields = { api_key: open311Key, ...sent.form };
  const type = route.body ? 'application/json' : sent.type;
  const body = sent.form
    ? new URLSearchParams(Object.entries(fields).map(([name, text]) => [name, text.toWellFormed()])).toString()
    : (JSON.stringify(sent.body) ?? 'null');
  return fetch(addressOf(route, sent), {
    method: route.method,
    headers: { ...own[sent.person % own.length], ...tus, ...sent.heads, ...(hasBody ? { 'content-type': type } : {}) },
    ...(hasBody ? { body } : {}),
  });
}

/** Fine, or an error of ours: known code, same status inside and out, nothing internal in it. */
async function expectOurs(route: ServerRoute, response: Response): Promise<void> {
  if (response.headers.get('content-type')?.startsWith('text/event-stream'))
    return void (await response.body?.cancel());
  const text = await response.text();
  expect(response.status, text).toBeLessThan(500);
  expect(response.headers.get('cache-control')).toBe('no-store');
  if (response.status < 400) return;
  expect(text).not.toMatch(/node_modules|\.ts:|at \w+ \(|SELECT|INSERT|postgres/i);
  if (route.method === 'HEAD' || text === '') return;
  if (route.key === 'open311')
    return void expect(JSON.parse(text)).toEqual([{ code: response.status, description: expect.any(String) }]);
  const { defined, status, code } = JSON.parse(text);
  expect({ defined, status }).toEqual({ defined: true, status: response.status });
  expect(ERROR_CODES).toContain(code);
}

test.each(ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))(
  'whatever is sent to it, the answer is never 5xx (INP-1): %s',
  async (_name, route) => {
    await fc.assert(
      fc.asyncProperty(sentTo(route), async (sent) => {
        // So would those on sign-in.
        if (route.path.includes('/auth/')) await server.query('DELETE FROM sign_in_limits');
        await expectOurs(route, await send(route, sent));
      }),
      { numRuns: 60 },
    );
  },
  120_000,
);
