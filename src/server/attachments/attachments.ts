import { existsSync } from 'node:fs';
import type pg from 'pg';
import type { Clock } from '#shared/kernel/clock.ts';
import { type Actor, readableScopes, readableTicketScopes } from '../auth/actor.ts';
import { ServiceError } from '../service-error.ts';
import { type BlobFolder, inspectFile } from './blob-folder.ts';

/** Uploads one person has under way at most; a console sends one after the other. */
const MOST_UPLOADS = 20;
/** An upload that was not ended by then starts again. */
export const UPLOAD_LIFE_MS = 7 * 86_400_000;
/** A file that no ticket names: the operation that would is refused, or its console never came back. */
export const ORPHAN_AFTER_MS = 90 * 86_400_000;

/** An upload under way. */
export interface PendingUpload {
  readonly id: string;
  readonly centre: string;
  readonly user_id: string;
  readonly console: string;
  readonly sha256: string;
  readonly size: number;
}

/** A whole file. */
export interface StoredFile {
  readonly path: string;
  readonly size: number;
  readonly type: string;
}

const UPLOAD_COLUMNS = `id, centre, user_id, console, encode(sha256, 'hex') AS sha256, size`;

/** Files of tickets: taken from whoever takes in tickets, given to whoever may read one that names them. */
export class Attachments {
  readonly folder: BlobFolder;
  readonly #pool: pg.Pool;
  readonly #clock: Clock;

  constructor(pool: pg.Pool, clock: Clock, folder: BlobFolder) {
    this.#pool = pool;
    this.#clock = clock;
    this.folder = folder;
  }

  /**
   * Writes an upload down that begins.
   * @throws ServiceError FORBIDDEN, RATE_LIMITED when this person has too many under way
   */
  async beginUpload(actor: Actor, id: string, sha256: string, size: number): Promise<void> {
    if (readableTicketScopes(actor).length === 0) throw new ServiceError('FORBIDDEN');
    const { rowCount } = await this.#pool.query(
      `INSERT INTO attachment_uploads (id, centre, user_id, console, sha256, size, at)
       SELECT $1, $2, $3, $4, decode($5, 'hex'), $6, $7
        WHERE (SELECT count(*) FROM attachment_uploads WHERE user_id = $3) < $8`,
      [id, actor.centre, actor.id, actor.console, sha256, size, this.#clock.now(), MOST_UPLOADS],
    );
    if (rowCount === 0) throw new ServiceError('RATE_LIMITED', undefined, 60_000);
  }

  /** An own upload. @throws ServiceError NOT_FOUND also for somebody else's */
  async ownUpload(actor: Actor, id: string): Promise<PendingUpload> {
    const found = await this.#pool.query<PendingUpload>(
      `SELECT ${UPLOAD_COLUMNS} FROM attachment_uploads WHERE id = $1 AND user_id = $2 AND console = $3`,
      [id, actor.id, actor.console],
    );
    const [upload] = found.rows;
    if (!upload) throw new ServiceError('NOT_FOUND');
    return upload;
  }

  /**
   * Takes a whole upload over: it has to be what it was said to be. On disk, and written down, when this resolves; after a kill in between it
   * is simply done again.
   * @throws ServiceError ATTACHMENT_DAMAGED for other content, ATTACHMENT_TYPE for a kind that is not taken
   */
  async finishUpload(id: string): Promise<void> {
    const found = await this.#pool.query<PendingUpload>(
      `SELECT ${UPLOAD_COLUMNS} FROM attachment_uploads WHERE id = $1`,
      [id],
    );
    const [upload] = found.rows;
    if (!upload) throw new ServiceError('NOT_FOUND');
    const { centre, sha256 } = upload;
    const arrived = this.folder.uploadPath(id);
    const isMoved = !existsSync(arrived) && existsSync(this.folder.blobPath(centre, sha256));
    const path = isMoved ? this.folder.blobPath(centre, sha256) : arrived;
    const inspected = await inspectFile(path);
    if (inspected.sha256 !== sha256 || inspected.size !== upload.size || inspected.type === null) {
      await this.dropUpload(id);
      throw new ServiceError(inspected.sha256 === sha256 ? 'ATTACHMENT_TYPE' : 'ATTACHMENT_DAMAGED');
    }
    if (!isMoved) await this.folder.keep(id, centre, sha256);
    await this.#pool.query(
      `INSERT INTO attachments (centre, sha256, size, type, uploaded_by, console, at)
       VALUES ($1, decode($2, 'hex'), $3, $4, $5, $6, $7) ON CONFLICT (centre, sha256) DO UPDATE SET at = excluded.at`,
      [centre, sha256, inspected.size, inspected.type, upload.user_id, upload.console, this.#clock.now()],
    );
    await this.dropUpload(id);
  }

  /** Gives an upload up. */
  async dropUpload(id: string): Promise<void> {
    await this.folder.dropUpload(id);
    await this.#pool.query('DELETE FROM attachment_uploads WHERE id = $1', [id]);
  }

  /**
   * A file this person may read: named by a ticket or form in their scopes, or sent by themselves; null when there is none, which is also
   * the answer about everybody else's.
   */
  async find(actor: Actor, sha256: string): Promise<StoredFile | null> {
    const found = await this.#pool.query<{ size: number; type: string }>(
      `SELECT size, type FROM attachments AS file WHERE centre = $1 AND sha256 = decode($2, 'hex') AND (
         uploaded_by = $3 OR EXISTS (
           SELECT 1 FROM attachment_refs AS ref WHERE ref.sha256 = file.sha256 AND (
             EXISTS (SELECT 1 FROM tickets WHERE tickets.uid = ref.uid AND tickets.scope = ANY($4::text[]))
             OR EXISTS (SELECT 1 FROM records WHERE records.uid = ref.uid AND records.scope = ANY($4::text[])))))`,
      [actor.centre, sha256, actor.id, readableScopes(actor)],
    );
    const [row] = found.rows;
    const path = this.folder.blobPath(actor.centre, sha256);
    // A database that was restored beside an older folder speaks of files that are not there.
    return row && existsSync(path) ? { path, size: Number(row.size), type: row.type } : null;
  }

  /**
   * Makes room: uploads nobody ended, and files that no ticket names after a long time.
   * @returns how many of each went
   */
  async sweep(): Promise<{ readonly uploads: number; readonly orphans: number }> {
    const now = this.#clock.now();
    const late = await this.#pool.query<{ id: string }>('SELECT id FROM attachment_uploads WHERE at < $1', [
      now - UPLOAD_LIFE_MS,
    ]);
    for (const { id } of late.rows) await this.dropUpload(id);
    const known = await this.#pool.query<{ id: string }>('SELECT id FROM attachment_uploads');
    const ids = new Set(known.rows.map(({ id }) => id));
    const files = await this.folder.listUploads();
    for (const id of files) if (!ids.has(id)) await this.folder.dropUpload(id);
    const orphans = await this.#pool.query<{ centre: string; sha256: string }>(
      `DELETE FROM attachments AS file WHERE at < $1
         AND NOT EXISTS (SELECT 1 FROM attachment_refs AS ref WHERE ref.sha256 = file.sha256)
       RETURNING centre, encode(sha256, 'hex') AS sha256`,
      [now - ORPHAN_AFTER_MS],
    );
    for (const { centre, sha256 } of orphans.rows) await this.folder.dropBlob(centre, sha256);
    return { uploads: late.rows.length, orphans: orphans.rows.length };
  }
}
