import { z } from 'zod';
import overlayFile from '#resources/demo/overlays.json' with { type: 'json' };
import { closeDueAt } from '#shared/domain/clock/clocks-after.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import { type OrderLevel, type OverlayStep, refOf } from '#shared/domain/overlay/overlay-step.ts';
import { REVIEW_MEMBERS } from '#shared/domain/overlay/review-record.ts';
import { takeOverlay } from '#shared/domain/overlay/take-overlay.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import type { EventId } from '#shared/kernel/ids.ts';
import { DAY_MS, HOUR_MS } from './calendar.ts';
import { demoId } from './demo-ids.ts';
import type { Rng } from './rng.ts';

const list = z.array(z.string()).min(1);
const textsSchema = z.strictObject({
  /** 督办员 of the demo centre. */
  supervisor: z.string(),
  orders: z.strictObject({ province: list, city: list, district: list }),
  instructions: z.array(z.strictObject({ author: z.string(), text: z.string() })).min(1),
  progress: list,
  results: list,
  unclear: list,
  safe: list,
  reviews: z.array(z.strictObject({ decision: z.string(), minutes: z.string() })).min(1),
  measures: list,
});
type OverlayTexts = z.infer<typeof textsSchema>;

/** @throws with path when the file does not fit its schema */
export function loadOverlayTexts(): OverlayTexts {
  const parsed = textsSchema.safeParse(overlayFile);
  if (!parsed.success) throw new Error(`resources/demo/overlays.json: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Tickets that somebody looks at from above: those that lie with a unit, and some that were closed lately. */
const IN_HAND: readonly TicketStatus[] = ['handling', 'to_sign', 'on_account', 'extension_review'];
const LATELY_MS = 30 * DAY_MS;
const SHARE = { inHand: 0.12, closed: 0.006, unclear: 0.35 } as const;

/** A made-up ticket with what was laid over it by `now`: 督办 down the levels, 批示, and the two stages of some whose owner is not clear. */
export function superviseTicket(rng: Rng, ticket: Ticket, texts: OverlayTexts, now: number): Ticket {
  const isInHand = IN_HAND.includes(ticket.status);
  const isLate = ticket.status === 'closed' && ticket.updatedAt > now - LATELY_MS;
  if (!(isInHand || isLate) || !rng.chance(isInHand ? SHARE.inHand : SHARE.closed)) return ticket;
  const desk = new Desk(rng, ticket, texts.supervisor, now);
  const unit = ticket.unit ?? '';
  if (isInHand && rng.chance(SHARE.unclear)) actFirst(desk, rng, texts, unit);
  if (rng.chance(0.3)) {
    const { author, text } = rng.pick(texts.instructions);
    const source = { kind: 'instruction' as const, author, writtenAt: desk.at };
    desk.order({ step: 'order', source, unit, limit: { value: rng.pick([3, 5, 10]), unit: 'workday' } }, text);
  } else {
    const levels: readonly OrderLevel[] = rng.chance(0.3) ? ['province', 'city', 'district'] : ['city'];
    for (const level of levels) {
      const limit = { value: rng.pick([1, 3, 5]), unit: 'workday' } as const;
      desk.order({ step: 'order', source: { kind: 'supervision', level }, unit, limit }, rng.pick(texts.orders[level]));
    }
  }
  for (const ref of desk.orders) {
    if (rng.chance(0.7)) desk.lay({ step: 'progress', ref }, rng.pick(texts.progress));
    if (isLate || rng.chance(0.15)) desk.lay({ step: 'finish', ref }, rng.pick(texts.results));
  }
  return desk.ticket;
}

/** 先解决问题再说: a unit acts although nobody knows whose it is. */
function actFirst(desk: Desk, rng: Rng, texts: OverlayTexts, unit: string): void {
  desk.lay({ step: 'unclear' }, rng.pick(texts.unclear));
  if (rng.chance(0.6)) desk.lay({ step: 'made_safe', at: desk.at }, rng.pick(texts.safe));
  if (!rng.chance(0.5)) return;
  const { decision, minutes } = rng.pick(texts.reviews);
  const members = REVIEW_MEMBERS.slice(0, 3 + rng.int(3));
  desk.lay({ step: 'review', review: { members, heldAt: desk.at, decision, owner: null } }, minutes);
  if (rng.chance(0.5)) {
    desk.lay({ step: 'measure', unit, dueAt: desk.at + rng.between(5, 20) * DAY_MS }, rng.pick(texts.measures));
  }
}

/** Lays one thing after the other over a ticket, as far as it lies before `now`. */
class Desk {
  readonly #rng: Rng;
  readonly #byName: string;
  readonly #now: number;
  readonly orders: EventId[] = [];
  ticket: Ticket;
  at: number;

  constructor(rng: Rng, ticket: Ticket, byName: string, now: number) {
    this.#rng = rng;
    this.#byName = byName;
    this.#now = now;
    this.ticket = ticket;
    this.at = Math.min(ticket.updatedAt + rng.between(1, 20) * HOUR_MS, now - HOUR_MS);
  }

  order(step: Extract<OverlayStep, { step: 'order' }>, words: string): void {
    const id = this.lay(step, words);
    if (id) this.orders.push(id);
  }

  /** @returns the event, null for what would lie ahead or is not allowed */
  lay(step: OverlayStep, words: string): EventId | null {
    if (this.at > this.#now || this.at < this.ticket.updatedAt) return null;
    const { ticket, at } = this;
    const id = demoId<EventId>(this.#rng, at);
    const facts = { ...ticket, overlays: ticket.events, matter: ticket.fields };
    const who = { role: 'supervisor' as const, name: this.#byName };
    const taken = takeOverlay(facts, id, step, words, who, at, shippedClockRules());
    if (!taken.ok) return null;
    const { overlay, handling, clocks } = taken.value;
    const by = { actorId: null, actorName: this.#byName, from: null, to: null };
    const ref = refOf(step);
    this.ticket = {
      ...ticket,
      ...(handling ? { handling } : {}),
      clocks,
      dueAt: closeDueAt(clocks) ?? ticket.dueAt,
      updatedAt: at,
      events: [...ticket.events, { id, at, kind: 'overlay', ...by, text: words, ref, overlay }],
    };
    this.at += this.#rng.between(1, 9) * HOUR_MS;
    return id;
  }
}
