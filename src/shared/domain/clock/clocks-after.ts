import { assertNever } from '../../kernel/assert-never.ts';
import type { CallWindow } from '../callback/callback-attempts.ts';
import type { Ticket } from '../ticket.ts';
import type { TicketAction } from '../ticket-status.ts';
import { type CalendarStanding, leastCertain } from './calendar-year.ts';
import type { ClockPreset, ClockSpan } from './clock-preset.ts';
import type { ClockRules, Matter } from './clock-rules.ts';
import { type ClockRun, extendRun, respanRun, shiftDue, shiftRun, startRun } from './clock-run.ts';
import { returnAnswerRun } from './return-answer.ts';
import {
  type ClockStage,
  type OrderClock,
  settleClocks,
  type TicketClocks,
  type UnsettledClocks,
} from './ticket-clocks.ts';

/** What moves a ticket's clocks: the actions of the state machine, waiting for the citizen, and supervision orders. */
export type ClockAction =
  | { readonly kind: Exclude<TicketAction, 'decide_extension' | 'put_on_account' | 'miss_callback'> }
  /** `days`: working days granted, 0 when it was refused. */
  | { readonly kind: 'decide_extension'; readonly days: number }
  /** `days` until a 挂账 is looked at again. */
  | { readonly kind: 'put_on_account'; readonly days: number }
  /** `next`: when the citizen is tried again, null when nobody does. */
  | { readonly kind: 'miss_callback'; readonly next: CallWindow | null }
  /** 更正 of what decides the limits, before the ticket went to a unit. */
  | { readonly kind: 'amend' }
  | { readonly kind: 'wait_for_citizen' | 'citizen_answered' }
  | { readonly kind: 'order'; readonly order: OrderClock }
  | { readonly kind: 'order_done'; readonly id: string };

/** What is known of a ticket when its clocks move. */
export interface ClockFacts {
  readonly clocks: Ticket['clocks'];
  readonly acceptedAt: number | null;
  /** Decides the limits when the clocks are set; null when it was not read. */
  readonly matter: Matter | null;
  /** The set of presets its centre chose; that of centres which chose none when left out. */
  readonly set?: string | undefined;
}

/**
 * A ticket's clocks after an action: the one function that moves them, at the server, in imports and in a console that shows its own
 * unconfirmed work. It does not ask whether the action is allowed.
 *
 * A ticket accepted before there were clocks gets them with its next action, counted from its acceptance, if its matter is given.
 * @param now when it happened, epoch ms
 * @returns null as long as no clock runs: before acceptance, and for what was answered on the spot
 */
export function clocksAfter(facts: ClockFacts, action: ClockAction, now: number, rules: ClockRules): Ticket['clocks'] {
  const { clocks, acceptedAt, matter } = facts;
  if (action.kind === 'amend' && clocks) return matter ? amended(clocks, matter, rules) : clocks;
  if (clocks) return settleClocks(moved(clocks, action, now, rules));
  if (action.kind === 'answer_directly' || action.kind === 'hand_off' || !matter) return null;
  const set = facts.set ?? rules.defaultSet;
  const started = startClocks(set, rules.choosePreset(matter), acceptedAt ?? now, rules);
  return settleClocks(
    action.kind === 'accept' || action.kind === 'amend' ? started : moved(started, action, now, rules),
  );
}

/** The close limit's due time, as the ticket's `dueAt` has it. */
export function closeDueAt(clocks: Ticket['clocks']): number | null {
  return clocks?.close.dueAt ?? null;
}

function startClocks(set: string, preset: string, at: number, rules: ClockRules): UnsettledClocks {
  const { dispatch, close } = rules.presetOf(set, preset);
  return {
    set,
    preset,
    ...stageFrom(dispatch ? 'dispatch' : 'handle', dispatch, at, rules),
    close: startRun(at, close, rules.calendar),
    metAt: null,
    pausedSince: null,
    pausedFor: null,
    extendedDays: 0,
    round: 1,
    orders: [],
  };
}

/** Chosen again from the same beginnings; what went to a unit keeps the limits it was given. */
function amended(clocks: TicketClocks, matter: Matter, rules: ClockRules): TicketClocks {
  const { calendar } = rules;
  const before = rules.presetOf(clocks.set, clocks.preset);
  const waits = clocks.stage === 'dispatch' || (before.dispatch === null && clocks.stage === 'handle');
  const id = rules.choosePreset(matter);
  if (!waits || id === clocks.preset) return clocks;
  const { dispatch, close } = rules.presetOf(clocks.set, id);
  return settleClocks({
    ...clocks,
    preset: id,
    ...stageFrom(dispatch ? 'dispatch' : 'handle', dispatch, clocks.run?.startedAt ?? clocks.close.startedAt, rules),
    close: respanRun(clocks.close, close, clocks.extendedDays, calendar),
  });
}

function stageFrom(
  stage: ClockStage,
  span: ClockSpan | null,
  at: number,
  { calendar }: ClockRules,
): { readonly stage: ClockStage; readonly run: ClockRun | null } {
  return { stage, run: span && startRun(at, span, calendar) };
}

function moved(clocks: UnsettledClocks, action: ClockAction, now: number, rules: ClockRules): UnsettledClocks {
  const preset = rules.presetOf(clocks.set, clocks.preset);
  const at = (stage: ClockStage, span: ClockSpan | null) => ({ ...clocks, ...stageFrom(stage, span, now, rules) });
  switch (action.kind) {
    case 'accept':
    case 'amend':
    case 'send_to_review':
    case 'ask_extension':
    case 'send_to_callback':
      return clocks;
    case 'send_to_dispatch':
      return clocks.stage === 'return' ? at('dispatch', preset.dispatch) : clocks;
    case 'unmerge':
      return { ...at('dispatch', preset.dispatch), metAt: null };
    case 'approve_return':
      return at('dispatch', preset.dispatch);
    case 'dispatch':
    case 'assign':
      return certainAs(
        { ...at('sign', preset.sign), ...returnable(preset, now, rules) },
        preset.return ? startRun(now, preset.return, rules.calendar).calendar : 'official',
      );
    case 'sign':
    case 'refuse_return':
      return at('handle', null);
    case 'return':
      return certainAs(at('return', preset.dispatch), returnAnswerRun(now, clocks.set, rules).calendar);
    case 'joint_review':
      return at('joint_review', null);
    case 'decide_extension':
      return action.days === 0 ? clocks : extended(clocks, action.days, rules);
    case 'put_on_account':
      return { ...at('recheck', { value: action.days, unit: 'day' }), ...paused(clocks, 'on_account', now) };
    case 'wait_for_citizen':
      return { ...clocks, ...paused(clocks, 'citizen', now) };
    case 'citizen_answered':
      return clocks.pausedFor === 'citizen' ? resumed(clocks, now, rules) : clocks;
    case 'resume':
      return { ...resumed(clocks, now, rules), stage: 'handle', run: null };
    case 'reply':
      return {
        ...resumed(clocks, now, rules),
        ...stageFrom('callback', rules.termsOf(clocks.set).callback, now, rules),
        metAt: now,
      };
    case 'miss_callback':
      return action.next ? { ...clocks, stage: 'callback', run: windowRun(now, action.next) } : clocks;
    case 'redo':
      return {
        ...at('handle', null),
        close: startRun(now, preset.close, rules.calendar),
        metAt: null,
        extendedDays: 0,
        round: clocks.round + 1,
        ...returnable(preset, now, rules),
      };
    case 'close':
      return { ...resumed(clocks, now, rules), stage: 'done', run: null, metAt: clocks.metAt ?? now };
    case 'answer_directly':
    case 'refuse':
    case 'hand_off':
    case 'merge':
    case 'archive':
      // Nothing is waited for any more, which is not an answer within the limit.
      return { ...resumed(clocks, now, rules), stage: 'done', run: null };
    case 'order':
      return { ...clocks, orders: [...clocks.orders.filter(({ id }) => id !== action.order.id), action.order] };
    case 'order_done':
      return { ...clocks, orders: clocks.orders.filter(({ id }) => id !== action.id) };
    default:
      return assertNever(action, 'clock action');
  }
}

/** Until when the unit that is sent to work now, or again, may ask to give it back. */
function returnable(
  { return: span }: ClockPreset,
  now: number,
  { calendar }: ClockRules,
): Pick<UnsettledClocks, 'returnBy'> {
  return span ? { returnBy: startRun(now, span, calendar).dueAt } : {};
}

/** 临近 from the time on at which the citizen is to be tried. */
function windowRun(now: number, { from, to, calendar = 'official' }: CallWindow): ClockRun {
  const startedAt = Math.min(now, from);
  const limitMs = Math.max(0, to - startedAt);
  return { startedAt, nearAt: from, dueAt: to, scale: 'real', limitMs, calendar };
}

/** Beside the limit of the stage a rule counts by the calendar, for the time to give back or the answer to it: no more certain than that. */
function certainAs(clocks: UnsettledClocks, standing: CalendarStanding): UnsettledClocks {
  const { run } = clocks;
  return run ? { ...clocks, run: { ...run, calendar: leastCertain([run.calendar, standing]) } } : clocks;
}

/** 挂账 while waiting for the citizen stays one pause from its beginning. */
function paused(
  clocks: UnsettledClocks,
  pausedFor: 'on_account' | 'citizen',
  now: number,
): Pick<UnsettledClocks, 'pausedSince' | 'pausedFor'> {
  return { pausedSince: clocks.pausedSince ?? now, pausedFor };
}

function resumed(clocks: UnsettledClocks, now: number, rules: ClockRules): UnsettledClocks {
  const { pausedSince, run, close, stage, returnBy, set, preset } = clocks;
  const { calendar } = rules;
  if (pausedSince === null) return clocks;
  const span = rules.presetOf(set, preset).return;
  return {
    ...clocks,
    ...(returnBy && span ? { returnBy: shiftDue(returnBy, span.unit, pausedSince, now, calendar) } : {}),
    close: shiftRun(close, pausedSince, now, calendar),
    run: run && stage !== 'recheck' ? shiftRun(run, pausedSince, now, calendar) : run,
    pausedSince: null,
    pausedFor: null,
  };
}

function extended(clocks: UnsettledClocks, days: number, { calendar }: ClockRules): UnsettledClocks {
  return {
    ...clocks,
    close: extendRun(clocks.close, days, calendar),
    extendedDays: clocks.extendedDays + days,
  };
}
