import { afterAll, beforeAll, expect, test } from 'vitest';
import samplingFile from '#resources/quality/sampling.json' with { type: 'json' };
import { readConfig } from '#server/config.ts';
import { addOpen311Key, revokeOpen311Key } from '#server/open311/open311-keys.ts';
import { readSamplingFile, reasonsToCheck } from '#shared/domain/quality/sampling.ts';
import type { Ticket, TicketFields } from '#shared/domain/ticket.ts';
import { formatTicketNumber } from '#shared/domain/ticket-number.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { CENTRE, startTestServer, type TestServer } from '#tests/support/server.ts';
import { createTicketBody, TestConsole } from '#tests/support/test-console.ts';

let server: TestServer;
let agent: TestConsole;
let keys: { readonly plain: string; readonly details: string };
beforeAll(async () => {
  server = await startTestServer({ open311: [CENTRE] });
  await server.addAccount({ account: 'agent1', lines: ['12345', '12350'] });
  agent = await new TestConsole(server.url).signIn('agent1');
  const add = async (readsDetails: boolean) =>
    (await addOpen311Key(server.services.pool, { centre: CENTRE, holder: '随手拍', readsDetails }, systemClock.now()))
      .key;
  keys = { plain: await add(false), details: await add(true) };
});
afterAll(() => server.stop());

type Rows = readonly Record<string, unknown>[];

async function get(path: string, query: Record<string, string> = {}) {
  const response = await fetch(`${server.url}/open311/v2/${path}?${new URLSearchParams(query)}`);
  const text = await response.text();
  return { status: response.status, type: response.headers.get('content-type'), text };
}
async function rows(path: string, query: Record<string, string> = {}): Promise<Rows> {
  const { status, text } = await get(path, query);
  expect([path, status]).toEqual([path, 200]);
  return JSON.parse(text);
}
async function post(fields: Record<string, string>, format = 'json', headers: Record<string, string> = {}) {
  const body = new URLSearchParams(fields);
  const response = await fetch(`${server.url}/open311/v2/requests.${format}`, { method: 'POST', body, headers });
  return { status: response.status, text: await response.text() };
}

async function newTicket(fields: Partial<TicketFields> = {}): Promise<{ readonly id: string; readonly uid: string }> {
  const body = createTicketBody({ categoryCode: '020201', ...fields });
  const { ticket } = await agent.pushOne(body);
  return { id: formatTicketNumber(ticket?.number ?? 0, ticket?.acceptedAt ?? 0), uid: body.uid };
}

const REPORT = {
  service_code: '020201',
  description: '湖南路18号附近路灯不亮，晚上很黑。请尽快修。',
  address_string: '鼓楼区湖南路18号',
  lat: '32.0716',
  long: '118.7781',
  first_name: '敏',
  last_name: '王',
  phone: '139 5166 7788',
};

test('services and their definitions are told in XML and JSON', async () => {
  const services = await rows('services.json');
  expect(services.length).toBeGreaterThan(100);
  expect(services[0]).toEqual({
    service_code: expect.any(String),
    service_name: expect.any(String),
    description: expect.any(String),
    metadata: true,
    type: 'realtime',
    keywords: expect.any(String),
    group: expect.any(String),
  });
  const xml = await get('services.xml');
  expect(xml.type).toBe('text/xml; charset=utf-8');
  expect(xml.text).toMatch(
    /^<\?xml version="1.0" encoding="utf-8"\?>\n<services><service><service_code>\d{6}<\/service_code>/,
  );
  const definition = JSON.parse((await get('services/020201.json')).text);
  expect(definition).toMatchObject({
    service_code: '020201',
    attributes: [
      { variable: true, code: 'type', datatype: 'singlevaluelist', required: false, order: 1 },
      { code: 'subject', datatype: 'string', values: [] },
      { code: 'occurred_at', datatype: 'datetime' },
    ],
  });
  expect((await get('services/020201.xml')).text).toContain(
    '<values><value><key>consult</key><name>咨询</name></value>',
  );
  expect(await get('services/999999.xml')).toMatchObject({
    status: 404,
    text: expect.stringContaining(
      '<errors><error><code>404</code><description>service_code was not found</description></error></errors>',
    ),
  });
});

test('what is reported becomes a ticket of the centre that consoles get, and is found under its number', async () => {
  const { status, text } = await post({ ...REPORT, api_key: keys.plain, 'attribute[type]': 'complaint' });
  expect(status).toBe(201);
  const [{ service_request_id: id } = { service_request_id: '' }] = JSON.parse(text);
  const { rows: pulled } = await agent.pullAll();
  const ticket = pulled.map(({ row }) => row as Ticket).find(({ fields }) => fields.channel === 'web');
  expect(ticket).toMatchObject({
    status: 'to_dispatch',
    createdByName: '随手拍',
    fields: {
      type: 'complaint',
      categoryCode: '020201',
      title: '湖南路18号附近路灯不亮，晚上很黑',
      content: REPORT.description,
      caller: { name: '王敏', phone: '13951667788', anonymous: false },
      place: { address: REPORT.address_string, coordinates: { lat: 32.0716, lng: 118.7781 } },
    },
  });
  expect(ticket?.clocks?.stage).toBe('dispatch');
  const [found] = await rows(`requests/${id}.json`);
  expect(found).toMatchObject({ service_request_id: id, status: 'open', service_code: '020201' });
  expect(found?.requested_datetime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/);
  expect(await rows(`tokens/${ticket?.uid}.json`)).toEqual([{ service_request_id: id, token: ticket?.uid }]);
  expect((await post({ ...REPORT, api_key: keys.plain }, 'xml')).text).toMatch(
    /<service_requests><request><service_request_id>\d{8}-\d{8}<\/service_request_id>/,
  );
});

test('a report that is sent again is the same ticket: by its Idempotency-Key, or by what it says', async () => {
  const sent = async (fields: Record<string, string>, headers: Record<string, string> = {}) => {
    const { status, text } = await post({ ...REPORT, ...fields, api_key: keys.plain }, 'json', headers);
    expect(status).toBe(201);
    return JSON.parse(text)[0].service_request_id;
  };
  const form = { description: '湖南路20号井盖松动' };
  const first = await sent(form);
  expect(await sent(form)).toBe(first);
  const together = { description: '湖南路22号井盖松动' };
  expect(new Set(await Promise.all(Array.from({ length: 4 }, () => sent(together)))).size).toBe(1);
  expect(await sent({ description: '湖南路24号井盖松动' })).not.toBe(first);
  const named = (name: string) => ({ 'idempotency-key': `report-${name}` });
  const own = await sent(form, named('a'));
  expect(own).not.toBe(first);
  expect(await sent(form, named('a'))).toBe(own);
  expect(await sent(form, named('b'))).not.toBe(own);
  expect(await post({ ...REPORT, ...together, api_key: keys.plain }, 'json', named('a'))).toMatchObject({
    status: 400,
    text: expect.stringContaining('OP_ID_TAKEN'),
  });
  expect(await post({ ...REPORT, api_key: keys.plain }, 'json', { 'idempotency-key': 'short' })).toMatchObject({
    status: 400,
    text: expect.stringContaining('Idempotency-Key'),
  });
});

test("what an app reported is nobody's work and never drawn for 质检", async () => {
  await post({ ...REPORT, description: '湖南路26号井盖松动', api_key: keys.plain });
  const { rows: pulled } = await agent.pullAll();
  const tickets = pulled.flatMap((one) => (one.table === 'tickets' ? [one.row] : []));
  const reported = tickets.find(({ fields }) => fields.content === '湖南路26号井盖松动');
  expect(reported).toMatchObject({ createdById: null, createdByName: '随手拍' });
  const drawsAll = { ...readSamplingFile(samplingFile), shareOf256: { '12345': 256, '12350': 256 } };
  const ended = { status: 'closed', closedAt: systemClock.now() } as const;
  if (!reported) throw new Error('not pulled');
  expect(reasonsToCheck({ ...reported, ...ended }, drawsAll)).toEqual([]);
});

test('without a number the caller stays anonymous; a name that nobody can call back is not taken', async () => {
  const { phone: _phone, first_name: _first, last_name: _last, ...nameless } = REPORT;
  expect((await post({ ...nameless, api_key: keys.plain })).status).toBe(201);
  expect(await post({ ...nameless, first_name: '敏', api_key: keys.plain })).toMatchObject({
    status: 400,
    text: expect.stringContaining('phone'),
  });
});

test('nobody reads a name or a number; words and places go to keys for details only, and of a secret caller to none', async () => {
  const { caller } = createTicketBody().args.fields;
  const open = await newTicket({
    content: `反映人王先生家门口路灯不亮，回电 ${caller.phone}，wang.xs@example.org`,
    place: { ...createTicketBody().args.fields.place, address: '某路 1 号王先生家' },
  });
  const secret = await newTicket({
    content: '匿名反映楼下油烟',
    caller: { ...caller, confidential: true },
  });
  const special = await newTicket({ line: '12350', content: '举报隐患' });
  const id = [open.id, secret.id, special.id].join(',');
  const everybody = await rows('requests.json', { service_request_id: id });
  expect(everybody.map(({ service_request_id: one }) => one).sort()).toEqual([open.id, secret.id].sort());
  for (const one of everybody)
    expect(one).toMatchObject({ description: null, address: null, lat: null, status_notes: null });
  expect(await rows('requests.json', { service_request_id: id, api_key: keys.plain })).toEqual(everybody);
  const told = await rows('requests.json', { service_request_id: id, api_key: keys.details });
  const by = (wanted: string) => told.find(({ service_request_id: one }) => one === wanted);
  expect(by(open.id)).toMatchObject({
    description: expect.stringMatching(/^反映人王\*家门口路灯不亮，回电 138[\d*]+，\*\*\*$/),
    address: '某路 1 号王*家',
  });
  expect(by(secret.id)).toMatchObject({ description: null, address: null });
  expect(JSON.stringify(told)).not.toMatch(/王先生|138\d{8}|@/);
  expect((await get(`tokens/${special.uid}.json`)).status).toBe(404);
});

test('neither an answer nor what was posted with a number and an address of mail tells an app who it was', async () => {
  const { caller } = createTicketBody().args.fields;
  const body = createTicketBody(
    { categoryCode: '020201', answer: `已回电王先生 ${caller.phone}，路灯修好了` },
    { outcome: 'direct_answer' },
  );
  const { ticket } = await agent.pushOne(body);
  const id = formatTicketNumber(ticket?.number ?? 0, ticket?.acceptedAt ?? 0);
  const [answered] = await rows('requests.json', { service_request_id: id, api_key: keys.details });
  expect(answered?.status_notes).toMatch(/^已回电王\* 138[\d*]+，路灯修好了$/);
  const posted = await post({
    ...REPORT,
    description: '我是王敏，139-5166-7788，湖南路18号附近路灯不亮',
    email: 'wangmin@example.org',
    api_key: keys.plain,
  });
  const [{ service_request_id: own } = { service_request_id: '' }] = JSON.parse(posted.text);
  const [read] = await rows('requests.json', { service_request_id: own, api_key: keys.details });
  expect(read?.description).toContain('湖南路18号附近路灯不亮');
  expect(JSON.stringify(read)).not.toMatch(/王敏|139-?5166|wangmin|@/);
});

test('requests are filtered by service, state and time, and come in pages, newest first', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) ids.push((await newTicket({ categoryCode: '010102' })).id);
  const answered = createTicketBody({ categoryCode: '010102', answer: '已答复' }, { outcome: 'direct_answer' });
  await agent.pushOne(answered);
  const query = { service_code: '010102', page_size: '2' };
  const pages = [];
  for (const page of ['1', '2', '3', '4'])
    pages.push(...(await rows('requests.json', { ...query, status: 'open', page })));
  expect(pages.map(({ service_request_id: one }) => one)).toEqual([...ids].reverse());
  expect(await rows('requests.json', { service_code: '010102', status: 'closed' })).toMatchObject([
    { status: 'closed' },
  ]);
  expect(await rows('requests.json', { service_code: '010102', status: 'open,closed' })).toHaveLength(6);
  expect(await rows('requests.json', { service_code: '010102', end_date: '2020-01-01T00:00:00Z' })).toEqual([]);
  expect(await rows('requests.json', { service_code: '010102', start_date: '2020-01-01T00:00:00Z' })).toEqual([]);
});

test('bad requests are refused the way the specification tells errors, never as a fault of the server', async () => {
  const key = keys.plain;
  const bad: readonly (readonly [number, () => Promise<{ readonly status: number; readonly text: string }>])[] = [
    [400, () => get('requests.json', { page_size: '0' })],
    [400, () => get('requests.json', { status: 'gone' })],
    [400, () => get('requests.json', { start_date: '26.11.2026' })],
    [400, () => get('requests.json', { start_date: '2026-01-01T00:00:00Z', end_date: '2026-12-01T00:00:00Z' })],
    [404, () => get('requests/no-number.json')],
    [404, () => get('tokens/no-token.json')],
    [404, () => get('requests.json', { jurisdiction_id: '110000' })],
    [403, () => get('requests.json', { api_key: 'wrong' })],
    [403, () => post({ ...REPORT })],
    [403, () => post({ ...REPORT, api_key: 'wrong' })],
    [404, () => post({ ...REPORT, api_key: key, service_code: '999999' })],
    [400, () => post({ ...REPORT, api_key: key, description: ' ' })],
    [400, () => post({ ...REPORT, api_key: key, description: 'a\u0000b' })],
    [400, () => post({ ...REPORT, api_key: key, lat: '91' })],
    [400, () => post({ ...REPORT, api_key: key, lat: '32', long: '' })],
    [400, () => post({ ...REPORT, api_key: key, media_url: 'javascript:alert(1)' })],
    [400, () => post({ ...REPORT, api_key: key, 'attribute[type]': 'nothing' })],
  ];
  for (const [index, [expected, ask]] of bad.entries()) {
    const { status, text } = await ask();
    expect([index, status]).toEqual([index, expected]);
    expect(JSON.parse(text)).toEqual([{ code: expected, description: expect.any(String) }]);
  }
  expect((await get('requests.yaml')).status).toBe(404);
  const json = await fetch(`${server.url}/open311/v2/requests.json`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: 'x',
  });
  expect(json.status).toBeGreaterThanOrEqual(400);
  expect(json.status).toBeLessThan(500);
});

test('a key that was taken back opens nothing; a server that was not asked to answers no Open311', async () => {
  const { id, key } = await addOpen311Key(
    server.services.pool,
    { centre: CENTRE, holder: '临时', readsDetails: true },
    systemClock.now(),
  );
  expect((await get('requests.json', { api_key: key })).status).toBe(200);
  expect(await revokeOpen311Key(server.services.pool, id, systemClock.now())).toBe(true);
  expect((await get('requests.json', { api_key: key })).status).toBe(403);
  expect([...readConfig([], { HOTLINE_OPEN311: '320100, 110000' }).open311]).toEqual(['320100', '110000']);
  expect(() => readConfig([], { HOTLINE_OPEN311: 'nanjing' })).toThrow(/HOTLINE_OPEN311/);
  const silent = await startTestServer();
  try {
    expect((await fetch(`${silent.url}/open311/v2/services.json`)).status).toBe(404);
  } finally {
    await silent.stop();
  }
});

test('numbers override every other argument; without pages the first thousand are told', async () => {
  const [one, two] = [await newTicket(), await newTicket({ categoryCode: '020202' })];
  const numbers = `${one.id}, ${two.id}`;
  const others = { service_code: '010101', status: 'closed', start_date: 'yesterday', page: '7' };
  const found = await rows('requests.json', { service_request_id: numbers, ...others });
  expect(found.map(({ service_request_id: id }) => id)).toEqual([two.id, one.id]);
  const xml = await get('requests.xml', { service_request_id: numbers });
  expect(xml.text.match(/<request>/g)).toHaveLength(2);
  const all = await rows('requests.json');
  const [{ count } = { count: '0' }] = await server.query<{ count: string }>('SELECT count(*) FROM tickets');
  expect(all.length).toBeLessThanOrEqual(Number(count));
  expect((await rows('requests.json', { page: '1', page_size: '1' })).length).toBe(1);
});

test('what is closed was last changed when it was closed', async () => {
  const { id, uid } = await newTicket();
  const closedAt = systemClock.now() - 3 * 86_400_000;
  await server.query("UPDATE tickets SET status = 'closed', closed_at = $2 WHERE uid = $1", [uid, closedAt]);
  const [request] = await rows(`requests/${id}.json`);
  expect(request?.status).toBe('closed');
  expect(Math.abs(Date.parse(String(request?.updated_datetime)) - closedAt)).toBeLessThan(1_000);
});

test.each(['xml', 'json'])(
  'in %s a service that is unknown is 404, one that is not named 400, and so are tokens and numbers',
  async (format) => {
    const { service_code: _code, ...unnamed } = REPORT;
    const api_key = keys.plain;
    expect((await post({ ...REPORT, api_key, service_code: '999999' }, format)).status).toBe(404);
    expect((await post({ ...unnamed, api_key }, format)).status).toBe(400);
    expect((await post(REPORT, format)).status).toBe(403);
    for (const path of ['services/999999', 'requests/20260101-99999999', `tokens/${'0'.repeat(36)}`]) {
      const { status, text, type } = await get(`${path}.${format}`);
      expect([path, status]).toEqual([path, 404]);
      expect(type).toContain(format);
      if (format === 'json') expect(JSON.parse(text)).toEqual([{ code: 404, description: expect.any(String) }]);
      else expect(text).toMatch(/<errors><error><code>404<\/code><description>[^<]+<\/description><\/error><\/errors>/);
    }
    const elsewhere = await get(`services.${format}`, { jurisdiction_id: '110000' });
    expect(elsewhere.status).toBe(404);
    expect((await get(`services.${format}`, { jurisdiction_id: CENTRE })).status).toBe(200);
  },
);

test('a posted request is found under its number and its token in both formats', async () => {
  const posted = await post({ ...REPORT, api_key: keys.plain, description: '格式检查：井盖松动。' }, 'xml');
  expect(posted.status).toBe(201);
  const id = /<service_request_id>([\d-]+)</.exec(posted.text)?.[1] ?? '';
  const [{ uid } = { uid: '' }] = await server.query<{ uid: string }>(
    'SELECT uid FROM tickets ORDER BY number DESC LIMIT 1',
  );
  expect(await rows(`tokens/${uid}.json`)).toEqual([{ service_request_id: id, token: uid }]);
  expect((await get(`tokens/${uid}.xml`)).text).toContain(
    `<request><service_request_id>${id}</service_request_id><token>${uid}</token></request>`,
  );
  expect((await get(`requests/${id}.xml`)).text).toContain('<status>open</status>');
});

test('service discovery names the endpoint and its formats', async () => {
  const { text } = await get('discovery.json');
  expect(JSON.parse(text)).toMatchObject({
    endpoints: [{ url: `${server.url}/open311/v2`, formats: ['text/xml', 'application/json'] }],
  });
  expect((await get('discovery.xml')).text).toContain('<formats><format>text/xml</format>');
});
