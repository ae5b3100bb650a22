import type { Actable } from '#shared/domain/act-on-ticket.ts';
import { isCalledBack, signsOf } from '#shared/domain/callback/callback-sampling.ts';
import { shippedCallbackRules } from '#shared/domain/callback/shipped-callback-rules.ts';
import type { OverlayEvent } from '#shared/domain/overlay/oversight.ts';
import type { BatchState, LastDecision, TicketMove } from './batch.ts';
import type { Deciding, WorkingTicket } from './deciding.ts';
import { linkOf, statusOf } from './working-ticket.ts';

/** A ticket as decisions about it read it. */
export interface Course
  extends Actable,
    Pick<TicketMove, 'clocks' | 'dueAt' | 'matter' | 'formerUnit' | 'formerCoUnits'> {
  readonly acceptedAt: number | null;
  readonly isAnswered: boolean;
  readonly last: LastDecision | null;
}

/** Where the ticket stands by now: as an earlier operation of the batch left it, as it is stored, or as the batch makes it. */
export function courseOf(
  ticket: WorkingTicket,
  { state }: { readonly state: Pick<BatchState, 'courses'> },
): Course | null {
  const facts = ticket.stored ?? ticket.insert?.ticket;
  const status = statusOf(ticket);
  if (!facts || status === undefined) return null;
  const { acceptedAt, closedAt } = facts;
  const { clocks, dueAt } = ticket.limits ?? facts;
  const link = linkOf(ticket);
  if (ticket.moved) return { ...ticket.moved, acceptedAt, link };
  const course = state.courses.get(ticket.uid);
  const { unit = null, handling, replies = [], last = null } = course ?? {};
  const matter = ticket.fields ?? course?.matter ?? ticket.insert?.ticket.fields ?? null;
  const before = { formerUnit: unit, formerCoUnits: handling?.coUnits ?? [], isAnswered: false };
  return { status, unit, handling, replies, closedAt, link, acceptedAt, dueAt, clocks, matter, last, ...before };
}

/** What was laid over a ticket so far, earlier operations of the batch included. */
export function overlaysOf(uid: string, { state, eventsOf }: Deciding): readonly OverlayEvent[] {
  const made = (eventsOf.get(uid) ?? []).map(({ event }) => event);
  return [...(state.courses.get(uid)?.overlays ?? []), ...made];
}

/** Whether the citizen of a ticket is called back once it is answered. */
export function callsBack(uid: string, { matter, replies }: Course, deciding: Deciding): boolean {
  if (!matter) return true;
  const { markers = [], isReminded = false, isNumberless = false } = deciding.state.courses.get(uid) ?? {};
  const isOrdered = overlaysOf(uid, deciding).some(({ overlay }) => overlay?.step === 'order');
  const known = { isReminded, isOrdered, isNumberless, isRedone: replies.length > 0 };
  const facts = { uid, type: matter.type, markers, signs: signsOf(known) };
  return isCalledBack(facts, shippedCallbackRules());
}
