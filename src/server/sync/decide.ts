import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import { monthOf } from '#shared/domain/month.ts';
import { assertNever } from '#shared/kernel/assert-never.ts';
import { attachmentsOfOp } from '#shared/sync/op-attachments.ts';
import type { OpRefusal, RefusalReason } from '#shared/sync/refusals.ts';
import type { Op } from '#shared/sync/wire.ts';
import type { Actor } from '../auth/actor.ts';
import type {
  AttachmentNamed,
  BatchState,
  DecidedResult,
  Decision,
  OpHead,
  PendingResult,
  ReceivedOp,
  TicketInsert,
} from './batch.ts';
import { decideTicketAct } from './decide-act.ts';
import { decideTicketAmend } from './decide-amend.ts';
import { decideCitizenChange, decideCitizenLift, decideCitizenMerge, decideCitizenUpsert } from './decide-citizen.ts';
import { decideTicketLink } from './decide-link.ts';
import { decideTicketOverlay } from './decide-overlay.ts';
import { decideRecord, decideReveal } from './decide-record.ts';
import { decideTicketCreate, decideTicketNote, repeatKey } from './decide-ticket.ts';
import type { Deciding, TicketEventId, Verdict, WorkingTicket } from './deciding.ts';

/**
 * Decides a batch of operations in their order. Pure: the same state, operations, time and actor give the same decision.
 * A refused operation never stops those on other rows.
 */
export function decideBatch(
  ops: readonly ReceivedOp[],
  state: BatchState,
  actor: Actor,
  now: number,
  newEventId: () => TicketEventId,
  clockSet?: string,
): Decision {
  const clockRules = shippedClockRules();
  const deciding: Deciding = {
    actor,
    now,
    state,
    tickets: new Map(),
    citizens: new Map(),
    citizensSeen: new Map(),
    records: new Map(),
    reveals: [],
    events: [],
    eventsOf: new Map(),
    recent: groupRecent(state.recent),
    newEventId,
    clockRules,
    clockSet: clockSet ?? clockRules.defaultSet,
    accepted: new Map(),
    month: monthOf(now),
  };
  const answeredHere = new Map<string, PendingResult>();
  const results: PendingResult[] = [];
  for (const received of ops) {
    const pending = decideOne(received, deciding, answeredHere);
    if (!answeredHere.has(received.op.opId)) answeredHere.set(received.op.opId, pending);
    results.push(pending);
  }
  const written = [...deciding.tickets.values()];
  return {
    results,
    inserts: written.flatMap((working) =>
      working.insert ? [{ ...working.insert, ticket: toInserted(working.insert.ticket, working) }] : [],
    ),
    touches: written.flatMap(({ insert, uid, scope, fromVersion, version, link, fields, limits, moved }) =>
      insert || version === fromVersion ? [] : [{ uid, scope, fromVersion, version, link, fields, limits, moved }],
    ),
    citizens: [...deciding.citizens.values()],
    records: [...deciding.records.values()],
    reveals: deciding.reveals,
    events: deciding.events,
    files: ops.flatMap((received, index) => namedFiles(received, results[index])),
  };
}

/** The files an operation names that was applied; that they are named again changes nothing. */
function namedFiles(received: ReceivedOp, pending: PendingResult | undefined): readonly AttachmentNamed[] {
  if (!received.ok || pending?.result.code !== 'applied') return [];
  const { op } = received;
  const kind = op.kind === 'draft.hand_over' ? 'records' : 'tickets';
  return attachmentsOfOp(op).map(({ sha256 }) => ({ sha256, uid: op.uid, kind }));
}

/** A ticket of this batch as its later operations left it. */
function toInserted(ticket: TicketInsert['ticket'], working: WorkingTicket): TicketInsert['ticket'] {
  const { version, link = null, fields = ticket.fields, limits, moved } = working;
  if (!moved) return { ...ticket, ...limits, version, link, fields };
  const { status, unit, handling, replies, closedAt, dueAt, clocks } = moved;
  return { ...ticket, status, unit, handling, replies, closedAt, dueAt, clocks, version, link, fields };
}

function groupRecent(recent: BatchState['recent']): Deciding['recent'] {
  return Map.groupBy(recent, repeatKey);
}

function decideOne(
  received: ReceivedOp,
  deciding: Deciding,
  answeredHere: ReadonlyMap<string, PendingResult>,
): PendingResult {
  const { op } = received;
  const earlier = deciding.state.answered.get(op.opId);
  if (earlier && !(earlier.hash === op.hash && lackedSomething(earlier.result))) {
    return toPending(op, repeatAnswer(earlier.hash === op.hash, earlier.result), null);
  }
  const here = answeredHere.get(op.opId);
  if (here) {
    const verdict = repeatAnswer(here.op.hash === op.hash, here.result);
    return toPending(op, verdict, 'reason' in verdict ? null : here.row);
  }
  if (!received.ok) return toPending(op, { code: 'rejected', reason: received.reason }, null);
  const blocked = findBlock(received.op, deciding, answeredHere);
  const verdict: Verdict = blocked ? { code: 'blocked', reason: blocked } : decideByKind(received.op, deciding);
  return toPending(op, verdict, 'row' in verdict ? verdict.row : null);
}

function decideByKind(op: Op, deciding: Deciding): Verdict {
  switch (op.kind) {
    case 'ticket.create':
      return decideTicketCreate(op, deciding);
    case 'ticket.note':
      return decideTicketNote(op, deciding);
    case 'citizen.upsert':
      return decideCitizenUpsert(op, deciding);
    case 'citizen.change':
      return decideCitizenChange(op, deciding);
    case 'citizen.lift':
      return decideCitizenLift(op, deciding);
    case 'citizen.merge':
    case 'citizen.split':
      return decideCitizenMerge(op, deciding);
    case 'ticket.link':
    case 'ticket.unlink':
      return decideTicketLink(op, deciding);
    case 'ticket.amend':
      return decideTicketAmend(op, deciding);
    case 'ticket.act':
      return decideTicketAct(op, deciding);
    case 'ticket.overlay':
      return decideTicketOverlay(op, deciding);
    case 'article.propose':
    case 'article.review':
    case 'article.feedback':
    case 'draft.hand_over':
    case 'check.score':
    case 'check.appeal':
    case 'check.settle':
    case 'calibration.start':
    case 'calibration.score':
      return decideRecord(op, deciding);
    case 'audit.reveal':
      return decideReveal(op, deciding);
    default:
      return assertNever(op, 'operation');
  }
}

/**
 * True for an answer that only said that something was not here yet: nothing was done, and it may be here now. When two consoles go on
 * under the same numbers, the end of what one sent can arrive without its beginning, which comes later under new numbers.
 */
function lackedSomething({ code, reason }: DecidedResult): boolean {
  return code === 'blocked' || (code === 'rejected' && (reason === 'NOT_FOUND' || reason === 'PARENT_NOT_FOUND'));
}

/** The same operation under a new number (new incarnation, other seat): what was decided then stands, unless it lacked something. */
function repeatAnswer(sameHash: boolean, result: DecidedResult): Verdict {
  if (!sameHash) return { code: 'rejected', reason: 'OP_ID_TAKEN' };
  if (result.code === 'rejected' || result.code === 'blocked') {
    // Written by this server, perhaps an older one.
    return { code: result.code, reason: (result.reason ?? 'NOT_STORABLE') as RefusalReason };
  }
  const { version, seq, ticket } = result;
  return { code: 'duplicate', version, seq, row: null, ...(ticket ? { ticket } : {}) };
}

function findBlock(op: Op, deciding: Deciding, answeredHere: ReadonlyMap<string, PendingResult>): OpRefusal | null {
  if (op.dependsOn === undefined) return null;
  const result = answeredHere.get(op.dependsOn)?.result ?? deciding.state.answered.get(op.dependsOn)?.result;
  if (!result) return 'DEPENDENCY_UNKNOWN';
  return result.code === 'rejected' || result.code === 'blocked' ? 'DEPENDENCY_REJECTED' : null;
}

function toPending(op: OpHead, verdict: Verdict, row: PendingResult['row']): PendingResult {
  if ('reason' in verdict) {
    return { op, result: { s: op.s, code: verdict.code, version: 0, seq: null, reason: verdict.reason }, row: null };
  }
  const seq = verdict.code === 'duplicate' ? verdict.seq : null;
  const ticket = verdict.ticket ? { ticket: verdict.ticket } : {};
  return { op, result: { s: op.s, code: verdict.code, version: verdict.version, seq, ...ticket }, row };
}
