import { actOnTicket } from '#shared/domain/act-on-ticket.ts';
import { windowsAfter } from '#shared/domain/callback/callback-attempts.ts';
import { shippedCallbackRules } from '#shared/domain/callback/shipped-callback-rules.ts';
import { clocksAfterAct } from '#shared/domain/clock/clocks-after-act.ts';
import { shippedCalendar } from '#shared/domain/clock/shipped-calendar.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import type { Ticket, TicketEvent } from '#shared/domain/ticket.ts';
import { handlingOf } from '#shared/domain/ticket-handling.ts';
import type { EventId } from '#shared/kernel/ids.ts';
import { MINUTE_MS } from './calendar.ts';
import { demoId } from './demo-ids.ts';
import type { Rng } from './rng.ts';

/** Fewer than after which a ticket is closed as 无法联系. */
const MOST_ATTEMPTS = 2;

/**
 * Calls the citizen of a ticket that waits for its 回访 in vain, once, twice or not at all, so that the call list of the demo has people to be
 * tried again. Every attempt is taken by the rules that a real one is taken by.
 * @param now epoch ms, the end of the past
 */
export function tryCitizen(ticket: Ticket, rng: Rng, now: number, byName: string): Ticket {
  const repliedAt = ticket.replies.at(-1)?.at;
  if (ticket.status !== 'to_callback' || repliedAt === undefined) return ticket;
  const wanted = Math.max(0, rng.int(MOST_ATTEMPTS + 2) - 1);
  let tried = ticket;
  for (let attempt = 0; attempt < wanted; attempt++) {
    const [first] = windowsAfter(repliedAt, 1, shippedCallbackRules(), shippedCalendar());
    const window = handlingOf(tried).nextCall ?? first;
    const at = window && window.from + rng.int(90) * MINUTE_MS;
    if (at === undefined || at > now) break;
    tried = missOnce(tried, at, byName, demoId<EventId>(rng, at));
  }
  return tried;
}

function missOnce(ticket: Ticket, at: number, actorName: string, id: EventId): Ticket {
  const act = { action: 'miss_callback', calledAt: at, agreedAt: null } as const;
  const acted = actOnTicket(ticket, act, '', { role: 'revisit', name: actorName }, at);
  if (!acted.ok) return ticket;
  const { status, handling } = acted.value;
  const clocks = clocksAfterAct({ ...ticket, matter: ticket.fields }, act, acted.value, at, shippedClockRules());
  const event: TicketEvent = {
    id,
    at,
    kind: 'status',
    actorId: null,
    actorName,
    text: '',
    from: ticket.status,
    to: status,
    ref: '',
    act,
  };
  return { ...ticket, ...(handling ? { handling } : {}), clocks, updatedAt: at, events: [...ticket.events, event] };
}
