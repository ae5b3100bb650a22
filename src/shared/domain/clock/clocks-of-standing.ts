import type { Ticket } from '../ticket.ts';
import type { TicketStatus } from '../ticket-status.ts';
import type { ClockRules, Matter } from './clock-rules.ts';
import { type ClockAction, clocksAfter } from './clocks-after.ts';

/** What the row of a ticket tells of how it came to where it stands. */
export type Standing = Pick<Ticket, 'status' | 'replies' | 'handling'> & { readonly acceptedAt: number };

/** What brought a ticket into a state, as far as its limits are concerned. */
const LAST_ACTION: Partial<Readonly<Record<TicketStatus, ClockAction>>> = {
  to_sign: { kind: 'dispatch' },
  handling: { kind: 'sign' },
  extension_review: { kind: 'sign' },
  return_review: { kind: 'return' },
  joint_review: { kind: 'joint_review' },
  on_account: { kind: 'put_on_account', days: 30 },
  replied: { kind: 'reply' },
  to_callback: { kind: 'reply' },
  closed: { kind: 'reply' },
};

/**
 * The clocks of a ticket of which no clocks are known, one from elsewhere or from before there were clocks: from its acceptance, with what its
 * row says of its state: answered when it was answered last, standing still since its 挂账.
 * @param set the presets of its centre; those of centres which chose none when left out
 */
export function clocksOfStanding(
  { status, replies, handling, acceptedAt }: Standing,
  matter: Matter,
  rules: ClockRules,
  set?: string,
): Ticket['clocks'] {
  const facts = { acceptedAt, matter, set };
  const clocks = clocksAfter({ ...facts, clocks: null }, { kind: 'accept' }, acceptedAt, rules);
  const last = LAST_ACTION[status];
  if (!last) return clocks;
  const answeredAt = replies.reduce((latest, { at }) => Math.max(latest, at), acceptedAt);
  const at =
    last.kind === 'reply'
      ? answeredAt
      : ((last.kind === 'put_on_account' ? handling?.account?.at : handling?.request?.at) ?? acceptedAt);
  const standing = clocksAfter({ ...facts, clocks }, last, at, rules);
  if (!standing) return standing;
  // When it was dispatched a row does not tell, so nothing ran out by that.
  const { returnBy: _unknown, ...known } = standing;
  return known;
}
