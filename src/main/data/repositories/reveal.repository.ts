import type { RevealRequest } from '#shared/contract/privacy.contract.ts';
import type { EventId, UserId } from '#shared/kernel/ids.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';

/** A look behind the mask as it is written down; `confidential` = 保密 was taken from the record for good. */
export interface Reveal extends Omit<RevealRequest, 'field'> {
  readonly field: RevealRequest['field'] | 'confidential';
  readonly id: EventId;
  readonly userId: UserId;
  readonly at: number;
}

/** Adds a look to the log, which is only ever added to. */
export function insertReveal(db: WritableDb, reveal: Reveal): void {
  db.run(
    'INSERT INTO reveals (id, subject, subject_uid, field, reason, user_id, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    reveal.id,
    reveal.subject,
    reveal.uid,
    reveal.field,
    reveal.reason,
    reveal.userId,
    reveal.at,
  );
}

/** True when that person has looked at that field since `since`. */
export function wasRevealed(
  db: ReadableDb,
  uid: string,
  field: RevealRequest['field'],
  userId: UserId,
  since: number,
): boolean {
  const found = db.value(
    'SELECT 1 FROM reveals WHERE subject_uid = ? AND field = ? AND user_id = ? AND at >= ? LIMIT 1',
    uid,
    field,
    userId,
    since,
  );
  return found !== undefined;
}
