import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { silentLog } from '#server/log.ts';
import { startCluster } from '#server/postgres/cluster.ts';
import { resolveOsUser } from '#server/postgres/os-user.ts';
import { fillDisk, mountSmallDisk } from '#tests/support/data/small-disk.ts';
import { monthScope, startTestServer } from '#tests/support/server.ts';
import { createTicketBody, TestConsole } from '#tests/support/test-console.ts';

/** Room for an empty centre, in KiB. */
const ROOM = 48 * 1024;
const disk = mountSmallDisk(ROOM);
afterAll(() => disk?.remove());

/**
 * The tables of a server on a disk of their own; PostgreSQL's log of writes is elsewhere and has room. In a cluster of its own: a full disk
 * fails the checkpoints of everybody in it.
 */
async function createDatabaseOn(folder: string) {
  const data = mkdtempSync(join(tmpdir(), 'hotline-full-pg-'));
  // PostgreSQL's own user has to pass through when the tests run as root.
  chmodSync(data, 0o711);
  const cluster = await startCluster(data, silentLog);
  const client = new pg.Client({ connectionString: cluster.url('postgres') });
  await client.connect();
  await client.query(`CREATE TABLESPACE small LOCATION '${folder}'`);
  await client.query('CREATE DATABASE centre TEMPLATE template0 TABLESPACE small');
  return {
    url: cluster.url('centre'),
    drop: async () => {
      await client.end();
      await cluster.stop();
      rmSync(data, { recursive: true, force: true });
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
