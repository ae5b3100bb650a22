import type { OpenDb, WritableDb } from '../db/sqlite.ts';
import { dequeueGone, listGone } from '../repositories/search-queue.repository.ts';
import { findTicketByNumber } from '../repositories/ticket.repository.ts';
import { indexRow } from './index-order.ts';

/** Tickets taken out of the index per slice. */
const CHUNK = 250;

/** Takes some tickets out of the index that this console no longer has. @returns false when there are none */
export function forgetGoneTickets(index: OpenDb, bulk: WritableDb): boolean {
  const numbers = listGone(bulk, CHUNK);
  if (numbers.length === 0) return false;
  index.transaction(() => {
    for (const number of numbers) {
      // It may have come back meanwhile.
      if (findTicketByNumber(bulk, number)) continue;
      index.run('DELETE FROM tickets_fts WHERE rowid = ?', indexRow(number));
      // A filter that still remembers the row in memory looks at the ticket itself in the end.
      index.run('DELETE FROM ticket_facets WHERE number = ?', number);
    }
  });
  dequeueGone(bulk, numbers);
  return true;
}
