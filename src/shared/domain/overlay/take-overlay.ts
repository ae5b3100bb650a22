import { assertNever } from '../../kernel/assert-never.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import type { ClockRules, Matter } from '../clock/clock-rules.ts';
import { startRun } from '../clock/clock-run.ts';
import { clocksAfter } from '../clock/clocks-after.ts';
import { endMakeSafe, startMakeSafe } from '../clock/make-safe-clock.ts';
import type { Role } from '../roles.ts';
import type { Ticket } from '../ticket.ts';
import { handlingOf, type TicketHandling } from '../ticket-handling.ts';
import { mayOverlay, takesOverlay, WITH_A_UNIT } from './overlay-rights.ts';
import type { Overlay, OverlayKind, OverlayStep } from './overlay-step.ts';
import type { OverlayEvent } from './oversight.ts';
import { actingFirst, ownedBy } from './ownership.ts';
import { afterCoStep, refuseCoStep } from './take-co-step.ts';

/** What laying something over a ticket reads of it. */
export interface OverlayFacts extends Pick<Ticket, 'status' | 'unit' | 'handling' | 'clocks'> {
  /** What was laid over it so far. */
  readonly overlays: readonly OverlayEvent[];
  readonly matter: Matter | null;
}

/** Why it is not taken; each is a refusal of the server. */
export type OverlayRefusal = 'FORBIDDEN' | 'WORDS_MISSING' | 'NOT_FOUND' | 'OVERLAY_STATE' | 'OVERLAY_DONE';

/** What it leaves on the ticket. State, unit and the limits of the ticket stay as they are. */
export interface OverlayTaken {
  readonly overlay: Overlay;
  readonly handling: TicketHandling | undefined;
  readonly clocks: Ticket['clocks'];
}

/** What speaks for itself: a measure was carried out, the danger is gone, the ticket says what a 协办 is to do. */
const WITHOUT_WORDS: readonly OverlayKind[] = ['measure_done', 'made_safe', 'co_order', 'co_sign'];

/**
 * What a ticket is after a 督办, 批示 or 权属 step, or why it is not taken. Pure, and the same for the console that shows it at once and the
 * server that decides.
 * @param at when it is taken, epoch ms: from then on an order's own time runs
 */
export function takeOverlay(
  facts: OverlayFacts,
  id: string,
  step: OverlayStep,
  words: string,
  who: { readonly role: Role; readonly name: string },
  at: number,
  rules: ClockRules,
): Result<OverlayTaken, OverlayRefusal> {
  if (!mayOverlay(who.role, step.step)) return err('FORBIDDEN');
  // A unit speaks for itself alone.
  if (who.role === 'unit' && !('unit' in step && step.unit === who.name)) return err('FORBIDDEN');
  if (words.trim() === '' && !WITHOUT_WORDS.includes(step.step)) return err('WORDS_MISSING');
  if (!takesOverlay(facts.status, step.step)) return err('OVERLAY_STATE');
  const refusal = refuse(facts, step);
  if (refusal) return err(refusal);
  return ok({ handling: facts.handling, clocks: facts.clocks, ...effectOf(facts, id, step, who.name, at, rules) });
}

function refuse({ status, unit, handling, overlays }: OverlayFacts, step: OverlayStep): OverlayRefusal | null {
  const { ownership = null } = handlingOf({ handling });
  switch (step.step) {
    case 'order':
    case 'measure':
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
    case 'review':
      if (step.review.owner !== null && ownership?.owner) return 'OVERLAY_DONE';
      return ownership || status === 'joint_review' ? null : 'OVERLAY_STATE';
    case 'co_order':
    case 'co_withdraw':
    case 'co_sign':
    case 'co_return':
    case 'co_answer':
      return refuseCoStep({ unit, handling }, step);
    default:
      return assertNever(step, 'overlay');
  }
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
  id: string,
  step: OverlayStep,
  byName: string,
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
      const order = { id, startedAt, nearAt, dueAt };
      const overlay = { ...step, run: { startedAt, nearAt, dueAt, scale, calendar } };
      return { overlay, clocks: clocks && clocksAfter(clocked, { kind: 'order', order }, at, rules) };
    }
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
    case 'owned':
      return { overlay: step, ...left(ownedBy(ownership, step.owner, at)) };
    case 'review':
      return step.review.owner === null || !ownership
        ? { overlay: step }
        : { overlay: step, ...left(ownedBy(ownership, step.review.owner, at)) };
    case 'co_order':
    case 'co_withdraw':
    case 'co_sign':
    case 'co_return':
    case 'co_answer':
      return { overlay: step, handling: afterCoStep({ unit, handling }, step, at) };
    default:
      return { overlay: step };
  }
}
