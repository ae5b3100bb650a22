import type { TicketFields } from '#shared/domain/ticket.ts';
import {
  AMENDABLE_FIELDS,
  type AmendableField,
  type TicketAmendment,
  valueOfField,
} from '#shared/domain/ticket-amendment.ts';
import { type EventId, newId } from '#shared/kernel/ids.ts';
import type { Op } from '#shared/sync/wire.ts';
import type { WritableDb } from '../../db/sqlite.ts';
import { findRecord } from '../../repositories/record.repository.ts';
import { findTicket } from '../../repositories/ticket.repository.ts';
import { onTableOf } from '../synced-table.ts';

/** An operation as it is to be sent once more: what it says, and the version of the row it is based on now. */
export interface Rebased {
  readonly args: Op['args'];
  readonly baseVersion: number;
}

/**
 * Puts a refused operation on the row as it is by now, so that what made the server refuse it is what its author has seen. Everything
 * else of it stays as it was written.
 */
export function rebaseOp(db: WritableDb, op: Op, now: number): Rebased {
  const baseVersion = Math.max(op.baseVersion, versionOf(db, op));
  if (op.kind === 'ticket.amend') {
    const fields = findTicket(db, op.uid)?.ticket.fields;
    if (!fields) return { args: op.args, baseVersion };
    const eventId = newId<EventId>(now);
    return { args: { ...op.args, eventId, changes: rebaseChanges(op.args.changes, fields) }, baseVersion };
  }
  if (op.kind === 'ticket.act') {
    const status = findTicket(db, op.uid)?.ticket.status ?? op.args.from;
    const { act } = op.args;
    // Whoever sends it again decides for this 母单, whether or not a seat still proposes it.
    const again = act.action === 'merge' ? { ...act, asProposed: false } : act;
    return { args: { ...op.args, act: again, eventId: newId<EventId>(now), from: status }, baseVersion };
  }
  if (op.kind === 'ticket.overlay') return { args: { ...op.args, eventId: newId<EventId>(now) }, baseVersion };
  if (op.kind === 'article.propose') {
    const record = findRecord(db, op.uid);
    const basedOn = record?.kind === 'article' ? record.doc.version : 0;
    return { args: { ...op.args, basedOn, proposalId: newId<EventId>(now) }, baseVersion };
  }
  return { args: op.args, baseVersion };
}

/** The same changes, replacing what the ticket says now. */
export function rebaseChanges(changes: TicketAmendment, fields: TicketFields): TicketAmendment {
  const plain = AMENDABLE_FIELDS.flatMap((field: AmendableField) => {
    const change = changes[field];
    return change ? [[field, { from: fields[field], to: change.to }] as const] : [];
  });
  const { tags, answers } = changes;
  const from = answers && Object.keys(answers.to).map((id) => [id, valueOfField(fields, `answers.${id}`)] as const);
  return {
    ...(Object.fromEntries(plain) as TicketAmendment),
    ...(tags ? { tags } : {}),
    ...(answers && from ? { answers: { from: Object.fromEntries(from) as typeof answers.from, to: answers.to } } : {}),
  };
}

function versionOf(db: WritableDb, op: Op): number {
  let version = 0;
  onTableOf(op.kind, (table) => {
    version = table.find(db, op.uid)?.version ?? 0;
  });
  return version;
}
