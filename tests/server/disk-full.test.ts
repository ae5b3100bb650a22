import { randomUUID } from 'node:crypto';
import { chownSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { resolveOsUser } from '#server/postgres/os-user.ts';
import { fillDisk, mountSmallDisk } from '#tests/support/data/small-disk.ts';
import { URL_VARIABLE } from '#tests/support/postgres-global.ts';
import { monthScope, startTestServer } from '#tests/support/server.ts';
import { createTicketBody, TestConsole } from '#tests/support/test-console.ts';

/** Room for an empty centre, in KiB. */
const ROOM = 48 * 1024;
const disk = mountSmallDisk(ROOM);
afterAll(() => disk?.remove());

/** The tables of a server on a disk of their own; PostgreSQL's log of writes is elsewhere and has room. */
async function createDatabaseOn(folder: string) {
  const base = process.env[URL_VARIABLE] ?? '';
  const cluster = new pg.Client({ connectionString: base });
  await cluster.connect();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await cluster.query(`CREATE TABLESPACE space_${name} LOCATION '${folder}'`);
  await cluster.query(`CREATE DATABASE ${name} TEMPLATE template0 TABLESPACE space_${name}`);
  const url = new URL(base);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => {
      await cluster.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await cluster.query(`DROP TABLESPACE space_${name}`);
      await cluster.end();
    },
  };
}

test.skipIf(disk === null)(
  'the disk of the database is full: pushes are told to come again, pulls go on, and with room everything is there once',
  async () => {
    if (!disk) return;
    const folder = join(disk.folder, 'tables');
    mkdirSync(folder);
    const owner = resolveOsUser();
    if (owner) chownSync(folder, owner.uid, owner.gid);
    const database = await createDatabaseOn(folder);
    const server = await startTestServer({ database });
    try {
      await server.addAccount({ account: 'agent1' });
      const console = await new TestConsole(server.url).signIn('agent1');
      const first = await console.pushOne(createTicketBody({ title: '还有地方' }));
      expect(first.code).toBe('applied');

      const ballast = join(disk.folder, 'ballast');
      fillDisk(ballast);
      const written = [];
      // Pages that are there already take some more.
      let refused: Awaited<ReturnType<TestConsole['rawPush']>> | null = null;
      while (refused === null && written.length < 20_000) {
        const ops = Array.from({ length: 50 }, (_, n) => console.op(createTicketBody({ title: `第${n}件` })));
        written.push(...ops);
        const answer = await console.rawPush(ops);
        if (answer.status !== 200) refused = answer;
      }
      expect(refused).toMatchObject({ status: 503, body: { code: 'NOT_READY' } });
      const last = written.slice(-50);
      for (let n = 0; n < 5; n++) expect(await console.rawPush(last)).toMatchObject({ status: 503 });
      // Nothing of the batch that was refused, everything of those that were answered.
      const stored = async () => (await server.query<{ n: number }>('SELECT count(*)::int AS n FROM tickets'))[0]?.n;
      expect(await stored()).toBe(1 + written.length - last.length);
      const pull = await console.send('/sync/pull', {
        cursors: [{ scope: monthScope(), epoch: 1, seq: 0 }],
        limit: 10,
      });
      expect(pull.status).toBe(200);

      rmSync(ballast);
      const again = await console.rawPush(last);
      expect(again.status).toBe(200);
      expect(await console.rawPush(last)).toEqual(again);
      expect(await stored()).toBe(1 + written.length);
      const [answered] = await server.query<{ n: number }>('SELECT count(DISTINCT op_id)::int AS n FROM op_log');
      expect(answered?.n).toBe(1 + written.length);
    } finally {
      await server.stop();
      await database.drop();
    }
  },
  120_000,
);
