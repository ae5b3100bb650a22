import { assertNever } from '../kernel/assert-never.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { DAY_MS } from './clock/beijing-day.ts';
import { actingFirst, openStage, ownedBy } from './overlay/ownership.ts';
import type { Role } from './roles.ts';
import type { Reply, Ticket, TicketEvent } from './ticket.ts';
import { type ActAction, type ActOf, mayAct, needsWords, type TicketAct } from './ticket-act.ts';
import { handlingOf, needsJointReview, type TicketHandling } from './ticket-handling.ts';
import { nextStatus, type TicketStatus } from './ticket-status.ts';

/** The part of a ticket that a decision reads and changes. */
export type Actable = Pick<Ticket, 'status' | 'unit' | 'handling' | 'replies' | 'closedAt'>;

/** Why a decision is not taken; each is a refusal of the server. */
export type ActRefusal =
  | 'FORBIDDEN'
  | 'WORDS_MISSING'
  | 'UNIT_RETURNED'
  | 'ROUNDS_SPENT'
  | 'EXTENSION_SPENT'
  | 'STAGES_OPEN'
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

type RuleAction = 'send_to_callback' | 'resume';

/** Steps the centre takes by rule at once, so that no ticket rests in between. */
const FOLLOW_UPS: Partial<Readonly<Record<TicketStatus, RuleAction>>> = {
  replied: 'send_to_callback',
  redo: 'resume',
};

/**
 * What a ticket is after a decision, or why it is not taken. Pure, and the same for the console that shows it at once and the server that
 * decides; whether the ticket still is what the person saw is asked before. @param at epoch ms
 */
export function actOnTicket(
  ticket: Actable,
  act: TicketAct,
  words: string,
  who: ActActor,
  at: number,
): Result<Acted, ActRefusal> {
  if (!mayAct(who.role, ticket.status, act.action)) return err('FORBIDDEN');
  if (who.role === 'unit' && ticket.unit !== who.name) return err('FORBIDDEN');
  const refusal = refuse(ticket, act, words);
  if (refusal) return err(refusal);
  const steps = walk(ticket.status, act.action, who.role);
  const status = steps.at(-1)?.to;
  if (status === undefined) return err('FORBIDDEN');
  return ok({ ...ticket, ...effectOf(ticket, act, words, who, at), status, steps });
}

function refuse(ticket: Actable, act: TicketAct, words: string): ActRefusal | null {
  if (needsWords(act) && words.trim() === '') return 'WORDS_MISSING';
  const handling = handlingOf(ticket);
  switch (act.action) {
    case 'dispatch':
    case 'assign':
      if (act.coUnits.includes(act.unit) || new Set(act.coUnits).size < act.coUnits.length) return 'BAD_INPUT';
      if (act.action === 'assign' || act.despiteReturn) return null;
      return handling.returnedBy.includes(act.unit) ? 'UNIT_RETURNED' : null;
    case 'approve_return':
    case 'refuse_return':
    case 'send_to_dispatch':
      return ticket.status === 'return_review' && needsJointReview(handling) ? 'ROUNDS_SPENT' : null;
    case 'ask_extension':
      return handling.extendedBy === null ? null : 'EXTENSION_SPENT';
    case 'close':
      return openStage(handling.ownership) === null ? null : 'STAGES_OPEN';
    default:
      return null;
  }
}

function walk(from: TicketStatus, action: ActAction, role: ActActor['role']): readonly ActStep[] {
  const to = nextStatus(from, action, role);
  if (to === null) return [];
  const first: ActStep = { action, kind: action === 'reply' ? 'reply' : 'status', from, to, isByRule: false };
  const rule = FOLLOW_UPS[to];
  const then = rule && nextStatus(to, rule, 'server');
  return then ? [first, { action: rule, kind: 'status', from: to, to: then, isByRule: true }] : [first];
}

type Effect = Partial<Pick<Actable, 'unit' | 'handling' | 'replies' | 'closedAt'>>;

function effectOf(ticket: Actable, act: TicketAct, words: string, who: ActActor, at: number): Effect {
  const handling = handlingOf(ticket);
  const left = (part: Partial<TicketHandling>): Effect => ({ handling: { ...handling, ...part } });
  const unit = ticket.unit ?? '';
  switch (act.action) {
    case 'send_to_review':
    case 'sign':
      return {};
    case 'refuse':
      return { closedAt: at };
    case 'dispatch':
      return { unit: act.unit, ...left({ ...chosen(act, handling, who, at), request: null }) };
    case 'assign':
      return {
        unit: act.unit,
        ...left({ ...chosen(act, handling, who, at), request: null, round: handling.round + 1 }),
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
      return left({ account: { at, reviewAt: at + act.reviewInDays * DAY_MS } });
    case 'resume':
      return left({ account: null });
    case 'reply': {
      const reply: Reply = { at, unit, text: words };
      return { replies: [...ticket.replies, reply] };
    }
    case 'close':
      return { closedAt: at, ...left({ callback: asked(act, who, at) }) };
    case 'redo':
      return left({ callback: asked(act, who, at), round: handling.round + 1 });
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
): Pick<TicketHandling, 'coUnits' | 'basis' | 'ownership'> {
  const { coUnits, basis, unit } = act;
  // As long as nobody knows whose it is, whoever has it acts.
  const isActing = basis === 'acting' || (ownership !== null && ownership.owner === null);
  const acting = isActing ? actingFirst(ownership, unit, who.name, at) : ownership;
  const owner = act.action === 'assign' ? (act.review?.owner ?? null) : null;
  return { coUnits, basis, ownership: owner === null ? acting : ownedBy(acting, owner, at) };
}

/** The unit is rid of it, and the next round begins. */
function returned({ returnedBy, round }: TicketHandling, unit: string): Partial<TicketHandling> {
  return { request: null, coUnits: [], basis: null, returnedBy: [...returnedBy, unit], round: round + 1 };
}

function asked(
  { callback }: ActOf<'close' | 'redo'>,
  { name: byName }: ActActor,
  at: number,
): TicketHandling['callback'] {
  return { ...callback, at, byName };
}
