import {
  APPEAL_DELAY_MS,
  appealEnd,
  CHECKING_ROLES,
  type CheckDoc,
  faultOfMarks,
  type Marks,
  MOST_CALIBRATED,
  pointsOf,
  type Score,
  type SheetRef,
  siblingOf,
  stateOfCheck,
} from '../domain/quality/check.ts';
import { findSheet } from '../domain/quality/shipped-sheets.ts';
import type { RecordOf, SyncedRecord } from '../domain/record.ts';
import { assertNever } from '../kernel/assert-never.ts';
import type { EventId, UserId } from '../kernel/ids.ts';
import type { RecordActor, RecordRefusal, RecordVerdict } from './record-verdict.ts';
import type { Op, OpOf } from './wire.ts';

export type CheckOp = OpOf<'check.score' | 'check.appeal' | 'check.settle' | 'calibration.start' | 'calibration.score'>;

/** True for an operation on a check or a calibration. */
export function isCheckOp(op: Op): op is CheckOp {
  return op.kind.startsWith('check.') || op.kind.startsWith('calibration.');
}

const refused = (reason: RecordRefusal, detail?: string): RecordVerdict => ({
  kind: 'refused',
  reason,
  ...(detail === undefined ? {} : { detail }),
});

/** Somebody whom the server knows. */
type Person = RecordActor & { readonly id: UserId };

/**
 * What a check or a calibration looks like after an operation, or why it may not happen: the one table of who may do what when, for the
 * consoles and the server alike. That the operation fits its ticket is for the server to compare.
 * @param at time of the record: the server's at the server, the console's until then
 */
export function decideCheckOp(record: SyncedRecord | null, op: CheckOp, actor: RecordActor, at: number): RecordVerdict {
  const { id } = actor;
  if (id === null) return refused('FORBIDDEN');
  const person = { ...actor, id };
  if (op.kind !== 'check.appeal' && !CHECKING_ROLES.includes(actor.role)) return refused('FORBIDDEN');
  switch (op.kind) {
    case 'check.score':
      return record === null || record.kind === 'check' ? score(record, op, person, at) : refused('UID_TAKEN');
    case 'check.appeal':
      return record?.kind === 'check_copy' ? appeal(record, op, person, at) : refused('NOT_FOUND');
    case 'check.settle':
      return record?.kind === 'check' ? settle(record, op, person, at) : refused('NOT_FOUND');
    case 'calibration.start':
      return start(record, op, person, at);
    case 'calibration.score':
      return record?.kind === 'calibration' ? calibrate(record, op, person, at) : refused('NOT_FOUND');
    default:
      return assertNever(op, 'operation on a check');
  }
}

/** The copy of a check that the agent reads. */
export function copyOfCheck(record: RecordOf<'check'>): RecordOf<'check_copy'> {
  return { ...record, kind: 'check_copy', uid: siblingOf(record.doc.ticketUid, 'copy') };
}

/** The check after its copy was appealed against. */
export function checkOfCopy(record: RecordOf<'check_copy'>): RecordOf<'check'> {
  return { ...record, kind: 'check', uid: siblingOf(record.doc.ticketUid, 'check') };
}

function score(record: RecordOf<'check'> | null, op: OpOf<'check.score'>, person: Person, at: number): RecordVerdict {
  const { centre, scoreId, marks, ...ticket } = op.args;
  if (op.uid !== siblingOf(ticket.ticketUid, 'check')) return refused('BAD_INPUT', 'uid');
  if (ticket.agentId === person.id) return refused('OWN_TICKET');
  if (record) {
    const { id, byName } = record.doc.first;
    return id === scoreId ? { kind: 'unchanged' } : refused('ALREADY_CHECKED', byName);
  }
  const scored = toScore(scoreId, ticket.sheet, marks, person, at);
  if ('kind' in scored) return scored;
  const doc: CheckDoc = { ...ticket, first: scored, appealUntil: appealEnd(at), appeal: null, settled: null };
  return { kind: 'changed', record: { kind: 'check', uid: op.uid, centre, version: 0, updatedAt: at, doc } };
}

function appeal(record: RecordOf<'check_copy'>, op: OpOf<'check.appeal'>, person: Person, at: number): RecordVerdict {
  const { doc } = record;
  const { appealId: id, words } = op.args;
  if (doc.agentId !== person.id) return refused('FORBIDDEN');
  if (doc.appeal?.id === id) return { kind: 'unchanged' };
  if (doc.appeal !== null || doc.settled !== null || !isInTime(doc, op.at, at)) return refused('APPEAL_CLOSED');
  return changed(record, { ...doc, appeal: { id, at, madeAt: op.at, words } }, at);
}

/**
 * Written in time counts, also when the network was away until later; both times stay to be seen. The console's clock is believed only
 * as far as a console may have been away, and not when it says that the appeal was written before the score.
 */
function isInTime({ first, appealUntil }: CheckDoc, madeAt: number, at: number): boolean {
  if (at <= appealUntil) return true;
  return madeAt >= first.at && madeAt <= appealUntil && at - madeAt <= APPEAL_DELAY_MS;
}

function settle(record: RecordOf<'check'>, op: OpOf<'check.settle'>, person: Person, at: number): RecordVerdict {
  const { doc } = record;
  const { settleId: id, marks, words } = op.args;
  if (doc.agentId === person.id) return refused('OWN_TICKET');
  if (doc.first.byId === person.id) return refused('SAME_CHECKER');
  if (doc.settled?.id === id) return { kind: 'unchanged' };
  if (stateOfCheck(doc) !== 'appealed') return refused('APPEAL_SETTLED', doc.settled?.byName);
  const second = marks && toScore(id, doc.sheet, marks, person, at);
  if (second && 'kind' in second) return second;
  return changed(
    record,
    { ...doc, settled: { id, byId: person.id, byName: person.name, at, words, score: second } },
    at,
  );
}

function start(record: SyncedRecord | null, op: OpOf<'calibration.start'>, person: Person, at: number): RecordVerdict {
  const { centre, ...ticket } = op.args;
  if (record) return record.kind === 'calibration' ? { kind: 'unchanged' } : refused('UID_TAKEN');
  if (op.uid !== siblingOf(ticket.ticketUid, 'calibration')) return refused('BAD_INPUT', 'uid');
  if (!findSheet(ticket.sheet)) return refused('SHEET_UNKNOWN');
  const doc = { ...ticket, startedById: person.id, startedByName: person.name, startedAt: at, scores: [] };
  return { kind: 'changed', record: { kind: 'calibration', uid: op.uid, centre, version: 0, updatedAt: at, doc } };
}

function calibrate(
  record: RecordOf<'calibration'>,
  op: OpOf<'calibration.score'>,
  person: Person,
  at: number,
): RecordVerdict {
  const { doc } = record;
  const { scoreId, marks } = op.args;
  if (doc.agentId === person.id) return refused('OWN_TICKET');
  const own = doc.scores.find(({ byId }) => byId === person.id);
  if (own) return own.id === scoreId ? { kind: 'unchanged' } : refused('ALREADY_CHECKED', own.byName);
  if (doc.scores.length >= MOST_CALIBRATED) return refused('BAD_INPUT', 'scores');
  const scored = toScore(scoreId, doc.sheet, marks, person, at);
  if ('kind' in scored) return scored;
  return { kind: 'changed', record: { ...record, doc: { ...doc, scores: [...doc.scores, scored] }, updatedAt: at } };
}

function changed<R extends RecordOf<'check' | 'check_copy'>>(record: R, doc: CheckDoc, at: number): RecordVerdict {
  return { kind: 'changed', record: { ...record, doc, updatedAt: at } };
}

/** Marks put on the sheet they were made with, or why they do not fit it. */
function toScore(
  id: EventId,
  ref: SheetRef,
  marks: Marks,
  person: Person,
  at: number,
): Score | Extract<RecordVerdict, { kind: 'refused' }> {
  const sheet = findSheet(ref);
  if (!sheet) return { kind: 'refused', reason: 'SHEET_UNKNOWN' };
  const fault = faultOfMarks(sheet, marks);
  if (fault !== null) return { kind: 'refused', reason: 'BAD_INPUT', detail: fault };
  return { id, byId: person.id, byName: person.name, at, marks, ...pointsOf(sheet, marks) };
}
