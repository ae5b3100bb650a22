import { addWorkdays } from '#shared/domain/clock/clock-run.ts';
import type { HistoryTerms } from '#shared/domain/clock/clocks-of-history.ts';
import { shippedCalendar } from '#shared/domain/clock/shipped-calendar.ts';
import type { HandOff, Reply, TicketEvent } from '#shared/domain/ticket.ts';
import { NO_HANDLING, type TicketHandling } from '#shared/domain/ticket-handling.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import type { EventId, UserId } from '#shared/kernel/ids.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, toOfficeHours } from './calendar.ts';
import { demoId } from './demo-ids.ts';
import type { Phrases } from './phrases.ts';
import type { Rng } from './rng.ts';

/** Shown as the actor of what the centre does by rule. */
const CENTRE = '热线中心';
/** 班长 of the demo centre. */
const LEAD = '顾若兰';
const ARCHIVED_AFTER_MS = 90 * DAY_MS;
/** Of what came in lately a part has piled up: the queues of whoever decides are never empty. */
const BACKLOG_MS = 3 * DAY_MS;
const BACKLOG = { share: 0.35, pace: 20, returns: 0.4, joint: 0.3 } as const;
/** A unit gives back no later after its dispatch. */
const RETURN_WORKDAYS = 2;
/** What the centre grants: working days of an extension, days until a 挂账 is looked at again. */
export const DEMO_TERMS: HistoryTerms = { extensionDays: 5, recheckDays: 30 };

/** What decides the way of a ticket that is not answered on the spot. */
export interface CourseInput {
  readonly createdAt: number;
  readonly now: number;
  readonly agent: string;
  readonly agentId: UserId | null;
  readonly unit: string;
  /** Takes over when the unit returns the ticket. */
  readonly fallbackUnit: string;
  /** Sensitive, mass and 12350 tickets are reviewed before dispatch. */
  readonly review: boolean;
  readonly urgent: boolean;
  /** Mean time until the unit replies. */
  readonly meanHandlingMs: number;
  /** 暂编号 of the 母单 that this one is merged into. */
  readonly mergeInto: string | null;
  /** The service that the call was handed over to; null for none. */
  readonly handOff: HandOff['service'] | null;
  readonly replyText: string;
  /** The second reply, when the first was not enough. */
  readonly redoReplyText: string;
}

/** Where a ticket got to by `now`. */
export interface Course {
  readonly status: TicketStatus;
  readonly events: readonly TicketEvent[];
  readonly replies: readonly Reply[];
  readonly acceptedAt: number;
  readonly closedAt: number | null;
  readonly updatedAt: number;
  /** The unit it was dispatched to last, null before dispatch. */
  readonly unit: string | null;
  /** What dispatch, returns and requests left; undefined before dispatch. */
  readonly handling?: TicketHandling | undefined;
}

interface People {
  readonly dispatchers: readonly string[];
  readonly revisitors: readonly string[];
}

/** The way of a ticket through the states of domain.md §3, cut off at `now`: what lies ahead has not happened. */
export function walkCourse(rng: Rng, input: CourseInput, phrases: Phrases, people: People): Course {
  const walk = new Walk(rng, input);
  walk.step(0, 'created', null, 'submitted', input.agent);
  walk.step(rng.between(400, 2_500), 'accepted', 'submitted', 'accepted', CENTRE);
  const dispatcher = rng.pick(people.dispatchers);
  if (input.handOff) {
    const { agent, agentId, handOff } = input;
    walk.step(rng.between(5, 60) * 1_000, 'handed_off', 'accepted', 'handed_off', agent, handOff, agentId);
    return walk.finish();
  }
  if (rng.chance(0.02)) {
    walk.move(rng.between(10, 240) * MINUTE_MS, 'rejected', LEAD, rng.pick(phrases.rejections));
    return walk.finish();
  }
  const isPiledUp = input.createdAt > input.now - BACKLOG_MS && rng.chance(BACKLOG.share);
  const pace = isPiledUp ? BACKLOG.pace : 1;
  if (input.review) walk.move(1_000, 'review', CENTRE);
  walk.move(
    input.review ? rng.between(20, 180) * MINUTE_MS * pace : 1_000,
    'to_dispatch',
    input.review ? LEAD : CENTRE,
  );
  if (input.mergeInto) {
    const text = `同一地点同一事项，并入母单 ${input.mergeInto}。`;
    walk.move(rng.between(3, 90) * MINUTE_MS, 'merged', dispatcher, text);
    return walk.finish();
  }
  dispatch(walk, rng, input, dispatcher, pace);
  if (input.unit !== input.fallbackUnit && rng.chance(isPiledUp ? BACKLOG.returns : 0.05)) {
    walk.giveBack(rng.between(2, 16) * HOUR_MS, rng.pick(phrases.returns));
    if (isPiledUp && rng.chance(BACKLOG.joint)) {
      walk.office(rng.between(1, 3) * HOUR_MS, 'joint_review', LEAD, '权属不清，提请联席研判明确承办单位。');
      walk.move(BACKLOG_MS, 'to_sign', LEAD, `研判指定${walk.unit}承办。`);
      walk.office(rng.between(5, 300) * MINUTE_MS, 'handling', walk.unit);
      return walk.finish();
    }
    walk.office(rng.between(3, 24) * HOUR_MS * pace, 'to_dispatch', dispatcher, '同意退单，重新派单。');
    walk.returned(input.fallbackUnit);
    dispatch(walk, rng, input, dispatcher, 1);
  }
  handle(walk, rng, input, dispatcher, phrases);
  reply(walk, rng, input, rng.pick(people.revisitors), phrases);
  return walk.finish();
}

function dispatch(walk: Walk, rng: Rng, input: CourseInput, dispatcher: string, pace: number): void {
  walk.move(rng.between(1, input.urgent ? 5 : 110 * pace) * MINUTE_MS, 'to_sign', dispatcher, `派单至${walk.unit}。`);
  if (input.urgent) walk.move(rng.between(2, 15) * MINUTE_MS, 'handling', walk.unit);
  else walk.office(rng.between(5, 300) * MINUTE_MS, 'handling', walk.unit);
}

function handle(walk: Walk, rng: Rng, input: CourseInput, dispatcher: string, phrases: Phrases): void {
  if (rng.chance(0.06)) {
    const { agent, agentId } = input;
    walk.step(rng.between(10, 60) * HOUR_MS, 'remind', null, null, agent, rng.pick(phrases.reminders), agentId);
  }
  if (input.urgent) return;
  if (rng.chance(0.06)) {
    walk.office(rng.between(40, 90) * HOUR_MS, 'extension_review', walk.unit, rng.pick(phrases.extensions));
    walk.office(rng.between(3, 26) * HOUR_MS, 'handling', dispatcher, '同意延期。');
    walk.wait(rng.between(2, 8) * DAY_MS);
  } else if (rng.chance(0.02)) {
    walk.office(rng.between(60, 110) * HOUR_MS, 'on_account', '督办组', rng.pick(phrases.accounts));
    walk.office(rng.between(1, 4) * 30 * DAY_MS, 'handling', CENTRE, '挂账期满复查，恢复办理。');
  }
}

/** Reply, 回访, and 重办 when the citizen was not content. */
function reply(walk: Walk, rng: Rng, input: CourseInput, revisitor: string, phrases: Phrases): void {
  const handling = () => -Math.log(1 - rng.next() * 0.98) * input.meanHandlingMs + 30 * MINUTE_MS;
  if (input.urgent) walk.step(handling(), 'reply', 'handling', 'replied', walk.unit, input.replyText);
  else walk.office(handling(), 'replied', walk.unit, input.replyText);
  walk.move(2_000, 'to_callback', CENTRE);
  if (rng.chance(0.08)) {
    walk.office(rng.between(14, 40) * HOUR_MS, 'redo', revisitor, rng.pick(phrases.dissatisfied));
    walk.move(3_000, 'handling', CENTRE, '退回承办单位重办。');
    walk.office(handling() * 0.7, 'replied', walk.unit, `重办答复：${input.redoReplyText}`);
    walk.move(2_000, 'to_callback', CENTRE);
  }
  walk.office(rng.between(14, 40) * HOUR_MS, 'closed', revisitor, rng.pick(phrases.satisfied));
  walk.move(ARCHIVED_AFTER_MS, 'archived', CENTRE);
}

const CLOSING: readonly TicketStatus[] = ['rejected', 'handed_off', 'merged', 'closed'];

/** Collects the steps that lie before `now`; the first that does not ends the walk. */
class Walk {
  readonly #rng: Rng;
  readonly #input: CourseInput;
  readonly #events: TicketEvent[] = [];
  readonly #replies: Reply[] = [];
  #at: number;
  #over = false;
  #status: TicketStatus = 'submitted';
  #acceptedAt = 0;
  #closedAt: number | null = null;
  #dispatchedTo: string | null = null;
  #dispatchedAt = 0;
  #handling: TicketHandling | undefined;
  #isReturned = false;
  /** Who has the work now. */
  unit: string;

  constructor(rng: Rng, input: CourseInput) {
    this.#rng = rng;
    this.#input = input;
    this.#at = input.createdAt;
    this.#acceptedAt = input.createdAt;
    this.unit = input.unit;
  }

  /** Another unit has it from now on. */
  returned(nextUnit: string): void {
    this.#isReturned = true;
    this.unit = nextUnit;
  }

  wait(ms: number): void {
    this.#at += ms;
  }

  /** A change of state after some time; a reply is kept as one. */
  move(afterMs: number, to: TicketStatus, actor: string, text = ''): void {
    this.step(afterMs, to === 'replied' ? 'reply' : 'status', this.#status, to, actor, text);
  }

  /** Like {@link move}, but in office hours. */
  office(afterMs: number, to: TicketStatus, actor: string, text = ''): void {
    const at = toOfficeHours(this.#at + afterMs, this.#rng.int(90));
    this.move(at - this.#at, to, actor, text);
  }

  /** 退单, like {@link office}, but no later than a unit may: office hours know no holidays, and its limit does. */
  giveBack(afterMs: number, text: string): void {
    const latest = addWorkdays(this.#dispatchedAt, RETURN_WORKDAYS, shippedCalendar()) - HOUR_MS;
    const at = Math.min(toOfficeHours(this.#at + afterMs, this.#rng.int(90)), latest);
    this.move(at - this.#at, 'return_review', this.unit, text);
  }

  step(
    afterMs: number,
    kind: TicketEvent['kind'],
    from: TicketStatus | null,
    to: TicketStatus | null,
    actorName: string,
    text = '',
    actorId: UserId | null = null,
  ): void {
    const at = Math.round(this.#at + afterMs);
    // A reminder does not hold up the work it reminds of, nor does one that is still to come.
    if (this.#over || at > this.#input.now) {
      this.#over ||= to !== null;
      return;
    }
    const author = kind === 'created' ? this.#input.agentId : actorId;
    this.#events.push({
      id: demoId<EventId>(this.#rng, at),
      at,
      kind,
      actorId: author,
      actorName,
      text,
      from,
      to,
      ref: '',
    });
    if (to === null) return;
    this.#at = at;
    this.#status = to;
    if (to === 'accepted') this.#acceptedAt = at;
    this.#leave(at, from, to);
    if (to === 'replied') this.#replies.push({ at, unit: this.unit, text });
    if (CLOSING.includes(to)) this.#closedAt = at;
  }

  /** What a step leaves on the ticket beside its state. */
  #leave(at: number, from: TicketStatus | null, to: TicketStatus): void {
    const { unit } = this;
    if (to === 'to_sign') {
      const round = (this.#handling?.round ?? 0) + 1;
      const basis = this.#isReturned ? ('manual' as const) : ('category' as const);
      this.#handling = { ...(this.#handling ?? NO_HANDLING), basis, round };
      this.#dispatchedTo = unit;
      this.#dispatchedAt = at;
      return;
    }
    const left = this.#handling;
    if (!left) return;
    const isReturn = to === 'return_review';
    const request: TicketHandling['request'] =
      isReturn || to === 'extension_review'
        ? { kind: isReturn ? 'return' : 'extension', unit, at, days: isReturn ? null : DEMO_TERMS.extensionDays }
        : null;
    const account = to === 'on_account' ? { at, reviewAt: at + DEMO_TERMS.recheckDays * DAY_MS } : null;
    const isExtended = from === 'extension_review' && to === 'handling';
    const returnedBy = from === 'return_review' && to === 'to_dispatch' ? [...left.returnedBy, unit] : left.returnedBy;
    const round = to === 'redo' ? left.round + 1 : left.round;
    const extendedBy = isExtended ? DEMO_TERMS.extensionDays : left.extendedBy;
    this.#handling = { ...left, request, account, returnedBy, round, extendedBy };
    if (from === 'return_review' && to === 'to_dispatch') this.#dispatchedTo = null;
  }

  finish(): Course {
    // Nobody reminds a unit that has already replied.
    const repliedAt = this.#replies[0]?.at ?? Number.POSITIVE_INFINITY;
    const events = this.#events.filter((event) => event.kind !== 'remind' || event.at < repliedAt);
    events.sort((a, b) => a.at - b.at);
    return {
      status: this.#status,
      events,
      replies: this.#replies,
      acceptedAt: this.#acceptedAt,
      closedAt: this.#closedAt,
      updatedAt: events.at(-1)?.at ?? this.#at,
      unit: this.#dispatchedTo,
      handling: this.#handling,
    };
  }
}
