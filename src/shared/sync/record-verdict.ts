import type { SyncedRecord } from '../domain/record.ts';
import type { OpActor } from './apply-op.ts';

/** Who did it; rights depend on the role. */
export type RecordActor = Pick<OpActor, 'id' | 'name' | 'role' | 'seat'>;

export type RecordVerdict =
  | { readonly kind: 'changed'; readonly record: SyncedRecord }
  /** What the operation says is in the record already. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly reason: RecordRefusal; readonly detail?: string };

export type RecordRefusal =
  | CheckRefusal
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'UID_TAKEN'
  /** The article was published anew since its author read it. */
  | 'ARTICLE_CHANGED'
  /** Another proposal waits for approval. */
  | 'PROPOSAL_WAITING'
  /** The proposal that was reviewed is not there any more. */
  | 'PROPOSAL_GONE'
  /** Nobody approves their own words. */
  | 'OWN_PROPOSAL';

export type CheckRefusal =
  /** Somebody else was first; the detail names them. */
  | 'ALREADY_CHECKED'
  /** Nobody checks their own ticket. */
  | 'OWN_TICKET'
  /** Who scored first does not decide about the appeal. */
  | 'SAME_CHECKER'
  /** The time is over, or there was an appeal already. */
  | 'APPEAL_CLOSED'
  /** No appeal waits: somebody else has decided it; the detail names them. */
  | 'APPEAL_SETTLED'
  | 'SHEET_UNKNOWN'
  /** The ticket has not come to its end. */
  | 'NOT_FINISHED'
  | 'BAD_INPUT';
