import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FullConfig } from '@playwright/test';
import pg from 'pg';
import { seedDemo } from '#server/demo/seed-demo.ts';
import { silentLog } from '#server/log.ts';
import { startServer } from '#server/server.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { startVirtualDisplay, type VirtualDisplay } from '../../scripts/xvfb.ts';
import { CENTRE_TEMPLATE, DISPLAY_VARIABLE, SMALL_CENTRE } from '../support/bootstrap.ts';
import { URL_VARIABLE as POSTGRES_VARIABLE, setup, teardown } from '../support/postgres-global.ts';

/**
 * One PostgreSQL and the template database for the whole run, and a screen in memory for each worker: the tests press keys, and must do
 * so neither in each other's windows nor on a developer's screen.
 */
// biome-ignore lint/style/noDefaultExport: Playwright calls the default export
export default async function globalSetup({ workers }: FullConfig): Promise<() => Promise<void>> {
  const displays: VirtualDisplay[] = [];
  const end = async () => {
    await teardown();
    for (const display of displays) await display.stop();
  };
  try {
    while (process.platform === 'linux' && displays.length < workers) displays.push(await startVirtualDisplay());
    process.env[DISPLAY_VARIABLE] = displays.map(({ display }) => display).join(' ');
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
      clockSets: new Map(),
      open311: new Set<string>(),
      simulatesUnits: false,
      simulatesSeats: false,
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
