import type pg from 'pg';
import { ServiceError } from '../service-error.ts';

/** Files of one person that no ticket names, whole and under way: as many … */
export const MOST_UNNAMED_FILES = 200;
/** … and as many bytes together. More than a day's work leaves while its tickets are on the way. */
export const MOST_UNNAMED_BYTES = 1024 ** 3;

/** Uploads one person has under way at most; a console sends one after the other. */
const MOST_UPLOADS = 20;
/** Seed of the lock of one person's uploads: apart from whatever else is locked by a hash. */
const PERSON_LOCK = 2_060;
const UNNAMED = 'NOT EXISTS (SELECT 1 FROM attachment_refs AS ref WHERE ref.sha256 = file.sha256)';

/**
 * Whether a person may send one more file, counted while nobody else counts for them. A file that a ticket names already is always taken:
 * the ticket says what it is for, and the limits are there for what nobody would ever see.
 * @param size of the file, in bytes
 * @throws ServiceError RATE_LIMITED with too many uploads under way, ATTACHMENT_QUOTA with too much that no ticket names
 */
export async function checkQuota(client: pg.PoolClient, userId: string, sha256: string, size: number): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, $2))', [userId, PERSON_LOCK]);
  const underWay = await client.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM attachment_uploads WHERE user_id = $1',
    [userId],
  );
  if ((underWay.rows[0]?.count ?? 0) >= MOST_UPLOADS) throw new ServiceError('RATE_LIMITED', undefined, 60_000);
  const named = await client.query(`SELECT 1 FROM attachment_refs WHERE sha256 = decode($1, 'hex') LIMIT 1`, [sha256]);
  if (named.rows.length > 0) return;
  const unnamed = await client.query<{ files: number; bytes: string }>(
    `SELECT count(*)::int AS files, coalesce(sum(size), 0)::text AS bytes FROM (
       SELECT sha256, size FROM attachments AS file WHERE uploaded_by = $1 AND ${UNNAMED}
       UNION ALL SELECT sha256, size FROM attachment_uploads AS file WHERE user_id = $1 AND ${UNNAMED}) AS held`,
    [userId],
  );
  const { files = 0, bytes = '0' } = unnamed.rows[0] ?? {};
  if (files + 1 > MOST_UNNAMED_FILES || Number(bytes) + size > MOST_UNNAMED_BYTES) {
    throw new ServiceError('ATTACHMENT_QUOTA', { files: MOST_UNNAMED_FILES, bytes: MOST_UNNAMED_BYTES });
  }
}
