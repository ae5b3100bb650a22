import type { Role } from '#shared/domain/roles.ts';
import { TICKET_ACTIONS, type TicketAction, type TicketStatus } from '#shared/domain/ticket-status.ts';

export type Mover = Role | 'server';

export interface ExpectedMove {
  readonly from: readonly TicketStatus[];
  readonly by: readonly Mover[];
  readonly to: TicketStatus;
  /** Where it rests when a step by rule follows at once. */
  readonly rests?: TicketStatus;
  /** Where it leads instead while 消险 or 确权 is open. */
  readonly whileUnclear?: TicketStatus;
}

const TAKING_CALLS = ['agent', 'lead', 'dispatcher', 'supervisor', 'trainer', 'trainee'] as const;

/**
 * The state machine of domain.md §3 said once more, by hand: who may take which step from where, and where it leads. Whatever is not written
 * here is refused. The product's own table is compared with this one, so that a wrong row of it is found.
 */
export const EXPECTED_MOVES: Readonly<Record<TicketAction, readonly ExpectedMove[]>> = {
  // 受理: by the centre alone, whoever wrote the ticket.
  accept: [{ from: ['submitted'], by: ['server'], to: 'accepted' }],
  answer_directly: [{ from: ['submitted', 'accepted'], by: TAKING_CALLS, to: 'closed_direct' }],
  hand_off: [{ from: ['submitted', 'accepted'], by: TAKING_CALLS, to: 'handed_off' }],
  refuse: [
    { from: ['accepted', 'review', 'to_dispatch'], by: ['lead', 'dispatcher'], to: 'rejected' },
    // With its 母单.
    { from: ['merged'], by: ['server'], to: 'rejected' },
  ],
  merge: [{ from: ['accepted', 'to_dispatch', 'to_sign', 'handling'], by: ['lead', 'dispatcher'], to: 'merged' }],
  unmerge: [{ from: ['merged'], by: ['lead', 'dispatcher'], to: 'accepted', rests: 'to_dispatch' }],
  send_to_review: [{ from: ['accepted'], by: ['lead', 'server'], to: 'review' }],
  send_to_dispatch: [
    { from: ['accepted', 'review', 'return_review'], by: ['lead', 'dispatcher', 'server'], to: 'to_dispatch' },
  ],
  dispatch: [{ from: ['to_dispatch'], by: ['lead', 'dispatcher', 'server'], to: 'to_sign' }],
  sign: [{ from: ['to_sign'], by: ['unit'], to: 'handling' }],
  return: [{ from: ['to_sign', 'handling'], by: ['unit'], to: 'return_review' }],
  approve_return: [{ from: ['return_review'], by: ['lead', 'dispatcher'], to: 'to_dispatch' }],
  // By the centre when nobody answers in time.
  refuse_return: [{ from: ['return_review'], by: ['lead', 'dispatcher', 'server'], to: 'handling' }],
  joint_review: [{ from: ['return_review'], by: ['lead', 'dispatcher', 'supervisor'], to: 'joint_review' }],
  assign: [{ from: ['joint_review'], by: ['lead', 'dispatcher', 'supervisor'], to: 'to_sign' }],
  ask_extension: [{ from: ['handling'], by: ['unit'], to: 'extension_review' }],
  decide_extension: [{ from: ['extension_review'], by: ['lead', 'dispatcher', 'supervisor'], to: 'handling' }],
  put_on_account: [{ from: ['handling'], by: ['lead', 'dispatcher', 'supervisor'], to: 'on_account' }],
  resume: [
    { from: ['on_account'], by: ['lead', 'dispatcher', 'supervisor', 'server'], to: 'handling' },
    { from: ['redo'], by: ['dispatcher', 'server'], to: 'handling' },
  ],
  reply: [
    { from: ['handling'], by: ['unit'], to: 'replied', rests: 'to_callback' },
    // With its 母单.
    { from: ['merged'], by: ['server'], to: 'replied', rests: 'to_callback' },
  ],
  send_to_callback: [{ from: ['replied'], by: ['server'], to: 'to_callback' }],
  miss_callback: [{ from: ['to_callback'], by: ['revisit', 'lead'], to: 'to_callback' }],
  close: [
    { from: ['to_callback'], by: ['revisit', 'lead', 'server'], to: 'closed', whileUnclear: 'to_callback' },
    // Not drawn for a 回访.
    { from: ['replied'], by: ['server'], to: 'closed' },
  ],
  redo: [{ from: ['to_callback'], by: ['revisit', 'lead'], to: 'redo', rests: 'handling' }],
  archive: [{ from: ['closed'], by: ['server'], to: 'archived' }],
};

/** Steps that no decision about a ticket carries: they come with its creation, or by rule with another step. */
export const MOVES_WITHOUT_DECISION: readonly TicketAction[] = [
  'accept',
  'answer_directly',
  'hand_off',
  'send_to_callback',
  'archive',
];

/** What is expected of a step; null when it is refused. */
export function expectedMove(from: TicketStatus, action: TicketAction, who: Mover): ExpectedMove | null {
  return EXPECTED_MOVES[action].find((move) => move.from.includes(from) && move.by.includes(who)) ?? null;
}

/** How many (state, action, role) triples are allowed. */
export const ALLOWED_TRIPLES = TICKET_ACTIONS.flatMap((action) => EXPECTED_MOVES[action]).reduce(
  (sum, { from, by }) => sum + from.length * by.length,
  0,
);
