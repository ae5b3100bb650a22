import type { ClockSummary } from '../clock/clock-summary.ts';
import type { OrderSource, Overlay, OverlayOf } from './overlay-step.ts';
import type { ReviewRecord } from './review-record.ts';

/** As much of an event as tells what was laid over a ticket. */
export interface OverlayEvent {
  readonly id: string;
  readonly overlay?: Overlay | null | undefined;
  /** Of a hand-over of the call, with the service in its text. */
  readonly kind?: string | undefined;
  readonly text?: string | null | undefined;
}

/** An event as it is shown: an entry of an order's log, or its end. */
interface Written {
  readonly id: string;
  readonly at: number;
  readonly byName: string;
  readonly text: string;
}

/** An entry of an order's log; a milestone has the day on which it was reached. */
export interface Progress extends Written {
  readonly milestoneAt: number | null;
}

/** 督办 or 批示 with what was written on it, in order. */
export interface Order extends Written, Pick<OverlayOf<'order'>, 'source' | 'unit' | 'limit' | 'scan' | 'run'> {
  readonly log: readonly Progress[];
  /** Null as long as it is open. */
  readonly done: Written | null;
}

/** A measure that follows, with its day. */
export interface Measure extends Written {
  readonly unit: string;
  readonly dueAt: number;
  readonly done: Written | null;
}

export interface HeldReview extends Written {
  readonly review: ReviewRecord;
}

type HistoryEvent = OverlayEvent & {
  readonly at: number;
  readonly actorName: string;
  readonly text: string;
  readonly act?: { readonly action: string; readonly review?: ReviewRecord | undefined } | undefined;
};

function toWritten({ id, at, actorName: byName, text }: HistoryEvent): Written {
  return { id, at, byName, text };
}

/** The first event that ends the one of an id; a later one was refused. */
function endOf(events: readonly HistoryEvent[], id: string, step: 'finish' | 'measure_done'): Written | null {
  const end = events.find(({ overlay }) => overlay?.step === step && overlay.ref === id);
  return end ? toWritten(end) : null;
}

/** 督办 and 批示 of a ticket, in the order in which they came. */
export function ordersOf(events: readonly HistoryEvent[]): readonly Order[] {
  return events.flatMap((event) => {
    const { overlay } = event;
    if (overlay?.step !== 'order') return [];
    const { source, unit, limit, scan, run } = overlay;
    const log = events.flatMap((entry): Progress[] => {
      const { overlay: one } = entry;
      if (one?.step !== 'progress' || one.ref !== event.id) return [];
      return [{ ...toWritten(entry), milestoneAt: one.milestoneAt ?? null }];
    });
    return [{ ...toWritten(event), source, unit, limit, scan, run, log, done: endOf(events, event.id, 'finish') }];
  });
}

/** Measures that follow, in the order in which they came. */
export function measuresOf(events: readonly HistoryEvent[]): readonly Measure[] {
  return events.flatMap((event) => {
    const { overlay } = event;
    if (overlay?.step !== 'measure') return [];
    const { unit, dueAt } = overlay;
    return [{ ...toWritten(event), unit, dueAt, done: endOf(events, event.id, 'measure_done') }];
  });
}

/** What was told the public about the matter, when and where. */
export interface Announcement extends Written {
  readonly toldAt: number;
  readonly where: string;
}

/** Announcements about a ticket's matter, in the order in which they were written down. */
export function announcementsOf(events: readonly HistoryEvent[]): readonly Announcement[] {
  return events.flatMap((event) => {
    const { overlay } = event;
    return overlay?.step === 'announced' ? [{ ...toWritten(event), toldAt: overlay.at, where: overlay.where }] : [];
  });
}

/** 联席研判 of a ticket, held beside the work or as the one that assigned the unit. */
export function reviewsOf(events: readonly HistoryEvent[]): readonly HeldReview[] {
  return events.flatMap((event) => {
    const review = event.overlay?.step === 'review' ? event.overlay.review : event.act?.review;
    return review ? [{ ...toWritten(event), review }] : [];
  });
}

export interface OpenReview extends Written, Pick<OverlayOf<'review_open'>, 'members' | 'plannedAt'> {}

/** The 联席研判 of a ticket that was opened and not held yet; null for none. @param id its event, as the ticket's handling names it */
export function openReviewOf(events: readonly HistoryEvent[], id: string | undefined): OpenReview | null {
  const event = id === undefined ? undefined : events.find((one) => one.id === id);
  if (event?.overlay?.step !== 'review_open') return null;
  const { members, plannedAt } = event.overlay;
  return { ...toWritten(event), members, plannedAt };
}

/** Orders that nobody has finished yet. */
export function openOrdersOf(
  events: readonly OverlayEvent[],
): readonly (OverlayOf<'order'> & { readonly id: string })[] {
  const finished = new Set(
    events.flatMap(({ overlay }) => (overlay?.step === 'finish' ? [overlay.ref as string] : [])),
  );
  return events.flatMap(({ id, overlay }) =>
    overlay?.step === 'order' && !finished.has(id) ? [{ ...overlay, id }] : [],
  );
}

/** The one that is due first; undefined for none. */
export function mostUrgent<T extends Pick<Order, 'run'>>(all: readonly T[]): T | undefined {
  return all.reduce<T | undefined>(
    (first, one) => (first && first.run.dueAt <= one.run.dueAt ? first : one),
    undefined,
  );
}

/** When the first open order of a ticket is due, epoch ms; null for one that nobody supervises. */
export function orderDueAt(events: readonly OverlayEvent[]): number | null {
  return mostUrgent(openOrdersOf(events))?.run.dueAt ?? null;
}

/** What a list says of the open orders of a ticket: how many, who wants the first, and until when. Null for none. */
export function summarizeOrders(
  events: readonly OverlayEvent[],
): { readonly count: number; readonly source: OrderSource; readonly clock: ClockSummary } | null {
  const open = openOrdersOf(events);
  const first = mostUrgent(open);
  return first ? { count: open.length, source: first.source, clock: clockOfOrder(first) } : null;
}

/** What a list shows of an order's time. */
export function clockOfOrder({ run }: Pick<Order, 'run'>): ClockSummary {
  const { nearAt, dueAt, scale, calendar } = run;
  return { stage: 'handle', shown: 'order', nearAt, dueAt, scale, calendar, pausedSince: null, pausedFor: null };
}
