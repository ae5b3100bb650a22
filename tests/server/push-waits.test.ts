import type pg from 'pg';
import { expect, test } from 'vitest';
import { startTestServer } from '#tests/support/server.ts';
import { createTicketBody, noteBody, TestConsole } from '#tests/support/test-console.ts';

type Callback = (...answer: readonly unknown[]) => void;

/** Counts how often transactions wait for the database: a statement that is sent while no answer is due on its connection begins such a wait. */
function countWaits(pool: pg.Pool): { take(): number } {
  let waits = 0;
  const counted = new WeakSet<pg.PoolClient>();
  pool.on('acquire', (client) => {
    if (counted.has(client)) return;
    counted.add(client);
    let due = 0;
    let isOpen = false;
    const send = client.query.bind(client) as (...statement: readonly unknown[]) => unknown;
    const answered =
      (heard: Callback): Callback =>
      (...answer) => {
        due--;
        heard(...answer);
      };
    const sending = (statement: { callback?: Callback } | string, values?: unknown, callback?: Callback) => {
      if (statement === 'BEGIN') isOpen = true;
      if (due++ === 0 && isOpen) waits++;
      if (statement === 'COMMIT') isOpen = false;
      if (typeof statement === 'object' && statement.callback) statement.callback = answered(statement.callback);
      else if (callback) return send(statement, values, answered(callback));
      const sent = send(statement, values);
      if (sent instanceof Promise) sent.finally(() => due--).catch(() => undefined);
      return sent;
    };
    Object.assign(client, { query: sending });
  });
  return {
    take: () => {
      const taken = waits;
      waits = 0;
      return taken;
    },
  };
}

test('new tickets wait for the database three times, however many: what is there, their numbers, the end', async () => {
  const server = await startTestServer();
  await server.addAccount({ account: 'agent1' });
  const console = await new TestConsole(server.url).signIn('agent1');
  // Known from here on: the console, and the clock of the scope.
  const known = createTicketBody();
  await console.pushOne(known);
  const waits = countWaits(server.services.pool);
  for (const count of [1, 50]) {
    const bodies = Array.from({ length: count }, () => createTicketBody());
    const ops = bodies.flatMap((body) => [console.op(body), console.op(noteBody(body.uid, '补充'))]);
    waits.take();
    const { results } = await console.push(ops);
    expect(waits.take()).toBe(3);
    expect(results.every(({ code }) => code === 'applied')).toBe(true);
  }
  // Of what is there already more is read, and its change is written before the end.
  await console.pushOne(noteBody(known.uid, '补充'));
  expect(waits.take()).toBe(6);
  await server.stop();
});
