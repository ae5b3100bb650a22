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
  'FIELDS_CHANGED',
  'TICKET_PASSED_ON',
  // persons
  'MERGE_CIRCLE',
  'RECORD_FULL',
  // articles
  'ARTICLE_CHANGED',
  'PROPOSAL_WAITING',
  'PROPOSAL_GONE',
  'OWN_PROPOSAL',
  // forms of transferred calls
  'SEAT_NOT_ON_LINE',
] as const;
export type OpRefusal = (typeof OP_REFUSALS)[number];

/** A reason as it travels: its code, in some cases with what exactly is wrong behind a colon. */
export type RefusalReason = OpRefusal | `${'BAD_INPUT' | 'FORM_INVALID' | 'FIELDS_CHANGED'}:${string}`;

/** What stopped an operation, taken apart: a code that has a text, and what it is about. */
export interface Stumble {
  readonly code: string;
  readonly detail: string;
}

/** Takes a reason of a server's result apart. */
export function readReason(reason: string): Stumble {
  const colon = reason.indexOf(':');
  return colon < 0
    ? { code: reason, detail: '' }
    : { code: reason.slice(0, colon), detail: reason.slice(colon + 1).trim() };
}
