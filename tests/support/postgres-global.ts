import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { silentLog } from '#server/log.ts';
import { type Cluster, startCluster } from '#server/postgres/cluster.ts';

/** How test workers find the cluster that `setup` started for the whole run. */
export const URL_VARIABLE = 'HOTLINE_TEST_POSTGRES';

let cluster: Cluster | null = null;
let folder = '';

/** Vitest global setup: one embedded PostgreSQL for the run, durable settings as in the product. */
export async function setup(): Promise<void> {
  if (process.env[URL_VARIABLE]) return;
  folder = mkdtempSync(join(tmpdir(), 'hotline-test-pg-'));
  // PostgreSQL's own user has to pass through when the tests run as root.
  chmodSync(folder, 0o711);
  cluster = await startCluster(folder, silentLog);
  process.env[URL_VARIABLE] = cluster.url('postgres');
}

/** Vitest global teardown. */
export async function teardown(): Promise<void> {
  if (!cluster) return;
  await cluster.stop();
  delete process.env[URL_VARIABLE];
  rmSync(folder, { recursive: true, force: true });
  cluster = null;
}

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/**
 * A fresh database on the cluster of this run.
 * @param template database it starts as a copy of; empty without one
 */
export async function createTestDatabase(template = 'template0'): Promise<TestDatabase> {
  const base = process.env[URL_VARIABLE];
  if (!base) throw new Error(`${URL_VARIABLE} is not set: add tests/support/postgres-global.ts to globalSetup`);
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onCluster(base, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(base);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onCluster(base, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function onCluster(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
