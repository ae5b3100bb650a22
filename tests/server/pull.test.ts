import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addMonths, monthOf, startOfMonth } from '#shared/domain/month.ts';
import { addToDigest, EMPTY_DIGEST, formatDigest } from '#shared/kernel/row-hash.ts';
import {
  citizenScope,
  knowledgeScope,
  personScope,
  SCHEMA_VERSION,
  seatScope,
  tableOfScope,
} from '#shared/sync/protocol.ts';
import { CENTRE, monthScope, startTestServer, type TestServer } from '#tests/support/server.ts';
import { citizenBody, codeOf, createTicketBody, noteBody, TestConsole } from '#tests/support/test-console.ts';

const TICKETS = monthScope();
/** The month to come is known before it begins. */
const NEXT_MONTH = startOfMonth(addMonths(monthOf(Date.now()), 1));
const NEXT = monthScope('12345', CENTRE, NEXT_MONTH);
const SPECIAL = monthScope('12350');
const CITIZENS = citizenScope(CENTRE);
const KNOWLEDGE = knowledgeScope(CENTRE);
const OWN_SEAT = seatScope(CENTRE, 'ent1');

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.addAccount({ account: 'agent1' });
  await server.addAccount({ account: 'agent2' });
  await server.addAccount({ account: 'special1', lines: ['12345', '12350'] });
  await server.addAccount({ account: 'unit1', role: 'unit' });
  await server.addAccount({ account: 'trainee1', role: 'trainee' });
  await server.addAccount({ account: 'elsewhere', centre: '320500' });
});
afterAll(() => server.stop());

const seat = (account = 'agent1') => new TestConsole(server.url).signIn(account);

/** What is one person's alone. */
async function ownScope(account = 'agent1'): Promise<string> {
  const [user] = await server.query<{ id: string }>('SELECT id FROM users WHERE account = $1', [account]);
  return personScope(CENTRE, user?.id ?? '');
}

/** Count and digest of a scope counted row by row, as an auditor would. */
async function recount(scope: string) {
  const table = tableOfScope(scope);
  const rows = await server.query<{ uid: string; version: number }>(
    `SELECT uid, version FROM ${table} WHERE scope = $1`,
    [scope],
  );
  const digest = rows.reduce((sum, row) => addToDigest(sum, row.uid, row.version), EMPTY_DIGEST);
  return { scope, count: rows.length, digest: formatDigest(digest) };
}

describe('pulling', () => {
  test('hello tells scopes, clocks and how much a first sync will bring', async () => {
    const console = await seat();
    await console.push([console.op(createTicketBody()), console.op(citizenBody('周女士', ['13500000001']))]);
    const hello = await console.hello();
    expect(hello.scopes.map((scope) => scope.id)).toEqual([
      TICKETS,
      NEXT,
      CITIZENS,
      KNOWLEDGE,
      await ownScope(),
      OWN_SEAT,
    ]);
    const [counted] = await server.query<{ rows: number }>(
      'SELECT sum(count)::int AS rows FROM clocks WHERE scope = ANY($1)',
      [[TICKETS, CITIZENS]],
    );
    expect(hello).toMatchObject({
      mode: 'production',
      nextOp: 3,
      rows: counted?.rows,
      schema: { min: 1, max: SCHEMA_VERSION },
    });
  });

  test('what one seat wrote arrives at another with its number and events, exactly as written', async () => {
    const [one, two] = [await seat('agent1'), await seat('agent2')];
    const content = '第一行\n第二行\t制表 "引号" \\反斜杠\\n 𠮷野家 \u2028 e\u0301 🙂 \\N \\.';
    const body = createTicketBody({ title: '字字如实', content, originalWords: '  前后空格  ' });
    const result = await one.pushOne(body);
    await one.pushOne(noteBody(body.uid, '补充：\t在东门\r\n'));
    const { rows } = await two.pullAll();
    const found = rows.find((row) => row.table === 'tickets' && row.row.uid === body.uid);
    if (found?.table !== 'tickets') throw new Error('the ticket did not arrive');
    expect(found.row.fields).toEqual(body.args.fields);
    expect(found.row).toMatchObject({
      number: result.ticket?.number,
      version: 2,
      status: 'to_dispatch',
      createdByName: '座席agent1',
    });
    expect(found.row.events.map((event) => [event.kind, event.text])).toEqual([
      ['created', ''],
      ['accepted', ''],
      ['status', ''],
      ['note', '补充：\t在东门\r\n'],
    ]);
  });

  test('pages of any size bring every row once, in order, and end with count and digest', async () => {
    const console = await seat();
    await console.push(Array.from({ length: 25 }, () => console.op(createTicketBody())));
    const whole = await console.pullAll();
    for (const limit of [1, 7, 25]) {
      const paged = await console.pullAll(limit);
      expect(paged.rows).toEqual(whole.rows);
      expect(paged.last.parity).toEqual(
        await Promise.all([TICKETS, NEXT, CITIZENS, KNOWLEDGE, await ownScope(), OWN_SEAT].map(recount)),
      );
    }
  });

  test('a changed row comes again at its new place, as it is now', async () => {
    const console = await seat();
    const body = createTicketBody();
    await console.pushOne(body);
    const { last } = await console.pullAll();
    await console.pushOne(noteBody(body.uid, '一'));
    await console.pushOne(noteBody(body.uid, '二'));
    const delta = await console.pull(last.cursors);
    expect(delta.rows.map((row) => [row.row.uid, row.row.version])).toEqual([[body.uid, 3]]);
    expect(delta.parity).toContainEqual(await recount(TICKETS));
  });

  test('when nothing changed the answer is empty, with the same parity', async () => {
    const console = await seat();
    const { last } = await console.pullAll();
    const again = await console.pull(last.cursors);
    expect(again).toEqual({ rows: [], gone: [], cursors: last.cursors, more: false, parity: last.parity });
  });

  test('rows that left a scope are told after the cursor, never to an empty cache', async () => {
    const console = await seat();
    const body = createTicketBody();
    await console.pushOne(body);
    const { last } = await console.pullAll();
    // A transfer to another centre, as a later feature will do it.
    await server.query(
      `WITH raised AS (UPDATE clocks SET value = value + 1, count = count - 1 WHERE scope = $1 RETURNING value)
       INSERT INTO scope_gone (scope, seq, kind, uid, at) SELECT $1, value, 'tickets', $2, 0 FROM raised`,
      [TICKETS, body.uid],
    );
    const delta = await console.pull(last.cursors);
    expect(delta.gone).toMatchObject([{ table: 'tickets', scope: TICKETS, uid: body.uid }]);
    const cursors = last.cursors.map((cursor) => ({ ...cursor, seq: 0 }));
    expect((await console.pull(cursors)).gone).toEqual([]);
    await server.query('DELETE FROM scope_gone');
    await server.query('UPDATE clocks SET count = count + 1 WHERE scope = $1', [TICKETS]);
  });
});

describe('scopes', () => {
  test('12350 is seen only by who holds the line: in hello, pull, list and by id', async () => {
    const [agent, special] = [await seat('agent1'), await seat('special1')];
    const secret = createTicketBody({ line: '12350', title: '举报人保密' });
    await special.pushOne(secret);
    expect((await special.hello()).scopes.map((scope) => scope.id)).toEqual([
      TICKETS,
      NEXT,
      SPECIAL,
      monthScope('12350', CENTRE, NEXT_MONTH),
      CITIZENS,
      KNOWLEDGE,
      await ownScope('special1'),
      seatScope(CENTRE, 'ial1'),
    ]);
    expect((await agent.hello()).scopes.map((scope) => scope.id)).toEqual([
      TICKETS,
      NEXT,
      CITIZENS,
      KNOWLEDGE,
      await ownScope(),
      OWN_SEAT,
    ]);
    const forbidden = await agent.send('/sync/pull', { cursors: [{ scope: SPECIAL, epoch: 1, seq: 0 }], limit: 10 });
    expect([forbidden.status, codeOf(forbidden)]).toEqual([403, 'FORBIDDEN']);
    expect((await agent.send(`/tickets/${secret.uid}`)).status).toBe(404);
    expect((await special.send(`/tickets/${secret.uid}`)).body).toMatchObject({
      uid: secret.uid,
      fields: { title: '举报人保密' },
    });
    expect(JSON.stringify((await agent.send('/tickets')).body)).not.toContain(secret.uid);
    expect(JSON.stringify((await special.send('/tickets')).body)).toContain(secret.uid);
  });

  test('a line taken away is gone with the next request, with the same token', async () => {
    const special = await seat('special1');
    await server.query("UPDATE users SET lines = '{12345}' WHERE account = 'special1'");
    const answer = await special.send('/sync/pull', { cursors: [{ scope: SPECIAL, epoch: 1, seq: 0 }], limit: 10 });
    expect(answer.status).toBe(403);
    await server.query("UPDATE users SET lines = '{12345,12350}' WHERE account = 'special1'");
  });

  test.each([
    ['unit1', '承办单位'],
    ['trainee1', '学员 on a production server'],
  ])('%s (%s) has no scope at all', async (account) => {
    const console = await seat(account);
    expect((await console.hello()).scopes).toEqual([]);
    const answer = await console.send('/sync/pull', { cursors: [{ scope: TICKETS, epoch: 1, seq: 0 }], limit: 10 });
    expect(answer.status).toBe(403);
    expect((await console.send('/tickets')).body).toEqual({ tickets: [], next: null });
  });

  test('another centre sees nothing of this one', async () => {
    const console = await seat('elsewhere');
    const { rows } = await console.pullAll();
    expect(rows).toEqual([]);
    const answer = await console.send('/sync/pull', { cursors: [{ scope: CITIZENS, epoch: 1, seq: 0 }], limit: 10 });
    expect(answer.status).toBe(403);
  });

  test('the list goes back through older tickets page by page', async () => {
    const console = await seat();
    await console.push(Array.from({ length: 5 }, () => console.op(createTicketBody())));
    const numbers: number[] = [];
    let before = '';
    for (let page = 0; page < 3; page++) {
      const { body } = await console.send(`/tickets?limit=2${before}`);
      const { tickets, next } = body as { tickets: { number: number }[]; next: number };
      numbers.push(...tickets.map((ticket) => ticket.number));
      before = `&before=${next}`;
    }
    expect(numbers).toHaveLength(6);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => b - a));
  });
});

describe('a cursor the server cannot continue', () => {
  test('after a restore (new epoch) the scope starts anew', async () => {
    const console = await seat('elsewhere');
    const scope = monthScope('12345', '320500');
    await console.hello();
    await server.query('UPDATE clocks SET epoch = 2 WHERE scope = $1', [scope]);
    const answer = await console.send('/sync/pull', { cursors: [{ scope, epoch: 1, seq: 0 }], limit: 10 });
    expect(answer).toMatchObject({ status: 409, body: { code: 'SCOPE_EPOCH_CHANGED', data: { scope, epoch: 2 } } });
  });

  test('from a future the server does not have, and older than what is kept about removals: 410', async () => {
    const console = await seat('elsewhere');
    const scope = citizenScope('320500');
    await console.hello();
    const pull = (seq: number) => console.send('/sync/pull', { cursors: [{ scope, epoch: 1, seq }], limit: 10 });
    expect(await pull(1_000)).toMatchObject({ status: 410, body: { code: 'SCOPE_TOO_OLD', data: { scope } } });
    await server.query('UPDATE clocks SET value = 500, gone_floor = 100 WHERE scope = $1', [scope]);
    expect((await pull(50)).status).toBe(410);
    expect((await pull(0)).status).toBe(200);
    expect((await pull(100)).status).toBe(200);
  });
});
