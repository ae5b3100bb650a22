import { z } from 'zod';
import caseFile from '#resources/demo/sewage-case.json' with { type: 'json' };
import { closeDueAt } from '#shared/domain/clock/clocks-after.ts';
import { clocksOfHistory } from '#shared/domain/clock/clocks-of-history.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import { EMPTY_EXTRAS, LIMITS, type Ticket, type TicketEvent } from '#shared/domain/ticket.ts';
import { NO_HANDLING } from '#shared/domain/ticket-handling.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import type { EventId, TicketId } from '#shared/kernel/ids.ts';
import { HOUR_MS, MINUTE_MS } from './calendar.ts';
import { demoId } from './demo-ids.ts';
import { DEMO_TERMS } from './lifecycle.ts';
import { type DemoPlan, NOBODY } from './plan.ts';
import type { Rng } from './rng.ts';

const callSchema = z.strictObject({
  title: z.string().max(LIMITS.title),
  landmark: z.string().max(LIMITS.address),
  content: z.string().max(LIMITS.longText),
  words: z.string().max(LIMITS.longText),
});
const caseSchema = z.strictObject({
  categoryCode: z.string(),
  divisionCode: z.string(),
  address: z.string(),
  unit: z.string(),
  calls: z.array(callSchema).min(3),
});

/** Calls about it came in between so long and so short a time ago. */
const FROM_MS = 40 * HOUR_MS;
const UNTIL_MS = 2 * HOUR_MS;
/** What a dispatcher writes. */
const CENTRE = '热线中心';

/** Many calls about one sewer that nobody owns up to: the first is worked on, one is merged under it, others are proposed or undiscovered. */
export interface SewageCase {
  /** The ticket as this case has it, when it is one of its calls. @param place in the plan */
  take(place: number, ticket: Ticket): Ticket;
}

/**
 * Chooses late tickets of different callers for the case. A centre too small for it has none.
 * @throws Error naming place and reason when its file is not good
 */
export function planSewageCase(plan: DemoPlan, now: number, rng: Rng, dispatcher: string): SewageCase {
  const parsed = caseSchema.safeParse(caseFile);
  if (!parsed.success) throw new Error(`resources/demo/sewage-case.json: ${z.prettifyError(parsed.error)}`);
  const { calls, unit, categoryCode, divisionCode, address } = parsed.data;
  const places = findPlaces(plan, now, calls.length);
  let mother: Pick<Ticket, 'uid' | 'provisionalNo'> | null = null;

  return {
    take(place, ticket) {
      const index = places.indexOf(place);
      const call = calls[index];
      if (!call) return ticket;
      const { caller, channel, line, citizenUid, call: facts } = ticket.fields;
      const fields: Ticket['fields'] = {
        ...EMPTY_EXTRAS,
        type: 'help',
        categoryCode,
        title: call.title,
        content: call.content,
        originalWords: call.words,
        demands: ['repair'],
        channel,
        line,
        citizenUid,
        caller,
        place: { divisionCode, address, landmark: call.landmark, coordinates: null },
        occurredAt: null,
        subject: '',
        urgency: 'normal',
        markers: [],
        tags: [],
        call: facts,
        answer: null,
      };
      const history = new History(ticket, rng, dispatcher);
      if (mother === null) {
        mother = ticket;
        history.step(20 * MINUTE_MS, 'to_sign', `派单至${unit}。`);
        history.step(30 * MINUTE_MS, 'handling', '', unit);
        const handling = { ...NO_HANDLING, basis: 'category' as const };
        return history.finish(fields, { unit, handling });
      }
      // The last one is found by nobody yet, the second one was merged at once.
      if (index === calls.length - 1) return history.finish(fields, {});
      const link = { parentUid: mother.uid, state: 'proposed', byName: ticket.createdByName } as const;
      if (index > 1) return history.finish(fields, { link: { ...link, at: history.propose(mother.uid) } });
      const at = history.step(
        25 * MINUTE_MS,
        'merged',
        `同一地点同一事项，并入母单 ${mother.provisionalNo}。`,
        dispatcher,
        mother,
      );
      return history.finish(fields, { closedAt: at, link: { ...link, state: 'merged', byName: dispatcher, at } });
    },
  };
}

/** Late ordinary tickets of different people, oldest first. */
function findPlaces(plan: DemoPlan, now: number, count: number): readonly number[] {
  const places: number[] = [];
  const callers = new Set<number>();
  for (let place = plan.createdAt.length - 1; place >= 0 && places.length < count; place--) {
    const at = plan.createdAt[place] ?? 0;
    if (at < now - FROM_MS) break;
    const caller = plan.caller[place] ?? NOBODY;
    const isOrdinary = !plan.special[place] && (plan.cluster[place] ?? -1) < 0 && caller !== NOBODY;
    if (at > now - UNTIL_MS || !isOrdinary || callers.has(caller)) continue;
    callers.add(caller);
    places.unshift(place);
  }
  return places.length < count ? [] : places;
}

/** The steps of one call until it lies at the dispatchers' desk, and those after that. */
class History {
  readonly #ticket: Ticket;
  readonly #rng: Rng;
  readonly #dispatcher: string;
  readonly #events: TicketEvent[] = [];
  #at: number;
  #status: TicketStatus | null = null;

  constructor(ticket: Ticket, rng: Rng, dispatcher: string) {
    this.#ticket = ticket;
    this.#rng = rng;
    this.#dispatcher = dispatcher;
    this.#at = ticket.createdAt;
    this.#add('created', 'submitted', '', ticket.createdByName);
    this.#at += 1_000;
    this.#add('accepted', 'accepted', '', CENTRE);
    this.#at += 1_000;
    this.#add('status', 'to_dispatch', '', CENTRE);
  }

  /** @returns when it happened, epoch ms */
  step(
    afterMs: number,
    to: TicketStatus,
    text: string,
    actor = this.#dispatcher,
    about: { readonly uid: TicketId } | null = null,
  ): number {
    this.#at += afterMs;
    this.#add('status', to, text, actor, about?.uid);
    return this.#at;
  }

  /** The seat that took the call proposes the 母单. @returns when, epoch ms */
  propose(parentUid: TicketId): number {
    this.#at += MINUTE_MS;
    this.#add('linked', null, '', this.#ticket.createdByName, parentUid);
    return this.#at;
  }

  #add(kind: TicketEvent['kind'], to: TicketStatus | null, text: string, actorName: string, ref = ''): void {
    const isAgent = actorName === this.#ticket.createdByName;
    this.#events.push({
      id: demoId<EventId>(this.#rng, this.#at),
      at: this.#at,
      kind,
      actorId: isAgent ? this.#ticket.createdById : null,
      actorName,
      text,
      from: to === null ? null : this.#status,
      to,
      ref,
    });
    if (to !== null) this.#status = to;
  }

  finish(fields: Ticket['fields'], left: Partial<Ticket>): Ticket {
    const { handling: _before, ...ticket } = this.#ticket;
    const clocks = clocksOfHistory(fields, this.#events, DEMO_TERMS, shippedClockRules());
    return {
      ...ticket,
      fields,
      status: this.#status ?? 'submitted',
      unit: null,
      replies: [],
      closedAt: null,
      acceptedAt: this.#events[1]?.at ?? this.#ticket.createdAt,
      ...left,
      clocks,
      dueAt: closeDueAt(clocks),
      updatedAt: this.#at,
      events: this.#events,
    };
  }
}
