import type { Marks } from '#shared/domain/quality/check.ts';
import { CHECKED_STATUSES, drawnBelow, type SamplingRule } from '#shared/domain/quality/sampling.ts';
import type { RecordOf } from '#shared/domain/record.ts';
import { LINES } from '#shared/domain/roles.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';
import { DataError } from '../errors.ts';
import { listRecords } from './record.repository.ts';
import type { IdPage } from './ticket-list.repository.ts';

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

/**
 * Row ids of tickets to be checked: `oldest` those that leave the queue first, `newest` those that ended last.
 * @throws DataError NOT_FOUND when the ticket to continue after is not to be checked any more by the rule
 */
export function listToCheckIds(
  db: ReadableDb,
  rule: SamplingRule,
  since: number,
  sort: CheckSort,
  limit: number,
  before?: number,
): IdPage {
  const at = sampledAt(rule);
  const isNewest = sort === 'newest';
  const start = isNewest ? { at: Number.MAX_SAFE_INTEGER, uid: '' } : { at: since, uid: '' };
  const place =
    before === undefined
      ? start
      : (db.get<{ at: number | null; uid: string }>(`SELECT ${at} AS at, uid FROM tickets WHERE id = ?`, before) ??
        null);
  if (!place || place.at === null) throw new DataError('NOT_FOUND', GONE);
  const ids = isNewest
    ? db.values<number>(
        `SELECT id ${toCheck(rule)} AND ${at} <= ? AND (${at} < ? OR uid < ?) ORDER BY ${at} DESC, is_mine DESC, uid DESC LIMIT ?`,
        since,
        place.at,
        place.at,
        place.uid,
        limit + 1,
      )
    : db.values<number>(
        `SELECT id ${toCheck(rule)} AND (${at} > ? OR uid > ?) ORDER BY ${at}, is_mine, uid LIMIT ?`,
        place.at,
        place.at,
        place.uid,
        limit + 1,
      );
  return toPage(ids, limit);
}

const APPEALED = `FROM records INDEXED BY checks_appealed
  WHERE kind = 'check' AND doc ->> '$.appeal.id' IS NOT NULL AND doc ->> '$.settled.id' IS NULL`;

/** How many appeals wait for a second checker. */
export function countAppealed(db: ReadableDb): number {
  return db.value<number>(`SELECT count(*) ${APPEALED}`) ?? 0;
}

/** Row ids of checks with an appeal that waits, by when they changed last. @throws DataError NOT_FOUND when the one to continue after is gone */
export function listAppealedIds(db: ReadableDb, sort: CheckSort, limit: number, before?: number): IdPage {
  return listByChange(db, `id ${APPEALED}`, [], sort, limit, before);
}

/** Row ids of everything of a kind, by when it changed last. @throws DataError NOT_FOUND when the one to continue after is gone */
export function listLastIds(db: ReadableDb, kind: CheckKind, sort: CheckSort, limit: number, before?: number): IdPage {
  return listByChange(db, 'id FROM records WHERE kind = ?', [kind], sort, limit, before);
}

function listByChange(
  db: ReadableDb,
  what: string,
  values: readonly string[],
  sort: CheckSort,
  limit: number,
  before: number | undefined,
): IdPage {
  const isNewest = sort === 'newest';
  const end = isNewest ? Number.MAX_SAFE_INTEGER : 0;
  const place = before === undefined ? { updated_at: end, id: end } : placeOf(db, before);
  const direction = isNewest ? 'DESC' : 'ASC';
  const ids = db.values<number>(
    `SELECT ${what} AND (updated_at, id) ${isNewest ? '<' : '>'} (?, ?) ORDER BY updated_at ${direction}, id ${direction} LIMIT ?`,
    ...values,
    place.updated_at,
    place.id,
    limit + 1,
  );
  return toPage(ids, limit);
}

/** Documents of a kind by row id, in the order of the ids; those that are gone are left out. */
export function listByIds<K extends CheckKind>(
  db: ReadableDb,
  kind: K,
  ids: readonly number[],
): readonly { readonly id: number; readonly record: RecordOf<K> }[] {
  return ids.flatMap((id) => {
    const [record] = listRecords(db, kind, 'AND id = ?', id);
    return record ? [{ id, record }] : [];
  });
}

type CheckKind = 'check' | 'check_copy' | 'calibration';
type CheckSort = 'newest' | 'oldest';
const GONE = 'the page to continue after is gone';

function placeOf(db: ReadableDb, id: number): { readonly id: number; readonly updated_at: number } {
  const place = db.get<{ id: number; updated_at: number }>('SELECT id, updated_at FROM records WHERE id = ?', id);
  if (!place) throw new DataError('NOT_FOUND', GONE);
  return place;
}

function toPage(found: readonly number[], limit: number): IdPage {
  const ids = found.slice(0, limit);
  return { ids, next: found.length > limit ? (ids.at(-1) ?? null) : null };
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
