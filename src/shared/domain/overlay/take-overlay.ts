import { assertNever } from '../../kernel/assert-never.ts';
import type { EventId } from '../../kernel/ids.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { keptAnswers } from '../callback/kept-callback.ts';
import { DAY_MS } from '../clock/beijing-day.ts';
import type { ClockTerms } from '../clock/clock-preset.ts';
import type { ClockRules, Matter } from '../clock/clock-rules.ts';
import { startRun } from '../clock/clock-run.ts';
import { clocksAfter } from '../clock/clocks-after.ts';
import { endMakeSafe, startMakeSafe } from '../clock/make-safe-clock.ts';
import type { Role } from '../roles.ts';
import type { Ticket } from '../ticket.ts';
import { awaited, handlingOf, reviewed, type TicketHandling } from '../ticket-handling.ts';
import { type FlowReceiver, RECEIVER_NAMES } from './flow.ts';
import { standingOf } from './flows-of.ts';
import { mayOverlay, takesOverlay, WITH_A_UNIT } from './overlay-rights.ts';
import type { Overlay, OverlayKind, OverlayStep } from './overlay-step.ts';
import type { OverlayEvent } from './oversight.ts';
import { actingFirst, openStage, ownedBy } from './ownership.ts';
import { afterCoStep, isMeant, refuseCoStep } from './take-co-step.ts';
import { unitWaitsOf, WAITABLE, type Waiting } from './waiting.ts';

/** What laying something over a ticket reads of it. */
export interface OverlayFacts extends Pick<Ticket, 'status' | 'unit' | 'handling' | 'clocks'> {
  /** What was laid over it so far. */
  readonly overlays: readonly OverlayEvent[];
  readonly matter: Matter | null;
}

/** Why it is not taken; each is a refusal of the server. */
export type OverlayRefusal =
  | 'FORBIDDEN'
  | 'WORDS_MISSING'
  | 'NOT_FOUND'
  | 'OVERLAY_STATE'
  | 'OVERLAY_DONE'
  | 'WAIT_TOO_LONG'
  | 'WAITS_SPENT';

/**
 * What it leaves on the ticket. State and unit stay as they are, and so do the limits but for 等待市民补充, in which they stand still, and the time
 * to close what was called back already.
 */
export interface OverlayTaken {
  readonly overlay: Overlay;
  readonly handling: TicketHandling | undefined;
  readonly clocks: Ticket['clocks'];
}

/** What speaks for itself: a measure was carried out, the danger is gone, the ticket says what a 协办 is to do, it was taken in under a number. */
const WITHOUT_WORDS: readonly OverlayKind[] = [
  'measure_done',
  'made_safe',
  'co_order',
  'co_sign',
  'wait_end',
  'flow_receipt',
];

/** A call that was handed over speaks for itself; what was told beside it has to be said. */
function needsWords(step: OverlayStep): boolean {
  return step.step === 'hand_over' ? step.leg === null : !WITHOUT_WORDS.includes(step.step);
}

/** Who lays something over a ticket; `server` is the centre by rule, a unit's account bears the name of the unit. */
export interface OverlayActor {
  readonly role: Role | 'server';
  readonly name: string;
}

/**
 * What a ticket is after a 督办, 批示 or 权属 step, or why it is not taken. Pure, and the same for the console that shows it at once and the
 * server that decides.
 * @param at when it is taken, epoch ms: from then on an order's own time runs
 */
export function takeOverlay(
  facts: OverlayFacts,
  id: EventId,
  step: OverlayStep,
  words: string,
  who: OverlayActor,
  at: number,
  rules: ClockRules,
): Result<OverlayTaken, OverlayRefusal> {
  if (!mayOverlay(who.role, step.step) || !isTheirs(facts, step, who)) return err('FORBIDDEN');
  if (words.trim() === '' && needsWords(step)) return err('WORDS_MISSING');
  if (!takesOverlay(facts.status, step.step)) return err('OVERLAY_STATE');
  const refusal = refuse(facts, step, who, at, rules.termsOf(facts.clocks?.set));
  if (refusal) return err(refusal);
  const taken = { handling: facts.handling, clocks: facts.clocks, ...effectOf(facts, id, step, who, at, rules) };
  return ok(readyToClose(facts, taken, at, rules));
}

/** With the last of the two stages done a ticket whose citizen has answered already comes up in the call list, to be closed within a working day. */
function readyToClose(facts: OverlayFacts, taken: OverlayTaken, at: number, rules: ClockRules): OverlayTaken {
  const { handling, clocks } = taken;
  const isDone = openStage(facts.handling?.ownership) !== null && openStage(handling?.ownership) === null;
  if (!handling || !isDone || !keptAnswers(facts)) return taken;
  const { dueAt: to, calendar } = startRun(at, { value: 1, unit: 'workday' }, rules.calendar);
  const next = { from: at, to, calendar };
  const clocked = { clocks, acceptedAt: null, matter: null };
  return {
    ...taken,
    handling: { ...handling, nextCall: next },
    clocks: clocks && clocksAfter(clocked, { kind: 'miss_callback', next }, at, rules),
  };
}

/**
 * Whether a step lies with whoever takes it: units wait for the citizens of what they handle, receivers answer what went to them; what 公安 was given by
 * rule is answered by nobody else. That a time is up is said by the centre alone.
 */
function isTheirs({ unit, status }: OverlayFacts, step: OverlayStep, { role, name }: OverlayActor): boolean {
  const isUnit = role === 'unit';
  switch (step.step) {
    case 'wait':
      return !isUnit || (unit === name && status === 'handling');
    case 'wait_end':
      return step.why === 'expired' ? role === 'server' : !isUnit || unit === name;
    case 'hand_over':
      return step.receiver !== 'police';
    case 'flow_receipt':
    case 'flow_result':
      return isUnit ? RECEIVER_NAMES[step.receiver] === name : step.receiver !== 'police';
    default:
      // A unit speaks for itself alone.
      return !isUnit || ('unit' in step && step.unit === name);
  }
}

function refuse(
  { status, unit, handling, overlays }: OverlayFacts,
  step: OverlayStep,
  { role }: OverlayActor,
  at: number,
  terms: ClockTerms,
): OverlayRefusal | null {
  const known = handlingOf({ handling });
  const { ownership = null, waiting } = known;
  switch (step.step) {
    case 'order':
    case 'measure':
    case 'announced':
      return null;
    case 'progress':
    case 'finish':
      return refuseRef(overlays, step.ref, 'order', 'finish');
    case 'measure_done':
      return refuseRef(overlays, step.ref, 'measure', 'measure_done');
    case 'unclear':
      if (ownership) return 'OVERLAY_DONE';
      return unit !== null && WITH_A_UNIT.includes(status) ? null : 'OVERLAY_STATE';
    case 'made_safe':
      if (!ownership) return 'OVERLAY_STATE';
      return ownership.safeAt === null ? null : 'OVERLAY_DONE';
    case 'owned':
      if (!ownership) return 'OVERLAY_STATE';
      return ownership.owner === null ? null : 'OVERLAY_DONE';
    case 'review_open':
      if (ownership?.owner) return 'OVERLAY_DONE';
      if (!ownership && status !== 'joint_review') return 'OVERLAY_STATE';
      // Held, or moved by somebody else since.
      return step.ref === known.review?.id ? null : 'OVERLAY_DONE';
    case 'review':
      if (step.review.owner !== null && ownership?.owner) return 'OVERLAY_DONE';
      return ownership || status === 'joint_review' ? null : 'OVERLAY_STATE';
    case 'co_order':
    case 'co_withdraw':
    case 'co_sign':
    case 'co_return':
    case 'co_answer':
      return refuseCoStep({ unit, handling }, step);
    case 'wait':
      if (waiting) return 'OVERLAY_DONE';
      if (!WAITABLE.includes(status)) return 'OVERLAY_STATE';
      if (step.until > at + terms.waitDays * DAY_MS) return 'WAIT_TOO_LONG';
      return role === 'unit' ? refuseUnitWait(known, step.until - at, terms) : null;
    case 'wait_end':
      if (waiting) return isMeant(step.ref, waiting) ? null : 'OVERLAY_DONE';
      return overlays.some(({ overlay }) => overlay?.step === 'wait') ? 'OVERLAY_DONE' : 'OVERLAY_STATE';
    case 'flow':
      return 'FORBIDDEN';
    case 'hand_over':
    case 'flow_receipt':
    case 'flow_result':
      return refuseAnswer(overlays, step.receiver, step.step);
    default:
      return assertNever(step, 'overlay');
  }
}

/** A unit lets its own limits stand still, and nobody is asked: not often, and not for long. */
function refuseUnitWait(
  known: TicketHandling,
  ms: number,
  { unitWaits, unitWaitDays }: ClockTerms,
): OverlayRefusal | null {
  const spent = unitWaitsOf(known);
  return spent.times >= unitWaits || spent.ms + ms > unitWaitDays * DAY_MS ? 'WAITS_SPENT' : null;
}

/** A receiver answers what it was given, once. */
function refuseAnswer(
  overlays: readonly OverlayEvent[],
  receiver: FlowReceiver,
  step: 'hand_over' | 'flow_receipt' | 'flow_result',
): OverlayRefusal | null {
  const { isSent, hasReceipt, hasResult } = standingOf(overlays, receiver);
  if (!isSent) return 'OVERLAY_STATE';
  if (step === 'flow_receipt') return hasReceipt ? 'OVERLAY_DONE' : null;
  return step === 'flow_result' && hasResult ? 'OVERLAY_DONE' : null;
}

/** Whether what a step is about is there and still open. */
function refuseRef(
  overlays: readonly OverlayEvent[],
  ref: string,
  of: 'order' | 'measure',
  end: 'finish' | 'measure_done',
): OverlayRefusal | null {
  if (!overlays.some(({ id, overlay }) => id === ref && overlay?.step === of)) return 'NOT_FOUND';
  return overlays.some(({ overlay }) => overlay?.step === end && overlay.ref === ref) ? 'OVERLAY_DONE' : null;
}

type Effect = Pick<OverlayTaken, 'overlay'> & Partial<OverlayTaken>;

function effectOf(
  { handling, clocks, matter, unit }: OverlayFacts,
  id: EventId,
  step: OverlayStep,
  { role, name: byName }: OverlayActor,
  at: number,
  rules: ClockRules,
): Effect {
  const known = handlingOf({ handling });
  const { ownership = null } = known;
  const left = (found: TicketHandling['ownership']) => ({ handling: { ...known, ownership: found } });
  // What ran before there were clocks, or never did, does not begin to run because somebody looks at it.
  const clocked = { clocks, acceptedAt: null, matter: null };
  switch (step.step) {
    case 'order': {
      const { startedAt, nearAt, dueAt, scale, calendar } = startRun(at, step.limit, rules.calendar);
      const order = { id, startedAt, nearAt, dueAt, calendar };
      const overlay = { ...step, run: { startedAt, nearAt, dueAt, scale, calendar } };
      return { overlay, clocks: clocks && clocksAfter(clocked, { kind: 'order', order }, at, rules) };
    }
    case 'progress':
      // Nothing was reached later than it is told.
      return {
        overlay: step.milestoneAt === undefined ? step : { ...step, milestoneAt: Math.min(step.milestoneAt, at) },
      };
    case 'finish':
      return { overlay: step, clocks: clocks && clocksAfter(clocked, { kind: 'order_done', id: step.ref }, at, rules) };
    case 'unclear':
      return {
        overlay: step,
        ...left(actingFirst(ownership, unit ?? '', byName, at)),
        clocks: startMakeSafe(clocks, matter, at, rules),
      };
    case 'made_safe':
      // Nobody sees the danger gone before it is.
      return {
        overlay: step,
        ...left(ownership && { ...ownership, safeAt: Math.min(step.at, at) }),
        clocks: endMakeSafe(clocks, at, rules),
      };
    case 'announced':
      // Nobody reads it before it is told.
      return { overlay: { ...step, at: Math.min(step.at, at) } };
    case 'owned':
      return { overlay: step, handling: { ...reviewed(known), ownership: ownedBy(ownership, step.owner, at) } };
    case 'review_open':
      return { overlay: step, handling: { ...known, review: { id, plannedAt: step.plannedAt } } };
    case 'review': {
      const { owner } = step.review;
      if (!known.review && (owner === null || !ownership)) return { overlay: step };
      const found = owner === null ? ownership : ownedBy(ownership, owner, at);
      return { overlay: step, handling: { ...reviewed(known), ownership: found } };
    }
    case 'co_order':
    case 'co_withdraw':
    case 'co_sign':
    case 'co_return':
    case 'co_answer':
      return { overlay: step, handling: afterCoStep({ unit, handling }, id, step, at) };
    case 'wait': {
      const waiting = { id, since: at, until: Math.max(at, step.until), byName };
      return {
        overlay: step,
        handling: { ...known, ...(role === 'unit' ? unitWaiting(known, waiting) : { waiting }) },
        clocks: clocks && clocksAfter(clocked, { kind: 'wait_for_citizen' }, at, rules),
      };
    }
    case 'wait_end':
      return { overlay: step, ...endWaiting(handling, clocks, at, rules) };
    default:
      return { overlay: step };
  }
}

/** A 等待 that a unit asked for, counted as it may last. */
function unitWaiting(known: TicketHandling, waiting: Waiting): Pick<TicketHandling, 'waiting' | 'unitWaits'> {
  const { round, times, ms } = unitWaitsOf(known);
  const unitWaits = { round, times: times + 1, ms: ms + waiting.until - waiting.since };
  return { waiting: { ...waiting, isUnits: true }, unitWaits };
}

/**
 * What a ticket is when its citizen is waited for no more: the limits go on with what was left, from the time at which it was due to end at the latest.
 * @param at epoch ms
 */
export function endWaiting(
  handling: TicketHandling | undefined,
  clocks: Ticket['clocks'],
  at: number,
  rules: ClockRules,
): Pick<OverlayTaken, 'handling' | 'clocks'> {
  const until = Math.min(at, handling?.waiting?.until ?? at);
  const facts = { clocks, acceptedAt: null, matter: null };
  return {
    ...awaited({ handling }, until),
    clocks: clocks && clocksAfter(facts, { kind: 'citizen_answered' }, until, rules),
  };
}
