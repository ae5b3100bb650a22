import type { Line } from './roles.ts';
import type { Ticket } from './ticket.ts';
import type { ActOf } from './ticket-act.ts';
import { type TicketStatus, TRANSITIONS } from './ticket-status.ts';

/** States in which a ticket can be a 母单: its answer is still to come, and reaches everybody under it. */
export const PARENT_STATUSES: readonly TicketStatus[] = [
  'accepted',
  'review',
  'to_dispatch',
  'to_sign',
  'handling',
  'return_review',
  'joint_review',
  'extension_review',
  'on_account',
];

/** States in which a ticket can come under one. */
export const MERGEABLE_STATUSES: readonly TicketStatus[] =
  TRANSITIONS.find(({ action }) => action === 'merge')?.from ?? [];

/** Why a ticket is not put under a 母单; each is a refusal of the server. */
export const MERGE_REFUSALS = [
  'PARENT_NOT_FOUND',
  'PARENT_IS_CHILD',
  'PARENT_NOT_OPEN',
  'HAS_CHILDREN',
  'OTHER_LINE',
  'PROPOSAL_CHANGED',
] as const;
export type MergeRefusal = (typeof MERGE_REFUSALS)[number];

interface Mergeable extends Pick<Ticket, 'uid' | 'link'> {
  readonly line: Line;
}

/** The ticket a 母单 would be. */
export interface MergeParent extends Mergeable {
  readonly status: TicketStatus;
}

/**
 * Why a ticket cannot come under a 母单, null when it can. The same at the console and at the server. Links are one step long: a 母单 is never
 * itself a child.
 * @param parent null when there is none that this person may see
 * @param hasChildren tickets are merged under the one that is to be merged
 */
export function refuseMerge(
  { uid, link, line }: Mergeable,
  act: ActOf<'merge'>,
  parent: MergeParent | null,
  hasChildren: boolean,
): MergeRefusal | null {
  if (!parent) return 'PARENT_NOT_FOUND';
  if (parent.uid === uid || parent.link?.state === 'merged') return 'PARENT_IS_CHILD';
  // Who calls 12350 is kept from those who work on 12345.
  if (parent.line !== line) return 'OTHER_LINE';
  if (!PARENT_STATUSES.includes(parent.status)) return 'PARENT_NOT_OPEN';
  if (hasChildren) return 'HAS_CHILDREN';
  const isProposed = link?.state === 'proposed' && link.parentUid === act.parentUid;
  return act.asProposed && !isProposed ? 'PROPOSAL_CHANGED' : null;
}
