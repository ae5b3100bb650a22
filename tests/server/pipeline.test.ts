import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyRows } from '#server/db/copy.ts';
import { inPipeline, later } from '#server/db/pipeline.ts';
import { createPool } from '#server/db/pool.ts';
import { silentLog } from '#server/log.ts';
import { createTestDatabase } from '#tests/support/postgres-global.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool(database.url, silentLog, 2);
  await pool.query('CREATE TABLE calls (seat integer PRIMARY KEY, words text NOT NULL)');
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

const insert = (client: pg.ClientBase, seat: number, words: string | null = '路灯不亮') =>
  later(client.query('INSERT INTO calls (seat, words) VALUES ($1, $2)', [seat, words]));
const seats = async () =>
  (await pool.query<{ seat: number }>('SELECT seat FROM calls ORDER BY seat')).rows.map(({ seat }) => seat);
const codeOf = (error: unknown) => (error instanceof pg.DatabaseError ? error.code : String(error));
const outcomeOf = (work: Promise<unknown>) => work.then(() => 'kept', codeOf);

test('statements that were sent without waiting are kept together with what was asked before them', async () => {
  const found = await inPipeline(pool, async (client) => {
    const asked = later(client.query<{ answer: string }>("SELECT 'ja' AS answer"));
    const underWay = [
      insert(client, 1),
      later(copyRows(client, 'calls', ['seat', 'words'], [[2, '水管\t爆裂\n漏水']])),
    ];
    return { result: (await asked).rows[0]?.answer, underWay };
  });
  expect(found).toBe('ja');
  const { rows } = await pool.query('SELECT * FROM calls ORDER BY seat');
  expect(rows).toEqual([
    { seat: 1, words: '路灯不亮' },
    { seat: 2, words: '水管\t爆裂\n漏水' },
  ]);
  await pool.query('TRUNCATE calls');
});

test('rows that PostgreSQL refuses: nothing is kept, and everything behind them fails with their reason', async () => {
  const reasons: unknown[] = [];
  const outcome = await outcomeOf(
    inPipeline(pool, async (client) => {
      const first = insert(client, 1);
      const refused = later(copyRows(client, 'calls', ['seat', 'words'], [['no seat', '占道经营']]));
      const behind = [insert(client, 3), later(copyRows(client, 'calls', ['seat', 'words'], [[4, '噪声扰民']]))];
      for (const each of [first, refused, ...behind]) reasons.push(await outcomeOf(each));
      return { result: null, underWay: [first, refused, ...behind] };
    }),
  );
  expect(reasons).toEqual(['kept', '22P02', '22P02', '22P02']);
  expect(outcome).toBe('22P02');
  expect(await seats()).toEqual([]);
});

test('what failed unheard is never taken for kept', async () => {
  const outcome = await outcomeOf(
    inPipeline(pool, async (client) => {
      insert(client, 1);
      insert(client, 2, null);
      return { result: null, underWay: [] };
    }),
  );
  expect(outcome).toContain('rolled back at its end');
  expect(await seats()).toEqual([]);
});

test('a refused row is the reason, also when the rows behind it are answered in the same moment', async () => {
  const outcome = await outcomeOf(
    inPipeline(pool, async (client) => {
      const rows = later(copyRows(client, 'calls', ['seat', 'words'], [[2, '占道经营']]));
      return {
        result: null,
        underWay: [
          rows,
          insert(client, 1, null),
          later(copyRows(client, 'calls', ['seat', 'words'], [[3, '噪声']])),
        ].reverse(),
      };
    }),
  );
  expect(outcome).toBe('23502');
  expect(await seats()).toEqual([]);
});

test('what fails in the process itself is not followed by a COMMIT', async () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const broken = [
    async () => {
      throw new Error('cannot be encoded');
    },
    (client: pg.ClientBase) => client.query('INSERT INTO calls (seat, words) VALUES (2, $1)', [circular]),
  ];
  for (const fail of broken) {
    const outcome = await outcomeOf(
      inPipeline(pool, async (client) => ({ result: null, underWay: [insert(client, 1), later(fail(client))] })),
    );
    expect(outcome).toMatch(/cannot be encoded|circular/);
    expect(await seats()).toEqual([]);
  }
});

test('what goes on after its transaction has ended is not sent', async () => {
  let lateOutcome: Promise<unknown> = Promise.resolve();
  const outcome = await outcomeOf(
    inPipeline(pool, async (client) => {
      const going = async () => {
        await client.query('SELECT pg_sleep(0.05)');
        await client.query("INSERT INTO calls (seat, words) VALUES (1, '停水')");
      };
      lateOutcome = outcomeOf(going());
      throw new Error('not to be kept');
    }),
  );
  expect(outcome).toContain('not to be kept');
  expect(await lateOutcome).toContain('the transaction is over');
  expect(await seats()).toEqual([]);
});

test('two transactions that wait for each other: one is run again, and both are kept once', async () => {
  await pool.query("INSERT INTO calls (seat, words) VALUES (1, ''), (2, '')");
  const started = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let runs = 0;
  const add = (first: number, second: number, index: number) =>
    inPipeline(pool, async (client) => {
      runs++;
      const set = (seat: number) => client.query("UPDATE calls SET words = words || '记' WHERE seat = $1", [seat]);
      await set(first);
      started[index]?.resolve();
      await Promise.all(started.map(({ promise }) => promise));
      return {
        result: null,
        underWay: [later(set(second)), later(copyRows(client, 'calls', ['seat', 'words'], [[10 + index, '']]))],
      };
    });
  await Promise.all([add(1, 2, 0), add(2, 1, 1)]);
  expect(runs).toBe(3);
  expect((await pool.query('SELECT seat, words FROM calls ORDER BY seat')).rows).toEqual([
    { seat: 1, words: '记记' },
    { seat: 2, words: '记记' },
    { seat: 10, words: '' },
    { seat: 11, words: '' },
  ]);
  await pool.query('TRUNCATE calls');
});

test('after a step back to a savepoint the next failure has its own reason', async () => {
  const reasons: unknown[] = [];
  await inPipeline(pool, async (client) => {
    for (const [seat, words] of [
      [1, '公交线路调整'],
      [2, null],
      [1, '公交线路调整'],
    ] as const) {
      await client.query('SAVEPOINT one');
      const reason = await outcomeOf(insert(client, seat, words));
      reasons.push(reason);
      if (reason !== 'kept') await client.query('ROLLBACK TO SAVEPOINT one');
    }
    return { result: null, underWay: [] };
  });
  expect(reasons).toEqual(['kept', '23502', '23505']);
  expect(await seats()).toEqual([1]);
  await pool.query('TRUNCATE calls');
});

test('a step back while answers of the failed part are still on their way: the next failure has its own reason', async () => {
  const reasons: unknown[] = [];
  await inPipeline(pool, async (client) => {
    for (const [seat, words] of [
      [1, null],
      ['no seat', '占道经营'],
    ] as const) {
      await client.query('SAVEPOINT one');
      const refused = later(client.query('INSERT INTO calls (seat, words) VALUES ($1, $2)', [seat, words]));
      // Twenty megabytes behind it: refused a good while after it.
      const behind = later(client.query(`SELECT '${'噪'.repeat(7_000_000)}'`));
      reasons.push(await outcomeOf(refused));
      const back = client.query('ROLLBACK TO SAVEPOINT one');
      reasons.push(await outcomeOf(behind));
      await back;
    }
    return { result: null, underWay: [] };
  });
  expect(reasons).toEqual(['23502', '23502', '22P02', '22P02']);
  expect(await seats()).toEqual([]);
});

test('where no transaction can begin nothing is written', async () => {
  const client = await pool.connect();
  const send = client.query.bind(client) as (...statement: readonly unknown[]) => unknown;
  const refusing = Object.assign(Object.create(client) as pg.PoolClient, {
    query: (text: unknown, ...rest: readonly unknown[]) =>
      send(text === 'BEGIN' ? 'BEGIN ISOLATION LEVEL UNKNOWN' : text, ...rest),
    release: () => undefined,
  });
  const stubborn = Object.assign(Object.create(pool) as pg.Pool, { connect: async () => refusing });
  const outcome = await outcomeOf(
    inPipeline(stubborn, async (line) => {
      await line.query('SELECT 1');
      return {
        result: null,
        underWay: [insert(line, 1), later(copyRows(line, 'calls', ['seat', 'words'], [[2, '停水']]))],
      };
    }),
  );
  client.release();
  expect(outcome).toBe('42601');
  expect(await seats()).toEqual([]);
});

test('a connection that was lost in between fails everything that is under way, and the next transaction gets another', async () => {
  const outcome = await outcomeOf(
    inPipeline(pool, async (client) => {
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
      return {
        result: null,
        underWay: [insert(client, 1), later(copyRows(client, 'calls', ['seat', 'words'], [[2, '停电']]))],
      };
    }),
  );
  expect(outcome).not.toBe('kept');
  expect(await seats()).toEqual([]);
  await inPipeline(pool, async (client) => ({ result: null, underWay: [insert(client, 3)] }));
  expect(await seats()).toEqual([3]);
});
