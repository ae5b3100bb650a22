import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addOpen311Key } from '#server/open311/open311-keys.ts';
import { formatTicketNumber } from '#shared/domain/ticket-number.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { asText, faultsOfJson, faultsOfXml, readXml, toPlain } from '#tests/support/georeport-reader.ts';
import {
  type Elements,
  ERRORS,
  type GeoReportFormat,
  MEDIA_TYPES,
  METHODS,
  type Method,
  MOST_DAYS,
  MOST_REQUESTS,
  PAGING,
} from '#tests/support/georeport-v2.ts';
import { CENTRE, startTestServer, type TestServer } from '#tests/support/server.ts';
import { createTicketBody, TestConsole } from '#tests/support/test-console.ts';

const FORMATS = Object.keys(MEDIA_TYPES) as readonly GeoReportFormat[];
const OTHER_CENTRE = '110000';
const SERVICE = '020201';

let server: TestServer;
/** Serves two centres, so that the jurisdiction has to be named. */
let shared: TestServer;
let keys: { readonly plain: string; readonly details: string };
let inPath: Readonly<Record<string, string>>;
const openId = { number: '' };

beforeAll(async () => {
  server = await startTestServer({ open311: [CENTRE] });
  shared = await startTestServer({ open311: [CENTRE, OTHER_CENTRE] });
  await server.addAccount({ account: 'agent1' });
  const agent = await new TestConsole(server.url).signIn('agent1');
  const add = async (readsDetails: boolean) =>
    (await addOpen311Key(server.services.pool, { centre: CENTRE, holder: '随手拍', readsDetails }, systemClock.now()))
      .key;
  keys = { plain: await add(false), details: await add(true) };
  // One that is open with everything there is to say, one that was answered at once, some to turn pages over.
  const place = { ...createTicketBody().args.fields.place, coordinates: { lat: 32.0716, lng: 118.7781 } };
  const open = createTicketBody({ categoryCode: SERVICE, content: '路灯 <坏了> & "不亮"\n已两天', place });
  const { ticket } = await agent.pushOne(open);
  await agent.pushOne(createTicketBody({ categoryCode: SERVICE, answer: '已答复' }, { outcome: 'direct_answer' }));
  for (let i = 0; i < 3; i++) await agent.pushOne(createTicketBody({ categoryCode: '010102' }));
  openId.number = formatTicketNumber(ticket?.number ?? 0, ticket?.acceptedAt ?? 0);
  inPath = { service_code: SERVICE, service_request_id: openId.number, token: open.uid };
});
afterAll(async () => {
  await server.stop();
  await shared.stop();
});

interface Got {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

const REPORT = { service_code: SERVICE, description: '湖南路18号附近路灯不亮', address_string: '鼓楼区湖南路18号' };

/** Calls a method as a client does. */
async function call(
  { http, path }: Pick<Method, 'http' | 'path'>,
  format: string,
  args: Readonly<Record<string, string>> = {},
  at: Pick<TestServer, 'url'> = server,
  places = inPath,
): Promise<Got> {
  const resource = path.replace(/\[(\w+)\]/, (_all, name: string) => places[name] ?? '');
  const url = `${at.url}/open311/v2/${resource}.${format}`;
  const form = new URLSearchParams(args);
  const response = await (http === 'GET' ? fetch(`${url}?${form}`) : fetch(url, { method: 'POST', body: form }));
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, type, text: await response.text() };
}

/** What an answer breaks of the specification, and what it says as plain text in either format. */
function check(
  format: GeoReportFormat,
  { type, text }: Got,
  { root, item, elements }: { readonly root: string; readonly item: string | null; readonly elements: Elements },
): { readonly faults: readonly string[]; readonly said: readonly unknown[] } {
  const wrongType = type.toLowerCase() === `${MEDIA_TYPES[format]}; charset=utf-8` ? [] : [`content-type ${type}`];
  if (format === 'json') {
    const value: unknown = JSON.parse(text);
    if (item !== null && !Array.isArray(value)) return { faults: [...wrongType, `${root} is no array`], said: [] };
    const rows: readonly unknown[] = Array.isArray(value) ? value : [value];
    const faults = rows.flatMap((row) => faultsOfJson(elements, row, root));
    return { faults: [...wrongType, ...faults], said: rows.map(asText) };
  }
  const document = readXml(text);
  const wrongRoot = document.name === root ? [] : [`root ${document.name}`];
  const rows = item === null ? [document] : document.children;
  const foreign = rows.filter(({ name }) => item !== null && name !== item).map(({ name }) => `${root}/${name}`);
  const faults = rows.flatMap((row) => faultsOfXml(elements, row));
  return {
    faults: [...wrongType, ...wrongRoot, ...foreign, ...faults],
    said: rows.map((row) => toPlain(elements, row)),
  };
}

const methodOf = (name: string): Method => {
  const method = METHODS.find((one) => one.name === name);
  if (!method) throw new Error(`no method ${name}`);
  return method;
};
const LIST = methodOf('GET Service Requests');
const POST = methodOf('POST Service Request');

describe.each(METHODS)('$name', (method) => {
  const isPost = method.http === 'POST';
  const usual = () => (isPost ? { ...REPORT, api_key: keys.plain } : {});

  test('answers in both formats with the elements of the specification and no others, and says the same', async () => {
    const said = await Promise.all(
      FORMATS.map(async (format) => {
        // Everything there is to say goes to keys that read details; everybody gets the same elements.
        const readers = isPost || method.path === 'discovery' ? [usual()] : [{}, { api_key: keys.details }];
        const answers = await Promise.all(readers.map((reader) => call(method, format, reader)));
        const read = answers.map((got) => ({ status: got.status, ...check(format, got, method) }));
        for (const { status, faults, said: rows } of read) {
          expect([format, status, faults]).toEqual([format, isPost ? 201 : 200, []]);
          expect(rows.length).toBeGreaterThan(0);
        }
        return read.at(-1)?.said;
      }),
    );
    // The same report is the same request, so that this is true of POST, too.
    expect(said[0]).toEqual(said[1]);
  });

  test('takes every optional argument, and an empty one as if it were not there', async () => {
    const plain = await call(method, 'json', usual());
    for (const name of method.optional) {
      // A report without a place or words is another one.
      if (name in usual()) continue;
      const empty = await call(method, 'json', { ...usual(), [name]: '' });
      expect([name, empty.status, empty.text]).toEqual([name, plain.status, plain.text]);
    }
  });

  test('names a jurisdiction that is not there, or is missing where there are several', async () => {
    if (!method.optional.includes('jurisdiction_id')) return;
    for (const format of FORMATS) {
      const wrong = await call(method, format, { ...usual(), jurisdiction_id: 'city.gov' });
      expect(wrong.status).toBe(ERRORS.status.notThere);
      expect(wrong.text).toContain('jurisdiction_id');
      expect(check(format, wrong, ERRORS).faults).toEqual([]);
      for (const args of [usual(), { ...usual(), jurisdiction_id: '' }]) {
        const missing = await call(method, format, args, shared);
        expect(missing.status).toBe(ERRORS.status.other);
        expect(missing.text).toContain('jurisdiction_id');
        expect(check(format, missing, ERRORS).faults).toEqual([]);
      }
    }
    if (method.needsKey || method.path.includes('[')) return;
    expect((await call(method, 'xml', { jurisdiction_id: OTHER_CENTRE }, shared)).status).toBe(200);
  });

  test('refuses a key that is wrong, and a missing one where one is required', async () => {
    if (method.path === 'discovery') return;
    for (const format of FORMATS) {
      const { api_key: _key, ...keyless } = { api_key: '', ...usual() };
      for (const api_key of ['wrong', ...(method.needsKey ? [''] : [])]) {
        const got = await call(method, format, { ...keyless, api_key });
        expect([api_key, got.status]).toEqual([api_key, ERRORS.status.key]);
        expect(check(format, got, ERRORS).faults).toEqual([]);
      }
      if (method.needsKey) expect((await call(method, format, keyless)).status).toBe(ERRORS.status.key);
      else expect((await call(method, format, { ...keyless, api_key: '' })).status).toBe(200);
    }
  });

  test('says 404 of what is not there, in the format that was asked for', async () => {
    if (!method.path.includes('[')) return;
    const nothing = { service_code: '999999', service_request_id: '20260101-99999999', token: '12345' };
    for (const format of FORMATS) {
      const got = await call(method, format, {}, server, nothing);
      expect(got.status).toBe(ERRORS.status.notThere);
      expect(check(format, got, ERRORS).faults).toEqual([]);
    }
    expect((await call(method, 'yaml')).status).toBe(ERRORS.status.notThere);
  });
});

describe('POST Service Request, its arguments', () => {
  const send = (fields: Readonly<Record<string, string>>, format: GeoReportFormat = 'json') =>
    call(POST, format, { ...fields, api_key: keys.plain });

  test('all of them at once, with attributes of the definition', async () => {
    const got = await send({
      ...REPORT,
      jurisdiction_id: CENTRE,
      lat: '32.0716',
      long: '118.7781',
      address_id: 'A-1',
      email: 'wang@example.org',
      device_id: 'tt222111',
      account_id: '123456',
      first_name: '敏',
      last_name: '王',
      phone: '13951667788',
      media_url: 'https://example.org/1.jpg',
      'attribute[type]': 'complaint',
      'attribute[occurred_at]': '2026-11-20T08:15:30+08:00',
    });
    expect([got.status, check('json', got, POST).faults]).toEqual([201, []]);
    const [row] = JSON.parse(got.text);
    // A number or a token, never both.
    expect([typeof row.service_request_id, row.token]).toEqual(['string', undefined]);
  });

  test.each([
    ['an address', { address_string: '湖南路20号' }],
    ['coordinates', { lat: '32.07', long: '118.77' }],
  ])('%s is a place', async (_name, where) => {
    const { address_string: _place, ...placeless } = REPORT;
    expect((await send({ ...placeless, ...where })).status).toBe(201);
  });

  test.each([
    ['no place', { address_string: '' }],
    ['half of the coordinates', { address_string: '', lat: '32.07' }],
    ['no service_code', { service_code: '' }],
    ['more than 4,000 characters', { description: '灯'.repeat(4_001) }],
  ])('%s is refused with 400', async (_name, change) => {
    for (const format of FORMATS) {
      const got = await send({ ...REPORT, ...change }, format);
      expect(got.status).toBe(ERRORS.status.other);
      expect(check(format, got, ERRORS).faults).toEqual([]);
    }
  });

  test.each([
    ['a description', { description: '' }, 'description'],
    ['a number beside a name', { first_name: '敏' }, 'phone'],
    ['a place beside an address_id', { address_string: '', address_id: 'A-1' }, 'address_string'],
  ])('%s is needed here, unlike there (see docs/open311.md), and the answer names it', async (_name, change, named) => {
    const got = await send({ ...REPORT, ...change });
    expect([got.status, got.text]).toEqual([ERRORS.status.other, expect.stringContaining(named)]);
  });

  test('a service_code that is not there is refused with 404', async () => {
    expect((await send({ ...REPORT, service_code: '999999' })).status).toBe(ERRORS.status.notThere);
  });
});

describe('GET Service Requests, its arguments', () => {
  const rows = async (args: Readonly<Record<string, string>>): Promise<readonly Record<string, string>[]> => {
    const got = await call(LIST, 'json', args);
    expect([args, got.status, check('json', got, LIST).faults]).toEqual([args, 200, []]);
    return JSON.parse(got.text);
  };
  const idsOf = async (args: Readonly<Record<string, string>>) =>
    (await rows(args)).map(({ service_request_id: id }) => id);

  test('numbers, comma delimited, override all other arguments', async () => {
    const [one, two] = await idsOf({ service_code: '010102' });
    const wanted = { service_request_id: `${one},${two}`, service_code: SERVICE, status: 'closed' };
    expect(await idsOf(wanted)).toEqual([one, two]);
  });

  test('services and states, comma delimited, default to all of them', async () => {
    const all = await idsOf({});
    expect((await idsOf({ service_code: `${SERVICE},010102` })).length).toBe(all.length);
    expect((await idsOf({ status: 'open,closed' })).length).toBe(all.length);
    const closed = await rows({ status: 'closed' });
    expect(closed.length).toBeGreaterThan(0);
    expect(new Set(closed.map(({ status }) => status))).toEqual(new Set(['closed']));
  });

  test('times are those of the W3 note and span 90 days at most', async () => {
    const day = 86_400_000;
    const iso = (at: number) => new Date(at).toISOString();
    const now = systemClock.now();
    const all = await idsOf({});
    expect(await idsOf({ start_date: iso(now - MOST_DAYS * day), end_date: iso(now) })).toEqual(all);
    expect(await idsOf({ start_date: '2010-01-01T00:00:00Z', end_date: '2010-02-01T00:00:00-08:00' })).toEqual([]);
    const long = await call(LIST, 'json', { start_date: iso(now - (MOST_DAYS + 1) * day), end_date: iso(now) });
    expect(long.status).toBe(ERRORS.status.other);
    expect((await call(LIST, 'json', { start_date: '2010-01-01' })).status).toBe(ERRORS.status.other);
  });

  test('without further arguments no older ones than of 90 days and no more than a thousand are told', async () => {
    const old = openId.number;
    const wasThere = await idsOf({});
    expect(wasThere).toContain(old);
    expect(wasThere.length).toBeLessThanOrEqual(MOST_REQUESTS);
    expect((await call(LIST, 'json', { page_size: String(MOST_REQUESTS + 1) })).status).toBe(ERRORS.status.other);
  });

  test('pages are turned over without a gap or a repetition, in both formats', async () => {
    const [page, size] = PAGING;
    const all = await idsOf({});
    const turned: (string | undefined)[] = [];
    for (let at = 1; at <= Math.ceil(all.length / 2); at++) {
      const args = { [page]: String(at), [size]: '2' };
      turned.push(...(await idsOf(args)));
      const xml = await call(LIST, 'xml', args);
      expect(check('xml', xml, LIST).faults).toEqual([]);
      expect(readXml(xml.text).children.length).toBeLessThanOrEqual(2);
    }
    expect(turned).toEqual(all);
    const beyond = { [page]: '99', [size]: '100' };
    expect(await idsOf(beyond)).toEqual([]);
    const emptyPage = await call(LIST, 'xml', beyond);
    expect(readXml(emptyPage.text)).toEqual({ name: 'service_requests', text: '', children: [] });
    for (const wrong of [{ [page]: '0' }, { [size]: '-1' }, { [page]: 'x' }]) {
      for (const format of FORMATS) {
        const got = await call(LIST, format, wrong);
        expect(got.status).toBe(ERRORS.status.other);
        expect(check(format, got, ERRORS).faults).toEqual([]);
      }
    }
    expect((await call(LIST, 'json', { [page]: '', [size]: '' })).text).toBe((await call(LIST, 'json')).text);
  });

  test('words come through XML as they were written', async () => {
    const got = await call(methodOf('GET Service Request'), 'xml', { api_key: keys.details });
    const [request] = readXml(got.text).children;
    expect(request?.children.find(({ name }) => name === 'description')?.text).toBe('路灯 <坏了> & "不亮"\n已两天');
  });
});
