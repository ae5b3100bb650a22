import { carryUnread } from '#shared/domain/carry-intake.ts';
import { contextOf } from '#shared/domain/form/form-context.ts';
import { finishTicketForm, protectCaller } from '#shared/domain/form/ticket-form.ts';
import { checkIntake, type Draft, type IntakeContent, type IntakeOutcome } from '#shared/domain/intake.ts';
import { parsePhones, storePhone } from '#shared/domain/phone.ts';
import { type Line, takesIn } from '#shared/domain/roles.ts';
import { type HandOff, type TicketFields, toHandOffFields } from '#shared/domain/ticket.ts';
import { beijingDay, formatProvisionalNo } from '#shared/domain/ticket-number.ts';
import { type EventId, newId, type OpId, type TicketId } from '#shared/kernel/ids.ts';
import { applyOpToTicket } from '#shared/sync/apply-op.ts';
import type { Op } from '#shared/sync/wire.ts';
import { DataError } from '../errors.ts';
import { findLoggedCall } from '../repositories/call-log.repository.ts';
import { logCategoryChoice } from '../repositories/category-choice.repository.ts';
import { findDraft, setDraftHandOffs, setDraftState } from '../repositories/draft.repository.ts';
import { findRunningNumber, saveRunningNumber } from '../repositories/identity.repository.ts';
import { findTicket, saveTicket } from '../repositories/ticket.repository.ts';
import { listMyProvisionalNos } from '../repositories/ticket-list.repository.ts';
import { attachFiles } from './attach-files.ts';
import { isSecretNumber, type ResolvedCaller, resolveCaller } from './caller.service.ts';
import { dropRefusedTicket, findCorrected, queueBlockedAgain, type RefusedTicket } from './correct-ticket.service.ts';
import { noteHandOverLegs } from './hand-over-legs.ts';
import { queueLink, resolveParent } from './link.service.ts';
import { intakePromiseId, promiseArgs } from './promise.service.ts';
import { queueOp } from './queue-op.ts';
import { needTicket, queueTicketOp } from './queue-ticket-op.ts';
import { actorOf, type WorkContext } from './work-context.ts';

export interface SubmittedTicket {
  readonly uid: TicketId;
  readonly provisionalNo: string;
}

/** How a draft leaves the seat; `handOffs` names the services of a hand-over and is empty otherwise. */
interface Leaving {
  readonly outcome: IntakeOutcome;
  readonly handOffs: readonly HandOff[];
}

/**
 * Turns a draft into a ticket and queues it for the server. Ticket, outbox entry, 暂编号 and the state of the draft commit
 * together; repeating it answers with the same ticket. A draft that corrects a refused ticket takes its place: same id and 暂编号.
 * @throws DataError NOT_FOUND, DRAFT_STALE, INTAKE_INCOMPLETE, FORBIDDEN (a role that takes nothing in; the draft stays)
 */
export function submitDraft(
  ctx: WorkContext,
  id: string,
  revision: number,
  outcome: IntakeOutcome,
  handOffs: readonly HandOff[] = [],
): SubmittedTicket {
  const queued: Op[] = [];
  const dropped: OpId[] = [];
  const result = ctx.write(() => {
    queued.length = 0;
    dropped.length = 0;
    return ctx.db.transaction((): SubmittedTicket => {
      const stored = findDraft(ctx.db, id);
      if (!stored || stored.state === 'discarded') throw new DataError('NOT_FOUND', 'no such draft');
      const { draft } = stored;
      if (draft.ticketUid !== null) {
        const made = findTicket(ctx.db, draft.ticketUid);
        return { uid: draft.ticketUid, provisionalNo: made?.ticket.provisionalNo ?? '' };
      }
      if (draft.revision !== revision) {
        throw new DataError('DRAFT_STALE', 'draft was changed elsewhere', { revision: draft.revision });
      }
      // The server would refuse it, hours later perhaps.
      if (!takesIn(ctx.user.role)) throw new DataError('FORBIDDEN', 'role takes no tickets in');
      const problems = checkIntake(draft.content, outcome);
      if (problems.length > 0) throw new DataError('INTAKE_INCOMPLETE', 'intake is not complete', { problems });
      const corrected = findCorrected(ctx, draft.correctsUid);
      const madeAt = corrected?.creation.args.createdAt ?? ctx.clock.now();
      // Window and call log learn of them in any order.
      const all = draft.handOffs.length > handOffs.length ? draft.handOffs : handOffs;
      const leaving = outcome === 'hand_off' ? carryIntoWords(ctx, draft) : draft;
      const finished = finishForm(ctx, leaving, outcome, madeAt);
      if (corrected) dropped.push(...dropRefusedTicket(ctx, corrected));
      return createTicket(ctx, finished, { outcome, handOffs: outcome === 'hand_off' ? all : [] }, corrected, queued);
    });
  });
  if (queued.length > 0) {
    ctx.queued(queued);
    // The new ones are in the journal before the old ones leave it.
    if (dropped.length > 0) ctx.dropped(dropped);
    ctx.announce(['drafts', 'tickets', 'citizens', 'outbox', 'sync']);
  }
  return result;
}

/** The draft of a hand-over: a further number goes into words everybody reads, so that of a secret person makes the ticket a secret one. */
function carryIntoWords({ db }: WorkContext, draft: Draft): Draft {
  const others = parsePhones(draft.content.caller.phone).slice(1);
  const content = carryUnread(draft.content);
  if (!others.some(({ number }) => isSecretNumber(db, number))) return { ...draft, content };
  return { ...draft, content: { ...content, caller: { ...content.caller, confidential: true } } };
}

/**
 * The draft with its form as a ticket keeps it, judged at the moment the ticket is made.
 * @throws DataError INTAKE_INCOMPLETE
 */
function finishForm(ctx: WorkContext, draft: Draft, outcome: IntakeOutcome, now: number): Draft {
  const content = protectCaller(draft.content, draft.content.form, lineOf(draft));
  const context = contextOf(content, lineOf(draft), ctx.user.role, now);
  const form = finishTicketForm(content.form, context, outcome);
  if (!form.ok) throw new DataError('INTAKE_INCOMPLETE', 'the form is not complete', { form: form.error });
  return { ...draft, content: { ...content, form: form.value } };
}

function lineOf(draft: Draft): Line {
  return draft.call?.line ?? '12345';
}

function createTicket(
  ctx: WorkContext,
  draft: Draft,
  leaving: Leaving,
  corrected: RefusedTicket | null,
  queued: Op[],
): SubmittedTicket {
  const { db, user } = ctx;
  const now = ctx.clock.now();
  const citizen = resolveCaller(ctx, draft.content, lineOf(draft), now);
  if (citizen.op) queued.push(citizen.op);
  const uid = corrected?.creation.uid ?? newId<TicketId>(now);
  const made = corrected?.creation.args ?? {
    provisionalNo: nextProvisionalNo(ctx, now),
    createdAt: now,
    madeOffline: !ctx.isOnline(),
    eventId: newId<EventId>(now),
  };
  const { provisionalNo, createdAt, madeOffline, eventId } = made;
  const fields = toFields(draft, leaving, citizen);
  const args = {
    provisionalNo,
    centre: user.centre,
    fields,
    outcome: leaving.outcome,
    createdAt,
    madeOffline,
    eventId,
  };
  const meta = { at: now, baseVersion: 0, label: labelOf(draft.content, provisionalNo) };
  const op = queueOp(db, { kind: 'ticket.create', uid, args }, meta);
  queued.push(op);
  const ticket = applyOpToTicket(null, op, actorOf(ctx));
  if (!ticket) throw new Error('a creation makes a ticket');
  saveTicket(db, ticket);
  if (corrected) queued.push(...queueBlockedAgain(ctx, corrected, op));
  logCategoryChoice(db, uid, ticket.fields, now);
  queued.push(...attachFiles(ctx, uid, draft.content.attachments));
  queued.push(...makePromise(ctx, uid, draft.content));
  const logged = leaving.outcome === 'hand_off' && draft.callId !== null ? findLoggedCall(db, draft.callId) : null;
  if (logged) queued.push(...noteHandOverLegs(ctx, uid, logged.record));
  if (leaving.outcome === 'submit') queued.push(...proposeLink(ctx, uid, draft.parentUid));
  // What the window knew before the call log: its record must not make another event of it.
  if (leaving.handOffs.length > draft.handOffs.length) setDraftHandOffs(db, draft.id, leaving.handOffs);
  setDraftState(db, draft.id, 'submitted', now, uid);
  return { uid, provisionalNo };
}

/** 承诺 made while the call was taken in. */
function makePromise(ctx: WorkContext, uid: TicketId, content: IntakeContent): readonly Op[] {
  const args = promiseArgs(content, intakePromiseId(uid), ctx.user.name);
  return args ? [queueTicketOp(ctx, needTicket(ctx, uid), { kind: 'ticket.note', args })] : [];
}

/** 提议并单 planned while the call was written down; a 母单 that has left this console meanwhile is no reason not to submit. */
function proposeLink(ctx: WorkContext, uid: TicketId, parentUid: TicketId | null): readonly Op[] {
  if (parentUid === null || !findTicket(ctx.db, parentUid)) return [];
  const ticket = needTicket(ctx, uid);
  return [queueLink(ctx, ticket, resolveParent(ctx, ticket, parentUid))];
}

function labelOf(content: IntakeContent, provisionalNo: string): string {
  const words = content.title || content.content || content.originalWords;
  return Array.from(words.trim()).slice(0, 60).join('') || provisionalNo;
}

function toFields(draft: Draft, leaving: Leaving, citizen: ResolvedCaller): TicketFields {
  const { call } = draft;
  const { otherForms: _, attachments: __, occurredText: _unreadable, promise: _promise, ...content } = draft.content;
  return {
    ...content,
    // Only a hand-over leaves without a type: somebody needs help.
    type: content.type ?? 'help',
    caller: {
      ...content.caller,
      // 匿名: a name that was noted all the same stays in the draft.
      name: content.caller.anonymous ? '' : content.caller.name,
      phone: storePhone(content.caller.phone),
      // Who once asked for confidentiality has it in every ticket.
      confidential: content.caller.confidential || citizen.confidential,
    },
    channel: 'phone',
    line: lineOf(draft),
    citizenUid: citizen.uid,
    call,
    answer: leaving.outcome === 'direct_answer' ? content.answer : null,
    ...toHandOffFields(leaving.handOffs),
  };
}

/** The next 暂编号 of this seat today; counts on from the tickets themselves when the counter was lost with an old cache. */
function nextProvisionalNo(ctx: WorkContext, now: number): string {
  const { db, user } = ctx;
  const day = beijingDay(now);
  const known = findRunningNumber(db, day) ?? highestRunningToday(ctx, now);
  saveRunningNumber(db, day, known + 1);
  return formatProvisionalNo(user.seat, now, known + 1);
}

function highestRunningToday(ctx: WorkContext, now: number): number {
  const prefix = formatProvisionalNo(ctx.user.seat, now, 0).slice(0, -3);
  const dayMs = 86_400_000;
  return listMyProvisionalNos(ctx.db, now - dayMs)
    .filter((no) => no.startsWith(prefix))
    .reduce((highest, no) => Math.max(highest, Number(no.slice(prefix.length)) || 0), 0);
}
