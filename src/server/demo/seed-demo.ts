import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { DAY_MS } from '#shared/domain/clock/beijing-day.ts';
import { DEMO_ACCOUNTS, DEMO_CENTRE, DEMO_CITIZENS, DEMO_SEED, DEMO_TICKETS } from '#shared/domain/demo.ts';
import { shippedSampling } from '#shared/domain/quality/shipped-sheets.ts';
import type { UserId } from '#shared/kernel/ids.ts';
import { inLoadTransaction, loadCitizens, loadRecords, loadTickets } from '../bulk/bulk-load.ts';
import { connectOnce } from '../db/pool.ts';
import { readArticleFiles } from '../knowledge/article-files.ts';
import type { Services } from '../services.ts';
import { TICKET_COLUMNS, type TicketRow, toTicket } from '../sync/rows.ts';
import { makeDemoArticles } from './articles.ts';
import { makeDemoChecks } from './checks.ts';
import { generateDemoCentre } from './generate.ts';

const PART = 2_500;
const ARTICLES = fileURLToPath(new URL('../../../resources/knowledge/', import.meta.url));

export interface DemoSize {
  readonly citizens: number;
  readonly tickets: number;
  /** Rows a transaction. */
  readonly part?: number;
}

interface Progress {
  readonly seed: number;
  readonly made_at: number;
  readonly citizens_done: number;
  readonly tickets_done: number;
  readonly finished_at: number | null;
}

/**
 * Fills a demo database with its accounts, articles, citizens and past tickets. The rows come from a generator that gives the same
 * for the same seed and time, and how far it came is committed with each part, so a killed start goes on where it was.
 * @param onProgress rows done of rows in all; throwing in it stops the work
 */
export async function seedDemo(
  url: string,
  services: Services,
  onProgress: (done: number, total: number) => void,
  size: DemoSize = { citizens: DEMO_CITIZENS, tickets: DEMO_TICKETS },
): Promise<void> {
  const client = await connectOnce(url);
  try {
    const progress = await readProgress(client, services.clock.now());
    const userIds = await addDemoAccounts(services);
    await addArticles(client, progress.made_at, userIds);
    if (progress.finished_at !== null) return;
    const centre = generateDemoCentre(progress.seed, progress.made_at, { ...size, userIds });
    const total = centre.records + size.tickets;
    let done = progress.citizens_done + progress.tickets_done;
    onProgress(done, total);
    const startedAt = performance.now();
    services.log.info('demo.seeding', { done, total, seed: progress.seed });
    // Losing the last parts in a crash is harmless: they are made again, the same.
    await client.query('SET synchronous_commit = off');
    const step = (count: number) => {
      done += count;
      onProgress(done, total);
    };
    const partSize = size.part ?? PART;
    const citizens = inParts(skip(centre.citizens(), progress.citizens_done), partSize);
    await loadParts(client, citizens, 'citizens_done', step, (part) => loadCitizens(client, part));
    const tickets = inParts(skip(centre.tickets(), progress.tickets_done), partSize);
    await loadParts(client, tickets, 'tickets_done', step, (part) => loadTickets(client, part, progress.made_at));
    await addChecks(client, progress.made_at, userIds);
    await client.query('SET synchronous_commit = on');
    await client.query('UPDATE demo_seed SET finished_at = $1', [services.clock.now()]);
    await client.query('ANALYZE');
    services.log.info('demo.seeded', { total, ms: Math.round(performance.now() - startedAt) });
  } finally {
    await client.end();
  }
}

async function readProgress(client: pg.ClientBase, now: number): Promise<Progress> {
  await client.query('INSERT INTO demo_seed (seed, made_at) VALUES ($1, $2) ON CONFLICT DO NOTHING', [DEMO_SEED, now]);
  const found = await client.query<Progress>('SELECT * FROM demo_seed');
  const [progress] = found.rows;
  if (!progress) throw new Error('demo_seed has no row');
  return progress;
}

/** @returns ids of the demo accounts by seat */
async function addDemoAccounts(services: Services): Promise<ReadonlyMap<string, UserId>> {
  const ids = new Map<string, UserId>();
  for (const account of DEMO_ACCOUNTS) {
    const known = await services.accounts.findByName(account.account);
    const user = known?.user ?? (await services.accounts.create({ ...account, centre: DEMO_CENTRE }));
    ids.set(account.seat, user.id);
  }
  return ids;
}

/** A demo centre made by an older version gets what has been written since. */
async function addArticles(client: pg.ClientBase, madeAt: number, userIds: ReadonlyMap<string, UserId>): Promise<void> {
  const articles = makeDemoArticles(await readArticleFiles(ARTICLES), madeAt, userIds);
  await inLoadTransaction(client, async () => {
    await loadRecords(client, articles);
  });
}

/** What the centre's 质检员 scored in the last weeks, and what waits for them. */
async function addChecks(client: pg.ClientBase, madeAt: number, userIds: ReadonlyMap<string, UserId>): Promise<void> {
  const { windowDays } = shippedSampling();
  const found = await client.query<TicketRow>(
    `SELECT ${TICKET_COLUMNS} FROM tickets WHERE closed_at BETWEEN $1 AND $2 AND doc ->> 'createdById' = ANY($3::text[])
     ORDER BY closed_at, uid`,
    [madeAt - windowDays * DAY_MS, madeAt, [...userIds.values()]],
  );
  const checks = makeDemoChecks(
    found.rows.map((row) => toTicket(row, [])),
    madeAt,
    userIds,
  );
  await inLoadTransaction(client, async () => {
    await loadRecords(client, checks);
  });
}

/**
 * Loads rows in parts, each committed with the progress. The next part is generated while PostgreSQL writes the last one.
 */
async function loadParts<T>(
  client: pg.ClientBase,
  parts: Iterable<readonly T[]>,
  column: 'citizens_done' | 'tickets_done',
  onLoaded: (count: number) => void,
  load: (part: readonly T[]) => Promise<unknown>,
): Promise<void> {
  let writing = Promise.resolve();
  for (const part of parts) {
    await writing;
    writing = inLoadTransaction(client, async () => {
      await load(part);
      await client.query(`UPDATE demo_seed SET ${column} = ${column} + $1`, [part.length]);
    }).then(() => onLoaded(part.length));
    // Its failure is met at the next await; without this it would count as unhandled meanwhile.
    writing.catch(() => {});
    // Lets requests (readyz) in before the next part is generated.
    await new Promise((resolve) => setImmediate(resolve));
  }
  await writing;
}

function* skip<T>(rows: Iterable<T>, count: number): Iterable<T> {
  let position = 0;
  for (const row of rows) if (position++ >= count) yield row;
}

function* inParts<T>(rows: Iterable<T>, size: number): Iterable<readonly T[]> {
  let part: T[] = [];
  for (const row of rows) {
    part.push(row);
    if (part.length === size) {
      yield part;
      part = [];
    }
  }
  if (part.length > 0) yield part;
}
