import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { migrate } from '#main/data/db/migrate.ts';
import { CACHE_MIGRATIONS } from '#main/data/db/migrations/cache-migrations.ts';
import { openEncrypted, REQUIRED_PRAGMAS } from '#main/data/db/open.ts';
import { connect, type OpenDb } from '#main/data/db/sqlite.ts';
import type { UserId } from '#shared/kernel/ids.ts';
import type { OpActor } from '#shared/sync/apply-op.ts';
import { applyPulledRows } from '../../../support/pulled-rows.ts';
import { peerTicket } from './documents.ts';

const ACTOR: OpActor = {
  id: '00000000-0000-7000-8000-00000000000a' as UserId,
  name: '林晓雯',
  role: 'agent',
  seat: '1001',
  consoleId: null,
};

function openPlain(path: string): OpenDb {
  const db = connect(path);
  for (const [name, value] of Object.entries(REQUIRED_PRAGMAS)) db.pragma(`${name}=${value}`);
  db.pragma('synchronous=1');
  db.pragma('wal_autocheckpoint=1000');
  db.pragma('cache_size=-16000');
  return db;
}

/** Processor time of applying `count` pulled tickets, ms; what waits for the disk is not in it. */
function apply(db: OpenDb, count: number): number {
  migrate(db, CACHE_MIGRATIONS);
  const before = process.cpuUsage();
  applyPulledRows(db, ACTOR, { scope: '320100:12345', table: 'tickets', count, rowOf: peerTicket });
  const { user, system } = process.cpuUsage(before);
  db.close();
  return (user + system) / 1_000;
}

/**
 * Encrypted and plain files in turn; the least of all rounds counts, whatever else the machine does only adds to it.
 * @returns processor time of applying `count` pulled tickets, ms
 */
export function measureCipherCost(
  folder: string,
  count: number,
  rounds: number,
): { readonly encrypted: number; readonly plain: number } {
  const least = { encrypted: Number.POSITIVE_INFINITY, plain: Number.POSITIVE_INFINITY };
  const key = randomBytes(32).toString('hex');
  // The first round compiles the code and does not count.
  for (let round = 0; round <= rounds; round++) {
    const encrypted = apply(openEncrypted(join(folder, `encrypted-${round}.db`), key, { durability: 'normal' }), count);
    const plain = apply(openPlain(join(folder, `plain-${round}.db`)), count);
    if (round === 0) continue;
    least.encrypted = Math.min(least.encrypted, encrypted);
    least.plain = Math.min(least.plain, plain);
  }
  return least;
}
