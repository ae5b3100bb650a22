import { z } from 'zod';
import { INTAKE_ROLES, type Role } from './roles.ts';

/** States of domain.md §3. Overlays (催办, 督办, 批示 …) are not states. */
export const TICKET_STATUSES = [
  'submitted',
  'accepted',
  'closed_direct',
  'rejected',
  'handed_off',
  'merged',
  'review',
  'to_dispatch',
  'to_sign',
  'handling',
  'return_review',
  'joint_review',
  'extension_review',
  'on_account',
  'replied',
  'to_callback',
  'redo',
  'closed',
  'archived',
] as const;
export const ticketStatusSchema = z.enum(TICKET_STATUSES);
export type TicketStatus = z.infer<typeof ticketStatusSchema>;

/** Actions that move a ticket from one state to another. */
export const TICKET_ACTIONS = [
  'accept',
  'answer_directly',
  'refuse',
  'hand_off',
  'merge',
  'unmerge',
  'send_to_review',
  'send_to_dispatch',
  'dispatch',
  'sign',
  'return',
  'approve_return',
  'refuse_return',
  'joint_review',
  'assign',
  'ask_extension',
  'decide_extension',
  'put_on_account',
  'resume',
  'reply',
  'send_to_callback',
  'miss_callback',
  'close',
  'redo',
  'archive',
] as const;
export type TicketAction = (typeof TICKET_ACTIONS)[number];

export interface Transition {
  readonly action: TicketAction;
  readonly from: readonly TicketStatus[];
  readonly to: TicketStatus;
  /** Who may do it; `server` = by rule at the centre. */
  readonly roles: readonly (Role | 'server')[];
}

/** The whole state machine (domain.md §3) as data: what is not listed is not allowed. */
export const TRANSITIONS: readonly Transition[] = [
  { action: 'accept', from: ['submitted'], to: 'accepted', roles: ['server'] },
  { action: 'answer_directly', from: ['submitted', 'accepted'], to: 'closed_direct', roles: INTAKE_ROLES },
  // The centre sends on what it accepts by rule in the same moment: what is refused lies with who reviews or dispatches by then.
  { action: 'refuse', from: ['accepted', 'review', 'to_dispatch'], to: 'rejected', roles: ['lead', 'dispatcher'] },
  { action: 'hand_off', from: ['submitted', 'accepted'], to: 'handed_off', roles: INTAKE_ROLES },
  {
    action: 'merge',
    from: ['accepted', 'to_dispatch', 'to_sign', 'handling'],
    to: 'merged',
    roles: ['lead', 'dispatcher'],
  },
  { action: 'unmerge', from: ['merged'], to: 'accepted', roles: ['lead', 'dispatcher'] },
  // What became of the 母单 reaches everybody under it.
  { action: 'reply', from: ['merged'], to: 'replied', roles: ['server'] },
  { action: 'refuse', from: ['merged'], to: 'rejected', roles: ['server'] },
  { action: 'send_to_review', from: ['accepted'], to: 'review', roles: ['server', 'lead'] },
  {
    action: 'send_to_dispatch',
    from: ['accepted', 'review', 'return_review'],
    to: 'to_dispatch',
    roles: ['server', 'lead', 'dispatcher'],
  },
  { action: 'dispatch', from: ['to_dispatch'], to: 'to_sign', roles: ['dispatcher', 'lead', 'server'] },
  { action: 'sign', from: ['to_sign'], to: 'handling', roles: ['unit'] },
  { action: 'return', from: ['to_sign', 'handling'], to: 'return_review', roles: ['unit'] },
  { action: 'approve_return', from: ['return_review'], to: 'to_dispatch', roles: ['dispatcher', 'lead'] },
  // By rule when nobody answers in time: the unit keeps it.
  { action: 'refuse_return', from: ['return_review'], to: 'handling', roles: ['dispatcher', 'lead', 'server'] },
  { action: 'joint_review', from: ['return_review'], to: 'joint_review', roles: ['dispatcher', 'lead', 'supervisor'] },
  { action: 'assign', from: ['joint_review'], to: 'to_sign', roles: ['dispatcher', 'lead', 'supervisor'] },
  { action: 'ask_extension', from: ['handling'], to: 'extension_review', roles: ['unit'] },
  {
    action: 'decide_extension',
    from: ['extension_review'],
    to: 'handling',
    roles: ['dispatcher', 'lead', 'supervisor'],
  },
  { action: 'put_on_account', from: ['handling'], to: 'on_account', roles: ['dispatcher', 'lead', 'supervisor'] },
  { action: 'resume', from: ['on_account'], to: 'handling', roles: ['dispatcher', 'lead', 'supervisor', 'server'] },
  { action: 'reply', from: ['handling'], to: 'replied', roles: ['unit'] },
  { action: 'send_to_callback', from: ['replied'], to: 'to_callback', roles: ['server'] },
  { action: 'miss_callback', from: ['to_callback'], to: 'to_callback', roles: ['revisit', 'lead'] },
  { action: 'close', from: ['to_callback'], to: 'closed', roles: ['revisit', 'lead', 'server'] },
  // Its answers are kept while 消险 or 确权 is open.
  { action: 'close', from: ['to_callback'], to: 'to_callback', roles: ['revisit', 'lead', 'server'] },
  // Not drawn for a 回访.
  { action: 'close', from: ['replied'], to: 'closed', roles: ['server'] },
  { action: 'redo', from: ['to_callback'], to: 'redo', roles: ['revisit', 'lead'] },
  { action: 'resume', from: ['redo'], to: 'handling', roles: ['server', 'dispatcher'] },
  { action: 'archive', from: ['closed'], to: 'archived', roles: ['server'] },
];

/** States in which nobody at the centre or a unit has work left to do. */
export const FINISHED_STATUSES: readonly TicketStatus[] = [
  'closed_direct',
  'rejected',
  'handed_off',
  'merged',
  'closed',
  'archived',
];

/** Where an action leads from a state as a rule, or null when that person may not do it there. */
export function nextStatus(from: TicketStatus, action: TicketAction, role: Role | 'server'): TicketStatus | null {
  const transition = TRANSITIONS.find((t) => t.action === action && t.from.includes(from) && t.roles.includes(role));
  return transition?.to ?? null;
}
