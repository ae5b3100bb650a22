import type { ActAction, ActOf, TicketAct } from '#shared/domain/ticket-act.ts';
import type { TicketId } from '#shared/kernel/ids.ts';

/** The 母单 of the sample merge. */
export const PARENT = '019a0000-0000-7000-8000-00000000a001' as TicketId;
const CHOICE = { unit: '鼓楼区城管局', coUnits: [], basis: 'manual' as const };
const CONTENT = { reached: true, solved: true, satisfied: true, cause: null };
const UNSOLVED = { reached: true, solved: false, satisfied: false, cause: 'unsolved' as const };

/** One decision of every kind that is complete in itself. */
export const SAMPLE_ACTS: { readonly [A in ActAction]: ActOf<A> } = {
  merge: { action: 'merge', parentUid: PARENT, parentNo: '20261126-000007', asProposed: false },
  unmerge: { action: 'unmerge', parentNo: '20261126-000007' },
  refuse: { action: 'refuse' },
  send_to_review: { action: 'send_to_review' },
  send_to_dispatch: { action: 'send_to_dispatch' },
  dispatch: { action: 'dispatch', ...CHOICE, despiteReturn: false },
  sign: { action: 'sign' },
  return: { action: 'return' },
  approve_return: { action: 'approve_return' },
  refuse_return: { action: 'refuse_return' },
  joint_review: { action: 'joint_review' },
  assign: { action: 'assign', ...CHOICE },
  ask_extension: { action: 'ask_extension', days: 5 },
  decide_extension: { action: 'decide_extension', granted: true },
  put_on_account: { action: 'put_on_account', reviewInDays: 30, cause: 'planned' },
  resume: { action: 'resume' },
  reply: { action: 'reply' },
  miss_callback: { action: 'miss_callback', calledAt: Date.UTC(2026, 10, 26, 2), agreedAt: null },
  close: { action: 'close', callback: CONTENT },
  redo: { action: 'redo', callback: UNSOLVED },
};

/** The dispatch to a unit. */
export function dispatchTo(unit: string, over: Partial<ActOf<'dispatch'>> = {}): TicketAct {
  return { ...SAMPLE_ACTS.dispatch, unit, ...over };
}
