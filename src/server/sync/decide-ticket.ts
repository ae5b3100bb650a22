import { clocksAfter, closeDueAt } from '#shared/domain/clock/clocks-after.ts';
import { contextOf } from '#shared/domain/form/form-context.ts';
import { protectCaller, takeTicketForm } from '#shared/domain/form/ticket-form.ts';
import { checkTakenIn } from '#shared/domain/intake.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import { DECIDING_ROLES, type Role } from '#shared/domain/roles.ts';
import { areHandOffsSound, handOffsOf, type Ticket, type TicketFields } from '#shared/domain/ticket.ts';
import { nextStatus, type TicketAction, type TicketStatus } from '#shared/domain/ticket-status.ts';
import { err, ok, type Result } from '#shared/kernel/result.ts';
import { ticketScope } from '#shared/sync/protocol.ts';
import type { RefusalReason } from '#shared/sync/refusals.ts';
import type { OpOf } from '#shared/sync/wire.ts';
import { decidesTicketScope, mayTakeIn, readsTicketScope } from '../auth/actor.ts';
import type { RecentTicket, TicketInsert } from './batch.ts';
import { citizenAnswered } from './decide-waiting.ts';
import type { Deciding, Verdict, WorkingTicket } from './deciding.ts';
import { sendOn } from './send-on.ts';
import { courseOf } from './ticket-course.ts';
import { addEvent, findEvent, findTicket, hasEvent, toDuplicate } from './working-ticket.ts';

type CreateOp = OpOf<'ticket.create'>;
type NoteOp = OpOf<'ticket.note'>;

/** Calls about the same matter from the same number within this time are flagged 重复. */
const REPEAT_WINDOW_MS = 10 * 60_000;

/** Takes a ticket in: decides its status, flags repetitions, writes the first events. */
export function decideTicketCreate(op: CreateOp, deciding: Deciding): Verdict {
  const { args } = op;
  const { actor, now } = deciding;
  const existing = findTicket(op.uid, deciding);
  if (existing) {
    if (existing.createHash !== op.hash) return { code: 'rejected', reason: 'UID_TAKEN' };
    return toDuplicate(existing);
  }
  if (!mayTakeIn(actor, args.centre, args.fields.line)) return { code: 'rejected', reason: 'FORBIDDEN' };
  const handOffs = handOffsOf(args.fields);
  if ((args.outcome === 'hand_off') !== handOffs.length > 0 || !areHandOffsSound(args.fields)) {
    return { code: 'rejected', reason: 'INTAKE_INCOMPLETE' };
  }
  const problems = checkTakenIn({ ...args.fields, answer: args.fields.answer ?? '' }, args.outcome);
  if (problems.length > 0) return { code: 'rejected', reason: 'INTAKE_INCOMPLETE' };

  const judged = judgeForm(op, deciding);
  if (!judged.ok) return { code: 'rejected', reason: judged.error };
  const fields = flagRepetition(op, judged.value.fields, deciding);
  const steps = takeFirstSteps(fields, args.outcome, actor.role);
  const status = steps?.at(-1)?.to;
  if (!steps || !status) return { code: 'rejected', reason: 'FORBIDDEN' };
  const closedAt = args.outcome === 'submit' ? null : now;
  const clocks = closedAt === null ? acceptedClocks(fields, deciding) : null;
  const dueAt = closeDueAt(clocks);
  const scope = ticketScope(args.centre, fields.line, deciding.month);
  const insert: TicketInsert = {
    scope,
    createHash: op.hash,
    ticket: {
      uid: op.uid,
      number: null,
      provisionalNo: args.provisionalNo,
      centre: args.centre,
      status,
      fields,
      unit: null,
      replies: [],
      createdAt: args.createdAt,
      // What another system reported is nobody's work: it is not drawn for 质检.
      createdById: actor.isSystem ? null : actor.id,
      createdByName: actor.name,
      consoleId: actor.console,
      madeOffline: args.madeOffline,
      acceptedAt: now,
      closedAt,
      dueAt,
      clocks,
      updatedAt: now,
      version: 1,
      link: null,
      flags: judged.value.flags,
    },
  };
  deciding.tickets.set(op.uid, {
    uid: op.uid,
    scope,
    fromVersion: 0,
    version: 1,
    createHash: op.hash,
    insert,
    stored: null,
  });
  addEvent(deciding, op.uid, 1, 0, { id: args.eventId, at: args.createdAt, kind: 'created', to: 'submitted' });
  steps.forEach(({ kind, from, to, isByRule }, index) => {
    const text = fields.handOff?.service ?? '';
    addEvent(deciding, op.uid, 1, index + 1, { id: deciding.newEventId(), at: now, kind, from, to, text, isByRule });
  });
  handOffs.slice(1).forEach(({ service: text }, index) => {
    const position = steps.length + 1 + index;
    addEvent(deciding, op.uid, 1, position, { id: deciding.newEventId(), at: now, kind: 'handed_off', text });
  });
  if (closedAt === null) sendOn(op.uid, 1, fields, deciding);
  const ticket = { number: null, status, acceptedAt: now, closedAt, dueAt, clocks };
  return { code: 'applied', version: 1, row: { table: 'tickets', uid: op.uid }, ticket };
}

/** The clocks of a ticket that is accepted now. */
function acceptedClocks(
  matter: TicketFields,
  { now, clockRules, clockSet: set, accepted }: Deciding,
): Ticket['clocks'] {
  const preset = clockRules.choosePreset(matter);
  const known = accepted.get(preset);
  if (known !== undefined) return known;
  const clocks = clocksAfter({ clocks: null, acceptedAt: now, matter, set }, { kind: 'accept' }, now, clockRules);
  accepted.set(preset, clocks);
  return clocks;
}

/** The ticket with its form checked again, and what the centre remarks on it; or why the form cannot be taken. */
function judgeForm(
  { args }: CreateOp,
  { actor }: Deciding,
): Result<{ readonly fields: TicketFields; readonly flags: Ticket['flags'] }, RefusalReason> {
  const fields = protectCaller(args.fields, args.fields.form, args.fields.line);
  const context = contextOf(fields, fields.line, actor.role, args.createdAt);
  const taken = takeTicketForm(fields.form, context, args.outcome);
  if (!taken.ok) return err(`FORM_INVALID:${taken.error.field ?? fields.form?.id ?? ''}:${taken.error.code}` as const);
  // A record is read by the whole centre: nothing of this line leads to one, whatever an older console thought.
  const citizenUid = fields.line === '12350' ? null : fields.citizenUid;
  return ok({ fields: { ...fields, citizenUid, form: taken.value.form }, flags: taken.value.flags });
}

/**
 * Appends a note of any kind: always applied, also to a closed ticket, unless it takes back or settles something that is not there or
 * not for this person to touch.
 */
export function decideTicketNote(op: NoteOp, deciding: Deciding): Verdict {
  const ticket = findTicket(op.uid, deciding);
  // A ticket out of reach answers like one that does not exist.
  if (!ticket || !mayNote(op, ticket, deciding)) return { code: 'rejected', reason: 'NOT_FOUND' };
  if (hasEvent(deciding, op.uid, op.args.eventId)) return toDuplicate(ticket);
  const reason = refuseReference(op, deciding);
  if (reason) return { code: 'rejected', reason };
  const version = ticket.version + 1;
  deciding.tickets.set(op.uid, { ...ticket, version });
  const { eventId, kind, text, dueAt, ref = '' } = op.args;
  addEvent(deciding, op.uid, version, 0, { id: eventId, at: op.at, kind, text, dueAt, ref });
  if (kind === 'note' && ref === '') citizenAnswered(op, deciding);
  return { code: 'applied', version, row: { table: 'tickets', uid: op.uid } };
}

/** Whoever reads the ticket may; a unit that has it adds the files of its reply. */
function mayNote({ args }: NoteOp, ticket: WorkingTicket, deciding: Deciding): boolean {
  const { actor } = deciding;
  if (actor.role !== 'unit') return readsTicketScope(actor, ticket.scope);
  const isOwn = courseOf(ticket, deciding)?.unit === actor.name;
  return isOwn && args.kind === 'attached' && decidesTicketScope(actor, ticket.scope);
}

/**
 * Why a note may not speak of the event it names, null when it may. A note takes back what the same person wrote or added; anybody who
 * reads the ticket may say that a promise was kept, whoever made it or decides for the centre takes it back.
 */
function refuseReference({ uid, args }: NoteOp, deciding: Deciding): RefusalReason | null {
  const { kind, ref } = args;
  const isAboutPromise = kind === 'promise_kept' || kind === 'promise_withdrawn';
  if (!isAboutPromise && (kind !== 'note' || ref === undefined)) return null;
  const event = ref === undefined ? null : findEvent(deciding, uid, ref);
  if (!event) return 'NOT_FOUND';
  const { actor } = deciding;
  const isOwn = event.actorId === actor.id;
  if (isAboutPromise) {
    if (event.kind !== 'promise') return 'NOT_FOUND';
    return kind === 'promise_kept' || isOwn || DECIDING_ROLES.includes(actor.role) ? null : 'FORBIDDEN';
  }
  const isNote = event.kind === 'note' || event.kind === 'remind' || event.kind === 'attached';
  if (!isNote || event.ref !== '') return 'NOT_FOUND';
  return isOwn ? null : 'FORBIDDEN';
}

interface FirstStep {
  readonly action: TicketAction;
  readonly kind: 'accepted' | 'status' | 'answered' | 'handed_off';
  /** What the centre decides by rule has no author. */
  readonly isByRule: boolean;
}

/** The steps a ticket takes at once, by how it left the seat. Sensitive or mass matters and the 12350 line are reviewed before dispatch. */
function firstSteps(fields: TicketFields, outcome: CreateOp['args']['outcome']): readonly FirstStep[] {
  if (outcome === 'direct_answer') return [{ action: 'answer_directly', kind: 'answered', isByRule: false }];
  if (outcome === 'hand_off') return [{ action: 'hand_off', kind: 'handed_off', isByRule: false }];
  const needsReview =
    fields.line === '12350' || fields.markers.includes('sensitive') || fields.markers.includes('mass');
  return [
    { action: 'accept', kind: 'accepted', isByRule: true },
    { action: needsReview ? 'send_to_review' : 'send_to_dispatch', kind: 'status', isByRule: true },
  ];
}

/** Walks the first steps through the state machine. @returns null when that person may not take one of them */
function takeFirstSteps(
  fields: TicketFields,
  outcome: CreateOp['args']['outcome'],
  role: Role,
): readonly (FirstStep & { readonly from: TicketStatus; readonly to: TicketStatus })[] | null {
  let from: TicketStatus = 'submitted';
  const taken: (FirstStep & { readonly from: TicketStatus; readonly to: TicketStatus })[] = [];
  for (const step of firstSteps(fields, outcome)) {
    const to = nextStatus(from, step.action, step.isByRule ? 'server' : role);
    if (to === null) return null;
    taken.push({ ...step, from, to });
    from = to;
  }
  return taken;
}

/** What tickets have in common that may be repetitions of each other: the line too, so that none tells who called 12350. */
export function repeatKey({
  phone,
  categoryCode,
  line,
}: Pick<RecentTicket, 'phone' | 'categoryCode' | 'line'>): string {
  return `${line} ${phone} ${categoryCode}`;
}

/**
 * Same line, phone and category within ten minutes; 匿名 is never counted, because the number would lead to it. Times of one console are compared by its own clock, times of different
 * consoles by the server's: an evening's backlog pushed at once is not a repetition, and no two clocks are compared.
 */
function flagRepetition(op: CreateOp, fields: TicketFields, deciding: Deciding): TicketFields {
  const { createdAt } = op.args;
  const { actor, now, recent } = deciding;
  const { line, categoryCode, caller } = fields;
  const phone = normalizePhone(caller.phone);
  if (phone === '' || categoryCode === null || caller.anonymous) return fields;
  const key = repeatKey({ phone, categoryCode, line });
  const others = recent.get(key) ?? [];
  const isRepeat = others.some((other) =>
    other.console === actor.console
      ? Math.abs(createdAt - other.createdAt) <= REPEAT_WINDOW_MS
      : now - other.acceptedAt <= REPEAT_WINDOW_MS,
  );
  others.push({ phone, categoryCode, line, console: actor.console, createdAt, acceptedAt: now });
  recent.set(key, others);
  return isRepeat && !fields.markers.includes('repeat')
    ? { ...fields, markers: [...fields.markers, 'repeat'] }
    : fields;
}
