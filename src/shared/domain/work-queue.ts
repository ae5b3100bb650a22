import type { Role } from './roles.ts';
import { TICKET_STATUSES, type TicketStatus } from './ticket-status.ts';

/**
 * What people work from, in the order of a ticket's way: 待审核 待派单 并单提议 待签收 办理中 退单审核 延期审核 联席研判 挂账 待回访, and everything. 超期,
 * 督办, 待市民补充, 流转移交, 联席研判 and 并单提议 cut across them and have no states of their own.
 */
export const WORK_QUEUES = {
  review: ['accepted', 'review'],
  dispatch: ['to_dispatch'],
  merges: [],
  sign: ['to_sign'],
  handling: ['handling', 'redo'],
  returns: ['return_review'],
  extensions: ['extension_review'],
  joint: [],
  account: ['on_account'],
  callback: ['replied', 'to_callback'],
  overdue: [],
  supervised: [],
  waiting: [],
  elsewhere: [],
  all: TICKET_STATUSES,
} as const satisfies Record<string, readonly TicketStatus[]>;
export type QueueName = keyof typeof WORK_QUEUES;
export const QUEUE_NAMES = Object.keys(WORK_QUEUES) as QueueName[];

/** Queues that are counted: nobody works off everything. */
export const COUNTED_QUEUES = QUEUE_NAMES.filter((name): name is CountedQueue => name !== 'all');
export type CountedQueue = Exclude<QueueName, 'all'>;

/** Queues that cut across the states, each with an order of its own. */
export const ACROSS_QUEUES = ['overdue', 'supervised', 'joint', 'waiting', 'elsewhere', 'callback'] as const;
export type AcrossQueue = (typeof ACROSS_QUEUES)[number];

/** The queue a role begins its day with. */
export function firstQueueOf(role: Role): QueueName {
  if (role === 'revisit') return 'callback';
  if (role === 'supervisor') return 'supervised';
  return role === 'lead' ? 'review' : 'dispatch';
}
