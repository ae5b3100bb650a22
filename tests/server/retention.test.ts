import { afterAll, beforeAll, expect, test } from 'vitest';
import { erasePerson } from '#server/upkeep/erase-person.ts';
import { CLEANING_LOCK, forgetExpired, RETENTION_MS } from '#server/upkeep/forget-expired.ts';
import { createManualClock, startTestServer, type TestServer } from '#tests/support/server.ts';
import { citizenBody, createTicketBody, TestConsole } from '#tests/support/test-console.ts';

const DAY_MS = 86_400_000;
const clock = createManualClock();
let server: TestServer;
let seat: TestConsole;
beforeAll(async () => {
  server = await startTestServer({ clock });
  await server.addAccount({ account: 'agent1' });
  seat = await new TestConsole(server.url).signIn('agent1');
});
afterAll(() => server.stop());

const forget = () => forgetExpired(server.services.pool, clock.now());

test('results of operations are kept for 90 days; sent again after that, an operation is a duplicate and changes nothing', async () => {
  const op = seat.op(createTicketBody({ title: '路灯不亮' }));
  expect(await seat.push([op])).toMatchObject({ results: [{ code: 'applied' }] });
  clock.advance(RETENTION_MS - DAY_MS);
  await seat.signIn('agent1');
  expect(await forget()).toEqual({ results: 0, removals: 0 });
  expect(await seat.push([op])).toMatchObject({ results: [{ code: 'applied', ticket: { number: 1 } }] });
  clock.advance(2 * DAY_MS);
  expect(await forget()).toEqual({ results: 1, removals: 0 });
  await seat.signIn('agent1');
  expect(await seat.push([op])).toMatchObject({ results: [{ code: 'duplicate' }] });
  expect(await server.query('SELECT number FROM tickets')).toHaveLength(1);
});

test('which rows were removed is kept for 90 days; an older cursor is told to begin anew, a younger one goes on', async () => {
  const [first, second] = [citizenBody('赵女士', ['13600000001']), citizenBody('孙先生', ['13600000002'])];
  await seat.push([seat.op(first), seat.op(second)]);
  const scope = '320100:citizens';
  const before = await seat.pull([{ scope, epoch: 1, seq: 0 }]);
  const cursor = before.cursors[0];
  if (!cursor) throw new Error('no cursor');
  await erasePerson(
    server.services.pool,
    { centre: '320100', by: { citizenUid: first.uid }, reason: '2026-17', doneBy: '数据保护员' },
    clock.now(),
  );
  const after = await seat.pull([cursor]);
  expect(after.gone).toMatchObject([{ table: 'citizens', uid: first.uid }]);
  clock.advance(RETENTION_MS + DAY_MS);
  expect(await forget()).toMatchObject({ removals: 1 });
  await seat.signIn('agent1');
  expect(await seat.send('/sync/pull', { cursors: [cursor], limit: 10 })).toMatchObject({
    status: 410,
    body: { code: 'SCOPE_TOO_OLD' },
  });
  expect(await seat.pull(after.cursors)).toMatchObject({ gone: [], more: false });
  expect((await seat.pull([{ scope, epoch: 1, seq: 0 }])).rows).toMatchObject([{ row: { uid: second.uid } }]);
});

test('while another process cleans up, this one leaves it alone', async () => {
  await seat.push([seat.op(createTicketBody({ title: '井盖松动' }))]);
  clock.advance(RETENTION_MS + DAY_MS);
  const other = await server.services.pool.connect();
  await other.query('BEGIN');
  await other.query('SELECT pg_advisory_xact_lock($1)', [CLEANING_LOCK]);
  expect(await forget()).toEqual({ results: 0, removals: 0 });
  await other.query('ROLLBACK');
  other.release();
  expect(await forget()).toMatchObject({ results: 1 });
  expect(await server.query('SELECT op_id FROM op_log')).toEqual([]);
});

test('a first sync that needs several pages gets through although removals were forgotten', async () => {
  const people = Array.from({ length: 9 }, (_, i) => citizenBody(`市民${i}`, [`1370000000${i}`]));
  await seat.signIn('agent1');
  await seat.push(people.map((body) => seat.op(body)));
  const scope = '320100:citizens';
  const { uid } = people[4] ?? citizenBody('', []);
  const request = { centre: '320100', by: { citizenUid: uid }, reason: '2026-18', doneBy: '数据保护员' };
  await erasePerson(server.services.pool, request, clock.now());
  clock.advance(RETENTION_MS + DAY_MS);
  await forget();
  await seat.signIn('agent1');
  const first = await seat.pull([{ scope, epoch: 1, seq: 0 }], 3);
  // A cursor may be as old as it looks, unless the console says that it only just began.
  expect((await seat.send('/sync/pull', { cursors: first.cursors, limit: 3 })).status).toBe(410);
  const uids = first.rows.map(({ row }) => row.uid);
  for (let page = first; page.more; ) {
    page = await seat.pull(
      page.cursors.map((cursor) => ({ ...cursor, anew: true })),
      3,
    );
    uids.push(...page.rows.map(({ row }) => row.uid));
    expect(page.cursors[0]).not.toHaveProperty('anew');
  }
  expect(uids).toEqual(expect.arrayContaining(people.filter((body) => body.uid !== uid).map((body) => body.uid)));
  expect(uids).not.toContain(uid);
});
