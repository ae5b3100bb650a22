import type { ReadableDb, WritableDb } from '../db/sqlite.ts';

/** The record came ahead of the pull that brings the citizens of the centre. */
export function noteEarlyCitizen(db: WritableDb, uid: string): void {
  db.run('INSERT OR IGNORE INTO early_citizens (uid) VALUES (?)', uid);
}

/** Whether a record came ahead of the pull. */
export function isEarlyCitizen(db: ReadableDb, uid: string): boolean {
  return db.value<number>('SELECT 1 FROM early_citizens WHERE uid = ?', uid) !== undefined;
}

/** Whether any record came ahead of the pull; nearly always none did. */
export function hasEarlyCitizens(db: ReadableDb): boolean {
  return db.value<number>('SELECT 1 FROM early_citizens LIMIT 1') !== undefined;
}

/** Some of the records that came ahead of the pull. */
export function listEarlyCitizens(db: ReadableDb, limit: number): readonly string[] {
  return db.values<string>('SELECT uid FROM early_citizens ORDER BY uid LIMIT ?', limit);
}

/** The pull has brought the record, or it is gone. */
export function forgetEarlyCitizen(db: WritableDb, uid: string): void {
  db.run('DELETE FROM early_citizens WHERE uid = ?', uid);
}
