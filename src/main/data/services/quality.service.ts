import type { QualityDeed, QualityLine, QualitySide, QualityView } from '#shared/contract/quality.contract.ts';
import type { TicketFilter } from '#shared/contract/tickets.contract.ts';
import { showTicket } from '#shared/domain/masking.ts';
import {
  type CalibrationDoc,
  CHECK_READING_ROLES,
  CHECKING_ROLES,
  type CheckDoc,
  countingScore,
  siblingOf,
  stateOfCheck,
} from '#shared/domain/quality/check.ts';
import { mapCheckTexts, mapScoreTexts } from '#shared/domain/quality/check-texts.ts';
import { type QualityList, qualitySortsOf } from '#shared/domain/quality/quality-list.ts';
import { CHECKED_STATUSES, reasonsToCheck } from '#shared/domain/quality/sampling.ts';
import { sheetOfLine, shippedSampling } from '#shared/domain/quality/shipped-sheets.ts';
import type { RecordOf } from '#shared/domain/record.ts';
import { INTAKE_ROLES } from '#shared/domain/roles.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { formatTicketNumber } from '#shared/domain/ticket-number.ts';
import { assertNever } from '#shared/kernel/assert-never.ts';
import { DataError, hasCode } from '../errors.ts';
import {
  countAppealed,
  countOf,
  countToCheck,
  findCheckDraft,
  isSampleIndexOf,
  listAppealedIds,
  listByIds,
  listLast,
  listLastIds,
  listToCheckIds,
  makeSampleIndex,
} from '../repositories/check.repository.ts';
import { hasOutboxOf } from '../repositories/outbox.repository.ts';
import { narrowIds } from '../repositories/queue-list.repository.ts';
import { findRecord } from '../repositories/record.repository.ts';
import { findTicket, listTickets } from '../repositories/ticket.repository.ts';
import type { IdPage } from '../repositories/ticket-list.repository.ts';
import { readerOf } from './check-reader.ts';
import { spellOutTeam } from './team.service.ts';
import type { WorkContext } from './work-context.ts';

const DAY_MS = 86_400_000;
/** Calibrations are few and read whole. */
const MOST_CALIBRATIONS = 500;

/**
 * Makes the index that 待质检 is counted and listed by, for who reads checks: once, and anew when the rule has changed. It reads the whole cache
 * in one go, so this belongs to the opening of a profile, when no call is answered yet. A disk that is full opens the profile all the same.
 */
export function prepareQuality({ db, user, write }: Pick<WorkContext, 'db' | 'user' | 'write'>): void {
  const rule = shippedSampling();
  if (!CHECK_READING_ROLES.includes(user.role) || isSampleIndexOf(db, rule)) return;
  try {
    write(() => makeSampleIndex(db, rule));
  } catch (error) {
    if (!hasCode(error, 'DISK_FULL') && !hasCode(error, 'READ_ONLY')) throw error;
  }
}

/** Tickets that ended before this are not waited for any more. @throws DataError DISK_FULL when there was no room for their index */
function windowStart({ db, clock }: WorkContext): number {
  const rule = shippedSampling();
  if (!isSampleIndexOf(db, rule)) throw new DataError('DISK_FULL', 'no index of the tickets to be checked');
  return clock.now() - rule.windowDays * DAY_MS;
}
const isReader = ({ user }: WorkContext) => CHECK_READING_ROLES.includes(user.role);
const isChecker = ({ user }: WorkContext) => CHECKING_ROLES.includes(user.role);

/** How much lies in each list of 质检; none in those this person does not work from. @throws DataError DISK_FULL when 待质检 has no index */
export function countQuality(ctx: WorkContext): Record<QualityList, number> {
  const { db } = ctx;
  const reads = isReader(ctx);
  return {
    to_check: reads ? countToCheck(db, shippedSampling(), windowStart(ctx)) : 0,
    checked: reads ? countOf(db, 'check') : 0,
    appealed: reads ? countAppealed(db) : 0,
    calibration: reads ? listLast(db, 'calibration', MOST_CALIBRATIONS).filter((one) => isOpenFor(ctx, one)).length : 0,
    mine: INTAKE_ROLES.includes(ctx.user.role) ? countOf(db, 'check_copy') : 0,
  };
}

/** A list of 质检 as it is asked for: what its tickets are narrowed to, and its order; without one the order of the list. */
export interface QualityQuestion {
  readonly list: QualityList;
  readonly filter?: TicketFilter | undefined;
  readonly sort?: 'newest' | 'oldest' | undefined;
}

/** Row ids of a list of 质检, page by page. @throws DataError DISK_FULL when 待质检 has no index, NOT_FOUND when the row to continue after is gone */
export function listQualityIds(
  ctx: WorkContext,
  { list, filter, sort = qualitySortsOf(list)[0] }: QualityQuestion,
  limit: number,
  before?: number,
): IdPage {
  const { db } = ctx;
  if (list !== 'mine' && !isReader(ctx)) return { ids: [], next: null };
  const whole = (most: number, after?: number) => {
    switch (list) {
      case 'to_check':
        return listToCheckIds(db, shippedSampling(), windowStart(ctx), sort, most, after);
      case 'appealed':
        return listAppealedIds(db, sort, most, after);
      case 'checked':
      case 'mine':
      case 'calibration':
        return listLastIds(db, KIND_OF[list], sort, most, after);
      default:
        return assertNever(list, 'list');
    }
  };
  const listed = list === 'to_check' ? 'tickets' : 'checks';
  return narrowIds(db, spellOutTeam(db, filter), whole, limit, before, listed);
}

/** The lines of some rows of a list of 质检; those that are gone are left out. */
export function listQualityRows(
  ctx: WorkContext,
  list: QualityList,
  ids: readonly number[],
): readonly { readonly id: number; readonly line: QualityLine }[] {
  const { db } = ctx;
  if (list !== 'mine' && !isReader(ctx)) return [];
  if (list === 'to_check') {
    return listTickets(db, ids).map(({ id, ticket }) => ({ id, line: toWaiting(ctx, ticket) }));
  }
  if (list === 'calibration') {
    return listByIds(db, 'calibration', ids).map(({ id, record }) => ({ id, line: toCalibration(ctx, record) }));
  }
  return listByIds(db, KIND_OF[list], ids).map(({ id, record }) => ({ id, line: toLine(ctx, record) }));
}

/** What a list is made of. */
const KIND_OF = { checked: 'check', appealed: 'check', mine: 'check_copy', calibration: 'calibration' } as const;

function toWaiting(ctx: WorkContext, ticket: Ticket): QualityLine {
  return {
    ...aboutTicket(ctx, ticket.uid, ticketNoOf(ticket)),
    agentName: ticket.createdByName,
    line: ticket.fields.line,
    why: [...reasonsToCheck(ticket, shippedSampling())],
    state: 'to_check',
    at: ticket.closedAt ?? ticket.updatedAt,
    appealUntil: null,
    points: null,
    passed: null,
    checkerName: '',
    begun: findCheckDraft(ctx.db, siblingOf(ticket.uid, 'check')) !== null,
    pending: false,
  };
}

function toLine(ctx: WorkContext, record: RecordOf<'check' | 'check_copy'>): QualityLine {
  const { doc } = record;
  const { points, passed, byName } = countingScore(doc);
  const state = stateOfCheck(doc);
  return {
    ...aboutTicket(ctx, doc.ticketUid, doc.ticketNo),
    agentName: doc.agentName,
    line: doc.line,
    why: doc.why,
    state,
    at: doc.settled?.at ?? doc.appeal?.at ?? doc.first.at,
    appealUntil: state === 'scored' ? doc.appealUntil : null,
    points,
    passed,
    checkerName: byName,
    begun: findCheckDraft(ctx.db, record.uid) !== null,
    pending: hasOutboxOf(ctx.db, record.uid),
  };
}

function toCalibration(ctx: WorkContext, record: RecordOf<'calibration'>): QualityLine {
  const { doc } = record;
  const own = doc.scores.find(({ byId }) => byId === ctx.user.id);
  return {
    ...aboutTicket(ctx, doc.ticketUid, doc.ticketNo),
    agentName: doc.agentName,
    line: doc.line,
    why: [],
    state: own ? 'marked' : 'open',
    at: doc.startedAt,
    appealUntil: null,
    points: own?.points ?? null,
    passed: own?.passed ?? null,
    checkerName: doc.startedByName,
    begun: findCheckDraft(ctx.db, record.uid) !== null,
    pending: hasOutboxOf(ctx.db, record.uid),
  };
}

function aboutTicket({ db, user }: WorkContext, ticketUid: Ticket['uid'], ticketNo: string) {
  const stored = findTicket(db, ticketUid);
  const title = stored ? showTicket(stored.ticket, user.role).row.fields.title : '';
  return { ticketUid, ticketNo, title };
}

/** The number of a ticket as people read it. */
export function ticketNoOf({ number, acceptedAt, createdAt, provisionalNo }: Ticket): string {
  return number === null ? provisionalNo : formatTicketNumber(number, acceptedAt ?? createdAt);
}

/** True for a calibration this person still has to score. */
function isOpenFor(ctx: WorkContext, { doc }: RecordOf<'calibration'>): boolean {
  return isChecker(ctx) && doc.agentId !== ctx.user.id && !doc.scores.some(({ byId }) => byId === ctx.user.id);
}

/** The record a side looks at. */
export function recordUidOf(ticketUid: string, side: QualitySide) {
  return siblingOf(ticketUid, side === 'mine' ? 'copy' : side);
}

/**
 * A ticket's check or calibration as this person may see it: the marks of a calibration are hidden until they have given their own.
 * @throws DataError NOT_FOUND when neither it nor its ticket is here
 */
export function getQuality(ctx: WorkContext, ticketUid: Ticket['uid'], side: QualitySide): QualityView {
  const { db, user } = ctx;
  const uid = recordUidOf(ticketUid, side);
  const record = side === 'mine' || isReader(ctx) ? findRecord(db, uid) : null;
  const ticket = findTicket(db, ticketUid)?.ticket ?? null;
  const check = record?.kind === 'check' || record?.kind === 'check_copy' ? record.doc : null;
  const calibration = record?.kind === 'calibration' ? record.doc : null;
  const doc = check ?? calibration;
  if (!doc && !ticket) throw new DataError('NOT_FOUND', 'neither check nor ticket');
  const isShown = calibration === null || !isChecker(ctx) || calibration.scores.some(({ byId }) => byId === user.id);
  const text = readerOf(ctx, ticket);
  const line = doc?.line ?? ticket?.fields.line ?? '12345';
  const isCalibrated = findRecord(db, siblingOf(ticketUid, 'calibration')) !== null;
  const { id, version } = sheetOfLine(line);
  return {
    ticketUid,
    ticketNo: doc?.ticketNo ?? (ticket ? ticketNoOf(ticket) : ''),
    agentName: doc?.agentName ?? ticket?.createdByName ?? '',
    line,
    why: check?.why ?? (ticket ? [...reasonsToCheck(ticket, shippedSampling())] : []),
    sheet: doc?.sheet ?? { id, version },
    check: check && mapCheckTexts(check, text),
    calibration: calibration && {
      ...calibration,
      scores: isShown ? calibration.scores.map((score) => mapScoreTexts(score, text)) : [],
    },
    hidden: isShown ? 0 : (calibration?.scores.length ?? 0),
    isCalibrated,
    deeds: [...deedsOf(ctx, side, { ticket, check, calibration, isCalibrated })],
    draft: findCheckDraft(db, uid),
    pending: hasOutboxOf(db, uid),
  };
}

interface Subject {
  readonly ticket: Ticket | null;
  readonly check: CheckDoc | null;
  readonly calibration: CalibrationDoc | null;
  readonly isCalibrated: boolean;
}

/** What is offered; `decideCheckOp` has the last word, here and at the server. */
function deedsOf(ctx: WorkContext, side: QualitySide, subject: Subject): readonly QualityDeed[] {
  const { ticket, check, calibration, isCalibrated } = subject;
  const { id } = ctx.user;
  if (side === 'mine') {
    const canAppeal = check?.agentId === id && stateOfCheck(check) === 'scored' && ctx.clock.now() <= check.appealUntil;
    return canAppeal ? ['appeal'] : [];
  }
  const agentId = (check ?? calibration)?.agentId ?? ticket?.createdById ?? null;
  if (!isChecker(ctx) || agentId === null || agentId === id) return [];
  if (side === 'calibration') {
    return calibration && !calibration.scores.some(({ byId }) => byId === id) ? ['mark'] : [];
  }
  const isOver = ticket !== null && ticket.number !== null && CHECKED_STATUSES.includes(ticket.status);
  const deeds: QualityDeed[] = [];
  if (!check && isOver) deeds.push('score');
  if (check && stateOfCheck(check) === 'appealed' && check.first.byId !== id) deeds.push('settle');
  if (isOver && !isCalibrated) deeds.push('start');
  return deeds;
}
