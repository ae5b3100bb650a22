import type { TicketFields } from '#shared/domain/ticket.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';

/** Notes how the category of a ticket came about; a corrected ticket's replaces what was noted before. A ticket without a category has no choice to note. */
export function logCategoryChoice(
  db: WritableDb,
  uid: TicketId,
  { categoryCode, categoryChoice }: Pick<TicketFields, 'categoryCode' | 'categoryChoice'>,
  now: number,
): void {
  if (categoryCode === null || categoryChoice === null) return;
  db.run(
    'INSERT OR REPLACE INTO category_choices (ticket_uid, code, chosen_by, confidence, at) VALUES (?, ?, ?, ?, ?)',
    uid,
    categoryCode,
    categoryChoice.by,
    categoryChoice.confidence,
    now,
  );
}

/** Choices made while a suggestion was on the screen, and how many of them took it over. */
export function countCategoryChoices(db: ReadableDb): { readonly offered: number; readonly taken: number } {
  const row = db.get<{ offered: number; taken: number | null }>(
    `SELECT count(*) AS offered, sum(chosen_by = 'suggested') AS taken FROM category_choices WHERE confidence IS NOT NULL`,
  );
  return { offered: row?.offered ?? 0, taken: row?.taken ?? 0 };
}
