import type { AddressInfo } from 'node:net';
import type pg from 'pg';
import type { Clock } from '#shared/kernel/clock.ts';
import type { PasswordPolicy } from './auth/passwords.ts';
import { forgetSeats } from './board/report-seat.ts';
import type { ServerConfig } from './config.ts';
import { migrate } from './db/migrate.ts';
import { connectOnce, createPool } from './db/pool.ts';
import { claimServerIdentity } from './db/server-meta.ts';
import { createDb } from './db/tables.ts';
import { inTransaction } from './db/transaction.ts';
import { startDemoSeats } from './demo/at-work/demo-seats.ts';
import { seedDemo } from './demo/seed-demo.ts';
import type { Simulator } from './demo/simulator.ts';
import { startDemoUnits } from './demo/units/demo-units.ts';
import { createHttpApp } from './http/app.ts';
import { Readiness } from './http/readiness.ts';
import type { Log } from './log.ts';
import { MIGRATIONS } from './migrations/migrations.ts';
import { type OpenedDatabase, openDatabase } from './postgres/database.ts';
import { createServices, type Services } from './services.ts';
import { StartupError } from './startup-error.ts';
import { answerOldReturns } from './upkeep/answer-returns.ts';
import { endExpiredWaits } from './upkeep/end-waits.ts';
import { forgetExpired } from './upkeep/forget-expired.ts';
import { makeMonths } from './upkeep/partitions.ts';
import { remindUnits } from './upkeep/remind-units.ts';

/** How often room is made among the files of tickets, what is kept for a time only is forgotten, and missing months are made. */
const SWEEP_MS = 3_600_000;

/** How often it is looked whether units are to be reminded of a limit. */
const REMIND_MS = 60_000;

/** How often 退单 that waited too long are answered by rule, and a 等待 whose time is up ends. */
const RETURNS_MS = 5 * 60_000;

export interface RunningServer {
  /** Base URL, e.g. http://127.0.0.1:12345. */
  readonly url: string;
  /** Resolves when the API answers; rejects when the start failed (the server is stopped then). */
  readonly ready: Promise<Services>;
  /** Stops taking requests, lets those under way finish, then stops the database. Repeating it waits for the same end. */
  stop(): Promise<void>;
}

export interface ServerParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly passwordPolicy?: PasswordPolicy;
  /** Fills a demo database; replaced in tests by a smaller one. */
  readonly seed?: typeof seedDemo;
  /** How long simulated units take, 1 = as in the demo. */
  readonly unitPace?: number;
  /** How long simulated agents take, 1 = as in the demo. */
  readonly seatPace?: number;
}

/**
 * Starts the server: HTTP first, so that /readyz tells how far the rest is, then database, migrations, demo data.
 * Resolves as soon as HTTP answers.
 */
export async function startServer(config: ServerConfig, parts: ServerParts): Promise<RunningServer> {
  const { clock, log } = parts;
  const readiness = new Readiness(config.mode);
  const http = createHttpApp({ readiness, log, trustProxy: config.trustProxy, open311: config.open311 });
  await http.app.listen({ host: config.host, port: config.port });
  const url = toUrl(http.app.server.address(), config.host);
  log.info('listening', { url, mode: config.mode, pid: process.pid });

  const opened: {
    database?: OpenedDatabase;
    pool?: pg.Pool;
    services?: Services;
    units?: Simulator;
    seats?: Simulator;
  } = {};
  let stopping: Promise<void> | null = null;
  let sweep: NodeJS.Timeout | undefined;
  let returns: NodeJS.Timeout | undefined;
  let reminders: NodeJS.Timeout | undefined;
  const goOn = () => {
    if (stopping) throw new StartupError('STOPPED', 'The server was stopped while it was starting.');
  };
  const prepare = async (): Promise<Services> => {
    opened.database = await openDatabase({ url: config.databaseUrl, dir: config.dataDir, share: false }, log);
    goOn();
    const databaseUrl = opened.database.url;
    await runMigrations(databaseUrl, log);
    const pool = createPool(databaseUrl, log);
    opened.pool = pool;
    const identity = await claimServerIdentity(createDb(pool), config.mode, clock.now());
    const { passwordPolicy } = parts;
    const services = createServices({
      url: databaseUrl,
      pool,
      clock,
      log,
      identity,
      filesDir: config.filesDir,
      clockSets: config.clockSets,
      ...(passwordPolicy ? { passwordPolicy } : {}),
    });
    opened.services = services;
    if (config.mode === 'demo') {
      const seed = parts.seed ?? seedDemo;
      await seed(databaseUrl, services, (done, total) => {
        goOn();
        readiness.showProgress(done, total);
      });
    }
    await services.keys.current();
    await services.pokes.start();
    goOn();
    sweep = setInterval(
      () => void Promise.all([makeRoom(services, log), forget(services, log), addMonths(services, log)]),
      SWEEP_MS,
    );
    sweep.unref();
    void forget(services, log);
    // Before the first console asks: it finds them as they stand.
    await decideDue(services, log);
    returns = setInterval(() => void decideDue(services, log), RETURNS_MS);
    returns.unref();
    await remind(services, log);
    reminders = setInterval(() => void remind(services, log), REMIND_MS);
    reminders.unref();
    services.segments.start();
    services.webhooks.start();
    services.pokes.subscribe(() => services.webhooks.wake());
    readiness.markReady(services);
    log.info('ready', { url, mode: config.mode });
    if (config.simulatesUnits) opened.units = await startDemoUnits(url, services, parts.unitPace);
    if (config.simulatesSeats) opened.seats = await startDemoSeats(url, services, parts.seatPace);
    return services;
  };

  const ready = prepare();
  // A failed start is told through `ready`; here it only must not count as unhandled.
  ready.catch(() => {});
  const stop = () => {
    stopping ??= (async () => {
      readiness.markStopping();
      clearInterval(sweep);
      clearInterval(returns);
      clearInterval(reminders);
      await http.close();
      // A start under way notices at its next step; what it opened is closed below.
      await ready.catch(() => {});
      await opened.units?.stop();
      await opened.seats?.stop();
      await opened.services?.webhooks.stop();
      await opened.services?.segments.stop();
      await opened.services?.pokes.close();
      await opened.pool?.end();
      await opened.database?.close();
      log.info('stopped');
    })();
    return stopping;
  };
  return { url, ready, stop };
}

/** Failing is no reason to stop: it is tried again. */
async function makeRoom({ attachments }: Services, log: Log): Promise<void> {
  try {
    const { uploads, orphans } = await attachments.sweep();
    if (uploads + orphans > 0) log.info('attachments.swept', { rows: uploads + orphans });
  } catch (error) {
    log.error('attachments.sweep-failed', error);
  }
}

async function forget({ pool, clock, webhooks }: Services, log: Log): Promise<void> {
  try {
    await webhooks.forget();
    await forgetSeats(pool, clock.now());
    const { results, removals } = await forgetExpired(pool, clock.now());
    if (results + removals > 0) log.info('retention.forgotten', { ops: results, rows: removals });
  } catch (error) {
    log.error('retention.failed', error);
  }
}

/** What the centre decides by rule when a time is up. */
async function decideDue({ pool, clock, clockSets, pokes }: Services, log: Log): Promise<void> {
  const deps = { pool, clock, clockSets, poke: (scopes: ReadonlyMap<string, number>) => pokes.announce(scopes) };
  try {
    const returns = await answerOldReturns(deps);
    if (returns > 0) log.info('returns.answered', { rows: returns });
    const waits = await endExpiredWaits(deps);
    if (waits > 0) log.info('waits.ended', { rows: waits });
  } catch (error) {
    log.error('returns.failed', error);
  }
}

async function remind({ pool, clock, webhooks }: Services, log: Log): Promise<void> {
  try {
    const count = await remindUnits(pool, clock);
    if (count > 0) log.info('units.reminded', { rows: count });
    if (count > 0) webhooks.wake();
  } catch (error) {
    log.error('units.remind-failed', error);
  }
}

/** Where the big tables are cut by months; without it new tickets would gather in the partition of the future. */
async function addMonths({ pool, clock }: Services, log: Log): Promise<void> {
  try {
    const { made } = await inTransaction(pool, (client) => makeMonths(client, clock.now()));
    if (made.length > 0) log.info('partitions.made', { rows: made.length });
  } catch (error) {
    log.error('partitions.failed', error);
  }
}

async function runMigrations(url: string, log: Log): Promise<void> {
  const client = await connectOnce(url);
  try {
    for (const migration of await migrate(client, MIGRATIONS)) log.info('migrated', { migration });
  } finally {
    await client.end();
  }
}

function toUrl(address: AddressInfo | string | null, host: string): string {
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
