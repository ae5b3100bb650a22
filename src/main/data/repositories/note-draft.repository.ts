import type { ReadableDb, WritableDb } from '../db/sqlite.ts';

/** A note begun on a ticket. */
export interface NoteDraft {
  readonly uid: string;
  readonly text: string;
}

/** Notes begun and not sent, by ticket. */
export function listNoteDrafts(db: ReadableDb): readonly NoteDraft[] {
  return db.all<NoteDraft>('SELECT ticket_uid AS uid, text FROM note_drafts ORDER BY updated_at');
}

/** Keeps the text begun for a ticket. */
export function saveNoteDraft(db: WritableDb, { uid, text }: NoteDraft, now: number): void {
  db.run(
    `INSERT INTO note_drafts (ticket_uid, text, updated_at) VALUES (?, ?, ?)
     ON CONFLICT (ticket_uid) DO UPDATE SET text = excluded.text, updated_at = excluded.updated_at`,
    uid,
    text,
    now,
  );
}

/** Forgets the text begun for a ticket: it was sent or emptied. */
export function deleteNoteDraft(db: WritableDb, uid: string): void {
  db.run('DELETE FROM note_drafts WHERE ticket_uid = ?', uid);
}
