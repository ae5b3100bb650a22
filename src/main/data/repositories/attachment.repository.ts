import type { Stumble } from '#shared/sync/refusals.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';

/** `held`: no ticket names it yet; `waiting`: to be sent; `sent`: the server has it; `refused`: it did not take it. */
export type AttachmentState = 'held' | 'waiting' | 'sent' | 'refused';

/** A file beside the cache, and how far it is on its way to the server. */
export interface StoredAttachment {
  readonly sha256: string;
  readonly size: number;
  readonly type: string;
  readonly name: string;
  readonly state: AttachmentState;
  readonly addedAt: number;
  /** Id of the upload under way at the server; null when none was begun. */
  readonly uploadId: string | null;
  readonly sentBytes: number;
  readonly attempts: number;
  readonly lastTryAt: number | null;
  readonly lastError: Stumble | null;
}

interface Row {
  readonly sha256: string;
  readonly size: number;
  readonly type: string;
  readonly name: string;
  readonly state: AttachmentState;
  readonly added_at: number;
  readonly upload_id: string | null;
  readonly sent_bytes: number;
  readonly attempts: number;
  readonly last_try_at: number | null;
  readonly last_error: string | null;
  readonly last_detail: string;
}

function toStored(row: Row): StoredAttachment {
  return {
    sha256: row.sha256,
    size: row.size,
    type: row.type,
    name: row.name,
    state: row.state,
    addedAt: row.added_at,
    uploadId: row.upload_id,
    sentBytes: row.sent_bytes,
    attempts: row.attempts,
    lastTryAt: row.last_try_at,
    lastError: row.last_error === null ? null : { code: row.last_error, detail: row.last_detail },
  };
}

/** A file by its hash. */
export function findAttachment(db: ReadableDb, sha256: string): StoredAttachment | null {
  const row = db.get<Row>('SELECT * FROM attachments WHERE sha256 = ?', sha256);
  return row ? toStored(row) : null;
}

type NewAttachment = Pick<StoredAttachment, 'sha256' | 'size' | 'type' | 'name' | 'addedAt'>;

/** Writes a file down that was added here. A known one stays as it is, and counts as used now. */
export function holdAttachment(db: WritableDb, file: NewAttachment): void {
  insert(db, file, 'held', false);
}

/** Writes a file down that came from the server. */
export function keepFetched(db: WritableDb, file: NewAttachment): void {
  insert(db, file, 'sent', false);
}

/**
 * Writes a file down whose row went with a lost cache. The operation that named it may have reached the server long ago, and nothing here
 * would say so any more: what the server may lack is to be sent, unless it is in a draft and goes with that.
 */
export function adoptAttachment(db: WritableDb, file: NewAttachment, isSent: boolean): void {
  const isWanted = db.value('SELECT 1 FROM attachment_refs WHERE sha256 = ? LIMIT 1', file.sha256) !== undefined;
  const isHeld = !isWanted && isInDraft(db, file.sha256);
  insert(db, file, isSent ? 'sent' : isHeld ? 'held' : 'waiting', true);
}

function insert(db: WritableDb, file: NewAttachment, state: AttachmentState, isFound: boolean): void {
  db.run(
    `INSERT INTO attachments (sha256, size, type, name, state, found, added_at, used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (sha256) DO UPDATE SET used_at = max(used_at, excluded.used_at)`,
    file.sha256,
    file.size,
    file.type,
    file.name,
    state,
    isFound ? 1 : 0,
    file.addedAt,
    file.addedAt,
  );
}

/**
 * Notes that a ticket or a passed-on form names these files: what lies here of them is to be at the server. One that was there already is
 * asked for again, which costs one request and nothing is sent twice.
 */
export function wantAttachments(db: WritableDb, hashes: readonly string[], uid: string): void {
  for (const sha256 of hashes) {
    db.run('INSERT OR IGNORE INTO attachment_refs (sha256, uid) VALUES (?, ?)', sha256, uid);
    db.run(
      `UPDATE attachments SET state = 'waiting', attempts = 0, last_error = NULL, last_detail = '' WHERE sha256 = ?`,
      sha256,
    );
  }
}

/** Takes that back: an operation that named them was taken out before the server knew it. */
export function releaseAttachments(db: WritableDb, hashes: readonly string[], uid: string): void {
  for (const sha256 of hashes) {
    db.run('DELETE FROM attachment_refs WHERE sha256 = ? AND uid = ?', sha256, uid);
    db.run(
      `UPDATE attachments SET state = 'held' WHERE sha256 = ? AND state IN ('waiting', 'refused')
         AND NOT EXISTS (SELECT 1 FROM attachment_refs WHERE attachment_refs.sha256 = attachments.sha256)`,
      sha256,
    );
  }
}

/** Files the server does not have, those that wait first, oldest first. */
export function listUnsentAttachments(db: ReadableDb): readonly StoredAttachment[] {
  return db
    .all<Row>(`SELECT * FROM attachments WHERE state IN ('waiting', 'refused') ORDER BY state DESC, added_at`)
    .map(toStored);
}

/** The file to send next: those that failed least, oldest first. */
export function nextToSend(db: ReadableDb): StoredAttachment | null {
  const row = db.get<Row>(`SELECT * FROM attachments WHERE state = 'waiting' ORDER BY attempts, added_at LIMIT 1`);
  return row ? toStored(row) : null;
}

/** Keeps the id of an upload at the server and how far it is. */
export function keepUploadPlace(db: WritableDb, sha256: string, uploadId: string, sentBytes: number): void {
  db.run('UPDATE attachments SET upload_id = ?, sent_bytes = ? WHERE sha256 = ?', uploadId, sentBytes, sha256);
}

/** The server has it. */
export function setAttachmentSent(db: WritableDb, sha256: string, now: number): void {
  db.run(
    `UPDATE attachments SET state = 'sent', upload_id = NULL, sent_bytes = size, used_at = max(used_at, ?), last_error = NULL,
       last_detail = '' WHERE sha256 = ? AND state = 'waiting'`,
    now,
    sha256,
  );
}

/** The server does not take it; it stays here with the reason. */
export function setAttachmentRefused(db: WritableDb, sha256: string, { code, detail }: Stumble, now: number): void {
  db.run(
    `UPDATE attachments SET state = 'refused', upload_id = NULL, sent_bytes = 0, attempts = attempts + 1, last_try_at = ?,
       last_error = ?, last_detail = ? WHERE sha256 = ? AND state = 'waiting'`,
    now,
    code,
    detail,
    sha256,
  );
}

/** Notes a try that did not succeed. @param startsAnew nothing of what was sent is used again */
export function noteAttachmentTry(
  db: WritableDb,
  sha256: string,
  { code, detail }: Stumble,
  now: number,
  startsAnew: boolean,
): void {
  db.run(
    `UPDATE attachments SET attempts = attempts + 1, last_try_at = ?, last_error = ?, last_detail = ? WHERE sha256 = ?`,
    now,
    code,
    detail,
    sha256,
  );
  if (startsAnew) db.run('UPDATE attachments SET upload_id = NULL, sent_bytes = 0 WHERE sha256 = ?', sha256);
}

/** True when files wait for their tickets to be registered: the server has too many of this person that no ticket names. */
export function isWaitingForRoom(db: ReadableDb): boolean {
  return (
    db.value(`SELECT 1 FROM attachments WHERE state = 'waiting' AND last_error = 'ATTACHMENT_QUOTA' LIMIT 1`) !==
    undefined
  );
}

/** Tries a refused file again, or one that waits at once. */
export function retryAttachments(db: WritableDb): void {
  db.run(`UPDATE attachments SET state = 'waiting', attempts = 0 WHERE state IN ('waiting', 'refused')`);
}

/** Removes the row of a file that is gone. */
export function forgetAttachment(db: WritableDb, sha256: string): void {
  db.run('DELETE FROM attachments WHERE sha256 = ?', sha256);
}

/**
 * Files added here before `before` that nothing names: no operation ever did, no draft of any kind does. Files found after the loss of a
 * cache are never among them.
 */
export function listAbandoned(db: ReadableDb, before: number): readonly string[] {
  return db.values<string>(
    `SELECT sha256 FROM attachments AS file WHERE state = 'held' AND found = 0 AND used_at < ?
       AND NOT EXISTS (SELECT 1 FROM attachment_refs WHERE attachment_refs.sha256 = file.sha256)
       AND NOT EXISTS (SELECT 1 FROM drafts WHERE instr(drafts.content, file.sha256) > 0)`,
    before,
  );
}

/** Files the server has, least recently used first, that no operation still waiting names. */
export function listEvictable(
  db: ReadableDb,
): readonly { readonly sha256: string; readonly size: number; readonly usedAt: number }[] {
  return db.all(
    `SELECT sha256, size, used_at AS usedAt FROM attachments AS file WHERE state = 'sent'
       AND NOT EXISTS (SELECT 1 FROM attachment_refs AS ref JOIN outbox ON outbox.uid = ref.uid WHERE ref.sha256 = file.sha256)
     ORDER BY used_at`,
  );
}

/** Notes that somebody looked at a file. */
export function touchAttachment(db: WritableDb, sha256: string, now: number): void {
  db.run('UPDATE attachments SET used_at = ? WHERE sha256 = ? AND used_at < ?', now, sha256, now - 3_600_000);
}

/** True when a draft names the file. */
export function isInDraft(db: ReadableDb, sha256: string): boolean {
  return db.value('SELECT 1 FROM drafts WHERE instr(content, ?) > 0 LIMIT 1', sha256) !== undefined;
}
