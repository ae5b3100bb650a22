import { dataClient } from '#renderer/platform/data-client.ts';
import { MOST_DECISIONS, type TicketList, type TicketSummary } from '#shared/contract/tickets.contract.ts';

/** Lines asked for at once. */
const PAGE = 200;

/** The first tickets of a list, as many as may be decided about at once. */
export async function listFirst(list: TicketList): Promise<readonly TicketSummary[]> {
  const { ids } = await dataClient.tickets.ids({ list, limit: MOST_DECISIONS });
  const pages: TicketSummary[] = [];
  for (let from = 0; from < ids.length; from += PAGE) {
    const { rows } = await dataClient.tickets.rows({ ids: ids.slice(from, from + PAGE) });
    pages.push(...rows.map(({ ticket }) => ticket));
  }
  return pages;
}
