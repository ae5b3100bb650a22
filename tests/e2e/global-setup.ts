import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { seedDemo } from '#server/demo/seed-demo.ts';
import { silentLog } from '#server/log.ts';
import { startServer } from '#server/server.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { isHeadless, startVirtualDisplay } from '../../scripts/xvfb.ts';
import { CENTRE_TEMPLATE, DISPLAY_VARIABLE, SMALL_CENTRE } from '../support/bootstrap.ts';
import { URL_VARIABLE as POSTGRES_VARIABLE, setup, teardown } from '../support/postgres-global.ts';

/** One PostgreSQL, one display and the template database for the whole run. */
// biome-ignore lint/style/noDefaultExport: Playwright calls the default export
export default async function globalSetup(): Promise<() => Promise<void>> {
  const display = isHeadless() ? await startVirtualDisplay() : null;
  process.env[DISPLAY_VARIABLE] = display?.display ?? process.env.DISPLAY ?? '';
  const end = async () => {
    await teardown();
    await display?.stop();
  };
  try {
    await setup();
    await makeCentreTemplate();
  } catch (error) {
    // Playwright calls the end only after a successful beginning.
    await end();
    throw error;
  }
  return end;
}

/** A small demo centre, filled by the product's own seed: 60,000 tickets for every test would take minutes. */
async function makeCentreTemplate(): Promise<void> {
  const base = process.env[POSTGRES_VARIABLE] ?? '';
  const client = new pg.Client({ connectionString: base });
  await client.connect();
  await client.query(`CREATE DATABASE ${CENTRE_TEMPLATE} TEMPLATE template0`);
  await client.end();
  const url = new URL(base);
  url.pathname = `/${CENTRE_TEMPLATE}`;
  const server = await startServer(
    {
      mode: 'demo',
      dataDir: '',
      filesDir: mkdtempSync(path.join(tmpdir(), 'hotline-files-')),
      databaseUrl: url.href,
      host: '127.0.0.1',
      port: 0,
      trustProxy: false,
    },
    {
      clock: systemClock,
      log: silentLog,
      seed: (target, services, onProgress) => seedDemo(target, services, onProgress, SMALL_CENTRE),
    },
  );
  await server.ready;
  await server.stop();
}
