import { type Acted, actOnTicket } from '#shared/domain/act-on-ticket.ts';
import { closeDueAt } from '#shared/domain/clock/clocks-after.ts';
import { clocksAfterAct } from '#shared/domain/clock/clocks-after-act.ts';
import { mayAct, sameOutcome } from '#shared/domain/ticket-act.ts';
import { refOfAct } from '#shared/sync/apply-op.ts';
import { type StatusChange, writeStatusChange } from '#shared/sync/refusals.ts';
import type { OpOf } from '#shared/sync/wire.ts';
import { decidesTicketScope } from '../auth/actor.ts';
import type { LastDecision, TicketMove } from './batch.ts';
import { noteOnParent, passOnToChildren, refuseMergeAct } from './decide-merge.ts';
import type { Deciding, Verdict, WorkingTicket } from './deciding.ts';
import { type Course, callsBack, courseOf } from './ticket-course.ts';
import { addEvent, findTicket, hasEvent, toDuplicate } from './working-ticket.ts';

type ActOp = OpOf<'ticket.act'>;

/**
 * 派单, 退单, 延期, 挂账, 回访 …: a decision on the state its author saw. When somebody else moved the ticket on meanwhile nothing of it is
 * taken, unless they decided the same; the author sees who did what and decides anew.
 */
export function decideTicketAct(op: ActOp, deciding: Deciding): Verdict {
  const { actor, now } = deciding;
  const { eventId, from, act, words } = op.args;
  const ticket = findTicket(op.uid, deciding);
  const course = ticket && courseOf(ticket, deciding);
  if (!ticket || !course || !decidesTicketScope(actor, ticket.scope)) {
    return { code: 'rejected', reason: 'NOT_FOUND' };
  }
  if (hasEvent(deciding, op.uid, eventId)) return toDuplicate(ticket);
  if (!mayAct(actor.role, from, act.action)) return { code: 'rejected', reason: 'FORBIDDEN' };
  if (course.status !== from) {
    if (isDoneAlready(op, course)) return keepWords(op, ticket, course, deciding);
    return { code: 'rejected', reason: `STATUS_CHANGED:${writeStatusChange(changeOf(course))}` };
  }
  if (isDecidedSince(op, course, actor.id) && !isFurtherAttempt(op, course)) {
    return { code: 'rejected', reason: `STATUS_CHANGED:${writeStatusChange(changeOf(course))}` };
  }
  const unmergeable = act.action === 'merge' ? refuseMergeAct(ticket, act, deciding) : null;
  if (unmergeable) return { code: 'rejected', reason: unmergeable };
  const acted = actOnTicket(course, act, words, actor, now, callsBack(op.uid, course, deciding), eventId);
  if (!acted.ok) return { code: 'rejected', reason: acted.error };
  const version = ticket.version + 1;
  const by = { actorId: actor.id, actorName: actor.name };
  const moved = toMove(acted.value, course, op.args, { ...by, version }, deciding);
  const { link } = moved;
  deciding.tickets.set(op.uid, { ...ticket, version, moved, ...(link === course.link ? {} : { link }) });
  acted.value.steps.forEach((step, position) => {
    const { isByRule, kind, to } = step;
    const at = isByRule ? now : op.at;
    const id = isByRule ? deciding.newEventId() : eventId;
    const said = isByRule ? {} : { text: words, act, ref: refOfAct(act, course) };
    addEvent(deciding, op.uid, version, position, { id, at, kind, from: step.from, to, isByRule, ...said });
  });
  if (act.action === 'reply' || act.action === 'refuse') passOnToChildren(op, act.action, moved, deciding);
  if (act.action === 'merge' || act.action === 'unmerge') noteOnParent(op, refOfAct(act, course), deciding);
  const isOnBase = op.baseVersion === ticket.version;
  return { code: isOnBase ? 'applied' : 'merged', version, row: { table: 'tickets', uid: op.uid } };
}

/** True when the last decision about the ticket was the same one, from the same state, and nothing came after it. */
function isDoneAlready({ args }: ActOp, { status, last }: Course): boolean {
  if (!last?.act || last.from !== args.from || !sameOutcome(last.act, args.act)) return false;
  return ledTo(last, status);
}

/** Two who decided the same do it once; what the second wrote with it is no less true, and stays in the history as a note of theirs. */
function keepWords({ uid, at, args }: ActOp, ticket: WorkingTicket, { last }: Course, deciding: Deciding): Verdict {
  const { eventId, words } = args;
  if (words.trim() === '' || words === last?.words) return toDuplicate(ticket);
  const version = ticket.version + 1;
  deciding.tickets.set(uid, { ...ticket, version });
  addEvent(deciding, uid, version, 0, { id: eventId, at, kind: 'note', text: words });
  return { code: 'merged', version, row: { table: 'tickets', uid } };
}

/** Whether a decision, with the steps that followed it by rule, led to a state. */
function ledTo({ to, act }: LastDecision, status: Course['status']): boolean {
  if (to === status || to === 'replied' || to === 'redo') return true;
  if (act?.action === 'unmerge') return status === 'to_dispatch';
  return act?.action === 'miss_callback' && status === 'closed';
}

/** That a citizen was not reached is true whoever else called in vain meanwhile. */
function isFurtherAttempt({ args }: ActOp, { last }: Course): boolean {
  return args.act.action === 'miss_callback' && last?.act?.action === 'miss_callback';
}

/**
 * True when the state is the one the author saw, but by way of somebody else's decision: what they grant or close now is another request
 * or another reply. What they decided themselves they know of.
 */
function isDecidedSince({ baseVersion }: ActOp, { last }: Course, authorId: string): boolean {
  return last !== null && last.version > baseVersion && last.actorId !== authorId;
}

/** What happened meanwhile: who decided what last, as long as nothing else moved the ticket after that. */
function changeOf({ status, last }: Course): StatusChange {
  const isLast = last !== null && ledTo(last, status);
  return { status, action: (isLast && last.act?.action) || null, byName: isLast ? last.actorName : '' };
}

/** The one place where a decision moves the clocks at the server; the console shows the same in applyOpToTicket. */
export function toMove(
  acted: Acted,
  course: Course,
  { from, act, words }: Pick<ActOp['args'], 'from' | 'act' | 'words'>,
  by: Pick<LastDecision, 'actorId' | 'actorName' | 'version'>,
  { now, clockRules, clockSet: set }: Pick<Deciding, 'now' | 'clockRules' | 'clockSet'>,
): TicketMove {
  const { status, unit, handling, replies, closedAt, link, steps } = acted;
  const clocks = clocksAfterAct({ ...course, set }, act, acted, now, clockRules);
  const isAnswered = course.isAnswered || replies.length > course.replies.length;
  const last = { from, to: steps[0]?.to ?? null, act, words, ...by };
  const { matter, formerUnit, formerCoUnits } = course;
  const former = { formerUnit, formerCoUnits };
  const dueAt = closeDueAt(clocks);
  return { status, unit, handling, replies, closedAt, link, dueAt, clocks, matter, ...former, isAnswered, last };
}
