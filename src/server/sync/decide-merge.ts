import { followParent } from '#shared/domain/act-on-ticket.ts';
import { clocksAfter, closeDueAt } from '#shared/domain/clock/clocks-after.ts';
import { refuseMerge } from '#shared/domain/merge-tickets.ts';
import { LINES } from '#shared/domain/roles.ts';
import { LIMITS, type TicketLink } from '#shared/domain/ticket.ts';
import type { ActOf } from '#shared/domain/ticket-act.ts';
import { formatTicketNumber } from '#shared/domain/ticket-number.ts';
import { tellElsewhere } from '#shared/domain/told-elsewhere.ts';
import { headOf } from '#shared/kernel/text.ts';
import { parseTicketScope } from '#shared/sync/protocol.ts';
import type { RefusalReason } from '#shared/sync/refusals.ts';
import type { OpOf } from '#shared/sync/wire.ts';
import type { TicketMove } from './batch.ts';
import { findReadable } from './decide-link.ts';
import type { Deciding, WorkingTicket } from './deciding.ts';
import { callsBack, courseOf } from './ticket-course.ts';
import { addEvent, childrenOf, fieldsOf, findTicket, linkOf, statusOf } from './working-ticket.ts';

type ActOp = OpOf<'ticket.act'>;

/** Why a ticket does not come under the 母单 that somebody decided for, null when it does. */
export function refuseMergeAct(ticket: WorkingTicket, act: ActOf<'merge'>, deciding: Deciding): RefusalReason | null {
  const parent = findReadable(act.parentUid, deciding);
  const status = parent && statusOf(parent);
  const hasChildren = childrenOf(ticket.uid, deciding, 'merged').length > 0;
  return refuseMerge(
    toMergeable(ticket),
    act,
    parent && status ? { ...toMergeable(parent), status } : null,
    hasChildren,
  );
}

function toMergeable(ticket: WorkingTicket) {
  const line = LINES.find((one) => one === parseTicketScope(ticket.scope)?.line) ?? '12345';
  return { uid: ticket.uid as TicketLink['parentUid'], link: linkOf(ticket), line };
}

/**
 * The 母单 says in its own history who came under it, or left it, and why, without telling who called about that. Very long words end early
 * there; the history of the other ticket has all of them.
 */
export function noteOnParent(op: ActOp, parentUid: string, deciding: Deciding): void {
  const { act, words } = op.args;
  const parent = findTicket(parentUid, deciding);
  const child = findTicket(op.uid, deciding);
  if (!parent || !child) return;
  const version = parent.version + 1;
  deciding.tickets.set(parentUid, { ...parent, version });
  const kind = act.action === 'merge' ? 'child_merged' : 'child_split';
  // Hidden before the number of the ticket stands in front, which would be taken for a phone.
  const told = tellElsewhere(words, fieldsOf(child, deciding));
  const text = headOf(`${numberOf(child)} ${told}`.trim(), LIMITS.longText);
  addEvent(deciding, parentUid, version, 0, { id: deciding.newEventId(), at: op.at, kind, text, ref: op.uid });
}

function numberOf({ stored, insert }: WorkingTicket): string {
  if (stored) return formatTicketNumber(stored.number, stored.acceptedAt);
  return insert?.ticket.provisionalNo ?? '';
}

/**
 * Answer or refusal of a 母单 reaches every citizen whose ticket stands under it, without what it says about the caller of the 母单; each goes
 * to its own 回访.
 */
export function passOnToChildren(op: ActOp, action: 'reply' | 'refuse', moved: TicketMove, deciding: Deciding): void {
  const parent = findTicket(op.uid, deciding);
  const from = { unit: moved.unit, words: tellElsewhere(op.args.words, parent && fieldsOf(parent, deciding)) };
  for (const uid of childrenOf(op.uid, deciding, 'merged')) {
    const child = findTicket(uid, deciding);
    if (child && statusOf(child) === 'merged') passOn(child, op, action, from, deciding);
  }
}

function passOn(
  child: WorkingTicket,
  op: ActOp,
  action: 'reply' | 'refuse',
  from: Pick<TicketMove, 'unit'> & { readonly words: string },
  deciding: Deciding,
): void {
  const { now, clockRules, clockSet: set } = deciding;
  const course = courseOf(child, deciding);
  if (!course) return;
  const { rule, ...followed } = followParent(course, action, from, now, callsBack(child.uid, course, deciding));
  const steps = [{ kind: action } as const, ...(rule ? [{ kind: rule } as const] : [])];
  const clocks = steps.reduce(
    (known, step) => clocksAfter({ ...course, clocks: known, set }, step, now, clockRules),
    course.clocks,
  );
  const { status, handling, replies, closedAt, link } = followed;
  const version = child.version + 1;
  const isAnswered = course.isAnswered || action === 'reply';
  const to = action === 'reply' ? 'replied' : 'rejected';
  deciding.tickets.set(child.uid, {
    ...child,
    version,
    moved: {
      status,
      unit: followed.unit,
      handling,
      replies,
      closedAt,
      link,
      clocks,
      dueAt: closeDueAt(clocks),
      matter: course.matter,
      formerUnit: course.formerUnit,
      formerCoUnits: course.formerCoUnits,
      isAnswered,
      last: course.last,
    },
  });
  const told = { at: now, kind: action === 'reply' ? 'reply' : 'status', text: from.words, ref: op.uid } as const;
  addEvent(deciding, child.uid, version, 0, { ...told, id: deciding.newEventId(), from: 'merged', to });
  if (!rule) return;
  const byRule = { id: deciding.newEventId(), at: now, kind: 'status', isByRule: true } as const;
  addEvent(deciding, child.uid, version, 1, { ...byRule, from: to, to: status });
}
