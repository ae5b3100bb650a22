import { assertNever } from '../kernel/assert-never.ts';
import type { EventId } from '../kernel/ids.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { areAttemptsSpent, nextAttempt } from './callback/callback-attempts.ts';
import { shippedCallbackRules } from './callback/shipped-callback-rules.ts';
import { DAY_MS } from './clock/beijing-day.ts';
import { shippedCalendar } from './clock/shipped-calendar.ts';
import { shippedClockRules } from './clock/shipped-clock-rules.ts';
import { beginCoOrders, coOrdersOf, isCoOrderOpen, openCoOrders } from './co-order.ts';
import { actingFirst, openStage, ownedBy } from './overlay/ownership.ts';
import type { Role } from './roles.ts';
import type { Reply, Ticket, TicketEvent } from './ticket.ts';
import { type ActAction, type ActOf, mayAct, needsWords, type TicketAct } from './ticket-act.ts';
import { awaited, handlingOf, needsJointReview, reviewed, type TicketHandling } from './ticket-handling.ts';
import { nextStatus, type TicketStatus } from './ticket-status.ts';

/** The part of a ticket that a decision reads and changes. */
export type Actable = Pick<Ticket, 'status' | 'unit' | 'handling' | 'replies' | 'closedAt' | 'link'>;
/** The part that a decision only reads: until when a 退单 may be asked for is in the clocks. */
type Decidable = Actable & Partial<Pick<Ticket, 'clocks'>>;

/** Why a decision is not taken; each is a refusal of the server. */
export type ActRefusal =
  | 'FORBIDDEN'
  | 'WORDS_MISSING'
  | 'RETURN_TOO_LATE'
  | 'UNIT_RETURNED'
  | 'ROUNDS_SPENT'
  | 'EXTENSION_SPENT'
  | 'CO_ORDERS_OPEN'
  | 'NOT_REACHED'
  | 'BAD_INPUT';

/** A step between two states; those by rule follow a person's without anybody's doing. */
interface StepFacts {
  readonly kind: Extract<TicketEvent['kind'], 'status' | 'reply'>;
  readonly from: TicketStatus;
  readonly to: TicketStatus;
}
export type ActStep = StepFacts &
  ({ readonly isByRule: false; readonly action: ActAction } | { readonly isByRule: true; readonly action: RuleAction });

export interface Acted extends Actable {
  readonly steps: readonly ActStep[];
}

/** Who decides; a unit's account bears the name of the unit, `server` is the centre by rule. */
export interface ActActor {
  readonly role: Role | 'server';
  readonly name: string;
}

/** Answers that were kept for 消险 and 确权 are looked at again after that time, as a 挂账 is; both stages done, at once. */
const KEPT_MS = 30 * DAY_MS;

/** A time to try a citizen again lies no further ahead. */
const MOST_AGREED_MS = 30 * DAY_MS;

type RuleAction = 'send_to_callback' | 'send_to_dispatch' | 'resume' | 'close';

/**
 * What a ticket is after a decision, or why it is not taken. Pure, and the same for the console that shows it at once and the server that
 * decides; whether the ticket still is what the person saw is asked before.
 * @param at epoch ms
 * @param callsBack whether its citizen is called back once it is answered (see isCalledBack)
 * @param id the event it becomes, by which the 协办单 it begins are known
 */
export function actOnTicket(
  ticket: Decidable,
  act: TicketAct,
  words: string,
  who: ActActor,
  at: number,
  callsBack = true,
  id?: EventId,
): Result<Acted, ActRefusal> {
  if (!mayAct(who.role, ticket.status, act.action)) return err('FORBIDDEN');
  if (who.role === 'unit' && ticket.unit !== who.name) return err('FORBIDDEN');
  const refusal = refuse(ticket, act, words, at);
  if (refusal) return err(refusal);
  // Whoever decides does not wait for the citizen any more.
  const left = awaited({ ...ticket, ...effectOf(ticket, act, words, who, at, id) }, at);
  // A 回访 that was made before 消险 and 确权 are done closes nothing yet.
  const isKept = act.action === 'close' && isStageOpen(ticket);
  const steps = walk(ticket.status, act.action, who.role, isKept, (to) => ruleAfter(act.action, to, left, callsBack));
  const status = steps.at(-1)?.to;
  if (status === undefined) return err('FORBIDDEN');
  const isClosedByRule = steps.length > 1 && status === 'closed';
  return ok({ ...left, ...(isClosedByRule ? { closedAt: at } : {}), status, steps });
}

/**
 * What a ticket under a 母单 is after that was answered or refused: everybody of the cluster gets the same words, and their own 回访.
 * @param from the 母单 as it is by then, and the words as others may read them (see tellElsewhere)
 * @param callsBack as for {@link actOnTicket}
 */
export function followParent(
  child: Actable,
  action: 'reply' | 'refuse',
  from: Pick<Actable, 'unit'> & { readonly words: string },
  at: number,
  callsBack: boolean,
): ChildFollowed {
  const { unit, words } = from;
  if (action === 'refuse') return { ...child, status: 'rejected', closedAt: at, rule: null };
  const replies = [...child.replies, { at, unit: unit ?? '', text: words }];
  const answered = { ...child, unit, replies, ...afresh(child) };
  // As long as nobody knows whose it is, nothing is closed by rule.
  return callsBack || openStage(handlingOf(child).ownership) !== null
    ? { ...answered, status: 'to_callback', closedAt: null, rule: 'send_to_callback' }
    : { ...answered, status: 'closed', closedAt: at, rule: 'close' };
}

/** `rule`: the step that followed the answer; null for none. */
export interface ChildFollowed extends Actable {
  readonly rule: 'send_to_callback' | 'close' | null;
}

function refuse(ticket: Decidable, act: TicketAct, words: string, at: number): ActRefusal | null {
  if (needsWords(act) && words.trim() === '') return 'WORDS_MISSING';
  const handling = handlingOf(ticket);
  switch (act.action) {
    case 'dispatch':
    case 'assign':
      if (act.coUnits.includes(act.unit) || new Set(act.coUnits).size < act.coUnits.length) return 'BAD_INPUT';
      if (act.action === 'assign' || act.despiteReturn) return null;
      return handling.returnedBy.includes(act.unit) ? 'UNIT_RETURNED' : null;
    case 'return':
      return at < (ticket.clocks?.returnBy ?? Number.POSITIVE_INFINITY) ? null : 'RETURN_TOO_LATE';
    case 'approve_return':
    case 'refuse_return':
    case 'send_to_dispatch':
      return ticket.status === 'return_review' && needsJointReview(handling) ? 'ROUNDS_SPENT' : null;
    case 'ask_extension':
      if (handling.extendedBy !== null) return 'EXTENSION_SPENT';
      return act.days <= shippedClockRules().termsOf(ticket.clocks?.set).extensionDays ? null : 'BAD_INPUT';
    case 'reply':
      return act.withoutCo === undefined && openCoOrders(ticket).length > 0 ? 'CO_ORDERS_OPEN' : null;
    case 'close':
      return act.callback.reached ? null : 'NOT_REACHED';
    case 'miss_callback':
      return (act.agreedAt ?? 0) > at + MOST_AGREED_MS ? 'BAD_INPUT' : null;
    default:
      return null;
  }
}

/** The step the centre takes by rule at once after a decision, so that no ticket rests in between; null for none. */
function ruleAfter(action: ActAction, to: TicketStatus, left: Actable, callsBack: boolean): RuleAction | null {
  if (to === 'redo') return 'resume';
  if (action === 'unmerge') return 'send_to_dispatch';
  const { ownership, nextCall } = handlingOf(left);
  // As long as nobody knows whose it is, nothing is closed by rule either.
  const mayClose = openStage(ownership) === null;
  if (to === 'replied') return callsBack || !mayClose ? 'send_to_callback' : 'close';
  return action === 'miss_callback' && nextCall === null && mayClose ? 'close' : null;
}

function walk(
  from: TicketStatus,
  action: ActAction,
  role: ActActor['role'],
  isKept: boolean,
  ruleOf: (to: TicketStatus) => RuleAction | null,
): readonly ActStep[] {
  const next = nextStatus(from, action, role);
  if (next === null) return [];
  const to = isKept ? from : next;
  const first: ActStep = { action, kind: action === 'reply' ? 'reply' : 'status', from, to, isByRule: false };
  const rule = ruleOf(to);
  const then = rule && nextStatus(to, rule, 'server');
  return then ? [first, { action: rule, kind: 'status', from: to, to: then, isByRule: true }] : [first];
}

type Effect = Partial<Pick<Actable, 'unit' | 'handling' | 'replies' | 'closedAt' | 'link'>>;

function effectOf(
  ticket: Actable,
  act: TicketAct,
  words: string,
  who: ActActor,
  at: number,
  id: EventId | undefined,
): Effect {
  const handling = handlingOf(ticket);
  const left = (part: Partial<TicketHandling>): Effect => ({ handling: { ...handling, ...part } });
  const unit = ticket.unit ?? '';
  switch (act.action) {
    case 'send_to_review':
    case 'sign':
      return {};
    case 'refuse':
      return { closedAt: at };
    case 'merge': {
      const link = { parentUid: act.parentUid, state: 'merged', at, byName: who.name } as const;
      return { closedAt: at, unit: null, link, ...relieved(ticket) };
    }
    case 'unmerge':
      return { closedAt: null, unit: null, link: null, ...relieved(ticket) };
    case 'dispatch':
      return { unit: act.unit, ...left({ ...chosen(act, handling, who, at, id), request: null }) };
    case 'assign':
      return {
        unit: act.unit,
        // Whoever assigns the unit has held it.
        handling: {
          ...reviewed(handling),
          ...chosen(act, handling, who, at, id),
          request: null,
          round: handling.round + 1,
        },
      };
    case 'return':
      return left({ request: { kind: 'return', unit, at, days: null } });
    case 'send_to_dispatch':
      return ticket.status === 'return_review' ? { unit: null, ...left(returned(handling, unit)) } : {};
    case 'approve_return':
      return { unit: null, ...left(returned(handling, unit)) };
    case 'refuse_return':
    case 'joint_review':
      return left({ request: null });
    case 'ask_extension':
      return left({ request: { kind: 'extension', unit, at, days: act.days } });
    case 'decide_extension':
      return left({ request: null, ...(act.granted ? { extendedBy: handling.request?.days ?? 0 } : {}) });
    case 'put_on_account':
      return left({
        account: { at, reviewAt: at + act.reviewInDays * DAY_MS, ...(act.cause ? { cause: act.cause } : {}) },
      });
    case 'resume':
      return left({ account: null });
    case 'reply': {
      const reply: Reply = { at, unit, text: words };
      // Whoever is called about it is called about this answer.
      const fresh = afresh(ticket);
      return { replies: [...ticket.replies, reply], ...fresh, ...withoutOpenCoOrders({ ...ticket, ...fresh }) };
    }
    case 'miss_callback':
      return left(missed(ticket, act, who, at));
    case 'close':
      return isStageOpen(ticket)
        ? left({ callback: asked(act, who, at), ...keptUntil(at + KEPT_MS) })
        : { closedAt: at, ...left({ callback: asked(act, who, at), nextCall: null }) };
    case 'redo':
      return left({ callback: asked(act, who, at), nextCall: null, round: handling.round + 1 });
    default:
      return assertNever(act, 'decision');
  }
}

/** The units with the reason why; who acts first is not the owner, and a 联席研判 may have found one. */
function chosen(
  act: ActOf<'dispatch' | 'assign'>,
  { ownership = null }: TicketHandling,
  who: ActActor,
  at: number,
  id: EventId | undefined,
): Pick<TicketHandling, 'coUnits' | 'coOrders' | 'basis' | 'ownership'> {
  const { coUnits, basis, unit } = act;
  // As long as nobody knows whose it is, whoever has it acts.
  const isActing = basis === 'acting' || (ownership !== null && ownership.owner === null);
  const acting = isActing ? actingFirst(ownership, unit, who.name, at) : ownership;
  const owner = act.action === 'assign' ? (act.review?.owner ?? null) : null;
  const coOrders = beginCoOrders(coUnits, at, id);
  return { coUnits, coOrders, basis, ownership: owner === null ? acting : ownedBy(acting, owner, at) };
}

/** Whether 消险 or 确权 is still open. */
function isStageOpen(ticket: Pick<Actable, 'handling'>): boolean {
  return openStage(handlingOf(ticket).ownership) !== null;
}

/** The citizen was reached, so nobody calls in vain any more (see keptAnswers); the ticket comes up again at that time. */
function keptUntil(at: number): Pick<TicketHandling, 'attempts' | 'nextCall'> {
  return { attempts: [], nextCall: { from: at, to: at + DAY_MS } };
}

/** The unit is rid of it, and the next round begins. */
function returned({ returnedBy, round }: TicketHandling, unit: string): Partial<TicketHandling> {
  return { request: null, coUnits: [], coOrders: [], basis: null, returnedBy: [...returnedBy, unit], round: round + 1 };
}

/** Nobody is in charge of it any more; what was returned before is still known. */
function relieved({ handling }: Actable): Effect {
  return handling ? { handling: { ...handling, coUnits: [], coOrders: [], basis: null, request: null } } : {};
}

/** No attempts of a 回访 that is to come; nothing is written down of a ticket of which there was nothing to say. */
function afresh({ handling }: Actable): Effect {
  return handling && handling.attempts.length > 0 ? { handling: { ...handling, attempts: [], nextCall: null } } : {};
}

/** The 主办 has answered for all: what a 协办 still owed is not waited for any more. */
function withoutOpenCoOrders({ handling }: Pick<Actable, 'handling'>): Effect {
  if (!handling || openCoOrders({ handling }).length === 0) return {};
  const coOrders = coOrdersOf({ handling }).map((order) =>
    isCoOrderOpen(order) ? { ...order, state: 'withdrawn' as const } : order,
  );
  return { handling: { ...handling, coOrders } };
}

/** One attempt more, and when to try again. Of somebody who is not tried again there are no answers. */
function missed(
  ticket: Actable,
  { calledAt, agreedAt }: ActOf<'miss_callback'>,
  { name: byName }: ActActor,
  at: number,
): Partial<TicketHandling> {
  const { attempts } = handlingOf(ticket);
  // Whatever their clock says, nobody called later than now, about an answer that was not there yet, or before the attempt they add to.
  const earliest = Math.max(ticket.replies.at(-1)?.at ?? 0, attempts.at(-1)?.at ?? 0);
  const tried = [...attempts, { at: Math.max(Math.min(calledAt, at), earliest), byName }];
  const times = tried.map((one) => one.at);
  const rules = shippedCallbackRules();
  const nextCall = nextAttempt(times, agreedAt, rules, shippedCalendar());
  const none = { reached: false, solved: null, satisfied: null, cause: null, at, byName };
  return { attempts: tried, nextCall, ...(areAttemptsSpent(times, rules) ? { callback: none } : {}) };
}

function asked(
  { callback }: ActOf<'close' | 'redo'>,
  { name: byName }: ActActor,
  at: number,
): TicketHandling['callback'] {
  return { ...callback, at, byName };
}
