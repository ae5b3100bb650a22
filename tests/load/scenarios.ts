import { setTimeout as pause } from 'node:timers/promises';
import type { TicketId } from '#shared/kernel/ids.ts';
import { pullResponseSchema, pushResponseSchema, sortKeys } from '#shared/sync/wire.ts';
import { type BenchRow, ms, percentile } from '../bench/support/report.ts';
import { createTicketBody, noteBody, type TestConsole } from '../support/test-console.ts';
import type { LoadCentre } from './load-centre.ts';

/** What a scenario found out; `lost` and `doubled` are operations. */
export interface LoadReport {
  readonly rows: readonly BenchRow[];
  readonly lost: number;
  readonly doubled: number;
}

export interface LoadOptions {
  /** Operations each console brings along to the storm. */
  readonly ops: number;
  /** Length of the steady shift, in seconds. */
  readonly seconds: number;
  /** Operations of one console per minute in the steady shift. */
  readonly pace: number;
  /** Consoles that start with nothing at the same time. */
  readonly newcomers: number;
}

const BATCH = 200;
/** One batch of so many is sent twice, as after a lost answer. */
const SENT_TWICE = 10;
const row = (what: string, measured: string): BenchRow => ({ what, measured, target: '', met: null });
const perSecond = (count: number, ms: number) => Math.round((1_000 * count) / ms).toLocaleString('en');

/** Sends a body until a server takes it; one that is busy says when to come again. */
async function post(centre: LoadCentre, from: TestConsole, path: string, body: string): Promise<unknown> {
  for (let tries = 1; ; tries++) {
    const response = await fetch(`${centre.nextUrl()}/api/v1${path}`, {
      method: 'POST',
      headers: { ...from.headers, 'content-type': 'application/json' },
      body,
    });
    const answer: unknown = await response.json();
    if (response.ok) return answer;
    if ((response.status < 500 && response.status !== 429) || tries > 60) {
      throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
    }
    await pause(1_000 * Number(response.headers.get('retry-after') ?? 1));
  }
}

/** Half tickets, half notes on them, as a push of this console: keys in order, as consoles send them. */
function makeBatch(from: TestConsole, count: number): string {
  const ops = [];
  while (ops.length < count) {
    const body = createTicketBody();
    const ticket = from.op(body);
    ops.push(ticket);
    if (ops.length < count)
      ops.push(from.op(noteBody(body.uid as TicketId, '市民补充：现场仍未处理'), { dependsOn: ticket.opId }));
  }
  const sent = ops.map((op) => ({ ...op, args: sortKeys(op.args) }));
  return JSON.stringify({ console: from.id, incarnation: from.incarnation, ops: sent });
}

async function countStored(centre: LoadCentre): Promise<{ tickets: number; ops: number; events: number }> {
  const [counted] = await centre.sql<{ tickets: number; ops: number; events: number }>(
    `SELECT (SELECT count(*)::int FROM tickets) AS tickets, (SELECT count(*)::int FROM op_log) AS ops,
      (SELECT count(*)::int FROM ticket_events WHERE kind IN ('created', 'note')) AS events`,
  );
  if (!counted) throw new Error('nothing was counted');
  return counted;
}

/** After an outage every console comes back at the same moment with what was written meanwhile. */
export async function storm(centre: LoadCentre, { ops }: LoadOptions): Promise<LoadReport> {
  const before = await countStored(centre);
  const all = centre.consoles.map((from) => {
    const bodies: string[] = [];
    for (let left = ops; left > 0; left -= BATCH) bodies.push(makeBatch(from, Math.min(left, BATCH)));
    return { from, bodies };
  });
  const waits: number[] = [];
  let confirmed = 0;
  let twice = 0;
  let sent = 0;
  const worked = centre.serverSeconds();
  const begun = performance.now();
  await Promise.all(
    all.map(async ({ from, bodies }) => {
      for (const body of bodies) {
        const asked = performance.now();
        const answer = pushResponseSchema.parse(await post(centre, from, '/sync/push', body));
        waits.push(performance.now() - asked);
        confirmed += answer.results.filter(({ code }) => code === 'applied').length;
        if (++sent % SENT_TWICE !== 0) continue;
        const again = pushResponseSchema.parse(await post(centre, from, '/sync/push', body));
        twice += again.results.length;
        if (JSON.stringify(again) !== JSON.stringify(answer))
          throw new Error('a batch sent again was answered differently');
      }
    }),
  );
  const took = performance.now() - begun;
  const after = await countStored(centre);
  const total = ops * centre.consoles.length;
  const stored = after.events - before.events;
  return {
    lost: Math.max(0, total - stored) + (total - confirmed),
    doubled: Math.max(0, stored - total) + Math.max(0, after.ops - before.ops - total),
    rows: [
      row(`${centre.consoles.length} consoles × ${ops} operations at once, per second`, perSecond(total, took)),
      row('operations sent again and answered word for word', twice.toLocaleString('en')),
      row('a batch waits for its answer, p50 / p99', `${ms(percentile(waits, 0.5))} / ${ms(percentile(waits, 0.99))}`),
      row('processor time of the server processes', `${(centre.serverSeconds() - worked).toFixed(1)} s`),
    ],
  };
}

/** Consoles listen for news, write now and then, and pull when they are poked. */
export async function shift(centre: LoadCentre, { seconds, pace }: LoadOptions): Promise<LoadReport> {
  const before = await countStored(centre);
  const end = performance.now() + 1_000 * seconds;
  const stop = new AbortController();
  const pushes: number[] = [];
  const pulls: number[] = [];
  let sent = 0;
  let confirmed = 0;
  const worked = centre.serverSeconds();

  const pull = async (from: TestConsole, cursors: unknown): Promise<unknown> => {
    const asked = performance.now();
    const body = JSON.stringify({ cursors, limit: 200 });
    const answer = pullResponseSchema.parse(await post(centre, from, '/sync/pull', body));
    pulls.push(performance.now() - asked);
    return answer.cursors;
  };
  const listen = async (from: TestConsole) => {
    const { scopes } = await from.hello();
    let cursors: unknown = scopes.map(({ id, epoch, seq }) => ({ scope: id, epoch, seq }));
    const stream = await fetch(`${centre.nextUrl()}/api/v1/sync/events`, {
      headers: { ...from.headers, accept: 'text/event-stream' },
      signal: stop.signal,
    });
    if (!stream.body) throw new Error('no stream');
    // Poked again while it pulls, a console pulls once more, not once for each poke.
    let pulling: Promise<void> | null = null;
    let again = false;
    const pullAll = async () => {
      do {
        again = false;
        cursors = await pull(from, cursors);
      } while (again && !stop.signal.aborted);
      pulling = null;
    };
    const decoder = new TextDecoder();
    try {
      for await (const chunk of stream.body) {
        if (!decoder.decode(chunk, { stream: true }).includes('data:')) continue;
        again = true;
        pulling ??= pullAll();
      }
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    }
    await pulling;
  };
  const write = async (from: TestConsole, index: number) => {
    const every = 60_000 / pace;
    // Spread over the first interval, so that not all write in the same moment.
    let next = performance.now() + (every * index) / centre.consoles.length;
    while (next < end) {
      await pause(Math.max(0, next - performance.now()));
      sent += 1;
      const asked = performance.now();
      const answer = pushResponseSchema.parse(await post(centre, from, '/sync/push', makeBatch(from, 1)));
      pushes.push(performance.now() - asked);
      confirmed += answer.results.filter(({ code }) => code === 'applied').length;
      next += every;
    }
  };
  const listening = Promise.all(centre.consoles.map(listen));
  await Promise.all(centre.consoles.map(write));
  await pause(Math.max(0, end - performance.now()));
  stop.abort();
  await listening;
  const after = await countStored(centre);
  const share = (100 * (centre.serverSeconds() - worked)) / seconds;
  return {
    lost: sent - confirmed,
    doubled: Math.max(0, after.ops - before.ops - sent),
    rows: [
      row(
        `${centre.consoles.length} consoles, ${pace} operations a minute each, ${seconds} s: operations`,
        String(sent),
      ),
      row('one ticket is confirmed, p50 / p99', `${ms(percentile(pushes, 0.5))} / ${ms(percentile(pushes, 0.99))}`),
      row(
        `pulls after a poke (${pulls.length.toLocaleString('en')}), p50 / p99`,
        `${ms(percentile(pulls, 0.5))} / ${ms(percentile(pulls, 0.99))}`,
      ),
      row('share of one core that the server processes used', `${share.toFixed(0)} %`),
    ],
  };
}

/** New consoles that hold nothing pull everything at the same time. */
export async function firstSync(centre: LoadCentre, { newcomers }: LoadOptions): Promise<LoadReport> {
  const few = centre.consoles.slice(0, newcomers);
  const { tickets } = await countStored(centre);
  const worked = centre.serverSeconds();
  const begun = performance.now();
  const held = await Promise.all(
    few.map(async (from) => {
      const { scopes } = await from.hello();
      let cursors = scopes.map(({ id, epoch }) => ({ scope: id, epoch, seq: 0 }));
      const seen = new Set<string>();
      for (;;) {
        const body = JSON.stringify({ cursors, limit: 2_000 });
        const answer = pullResponseSchema.parse(await post(centre, from, '/sync/pull', body));
        for (const each of answer.rows) if (each.table === 'tickets') seen.add(each.row.uid);
        cursors = [...answer.cursors];
        if (!answer.more) return seen.size;
      }
    }),
  );
  const took = performance.now() - begun;
  const rows = held.reduce((sum, count) => sum + count, 0);
  return {
    lost: held.reduce((sum, count) => sum + Math.max(0, tickets - count), 0),
    doubled: 0,
    rows: [
      row(
        `${few.length} new consoles pull ${tickets.toLocaleString('en')} tickets each, rows per second`,
        perSecond(rows, took),
      ),
      row('processor time of the server processes', `${(centre.serverSeconds() - worked).toFixed(1)} s`),
    ],
  };
}
