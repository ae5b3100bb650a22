import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { migrate } from '#main/data/db/migrate.ts';
import { CACHE_MIGRATIONS } from '#main/data/db/migrations/cache-migrations.ts';
import { openEncrypted } from '#main/data/db/open.ts';
import type { OpenDb } from '#main/data/db/sqlite.ts';
import { insertScope, listScopes, saveScope } from '#main/data/repositories/scope.repository.ts';
import { saveTicket } from '#main/data/repositories/ticket.repository.ts';
import { generateDemoCentre } from '#server/demo/generate.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';

const PER_TRANSACTION = 2_000;

/**
 * An encrypted cache with the demo centre's 60,000 tickets as the newest of `size`; older ones, which nobody learns from, are
 * short rows made by SQLite itself.
 */
export function fillSuggestCache(folder: string, size: number): OpenDb {
  const db = openEncrypted(join(folder, 'cache.db'), randomBytes(32).toString('hex'), { durability: 'normal' });
  migrate(db, CACHE_MIGRATIONS);
  const tickets = [...generateDemoCentre(1, Date.UTC(2026, 5, 1)).tickets()];
  const older = Math.max(0, size - tickets.length);
  const doc = '{"fields":{"type":"help","categoryCode":"010101","content":"旧工单","caller":{},"place":{}}}';
  db.run(
    `INSERT INTO tickets (uid, number, provisional_no, centre, status, caller_phone, created_at, is_mine, updated_at, version,
       base_version, text_hash, doc)
     WITH RECURSIVE n (i) AS (SELECT 1 WHERE ? > 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
     SELECT 'old-' || i, i, '', '320100', 'closed', '', i, 0, i, 1, 1, 0, ? FROM n`,
    older,
    older,
    doc,
  );
  for (let from = 0; from < tickets.length; from += PER_TRANSACTION) {
    db.transaction(() => {
      for (const [i, ticket] of tickets.slice(from, from + PER_TRANSACTION).entries()) {
        saveTicket(db, { ...ticket, number: older + from + i + 1 }, null);
      }
    });
  }
  insertScope(db, '320100:12345', 1);
  const scope = forceUnwrap('the scope was just inserted', listScopes(db)[0]);
  saveScope(db, { ...scope, count: older + tickets.length });
  return db;
}
