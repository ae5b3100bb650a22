import type { Comparison, MergeWay, SettledItem } from '#shared/contract/attention.contract.ts';
import { showCitizen, showTicket } from '#shared/domain/masking.ts';
import type { SyncedRecord } from '#shared/domain/record.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { mayAct } from '#shared/domain/ticket-act.ts';
import { assertNever } from '#shared/kernel/assert-never.ts';
import type { OpId } from '#shared/kernel/ids.ts';
import { isCitizenOp, isTicketOp } from '#shared/sync/apply-op.ts';
import { isCheckOp } from '#shared/sync/check-ops.ts';
import { isRecordOp } from '#shared/sync/record-ops.ts';
import type { Op } from '#shared/sync/wire.ts';
import { listSettled } from '../../repositories/settled-op.repository.ts';
import { showRecord } from '../check-reader.ts';
import { findRefusedRoot, getRefused } from '../refused-entries.ts';
import { CITIZENS, RECORDS, TICKETS } from '../synced-table.ts';
import type { WorkContext } from '../work-context.ts';
import { compareCitizenOp } from './compare-citizen.ts';
import { compareRecordOp } from './compare-record.ts';
import { compareTicketOp, displayNumber } from './compare-ticket.ts';
import { findServerRow } from './server-row.ts';

/** Decisions the screen shows. */
const MOST_SETTLED = 500;

/**
 * A refused operation beside what the server holds now: own words in full, what others wrote as this person may see it.
 * @throws DataError NOT_FOUND when it is not there or was not refused
 */
export function compareOp(ctx: WorkContext, opId: OpId): Comparison {
  const { db, user } = ctx;
  const entry = getRefused(db, opId);
  const { op } = entry;
  const root = findRefusedRoot(db, entry).op;
  const plain = { opId, merge: mergeWayOf(op, root), redoable: true, form: formOf(op) };
  if (isTicketOp(op)) {
    const row = findServerRow(TICKETS, db, op.uid);
    const server = row && showTicket(row, user.role).row;
    const masked = row !== null && showTicket(row, user.role).masked;
    return {
      ...plain,
      fields: [...compareTicketOp(db, op, server)],
      server: server && aboutTicket(server),
      redoable: op.kind !== 'ticket.act' || server === null || mayAct(user.role, server.status, op.args.act.action),
      // A mask is not merged with anything.
      merge: masked && plain.merge === 'fields' && op.kind !== 'ticket.note' ? null : plain.merge,
      form:
        plain.form ?? (server?.fields.form ? { id: server.fields.form.id, version: server.fields.form.version } : null),
    };
  }
  if (isCitizenOp(op)) {
    const row = findServerRow(CITIZENS, db, op.uid);
    const shown = row && showCitizen(row, user.role);
    return {
      ...plain,
      fields: [...compareCitizenOp(op, shown?.row ?? null)],
      server: row && { number: shown?.row.fields.name ?? '', status: null, byName: '', at: row.updatedAt },
      merge: shown?.masked ? null : plain.merge,
    };
  }
  if (isRecordOp(op)) {
    const row = findServerRow(RECORDS, db, op.uid);
    return {
      ...plain,
      fields: [...compareRecordOp(op, row && showRecord(ctx, row))],
      server: row && { ...aboutRecord(row), status: null, at: row.updatedAt },
      // Who came later with marks cannot send them again: the first score stands, and so does a decided appeal.
      redoable: !isCheckOp(op) || row === null,
    };
  }
  return { ...plain, fields: [], server: null };
}

/** Refused operations that were decided, the last one first. */
export function listSettledItems({ db }: WorkContext): readonly SettledItem[] {
  return listSettled(db, MOST_SETTLED).map(({ op: _op, uid: _uid, ...item }) => item);
}

function aboutRecord(record: SyncedRecord): { readonly number: string; readonly byName: string } {
  switch (record.kind) {
    case 'article':
      return { number: record.doc.published?.title ?? '', byName: record.doc.authorName };
    case 'check':
    case 'check_copy':
      return { number: record.doc.ticketNo, byName: record.doc.settled?.byName ?? record.doc.first.byName };
    case 'calibration':
      return { number: record.doc.ticketNo, byName: record.doc.startedByName };
    case 'handover':
      return { number: '', byName: '' };
    default:
      return assertNever(record, 'document');
  }
}

function aboutTicket(ticket: Ticket): Comparison['server'] {
  const last = ticket.events.at(-1);
  return {
    number: displayNumber(ticket),
    status: ticket.status,
    byName: last?.actorName ?? ticket.createdByName,
    at: last?.at ?? ticket.updatedAt,
  };
}

function mergeWayOf(op: Op, root: Op): MergeWay | null {
  if (root.kind === 'ticket.create') return 'form';
  switch (op.kind) {
    case 'ticket.amend':
    case 'citizen.change':
      return 'fields';
    case 'ticket.note':
      return op.args.kind === 'note' || op.args.kind === 'remind' || op.args.kind === 'promise' ? 'fields' : null;
    case 'article.propose':
      return 'article';
    default:
      return null;
  }
}

function formOf(op: Op): Comparison['form'] {
  const form = op.kind === 'ticket.create' ? op.args.fields.form : null;
  return form && { id: form.id, version: form.version };
}
