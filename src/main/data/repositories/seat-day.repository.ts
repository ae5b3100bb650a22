import { QUICK_ANSWER_MS, type SeatDay } from '#shared/domain/board/seat-report.ts';
import type { ReadableDb } from '../db/sqlite.ts';

/**
 * What became of the calls of each day and line, counted from the call log; calls that go on are not in it, nor those a colleague passed on:
 * they were offered once already.
 * @param from epoch ms, the first moment of a Beijing day
 */
export function countSeatDays(db: ReadableDb, from: number): readonly SeatDay[] {
  return db.all<SeatDay>(
    `SELECT date((ring_at + 28800000) / 1000, 'unixepoch') AS day, line, count(*) AS offered, count(answered_at) AS answered,
        count(*) FILTER (WHERE answered_at - ring_at <= ?) AS answeredQuickly,
        coalesce(sum(max(0, answered_at - ring_at)), 0) AS waitMs
      FROM calls WHERE ring_at >= ? AND ended_at IS NOT NULL AND coalesce(doc ->> 'direction', 'in') = 'in'
        AND doc ->> '$.from' IS NULL
      GROUP BY day, line ORDER BY day, line`,
    QUICK_ANSWER_MS,
    from,
  );
}
