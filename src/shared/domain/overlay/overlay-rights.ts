import type { Role } from '../roles.ts';
import type { TicketStatus } from '../ticket-status.ts';
import type { OverlayKind } from './overlay-step.ts';

const SUPERVISING: readonly Role[] = ['supervisor', 'lead', 'admin'];
const HANDLING: readonly Role[] = ['dispatcher', ...SUPERVISING];

/** Who may lay what over a ticket: console and server ask the same table. */
const OVERLAY_ROLES: Readonly<Record<OverlayKind, readonly Role[]>> = {
  order: SUPERVISING,
  progress: HANDLING,
  finish: SUPERVISING,
  unclear: HANDLING,
  made_safe: HANDLING,
  review: HANDLING,
  owned: HANDLING,
  measure: HANDLING,
  measure_done: HANDLING,
};

export function mayOverlay(role: Role, kind: OverlayKind): boolean {
  return OVERLAY_ROLES[kind].includes(role);
}

/** States in which the ticket lies with a unit, which then is the one that acts first. */
export const WITH_A_UNIT: readonly TicketStatus[] = [
  'to_sign',
  'handling',
  'return_review',
  'extension_review',
  'on_account',
];

/** States of a ticket that the centre has not taken in, or that goes on under another one: nothing is laid over it. */
export const WITHOUT_OVERLAYS: readonly TicketStatus[] = ['submitted', 'merged'];
