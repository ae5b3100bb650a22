import { ACT_ACTIONS, type ActAction } from '../domain/ticket-act.ts';
import { TICKET_STATUSES, type TicketStatus } from '../domain/ticket-status.ts';

/** Why the server refuses an operation, as its results say; every one has a text in i18n under refusals.<CODE>. */
export const OP_REFUSALS = [
  // the operation itself
  'UNKNOWN_KIND',
  'BAD_INPUT',
  'HASH_MISMATCH',
  'NOT_STORABLE',
  'OP_ID_TAKEN',
  'DEPENDENCY_UNKNOWN',
  'DEPENDENCY_REJECTED',
  // rights and rows
  'FORBIDDEN',
  'NOT_FOUND',
  'UID_TAKEN',
  // tickets
  'INTAKE_INCOMPLETE',
  'FORM_INVALID',
  'PARENT_NOT_FOUND',
  'PARENT_IS_CHILD',
  'HAS_CHILDREN',
  'ALREADY_MERGED',
  'PARENT_NOT_OPEN',
  'OTHER_LINE',
  'PROPOSAL_CHANGED',
  'FIELDS_CHANGED',
  'TICKET_PASSED_ON',
  // decisions about tickets
  'STATUS_CHANGED',
  'WORDS_MISSING',
  'RETURN_TOO_LATE',
  'UNIT_RETURNED',
  'ROUNDS_SPENT',
  'EXTENSION_SPENT',
  // of servers from before answers of a 回访 were kept until 消险 and 确权
  'STAGES_OPEN',
  'CO_ORDERS_OPEN',
  // what is laid over tickets
  'OVERLAY_STATE',
  'OVERLAY_DONE',
  'WAIT_TOO_LONG',
  'WAITS_SPENT',
  'NOT_REACHED',
  // persons
  'MERGE_CIRCLE',
  'RECORD_FULL',
  // articles
  'ARTICLE_CHANGED',
  'PROPOSAL_WAITING',
  'PROPOSAL_GONE',
  'OWN_PROPOSAL',
  // checks
  'ALREADY_CHECKED',
  'OWN_TICKET',
  'SAME_CHECKER',
  'APPEAL_CLOSED',
  'APPEAL_SETTLED',
  'SHEET_UNKNOWN',
  'NOT_FINISHED',
  // forms of transferred calls
  'SEAT_NOT_ON_LINE',
] as const;
export type OpRefusal = (typeof OP_REFUSALS)[number];

/** A reason as it travels: its code, in some cases with what exactly is wrong behind a colon. */
export type RefusalReason =
  | OpRefusal
  | `${'BAD_INPUT' | 'FORM_INVALID' | 'FIELDS_CHANGED' | 'STATUS_CHANGED' | 'ALREADY_CHECKED' | 'APPEAL_SETTLED'}:${string}`;

/** What stopped an operation, taken apart: a code that has a text, and what it is about. */
export interface Stumble {
  readonly code: string;
  readonly detail: string;
}

/** What somebody else did to a ticket before a decision about it arrived; no action when it was no decision of a person. */
export interface StatusChange {
  readonly status: TicketStatus;
  readonly action: ActAction | null;
  readonly byName: string;
}

/** A change as the detail of a refusal. */
export function writeStatusChange({ status, action, byName }: StatusChange): string {
  return [status, action ?? '', byName].join('/');
}

/** The inverse; null for what this build does not understand. */
export function readStatusChange(detail: string): StatusChange | null {
  const [written, acted, ...name] = detail.split('/');
  const status = TICKET_STATUSES.find((one) => one === written);
  const action = ACT_ACTIONS.find((one) => one === acted) ?? null;
  return status === undefined ? null : { status, action, byName: name.join('/') };
}

/** Takes a reason of a server's result apart. */
export function readReason(reason: string): Stumble {
  const colon = reason.indexOf(':');
  return colon < 0
    ? { code: reason, detail: '' }
    : { code: reason.slice(0, colon), detail: reason.slice(colon + 1).trim() };
}
