import { existsSync } from 'node:fs';
import type pg from 'pg';
import type { Clock } from '#shared/kernel/clock.ts';
import { type Actor, maySendFiles, readableLines, readableOtherScopes } from '../auth/actor.ts';
import { inTransaction } from '../db/transaction.ts';
import { ServiceError } from '../service-error.ts';
import { type BlobFolder, inspectFile } from './blob-folder.ts';
import { checkQuota } from './upload-quota.ts';

/** An upload that was not ended by then starts again. */
export const UPLOAD_LIFE_MS = 7 * 86_400_000;
/** A file that no ticket names: the operation that would is refused, or its console never came back. */
export const ORPHAN_AFTER_MS = 90 * 86_400_000;

/** Which file, of which centre. */
interface Content {
  readonly centre: string;
  readonly sha256: string;
}

/** An upload under way. */
export interface PendingUpload extends Content {
  readonly id: string;
  readonly user_id: string;
  readonly console: string;
  readonly size: number;
}

/** A whole file. */
export interface StoredFile {
  readonly path: string;
  readonly size: number;
  readonly type: string;
}

/** Seed of the lock of one file: apart from whatever else is locked by a hash. */
const FILE_LOCK = 2_050;
/** Nothing names the file, and nobody sent it since `$1`. */
const IS_ORPHAN = `file.at < $1 AND NOT EXISTS (SELECT 1 FROM attachment_refs AS ref WHERE ref.sha256 = file.sha256)`;
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
   * Writes an upload down that begins. An earlier one of the same file goes: its console never heard of it, or has given it up.
   * @throws ServiceError FORBIDDEN, and what `checkQuota` says about this person's files
   */
  async beginUpload(actor: Actor, id: string, sha256: string, size: number): Promise<void> {
    if (!maySendFiles(actor)) throw new ServiceError('FORBIDDEN');
    const earlier = await this.#pool.query<{ id: string }>(
      `DELETE FROM attachment_uploads WHERE user_id = $1 AND console = $2 AND sha256 = decode($3, 'hex') RETURNING id`,
      [actor.id, actor.console, sha256],
    );
    for (const { id: gone } of earlier.rows) await this.folder.dropUpload(gone);
    await inTransaction(this.#pool, async (client) => {
      await checkQuota(client, actor.id, sha256, size);
      await client.query(
        `INSERT INTO attachment_uploads (id, centre, user_id, console, sha256, size, at)
         VALUES ($1, $2, $3, $4, decode($5, 'hex'), $6, $7)`,
        [id, actor.centre, actor.id, actor.console, sha256, size, this.#clock.now()],
      );
    });
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
   * Takes a whole upload over: it has to be what it was said to be. On disk, and written down, when this resolves; after a kill in between
   * the console asks, hears that it is not there, and sends it anew.
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
    const { type, ...inspected } = await inspectFile(this.folder.uploadPath(id));
    if (inspected.sha256 !== sha256 || inspected.size !== upload.size || type === null) {
      await this.dropUpload(id);
      throw new ServiceError(inspected.sha256 === sha256 ? 'ATTACHMENT_TYPE' : 'ATTACHMENT_DAMAGED');
    }
    await this.#alone(upload, async (client) => {
      await this.folder.keep(id, centre, sha256);
      await client.query(
        `INSERT INTO attachments (centre, sha256, size, type, uploaded_by, console, at)
         VALUES ($1, decode($2, 'hex'), $3, $4, $5, $6, $7) ON CONFLICT (centre, sha256) DO UPDATE SET at = excluded.at`,
        [centre, sha256, inspected.size, type, upload.user_id, upload.console, this.#clock.now()],
      );
    });
    await this.dropUpload(id);
  }

  /** A transaction that changes what is kept of one file, its bytes and its row, while nobody else does. */
  #alone<T>({ centre, sha256 }: Content, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return inTransaction(this.#pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, $2))', [`${centre}/${sha256}`, FILE_LOCK]);
      return work(client);
    });
  }

  /** Gives an upload up. Its row first: files without one go with the next sweep. */
  async dropUpload(id: string): Promise<void> {
    await this.#pool.query('DELETE FROM attachment_uploads WHERE id = $1', [id]);
    await this.folder.dropUpload(id);
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
             EXISTS (SELECT 1 FROM tickets WHERE tickets.uid = ref.uid AND tickets.centre = $1 AND tickets.line = ANY($5::text[]))
             OR EXISTS (SELECT 1 FROM records WHERE records.uid = ref.uid AND records.scope = ANY($4::text[])))))`,
      [actor.centre, sha256, actor.id, readableOtherScopes(actor), readableLines(actor)],
    );
    const [row] = found.rows;
    const path = this.folder.blobPath(actor.centre, sha256);
    // A database that was restored beside an older folder speaks of files that are not there.
    return row && existsSync(path) ? { path, size: Number(row.size), type: row.type } : null;
  }

  /** Size and kind of a file the centre has, null for none: for whoever names it without reading it. */
  async describe(centre: string, sha256: string): Promise<Pick<StoredFile, 'size' | 'type'> | null> {
    const found = await this.#pool.query<{ size: number; type: string }>(
      `SELECT size, type FROM attachments WHERE centre = $1 AND sha256 = decode($2, 'hex')`,
      [centre, sha256],
    );
    const [row] = found.rows;
    return row ? { size: Number(row.size), type: row.type } : null;
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
    // The folder first: an upload is written down before it has a file, so whatever is found here and not there has ended.
    const files = await this.folder.listUploads();
    const known = await this.#pool.query<{ id: string }>('SELECT id FROM attachment_uploads');
    const ids = new Set(known.rows.map(({ id }) => id));
    for (const id of files) if (!ids.has(id)) await this.folder.dropUpload(id);
    const before = now - ORPHAN_AFTER_MS;
    const found = await this.#pool.query<Content>(
      `SELECT centre, encode(sha256, 'hex') AS sha256 FROM attachments AS file WHERE ${IS_ORPHAN}`,
      [before],
    );
    let orphans = 0;
    for (const file of found.rows) if (await this.#dropOrphan(file, before)) orphans += 1;
    return { uploads: late.rows.length, orphans };
  }

  /** Looks again once nobody can send the same file in between. The row goes with the bytes or not at all. */
  #dropOrphan(file: Content, before: number): Promise<boolean> {
    return this.#alone(file, async (client) => {
      const { rowCount } = await client.query(
        `DELETE FROM attachments AS file WHERE ${IS_ORPHAN} AND centre = $2 AND sha256 = decode($3, 'hex')`,
        [before, file.centre, file.sha256],
      );
      if (rowCount === 0) return false;
      await this.folder.dropBlob(file.centre, file.sha256);
      return true;
    });
  }
}
