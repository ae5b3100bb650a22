import pg from 'pg';
import { silentLog } from '#server/log.ts';
import { startServer } from '#server/server.ts';
import { DEMO_ACCOUNTS, DEMO_CENTRE } from '#shared/domain/demo.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { isHeadless, startVirtualDisplay } from '../../scripts/xvfb.ts';
import { ACCOUNTS_TEMPLATE, DISPLAY_VARIABLE } from '../support/bootstrap.ts';
import { URL_VARIABLE as POSTGRES_VARIABLE, setup, teardown } from '../support/postgres-global.ts';

/** One PostgreSQL, one display and the template database for the whole run. */
// biome-ignore lint/style/noDefaultExport: Playwright calls the default export
export default async function globalSetup(): Promise<() => Promise<void>> {
  const display = isHeadless() ? await startVirtualDisplay() : null;
  process.env[DISPLAY_VARIABLE] = display?.display ?? process.env.DISPLAY ?? '';
  await setup();
  await makeAccountsTemplate();
  return async () => {
    await teardown();
    await display?.stop();
  };
}

/** A demo centre with its public accounts and no tickets: filling it with 60,000 for every test would take minutes. */
async function makeAccountsTemplate(): Promise<void> {
  const base = process.env[POSTGRES_VARIABLE] ?? '';
  const client = new pg.Client({ connectionString: base });
  await client.connect();
  await client.query(`CREATE DATABASE ${ACCOUNTS_TEMPLATE} TEMPLATE template0`);
  await client.end();
  const url = new URL(base);
  url.pathname = `/${ACCOUNTS_TEMPLATE}`;
  const server = await startServer(
    { mode: 'demo', dataDir: '', databaseUrl: url.href, host: '127.0.0.1', port: 0, trustProxy: false },
    {
      clock: systemClock,
      log: silentLog,
      seed: async (_url, services) => {
        for (const account of DEMO_ACCOUNTS) await services.accounts.create({ ...account, centre: DEMO_CENTRE });
      },
    },
  );
  await server.ready;
  await server.stop();
}
