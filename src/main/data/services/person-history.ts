import type { CallerCard } from '#shared/contract/citizen.contract.ts';
import { type Shown, showTicket } from '#shared/domain/masking.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { FINISHED_STATUSES } from '#shared/domain/ticket-status.ts';
import type { CallId } from '#shared/kernel/ids.ts';
import { countCallsByNumber } from '../repositories/call.repository.ts';
import { listTickets } from '../repositories/ticket.repository.ts';
import { countByPhone, listCallsOfTickets, listIdsByPhones } from '../repositories/ticket-list.repository.ts';
import {
  callsOf,
  listFurtherCalls,
  listOpenCalls,
  listOpenFurtherCalls,
  listOwnCalls,
  newestCalls,
  type PersonCall,
} from './person-calls.ts';
import type { WorkContext } from './work-context.ts';

const CARD_TICKETS = 20;
const CARD_OPEN = 10;
const CARD_CALLS = 5;
/** Tickets and calls of one person that are read to be counted: more than anybody has. */
const MOST_READ = 1_000;

/** What some numbers had to do with the hotline, as the first screen of a card shows it. */
interface History {
  /** The last tickets, newest first. */
  readonly last: readonly Shown<Ticket>[];
  /** Those nobody has finished, newest first. */
  readonly open: readonly Shown<Ticket>[];
  /** The last ones, newest first: those of this console, and those of other seats that came to a ticket. */
  readonly calls: readonly PersonCall[];
  readonly totals: CallerCard['totals'];
}

/**
 * Everything of some numbers, tickets counted out of the indices alone.
 * @param since from when on `last30Days` counts
 * @param former tickets under numbers that are the person's no more
 */
export function readHistory(
  { db, user }: WorkContext,
  phones: readonly string[],
  since: number,
  former: readonly Shown<Ticket>[],
): History {
  const totals = { tickets: 0, open: 0, last30Days: 0, calls: 0 };
  for (const each of phones) {
    const counted = countByPhone(db, each, since);
    totals.tickets += counted.tickets;
    totals.open += counted.open;
    totals.last30Days += counted.since;
    totals.calls += countCallsByNumber(db, each);
  }
  const last = listIdsByPhones(db, phones, CARD_TICKETS);
  const open = totals.open > 0 ? listIdsByPhones(db, phones, CARD_OPEN, 'open') : [];
  const tickets = new Map(
    listTickets(db, [...new Set([...last, ...open])]).map(({ id, ticket }) => [id, showTicket(ticket, user.role)]),
  );
  const pick = (ids: readonly number[]) => ids.flatMap((id) => tickets.get(id) ?? []);
  const known = [...listCallsOfTickets(db, phones, MOST_READ), ...callsOf(former)];
  const further = listFurtherCalls(db, phones, known);
  const calls = newestCalls([...listOwnCalls(db, phones, CARD_CALLS), ...further], CARD_CALLS);
  const history = { last: pick(last), open: pick(open), calls, totals };
  return addFormer({ ...history, totals: { ...totals, calls: totals.calls + further.length } }, former, since);
}

/** The same without what this user sees masked: as if those tickets and calls were somebody else's. */
export function readOpenHistory(
  ctx: WorkContext,
  phones: readonly string[],
  since: number,
  former: readonly Shown<Ticket>[],
): History {
  const all = listTickets(ctx.db, listIdsByPhones(ctx.db, phones, MOST_READ)).map(({ ticket }) =>
    showTicket(ticket, ctx.user.role),
  );
  const isOpen = ({ masked }: Shown<Ticket>) => !masked;
  const tickets = all.filter(isOpen);
  const open = tickets.filter(({ row }) => !FINISHED_STATUSES.includes(row.status));
  const further = listOpenFurtherCalls(ctx, phones, [...all, ...former]);
  const calls = newestCalls([...listOpenCalls(ctx, phones, MOST_READ), ...further], Number.MAX_SAFE_INTEGER);
  const history = {
    last: tickets.slice(0, CARD_TICKETS),
    open: open.slice(0, CARD_OPEN),
    calls: calls.slice(0, CARD_CALLS),
    totals: {
      tickets: tickets.length,
      open: open.length,
      last30Days: tickets.filter(({ row }) => row.createdAt >= since).length,
      calls: calls.length,
    },
  };
  return addFormer(history, former.filter(isOpen), since);
}

/** A history as it was before a call; `earlier` are its last tickets. */
interface Before extends Pick<History, 'open' | 'calls' | 'totals'> {
  readonly earlier: History['last'];
}

/**
 * What was before a call that is going on: neither the call nor the tickets made in it, which are among the last ones, are counted.
 * @param callId undefined when there is none
 */
export function countBefore(callId: CallId | undefined, { last, open, calls, totals }: History): Before {
  const isMadeNow = ({ row }: Shown<Ticket>) => callId !== undefined && row.fields.call?.callId === callId;
  const made = last.filter(isMadeNow);
  const callsBefore = calls.filter((call) => call.callId !== callId);
  return {
    earlier: last.filter((ticket) => !isMadeNow(ticket)),
    open: open.filter((ticket) => !isMadeNow(ticket)),
    calls: callsBefore,
    totals: {
      tickets: totals.tickets - made.length,
      open: totals.open - made.filter(({ row }) => !FINISHED_STATUSES.includes(row.status)).length,
      last30Days: totals.last30Days - made.length,
      calls: totals.calls - (calls.length - callsBefore.length),
    },
  };
}

/** The same with tickets made under numbers that are the person's no more. */
function addFormer(history: History, former: readonly Shown<Ticket>[], since: number): History {
  if (former.length === 0) return history;
  const { last, open, totals } = history;
  const unfinished = former.filter(({ row }) => !FINISHED_STATUSES.includes(row.status));
  return {
    ...history,
    last: newest([...last, ...former], CARD_TICKETS),
    open: newest([...open, ...unfinished], CARD_OPEN),
    totals: {
      ...totals,
      tickets: totals.tickets + former.length,
      open: totals.open + unfinished.length,
      last30Days: totals.last30Days + former.filter(({ row }) => row.createdAt >= since).length,
    },
  };
}

function newest(tickets: readonly Shown<Ticket>[], most: number): readonly Shown<Ticket>[] {
  return [...tickets].sort((a, b) => b.row.createdAt - a.row.createdAt).slice(0, most);
}
