import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { DAY_MS } from '#shared/domain/clock/beijing-day.ts';
import { DEMO_ACCOUNTS, DEMO_CENTRE, DEMO_CITIZENS, DEMO_SEED, DEMO_TICKETS } from '#shared/domain/demo.ts';
import { shippedSampling } from '#shared/domain/quality/shipped-sheets.ts';
import type { UserId } from '#shared/kernel/ids.ts';
import { inLoadTransaction, loadCitizens, loadRecords } from '../bulk/bulk-load.ts';
import { loadEncodedTickets } from '../bulk/encoded-tickets.ts';
import { connectOnce } from '../db/pool.ts';
import { readArticleFiles } from '../knowledge/article-files.ts';
import type { Log } from '../log.ts';
import { migration as handOvers } from '../migrations/0180-all-hand-overs.ts';
import type { Services } from '../services.ts';
import { TICKET_COLUMNS, type TicketRow, toTicket } from '../sync/rows.ts';
import { makeDemoArticles } from './articles.ts';
import { readCentre } from './centre-source.ts';
import { makeDemoChecks } from './checks.ts';
import type { DemoCentreOptions } from './generate.ts';

const PART = 2_500;
/** Parts that are generated before they are written: some 15 MB each. */
const AHEAD = 2;
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
    // Losing the last parts in a crash is harmless: they are made again, the same.
    await client.query('SET synchronous_commit = off');
    await loadCentre(client, progress, { ...size, userIds }, services.log, onProgress);
    await addChecks(client, progress.made_at, userIds);
    // The record of what was handed over, found in the history as it was found when there was no record yet.
    for (const statement of handOvers.statements) await client.query(statement);
    await client.query('SET synchronous_commit = on');
    await client.query('UPDATE demo_seed SET finished_at = $1', [services.clock.now()]);
    await client.query('ANALYZE');
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
    if (known?.team === null && account.team) await services.accounts.setTeam(DEMO_CENTRE, user.id, account.team);
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

/** Writes what is missing, each part committed with the progress; the next one is generated meanwhile. */
async function loadCentre(
  client: pg.ClientBase,
  progress: Progress,
  { part = PART, ...options }: DemoSize & DemoCentreOptions,
  log: Log,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const { seed, made_at: now, citizens_done: citizens, tickets_done: tickets } = progress;
  const startedAt = performance.now();
  let total = 0;
  let done = citizens + tickets;
  for await (const message of readCentre({ seed, now, options, done: { citizens, tickets }, part, ahead: AHEAD })) {
    if (message.kind === 'records') {
      total = message.records + options.tickets;
      log.info('demo.seeding', { done, total, seed });
    } else if (message.kind !== 'end') {
      const { length: count } = message.kind === 'citizens' ? message.rows : message.tickets.rows;
      await inLoadTransaction(client, async () => {
        if (message.kind === 'citizens') await loadCitizens(client, message.rows);
        else await loadEncodedTickets(client, message.tickets);
        await client.query(`UPDATE demo_seed SET ${message.kind}_done = ${message.kind}_done + $1`, [count]);
      });
      done += count;
    }
    onProgress(done, total);
  }
  log.info('demo.seeded', { total, ms: Math.round(performance.now() - startedAt) });
}
