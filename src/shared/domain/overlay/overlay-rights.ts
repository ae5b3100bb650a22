import { INTAKE_ROLES, type Role } from '../roles.ts';
import type { TicketStatus } from '../ticket-status.ts';
import type { OverlayKind } from './overlay-step.ts';

export type CoStep = Extract<OverlayKind, `co_${string}`>;

const SUPERVISING: readonly Role[] = ['supervisor', 'lead', 'admin'];
const HANDLING: readonly Role[] = ['dispatcher', ...SUPERVISING];

/** Who speaks with the services a call is handed over to. */
const TALKING: readonly Role[] = [...new Set([...INTAKE_ROLES, ...HANDLING])];

/** Who may lay what over a ticket: console and server ask the same table. */
const OVERLAY_ROLES: Readonly<Record<OverlayKind, readonly Role[]>> = {
  order: SUPERVISING,
  progress: HANDLING,
  finish: SUPERVISING,
  unclear: HANDLING,
  made_safe: HANDLING,
  review_open: HANDLING,
  review: HANDLING,
  owned: HANDLING,
  measure: HANDLING,
  measure_done: HANDLING,
  announced: HANDLING,
  co_order: HANDLING,
  co_withdraw: HANDLING,
  co_sign: ['unit'],
  co_return: ['unit'],
  co_answer: ['unit'],
  wait: [...HANDLING, 'unit'],
  wait_end: [...HANDLING, 'unit'],
  // By rule alone.
  flow: [],
  hand_over: TALKING,
  flow_receipt: [...TALKING, 'unit'],
  flow_result: [...TALKING, 'unit'],
};

/** @param role `server`: the centre by rule, which may all of it */
export function mayOverlay(role: Role | 'server', kind: OverlayKind): boolean {
  return role === 'server' || OVERLAY_ROLES[kind].includes(role);
}

/** States in which the ticket lies with a unit: it may be the one that acts first, and others may help it. */
export const WITH_A_UNIT: readonly TicketStatus[] = [
  'to_sign',
  'handling',
  'return_review',
  'extension_review',
  'on_account',
];

/** Whether a step is about a 协办单. */
export function isCoStep(kind: OverlayKind): kind is CoStep {
  return kind.startsWith('co_');
}

/** What ends or adds to something that lies over a ticket already, and begins nothing. */
const ENDING: readonly OverlayKind[] = [
  'progress',
  'finish',
  'made_safe',
  'owned',
  'measure_done',
  'hand_over',
  'flow_receipt',
  'flow_result',
];

/** What is known at the seat as soon as the call was handed over. */
const ABOUT_CALLS: readonly OverlayKind[] = ['hand_over', 'flow_receipt', 'flow_result'];

/**
 * Whether a ticket may have something laid over it in a state: nothing but a 移交 before the centre has taken it in; once it goes on under another one
 * only what it had before is written on and ended, which nobody could do otherwise.
 */
export function takesOverlay(status: TicketStatus, kind: OverlayKind): boolean {
  if (status === 'submitted') return ABOUT_CALLS.includes(kind);
  if (isCoStep(kind)) return WITH_A_UNIT.includes(status);
  return status !== 'merged' || ENDING.includes(kind);
}
