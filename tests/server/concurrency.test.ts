import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TicketId } from '#shared/kernel/ids.ts';
import { addToDigest, EMPTY_DIGEST, formatDigest } from '#shared/kernel/row-hash.ts';
import { citizenScope, tableOfScope } from '#shared/sync/protocol.ts';
import type { PullResponse } from '#shared/sync/wire.ts';
import { CENTRE, monthScope, startTestServer, type TestServer } from '#tests/support/server.ts';
import { citizenBody, createTicketBody, noteBody, TestConsole } from '#tests/support/test-console.ts';

const WRITERS = 8;
const BATCHES = 12;
const SCOPES = [monthScope(), monthScope('12350'), citizenScope(CENTRE)];

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.addAccount({ account: 'special1', lines: ['12345', '12350'] });
});
afterAll(() => server.stop());

/** A cache that follows the server: versions by row, like a console's. */
class Follower {
  readonly console: TestConsole;
  readonly rows = new Map<string, { scope: string; version: number }>();
  cursors: PullResponse['cursors'] = SCOPES.map((scope) => ({ scope, epoch: 1, seq: 0 }));
  parityChecks = 0;

  constructor(console: TestConsole) {
    this.console = console;
  }

  async pullOnce(limit: number): Promise<boolean> {
    const answer = await this.console.pull(this.cursors, limit);
    for (const { scope, row } of answer.rows) {
      // Monotonic: a row never goes back to an older version.
      expect(row.version).toBeGreaterThanOrEqual(this.rows.get(row.uid)?.version ?? 0);
      this.rows.set(row.uid, { scope, version: row.version });
    }
    this.cursors = answer.cursors;
    for (const parity of answer.parity) {
      expect(this.count(parity.scope)).toEqual(parity);
      this.parityChecks++;
    }
    return answer.more;
  }

  count(scope: string) {
    let digest = EMPTY_DIGEST;
    let count = 0;
    for (const [uid, row] of this.rows) {
      if (row.scope !== scope) continue;
      count++;
      digest = addToDigest(digest, uid, row.version);
    }
    return { scope, count, digest: formatDigest(digest) };
  }
}

test('many consoles push while others pull: nobody skips a row, digests equal a recount at every moment', async () => {
  const seats = await Promise.all(
    Array.from({ length: WRITERS + 2 }, () => new TestConsole(server.url).signIn('special1')),
  );
  const [first, second, ...writers] = seats;
  if (!first || !second) throw new Error('seats missing');
  await first.hello();
  const shared = createTicketBody();
  await first.pushOne(shared);

  let isWriting = true;
  const write = async (console: TestConsole, writer: number) => {
    const own: TicketId[] = [];
    for (let batch = 0; batch < BATCHES; batch++) {
      const bodies = Array.from({ length: 1 + ((writer * 7 + batch * 3) % 9) }, (_, index) =>
        createTicketBody({ line: (writer + index) % 3 === 0 ? '12350' : '12345' }),
      );
      own.push(...bodies.map((body) => body.uid));
      const older = own[batch] ?? shared.uid;
      await console.push([
        ...bodies.map((body) => console.op(body)),
        console.op(noteBody(older, `补充 ${batch}`)),
        console.op(noteBody(shared.uid, `同一工单 ${writer}-${batch}`, 'remind')),
        console.op(citizenBody(`市民${writer}`, [`1380000${String(writer * 100 + batch).padStart(4, '0')}`])),
      ]);
    }
  };
  const followers = [new Follower(first), new Follower(second)];
  const follow = async (follower: Follower, limit: number) => {
    while (isWriting) await follower.pullOnce(limit);
    while (await follower.pullOnce(limit));
  };
  const following = followers.map((follower, index) => follow(follower, index === 0 ? 3 : 500));
  await Promise.all(writers.map(write));
  isWriting = false;
  await Promise.all(following);

  for (const scope of SCOPES) {
    const table = tableOfScope(scope);
    const rows = await server.query<{ uid: string; version: number; seq: number }>(
      `SELECT uid, version, seq FROM ${table} WHERE scope = $1`,
      [scope],
    );
    const digest = formatDigest(rows.reduce((sum, row) => addToDigest(sum, row.uid, row.version), EMPTY_DIGEST));
    expect(new Set(rows.map((row) => row.seq)).size).toBe(rows.length);
    for (const follower of followers) expect(follower.count(scope)).toEqual({ scope, count: rows.length, digest });
  }
  expect(followers.every((follower) => follower.parityChecks > 2)).toBe(true);
  const reminders = await server.query('SELECT 1 FROM ticket_events WHERE ticket_uid = $1 AND kind = $2', [
    shared.uid,
    'remind',
  ]);
  expect(reminders).toHaveLength(WRITERS * BATCHES);
}, 120_000);
