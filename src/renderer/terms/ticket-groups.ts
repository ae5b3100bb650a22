import { TICKET_STATUSES, type TicketStatus } from '#shared/domain/ticket-status.ts';

/** Which states belong together for somebody who looks after a queue. */
export const TICKET_GROUPS = {
  waiting: ['submitted', 'accepted', 'review'],
  dispatch: ['to_dispatch', 'return_review', 'joint_review'],
  handling: ['to_sign', 'handling', 'extension_review', 'on_account', 'redo'],
  callback: ['replied', 'to_callback'],
  finished: ['closed_direct', 'closed', 'archived', 'rejected', 'handed_off', 'merged'],
  all: TICKET_STATUSES,
} as const satisfies Record<string, readonly TicketStatus[]>;
export type TicketGroup = keyof typeof TICKET_GROUPS;
export const TICKET_GROUP_NAMES = Object.keys(TICKET_GROUPS) as TicketGroup[];
