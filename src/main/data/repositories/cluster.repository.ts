import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import type { IdPage } from './ticket-list.repository.ts';

/** How many 母单 of one state have how many tickets under them. */
export interface ClusterCount {
  readonly status: TicketStatus;
  readonly isOverdue: 0 | 1;
  readonly isSupervised: 0 | 1;
  readonly isJoint: 0 | 1;
  readonly isAwaited: 0 | 1;
  readonly isElsewhere: 0 | 1;
  readonly children: number;
}

/** Tickets that are worked on as part of their 母单, by the state of that: from the index of merged tickets and one look per 母单. */
export function listClusters(db: ReadableDb, now: number): readonly ClusterCount[] {
  return db.all<ClusterCount>(
    `SELECT p.status, coalesce(p.due_at <= ?, 0) AS isOverdue, p.order_due_at IS NOT NULL AS isSupervised,
       p.joint_at IS NOT NULL AS isJoint, p.awaited_until IS NOT NULL AS isAwaited, p.flow_at IS NOT NULL AS isElsewhere,
       sum(c.children) AS children
     FROM (SELECT parent_uid, count(*) AS children FROM tickets INDEXED BY tickets_merged
           WHERE parent_uid IS NOT NULL AND status = 'merged' GROUP BY parent_uid) c
     CROSS JOIN tickets p ON p.uid = c.parent_uid GROUP BY p.status, isOverdue, isSupervised, isJoint, isAwaited, isElsewhere`,
    now,
  );
}

/** Tickets that are worked on as part of a 母单. */
export function countChildren(db: ReadableDb, parentUid: string): number {
  return countChildrenOf(db, [parentUid]).get(parentUid) ?? 0;
}

/** {@link countChildren} of those of some tickets that have any. */
export function countChildrenOf(db: ReadableDb, parents: readonly string[]): ReadonlyMap<string, number> {
  const rows = db.all<{ readonly uid: string; readonly children: number }>(
    `SELECT parent_uid AS uid, count(*) AS children
     FROM json_each(?) AS wanted CROSS JOIN tickets INDEXED BY tickets_merged
       ON parent_uid = wanted.value AND parent_uid IS NOT NULL AND status = 'merged'
     GROUP BY parent_uid`,
    JSON.stringify(parents),
  );
  return new Map(rows.map(({ uid, children }) => [uid, children]));
}

/** How many proposals of 并单 wait for a decision. */
export function countProposed(db: ReadableDb): number {
  return db.value<number>('SELECT count(*) FROM tickets INDEXED BY tickets_proposed WHERE is_proposed = 1') ?? 0;
}

/** Tickets that are proposed under a 母单, newest first. */
export function listProposedIds(db: ReadableDb, limit: number, before?: number): IdPage {
  const place =
    before === undefined ? undefined : db.value<number>('SELECT created_at FROM tickets WHERE id = ?', before);
  const ids = db.values<number>(
    `SELECT id FROM tickets INDEXED BY tickets_proposed WHERE is_proposed = 1 AND (created_at, id) < (?, ?)
     ORDER BY created_at DESC, id DESC LIMIT ?`,
    place ?? Number.MAX_SAFE_INTEGER,
    before ?? Number.MAX_SAFE_INTEGER,
    limit + 1,
  );
  const page = ids.slice(0, limit);
  return { ids: page, next: ids.length > limit ? (page.at(-1) ?? null) : null };
}
