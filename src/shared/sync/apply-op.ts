import { actOnTicket } from '../domain/act-on-ticket.ts';
import { isCalledBack, samplingFactsOf } from '../domain/callback/callback-sampling.ts';
import { shippedCallbackRules } from '../domain/callback/shipped-callback-rules.ts';
import { type Citizen, EMPTY_CITIZEN_FIELDS } from '../domain/citizen.ts';
import { changeCitizen } from '../domain/citizen-changes.ts';
import { clocksAfter, closeDueAt } from '../domain/clock/clocks-after.ts';
import { clocksAfterAct } from '../domain/clock/clocks-after-act.ts';
import { shippedClockRules } from '../domain/clock/shipped-clock-rules.ts';
import type { Role } from '../domain/roles.ts';
import { handOffsOf, type Ticket, type TicketEvent } from '../domain/ticket.ts';
import type { TicketAct } from '../domain/ticket-act.ts';
import { AMENDABLE_STATUSES, amendFields, writeEdited } from '../domain/ticket-amendment.ts';
import { assertNever } from '../kernel/assert-never.ts';
import type { EventId, UserId } from '../kernel/ids.ts';
import { citizenAnswered, overlayTicket } from './apply-overlay.ts';
import type { Op, OpOf } from './wire.ts';

/** Who did an operation and on which console. */
export interface OpActor {
  readonly id: UserId | null;
  readonly name: string;
  readonly consoleId: Ticket['consoleId'];
  readonly role: Role;
  /** 工号 */
  readonly seat: string;
  /** The clock presets the person's centre chose, as far as this console knows. */
  readonly clockSet?: string | undefined;
}

export type TicketOp = OpOf<
  'ticket.create' | 'ticket.note' | 'ticket.link' | 'ticket.unlink' | 'ticket.amend' | 'ticket.act' | 'ticket.overlay'
>;
export type CitizenOp = OpOf<'citizen.upsert' | 'citizen.change' | 'citizen.lift' | 'citizen.merge' | 'citizen.split'>;

/** True for an operation on a ticket. */
export function isTicketOp(op: Op): op is TicketOp {
  return op.kind.startsWith('ticket.');
}

/** True for an operation on a person's record. */
export function isCitizenOp(op: Op): op is CitizenOp {
  return op.kind.startsWith('citizen.');
}

/**
 * What a ticket looks like after an operation. Pure: the console shows it at once and replays it on every row that arrives
 * from the server, so an operation that is already in the row changes nothing (events are recognised by their ids).
 * @returns null when there is nothing to apply it to (a note on a ticket that is not there)
 */
export function applyOpToTicket(ticket: Ticket | null, op: TicketOp, actor: OpActor): Ticket | null {
  switch (op.kind) {
    case 'ticket.create':
      return ticket ?? createTicket(op, actor);
    case 'ticket.note':
      return ticket && addNote(ticket, op, actor);
    case 'ticket.link':
      return ticket && linkTicket(ticket, op, actor);
    case 'ticket.unlink':
      return ticket && unlinkTicket(ticket, op, actor);
    case 'ticket.amend':
      return ticket && amendTicket(ticket, op, actor);
    case 'ticket.act':
      return ticket && decideTicket(ticket, op, actor);
    case 'ticket.overlay':
      return ticket && overlayTicket(ticket, op, actor);
    default:
      return assertNever(op, 'ticket operation');
  }
}

function createTicket(op: Extract<TicketOp, { kind: 'ticket.create' }>, actor: OpActor): Ticket {
  const { args } = op;
  const created: TicketEvent = {
    id: args.eventId,
    at: args.createdAt,
    kind: 'created',
    actorId: actor.id,
    actorName: actor.name,
    text: '',
    from: null,
    to: 'submitted',
    ref: '',
  };
  const answered: TicketEvent = {
    // Derived from the operation, so that every replay makes the same event.
    id: op.opId as unknown as EventId,
    at: op.at,
    kind: 'answered',
    actorId: actor.id,
    actorName: actor.name,
    text: args.fields.answer ?? '',
    from: 'submitted',
    to: 'closed_direct',
    ref: '',
  };
  const handedOff = handOffsOf(args.fields).map(({ service: text }, place): TicketEvent => {
    const event: TicketEvent = { ...answered, kind: 'handed_off', text, to: 'handed_off' };
    return place === 0 ? event : { ...event, id: furtherId(op.opId, place), from: null, to: null };
  });
  const direct = args.outcome === 'direct_answer';
  const isHandedOff = args.outcome === 'hand_off';
  const clocks = direct || isHandedOff ? null : clocksWhenMade(args, actor.clockSet);
  return {
    uid: op.uid,
    number: null,
    provisionalNo: args.provisionalNo,
    centre: args.centre,
    status: direct ? 'closed_direct' : isHandedOff ? 'handed_off' : 'submitted',
    fields: args.fields,
    unit: null,
    replies: [],
    createdAt: args.createdAt,
    createdById: actor.id,
    createdByName: actor.name,
    consoleId: actor.consoleId,
    madeOffline: args.madeOffline,
    acceptedAt: null,
    closedAt: direct || isHandedOff ? op.at : null,
    dueAt: closeDueAt(clocks),
    clocks,
    updatedAt: op.at,
    version: 0,
    link: null,
    flags: [],
    events: [created, ...(direct ? [answered] : []), ...(isHandedOff ? handedOff : [])],
  };
}

/** Until the centre has accepted it, its limits are shown as if it had done so when the ticket was made. */
function clocksWhenMade(
  { fields, createdAt }: OpOf<'ticket.create'>['args'],
  set: string | undefined,
): Ticket['clocks'] {
  const facts = { clocks: null, acceptedAt: createdAt, matter: fields, set };
  return clocksAfter(facts, { kind: 'accept' }, createdAt, shippedClockRules());
}

/** Ids of further events of one operation, the same in every replay. */
function furtherId(opId: string, place: number): EventId {
  const last = (Number.parseInt(opId.slice(-2), 16) + place) % 256;
  return `${opId.slice(0, -2)}${last.toString(16).padStart(2, '0')}` as EventId;
}

/** Notes are an append-only set by event id: always applied, also to a closed ticket. */
function addNote(ticket: Ticket, op: Extract<TicketOp, { kind: 'ticket.note' }>, actor: OpActor): Ticket {
  if (hasEvent(ticket, op.args.eventId)) return ticket;
  const event: TicketEvent = {
    id: op.args.eventId,
    at: op.at,
    kind: op.args.kind,
    actorId: actor.id,
    actorName: actor.name,
    text: op.args.text,
    from: null,
    to: null,
    ref: op.args.ref ?? '',
    ...(op.args.dueAt === undefined ? {} : { dueAt: op.args.dueAt }),
  };
  const noted = { ...ticket, events: [...ticket.events, event], updatedAt: Math.max(ticket.updatedAt, op.at) };
  return op.args.kind === 'note' && op.args.ref === undefined
    ? citizenAnswered(noted, furtherId(op.args.eventId, 1), op, actor)
    : noted;
}

/** 并单 as a seat proposes it: the ticket shows its 母单 at once, the centre merges. A later proposal replaces an earlier one. */
function linkTicket(ticket: Ticket, op: OpOf<'ticket.link'>, actor: OpActor): Ticket {
  if (hasEvent(ticket, op.args.eventId)) return ticket;
  const event = linkEvent(op, 'linked', op.args.parentUid, actor);
  const { parentUid } = op.args;
  return {
    ...ticket,
    link: { parentUid, state: 'proposed', at: op.at, byName: actor.name },
    events: [...ticket.events, event],
    updatedAt: Math.max(ticket.updatedAt, op.at),
  };
}

function unlinkTicket(ticket: Ticket, op: OpOf<'ticket.unlink'>, actor: OpActor): Ticket {
  if (hasEvent(ticket, op.args.eventId)) return ticket;
  const event = linkEvent(op, 'unlinked', ticket.link?.parentUid ?? '', actor);
  return {
    ...ticket,
    link: null,
    events: [...ticket.events, event],
    updatedAt: Math.max(ticket.updatedAt, op.at),
  };
}

/** 更正 as its author wrote it: shown until the server has decided whether somebody else was faster. */
function amendTicket(ticket: Ticket, op: OpOf<'ticket.amend'>, actor: OpActor): Ticket {
  const { eventId: id, changes, reason } = op.args;
  if (hasEvent(ticket, id)) return ticket;
  const text = writeEdited(changes, reason);
  const who = { actorId: actor.id, actorName: actor.name };
  const fields = amendFields(ticket.fields, changes);
  const limits = AMENDABLE_STATUSES.includes(ticket.status) ? limitsAmended(ticket, fields, actor.clockSet) : {};
  return {
    ...ticket,
    ...limits,
    fields,
    events: [...ticket.events, { id, at: op.at, kind: 'edited', ...who, text, from: null, to: null, ref: '' }],
    updatedAt: Math.max(ticket.updatedAt, op.at),
  };
}

/** Another type, category or urgency has other limits, as long as the ticket is before its dispatch. */
function limitsAmended(ticket: Ticket, matter: Ticket['fields'], set: string | undefined) {
  const facts = { clocks: ticket.clocks, acceptedAt: ticket.acceptedAt ?? ticket.createdAt, matter, set };
  const clocks = clocksAfter(facts, { kind: 'amend' }, facts.acceptedAt, shippedClockRules());
  return { clocks, dueAt: closeDueAt(clocks) };
}

/**
 * A decision as the server would take it now: shown until it has. On a ticket that has moved on meanwhile nothing is shown of it; the server
 * says why.
 */
function decideTicket(ticket: Ticket, op: OpOf<'ticket.act'>, actor: OpActor): Ticket {
  const { eventId, from, act, words } = op.args;
  if (hasEvent(ticket, eventId) || ticket.status !== from) return ticket;
  const callsBack = isCalledBack(samplingFactsOf(ticket), shippedCallbackRules());
  const acted = actOnTicket(ticket, act, words, actor, op.at, callsBack, eventId);
  if (!acted.ok) return ticket;
  const { steps, ...moved } = acted.value;
  const before = { ...ticket, matter: ticket.fields, set: actor.clockSet };
  const clocks = clocksAfterAct(before, act, acted.value, op.at, shippedClockRules());
  const events = steps.map(
    (step, place): TicketEvent => ({
      id: place === 0 ? eventId : furtherId(eventId, place),
      at: op.at,
      kind: step.kind,
      actorId: step.isByRule ? null : actor.id,
      actorName: step.isByRule ? '' : actor.name,
      text: step.isByRule ? '' : words,
      from: step.from,
      to: step.to,
      ref: step.isByRule ? '' : refOfAct(act, ticket),
      ...(step.isByRule ? {} : { act }),
    }),
  );
  return {
    ...ticket,
    ...moved,
    clocks,
    dueAt: closeDueAt(clocks),
    events: [...ticket.events, ...events],
    updatedAt: Math.max(ticket.updatedAt, op.at),
  };
}

/** The 母单 that a 并单 or 拆分 is about. */
export function refOfAct(act: TicketAct, { link }: Pick<Ticket, 'link'>): string {
  if (act.action === 'merge') return act.parentUid;
  return act.action === 'unmerge' ? (link?.parentUid ?? '') : '';
}

function hasEvent(ticket: Ticket, id: string): boolean {
  return ticket.events.some((event) => event.id === id);
}

function linkEvent(
  op: OpOf<'ticket.link' | 'ticket.unlink'>,
  kind: 'linked' | 'unlinked',
  ref: string,
  actor: OpActor,
): TicketEvent {
  const { eventId: id, reason: text } = op.args;
  return { id, at: op.at, kind, actorId: actor.id, actorName: actor.name, text, from: null, to: null, ref };
}

/**
 * What a citizen's record looks like after an operation: a change touches what it names, a merge only points to the record that
 * stands for both.
 * @returns null when there is no record to change
 */
export function applyOpToCitizen(citizen: Citizen | null, op: CitizenOp): Citizen | null {
  if (op.kind === 'citizen.upsert') return upsertCitizen(citizen, op);
  if (citizen === null) return null;
  const updatedAt = Math.max(citizen.updatedAt, op.at);
  const fields = { ...EMPTY_CITIZEN_FIELDS, ...citizen.fields };
  switch (op.kind) {
    case 'citizen.change':
      return { ...citizen, fields: changeCitizen(fields, op.args.changes, op.at), updatedAt };
    case 'citizen.lift':
      return { ...citizen, fields: { ...fields, confidential: false }, updatedAt };
    case 'citizen.merge':
      return { ...citizen, mergedInto: op.args.into, updatedAt };
    case 'citizen.split':
      return { ...citizen, mergedInto: null, updatedAt };
    default:
      return assertNever(op, 'citizen operation');
  }
}

function upsertCitizen(citizen: Citizen | null, op: OpOf<'citizen.upsert'>): Citizen {
  const { fields } = op.args;
  return {
    uid: op.uid,
    centre: op.args.centre,
    // 保密 goes off by its own operation only.
    fields: {
      ...EMPTY_CITIZEN_FIELDS,
      ...fields,
      confidential: fields.confidential || citizen?.fields.confidential === true,
    },
    mergedInto: citizen?.mergedInto ?? null,
    createdAt: citizen?.createdAt ?? op.at,
    updatedAt: Math.max(citizen?.updatedAt ?? 0, op.at),
    version: citizen?.version ?? 0,
  };
}
