import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectOnce } from '#server/db/pool.ts';
import { addOpen311Key } from '#server/open311/open311-keys.ts';
import { addUnitKey } from '#server/units/unit-keys.ts';
import { CENTRE, createManualClock, startTestServer, type TestServer } from '#tests/support/server.ts';
import { codeOf } from '#tests/support/test-console.ts';
import { UnitClient } from '#tests/support/unit-client.ts';

const clock = createManualClock();
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ clock, open311: [CENTRE] });
});
afterAll(() => server.stop());

function ask(path: string, query: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/open311/v2/${path}?${new URLSearchParams(query)}`);
}
async function newKey(): Promise<string> {
  const fields = { centre: CENTRE, holder: '随手拍', readsDetails: false };
  return (await addOpen311Key(server.services.pool, fields, clock.now())).key;
}
/** How many requests are taken before one is refused for their number. */
async function countTaken(send: () => Promise<number>): Promise<number> {
  for (let taken = 0; taken < 2_000; ) {
    const statuses = await Promise.all(Array.from({ length: 20 }, send));
    const count = statuses.filter((status) => status !== 429).length;
    taken += count;
    if (count < statuses.length) return taken;
  }
  throw new Error('no limit');
}

test('whoever shows no key gets so many answers at once, then one every half second; keys have their own share', async () => {
  const key = await newKey();
  const anybody = async () => (await ask('services/020201.json')).status;
  expect(await countTaken(anybody)).toBe(120);
  const refused = await ask('requests.json');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  expect(await refused.json()).toEqual([{ code: 429, description: 'RATE_LIMITED' }]);
  // A key that is none does not help.
  expect((await ask('requests.json', { api_key: 'wrong' })).status).toBe(429);
  expect((await ask('requests.json', { api_key: key })).status).toBe(200);
  clock.advance(1_000);
  expect(await countTaken(anybody)).toBe(2);
  expect(await countTaken(async () => (await ask('services/020201.json', { api_key: key })).status)).toBe(300);
  expect((await ask('requests.json', { api_key: await newKey() })).status).toBe(200);
});

test('nobody pages through the whole history', async () => {
  const api_key = await newKey();
  expect((await ask('requests.json', { api_key, page: '10', page_size: '1000' })).status).toBe(200);
  const deep = await ask('requests.json', { api_key, page: '11', page_size: '1000' });
  expect(deep.status).toBe(400);
  expect(await deep.text()).toContain('page');
});

test('however many look at once, two look into the tickets, none for long, and the seats keep the other connections', async () => {
  const api_key = await newKey();
  const whenGivenUp = async (status: Promise<number>) =>
    (await status) === 503 ? 503 : Promise.reject(new Error('answered'));
  const holder = await connectOnce(server.databaseUrl);
  try {
    await holder.query('BEGIN; LOCK TABLE tickets IN ACCESS EXCLUSIVE MODE');
    const looking = Array.from({ length: 30 }, async () => (await ask('requests.json', { api_key })).status);
    const held = async () =>
      (
        await server.query<{ count: number }>(
          `SELECT count(*) FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FROM tickets%'`,
        )
      )[0]?.count;
    await expect.poll(held).toBe(2);
    expect(await Promise.race(looking)).toBe(429);
    expect(await held()).toBeLessThanOrEqual(2);
    expect(await Promise.any(looking.map(whenGivenUp))).toBe(503);
    await holder.query('ROLLBACK');
    const statuses = await Promise.all(looking);
    expect(statuses.filter((one) => one === 429)).toHaveLength(8);
    expect(statuses.filter((one) => one === 200).length).toBeGreaterThan(0);
  } finally {
    await holder.end();
  }
});

test('a key of a unit asks so much at once and no more, and holds up no other', async () => {
  const fields = { centre: CENTRE, lines: ['12345' as const], units: ['鼓楼区城管局'], holder: '区级平台' };
  const unitOf = async () =>
    new UnitClient(server.url, (await addUnitKey(server.services.pool, fields, clock.now())).key);
  const unit = await unitOf();
  expect(await countTaken(async () => (await unit.send('/tickets?limit=1')).status)).toBe(600);
  expect(codeOf(await unit.send('/tickets'))).toBe('RATE_LIMITED');
  expect((await (await unitOf()).send('/tickets')).status).toBe(200);
  clock.advance(1_000);
  expect((await unit.send('/tickets')).status).toBe(200);
});
