import type { Marks } from '#shared/domain/quality/check.ts';
import { CHECKED_STATUSES, drawnBelow, type SamplingRule } from '#shared/domain/quality/sampling.ts';
import type { RecordOf } from '#shared/domain/record.ts';
import { LINES } from '#shared/domain/roles.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';
import { listRecords } from './record.repository.ts';

const CHECKED = CHECKED_STATUSES.map((status) => `'${status}'`).join(', ');

/** What `reasonsToCheck` says, as a condition on stored tickets; documents are only read into where the rest of it allows it. */
function sampled({ shareOf256, always }: SamplingRule): string {
  const pair = 'substr(uid, -2)';
  const widest = drawnBelow(Math.max(...LINES.map((line) => shareOf256[line])));
  const perLine = LINES.map((line) => `WHEN '${line}' THEN '${drawnBelow(shareOf256[line])}'`).join(' ');
  const drawn = `${pair} < '${widest}' AND ${pair} < CASE doc ->> '$.fields.line' ${perLine} ELSE '' END`;
  const found = {
    redo: `coalesce(doc ->> '$.handling.round', 1) - coalesce(json_array_length(doc, '$.handling.returnedBy'), 0) > 1`,
    unsatisfied: `coalesce(doc ->> '$.handling.callback.satisfied', 1) = 0`,
    unsolved: `coalesce(doc ->> '$.handling.callback.solved', 1) = 0`,
  };
  const certain = always.map((reason) => found[reason]).join(' OR ') || '0';
  return `status IN (${CHECKED}) AND created_by IS NOT NULL AND ((${drawn}) OR (instr(doc, '"handling":') > 0 AND (${certain})))`;
}

const NAME = 'tickets_sampled';
/** When a ticket that is to be checked ended, null for all others: the index holds it, so that nobody reads a document to count. */
const sampledAt = (rule: SamplingRule) => `CASE WHEN ${sampled(rule)} THEN doc ->> '$.closedAt' END`;

const indexOf = (rule: SamplingRule) =>
  `CREATE INDEX ${NAME} ON tickets (${sampledAt(rule)}, is_mine, uid) WHERE ${sampledAt(rule)} IS NOT NULL`;

/** True when the tickets to be checked by a rule have an index of their own. */
export function isSampleIndexOf(db: ReadableDb, rule: SamplingRule): boolean {
  return db.value<string>('SELECT sql FROM sqlite_schema WHERE name = ?', NAME) === indexOf(rule);
}

/**
 * Makes that index, in the place of one by another rule. The whole cache is read for it, in one transaction; from then on it follows every
 * change of a ticket. No migration does it: the rule is data, and most consoles never ask.
 */
export function makeSampleIndex(db: WritableDb, rule: SamplingRule): void {
  db.transaction(() => db.exec(`DROP INDEX IF EXISTS ${NAME}; ${indexOf(rule)}`));
}

/** Drawn, ended since then, not this user's own and not checked by anybody. The plus keeps a text from being compared as something else: the index holds plain values. */
const toCheck = (rule: SamplingRule) => `FROM tickets INDEXED BY ${NAME} WHERE ${sampledAt(rule)} >= ?
  AND is_mine = 0 AND NOT EXISTS (
    SELECT 1 FROM records r INDEXED BY checks_by_ticket WHERE r.kind = 'check' AND r.doc ->> '$.ticketUid' = +tickets.uid)`;

/** How many tickets that ended since a time are still to be checked, out of the indices alone. */
export function countToCheck(db: ReadableDb, rule: SamplingRule, since: number): number {
  return db.value<number>(`SELECT count(*) ${toCheck(rule)}`, since) ?? 0;
}

/** Row ids of tickets to be checked, those that leave the queue first. */
export function listToCheck(db: ReadableDb, rule: SamplingRule, since: number, limit: number): readonly number[] {
  return db.values<number>(
    `SELECT id ${toCheck(rule)} ORDER BY ${sampledAt(rule)}, is_mine, uid LIMIT ?`,
    since,
    limit,
  );
}

const APPEALED = `FROM records INDEXED BY checks_appealed
  WHERE kind = 'check' AND doc ->> '$.appeal.id' IS NOT NULL AND doc ->> '$.settled.id' IS NULL`;

/** How many appeals wait for a second checker. */
export function countAppealed(db: ReadableDb): number {
  return db.value<number>(`SELECT count(*) ${APPEALED}`) ?? 0;
}

/** Checks with an appeal that waits, the oldest first. */
export function listAppealed(db: ReadableDb, limit: number): readonly RecordOf<'check'>[] {
  const first = `SELECT id ${APPEALED} ORDER BY updated_at, id LIMIT ?`;
  return listRecords(db, 'check', `AND id IN (${first}) ORDER BY updated_at, id`, limit);
}

/** Everything of a kind, what changed last first. */
export function listLast<K extends 'check' | 'check_copy' | 'calibration'>(
  db: ReadableDb,
  kind: K,
  limit: number,
): readonly RecordOf<K>[] {
  return listRecords(db, kind, 'ORDER BY updated_at DESC, id DESC LIMIT ?', limit);
}

/** How many documents of a kind there are. */
export function countOf(db: ReadableDb, kind: 'check' | 'check_copy' | 'calibration'): number {
  return db.value<number>('SELECT count(*) FROM records WHERE kind = ?', kind) ?? 0;
}

/** Marks and words begun on a check or a calibration. */
export interface CheckDraft {
  readonly marks: Marks;
  readonly words: string;
}

/** What was begun on a record, or null. */
export function findCheckDraft(db: ReadableDb, uid: string): CheckDraft | null {
  const row = db.get<{ marks: string; words: string }>('SELECT marks, words FROM check_drafts WHERE uid = ?', uid);
  return row ? { marks: JSON.parse(row.marks) as Marks, words: row.words } : null;
}

/** Keeps what was begun on a record. */
export function saveCheckDraft(db: WritableDb, uid: string, { marks, words }: CheckDraft, now: number): void {
  db.run(
    `INSERT INTO check_drafts (uid, marks, words, updated_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (uid) DO UPDATE SET marks = excluded.marks, words = excluded.words, updated_at = excluded.updated_at`,
    uid,
    JSON.stringify(marks),
    words,
    now,
  );
}

/** Forgets what was begun on a record. */
export function deleteCheckDraft(db: WritableDb, uid: string): void {
  db.run('DELETE FROM check_drafts WHERE uid = ?', uid);
}
