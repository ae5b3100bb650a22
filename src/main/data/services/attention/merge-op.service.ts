import type { MergedValues } from '#shared/contract/attention.contract.ts';
import { type CitizenFields, citizenFieldsSchema } from '#shared/domain/citizen.ts';
import { citizenChangesSchema, diffCitizen } from '#shared/domain/citizen-changes.ts';
import type { TicketFields } from '#shared/domain/ticket.ts';
import {
  AMENDABLE_FIELDS,
  type AmendableField,
  type TicketAmendment,
  ticketAmendmentSchema,
} from '#shared/domain/ticket-amendment.ts';
import { type EventId, newId, type OpId } from '#shared/kernel/ids.ts';
import { sameValue } from '#shared/kernel/same-value.ts';
import { applyOpToCitizen } from '#shared/sync/apply-op.ts';
import type { Op, OpOf } from '#shared/sync/wire.ts';
import { DataError } from '../../errors.ts';
import { findCitizen } from '../../repositories/citizen.repository.ts';
import { findTicket } from '../../repositories/ticket.repository.ts';
import { queueOp } from '../queue-op.ts';
import { getRefused } from '../refused-entries.ts';
import { showRow } from '../show-row.ts';
import { actorOf, type WorkContext } from '../work-context.ts';
import { rebaseChanges } from './rebase-op.ts';
import { settleOp } from './settle-op.ts';

/**
 * Sends a refused operation once more with the values somebody chose between theirs and their own, as a new operation on the row as it is
 * now. Where nothing of it is left to be sent, the refused one is closed.
 * @returns how many operations were queued
 * @throws DataError NOT_FOUND when it is not there or was not refused, BAD_INPUT for values it cannot have
 */
export function mergeOp(ctx: WorkContext, opId: OpId, values: MergedValues): number {
  const { db } = ctx;
  const queued = ctx.write(() =>
    db.transaction(() => {
      const entry = getRefused(db, opId);
      const { op } = entry;
      const args = mergedArgs(ctx, op, values);
      settleOp(ctx, entry, args ? 'merged' : 'theirs');
      // First without the refused operation, so that the new one stands on what is there.
      showRow(db, op.kind, op.uid, actorOf(ctx));
      if (!args) return [];
      const meta = { at: ctx.clock.now(), baseVersion: versionOf(ctx, op), label: entry.label };
      const { kind, uid } = op;
      const merged = queueOp(db, { kind, uid, args } as Parameters<typeof queueOp>[1], meta);
      showRow(db, op.kind, op.uid, actorOf(ctx));
      return [merged];
    }),
  );
  ctx.queued(queued);
  ctx.dropped([opId]);
  ctx.announce(['tickets', 'citizens', 'outbox', 'sync']);
  return queued.length;
}

function versionOf({ db }: WorkContext, op: Op): number {
  return (findTicket(db, op.uid)?.ticket ?? findCitizen(db, op.uid))?.version ?? 0;
}

/** What is to be sent; null when the chosen values are what the row holds anyway. */
function mergedArgs(ctx: WorkContext, op: Op, values: MergedValues): Op['args'] | null {
  switch (op.kind) {
    case 'ticket.amend':
      return mergeAmendment(ctx, op, values);
    case 'citizen.change':
      return mergeCitizen(ctx, op, values);
    case 'ticket.note': {
      const text = values[`note.${op.args.kind}`] ?? op.args.text;
      if (typeof text !== 'string' || text.trim() === '') throw new DataError('BAD_INPUT', 'a note has words');
      return { ...op.args, eventId: newId<EventId>(ctx.clock.now()), text };
    }
    default:
      throw new DataError('BAD_INPUT', 'not to be merged field by field');
  }
}

function mergeAmendment(ctx: WorkContext, op: OpOf<'ticket.amend'>, values: MergedValues): Op['args'] | null {
  const fields = findTicket(ctx.db, op.uid)?.ticket.fields;
  if (!fields) throw new DataError('NOT_FOUND', 'no such ticket');
  const changes = ticketAmendmentSchema.safeParse(
    chosenChanges(rebaseChanges(op.args.changes, fields), values, fields),
  );
  // Everything as the server holds it: an amendment names at least one field.
  if (!changes.success) {
    if (changes.error.issues.every(({ message }) => message === 'changes nothing')) return null;
    throw new DataError('BAD_INPUT', 'a value its field cannot have');
  }
  return { ...op.args, eventId: newId<EventId>(ctx.clock.now()), changes: changes.data };
}

function chosenChanges(changes: TicketAmendment, values: MergedValues, now: TicketFields): Record<string, unknown> {
  const plain = AMENDABLE_FIELDS.flatMap((field: AmendableField) => {
    const change = changes[field];
    if (!change) return [];
    const to = Object.hasOwn(values, field) ? values[field] : change.to;
    return sameValue(to, now[field]) ? [] : [[field, { from: now[field], to }] as const];
  });
  const { tags, answers } = changes;
  const kept = Object.entries(answers?.to ?? {}).flatMap(([id, written]) => {
    const to = Object.hasOwn(values, `answers.${id}`) ? values[`answers.${id}`] : written;
    return sameValue(to, answers?.from[id]) ? [] : [[id, to] as const];
  });
  const { tags: chosenTags } = values;
  const isWithoutTags = chosenTags !== undefined && sameValue(chosenTags, now.tags);
  return {
    ...Object.fromEntries(plain),
    ...(tags && !isWithoutTags ? { tags } : {}),
    ...(kept.length > 0
      ? {
          answers: {
            from: Object.fromEntries(kept.map(([id]) => [id, answers?.from[id] ?? null])),
            to: Object.fromEntries(kept),
          },
        }
      : {}),
  };
}

function mergeCitizen(ctx: WorkContext, op: OpOf<'citizen.change'>, values: MergedValues): Op['args'] | null {
  const current = findCitizen(ctx.db, op.uid);
  if (!current) throw new DataError('NOT_FOUND', 'no such record');
  const wanted = applyOpToCitizen(current, op)?.fields;
  const fields = citizenFieldsSchema.safeParse(withChosen(wanted ?? current.fields, current.fields, values));
  if (!fields.success) throw new DataError('BAD_INPUT', 'a value its field cannot have');
  const changes = citizenChangesSchema.parse(diffCitizen(citizenFieldsSchema.parse(current.fields), fields.data));
  return Object.keys(changes).length === 0 ? null : { ...op.args, changes };
}

/** The record as wanted, but for the fields of which another value was chosen; of lists theirs as a whole, or what was wanted. */
function withChosen(wanted: CitizenFields, theirs: CitizenFields, values: MergedValues): Record<string, unknown> {
  const { hearing = wanted.needs.hearing, language = wanted.needs.language, ...rest } = values;
  const { phonesAdded, phonesRemoved } = rest;
  const isTheirPhones = sameValue(phonesAdded ?? phonesRemoved, theirs.phones);
  const plain = ['name', 'gender', 'kind', 'remark', 'ageBand', 'confidential'].flatMap((field) =>
    Object.hasOwn(rest, field) ? [[field, rest[field]] as const] : [],
  );
  return {
    ...wanted,
    ...Object.fromEntries(plain),
    needs: { hearing, language },
    ...(isTheirPhones ? { phones: theirs.phones, formerPhones: theirs.formerPhones } : {}),
    ...(Object.hasOwn(rest, 'flagsAdded') ? { flags: theirs.flags } : {}),
  };
}
