import { randomBytes, randomUUID } from 'node:crypto';
import { StartupError } from '../startup-error.ts';
import type { Db } from './tables.ts';

export interface ServerIdentity {
  readonly serverId: string;
  readonly mode: 'demo' | 'production';
  readonly tokenSecret: Buffer;
}

/**
 * Reads who this database is, or writes it down at the first start. The mode is decided once and for all:
 * a production database never becomes a demo and a demo never goes live.
 * @throws StartupError MODE_MISMATCH
 */
export async function claimServerIdentity(db: Db, mode: 'demo' | 'production', now: number): Promise<ServerIdentity> {
  await db
    .insertInto('server_meta')
    .values({ server_id: randomUUID(), mode, token_secret: randomBytes(32), created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await db.selectFrom('server_meta').selectAll().executeTakeFirstOrThrow();
  if (row.mode !== mode) {
    throw new StartupError(
      'MODE_MISMATCH',
      row.mode === 'demo'
        ? 'This database belongs to a demo centre; start with --demo or use another database.'
        : 'This database belongs to a production centre; it cannot be started with --demo.',
    );
  }
  return { serverId: row.server_id, mode: row.mode, tokenSecret: row.token_secret };
}
