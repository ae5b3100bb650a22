import type { PersonChanges, SavePerson } from '#shared/contract/citizen.contract.ts';
import { type Citizen, type CitizenFields, EMPTY_CITIZEN_FIELDS } from '#shared/domain/citizen.ts';
import { diffCitizen, isOverfull } from '#shared/domain/citizen-changes.ts';
import { normalizePhone, parsePhones, storePhone } from '#shared/domain/phone.ts';
import { isMaskedFor } from '#shared/domain/roles.ts';
import { type CitizenId, type EventId, newId, type OpId } from '#shared/kernel/ids.ts';
import { applyOpToCitizen, type CitizenOp } from '#shared/sync/apply-op.ts';
import type { OpOf } from '#shared/sync/wire.ts';
import { DataError } from '../errors.ts';
import { findCitizen, findHead, saveCitizen } from '../repositories/citizen.repository.ts';
import { listOutboxOf } from '../repositories/outbox.repository.ts';
import { insertReveal } from '../repositories/reveal.repository.ts';
import { personOf } from './person.service.ts';
import { queueOp } from './queue-op.ts';
import type { WorkContext } from './work-context.ts';

/** Fewer digits are no number somebody can be called at. */
const LEAST_DIGITS = 3;

const NOBODY: CitizenFields = {
  ...EMPTY_CITIZEN_FIELDS,
  name: '',
  gender: 'unknown',
  kind: 'person',
  phones: [],
  confidential: false,
  remark: '',
};

/**
 * Writes changes to a person's record, or makes a new one; record and operations commit together. Of a record that exists the operation
 * holds what was changed and nothing else: what others change meanwhile stays.
 * @throws DataError NOT_FOUND, RECORD_CHANGED (by somebody else since it was shown), FORBIDDEN (保密 is not this role's to lift), BAD_INPUT
 * (no name and no number left, a number that is none)
 */
export function savePerson(ctx: WorkContext, input: SavePerson): { readonly uid: CitizenId } {
  const now = ctx.clock.now();
  const { ops, uid } = ctx.write(() =>
    ctx.db.transaction(() => {
      if (input.uid === null) return makePerson(ctx, input.changes, now);
      const current = findCitizen(ctx.db, input.uid);
      if (!current) throw new DataError('NOT_FOUND', 'no such citizen');
      if (current.updatedAt !== input.seenAt) throw new DataError('RECORD_CHANGED', 'record is newer than shown');
      const ops: CitizenOp[] = [];
      if (input.lift) ops.push(...liftConfidential(ctx, current, input.lift.reason, now));
      const next = applyChanges(ctx, current.fields, input.changes, now);
      const changes = diffCitizen(current.fields, next);
      if (Object.keys(changes).length > 0) {
        ops.push(
          changeRecord(ctx, current.uid, { kind: 'citizen.change', args: { centre: current.centre, changes } }, now),
        );
      }
      return { ops, uid: current.uid };
    }),
  );
  finish(ctx, ops);
  return { uid };
}

function makePerson(ctx: WorkContext, changes: PersonChanges, now: number) {
  const uid = newId<CitizenId>(now);
  const fields = applyChanges(ctx, NOBODY, changes, now);
  const op = queueOp(
    ctx.db,
    { kind: 'citizen.upsert', uid, args: { centre: ctx.user.centre, fields } },
    { at: now, baseVersion: 0, label: labelOf(fields) },
  );
  const made = applyOpToCitizen(null, op);
  if (!made) throw new Error('an upsert makes a citizen');
  saveCitizen(ctx.db, made);
  return { ops: [op], uid };
}

/** 解除保密 of a person: every record that makes them secret is opened, each with its line in the log of looks. */
function liftConfidential(ctx: WorkContext, record: Citizen, reason: string, now: number): readonly CitizenOp[] {
  const { db, user } = ctx;
  if (isMaskedFor(user.role, true)) throw new DataError('FORBIDDEN', 'role may not lift confidentiality');
  const { head, merged } = personOf(db, record);
  return [head, ...merged]
    .filter(({ fields }) => fields.confidential)
    .map(({ uid, centre }) => {
      const eventId = newId<EventId>(now);
      insertReveal(db, {
        id: eventId,
        subject: 'citizen',
        uid,
        field: 'confidential',
        reason,
        userId: user.id,
        at: now,
      });
      return changeRecord(ctx, uid, { kind: 'citizen.lift', args: { centre, eventId, reason } }, now);
    });
}

function labelOf({ name, phones }: CitizenFields): string {
  return name || (phones[0] ?? '');
}

function applyChanges(ctx: WorkContext, fields: CitizenFields, changes: PersonChanges, now: number): CitizenFields {
  const { phones, flags, ...simple } = changes;
  const given = Object.fromEntries(Object.entries(simple).filter(([, value]) => value !== undefined));
  const next: CitizenFields = { ...fields, ...given };
  if (phones) {
    const added = phones.added.map((written) => {
      const isOne = parsePhones(written).length === 1 && normalizePhone(written).length >= LEAST_DIGITS;
      if (!isOne) throw new DataError('BAD_INPUT', 'not a phone number');
      return storePhone(written);
    });
    next.phones = [...new Set([...phones.kept.flatMap((place) => fields.phones[place] ?? []), ...added])];
  }
  if (flags) {
    const removed = new Set<string>(flags.removed);
    const added = flags.added.map((flag) => ({ ...flag, id: newId<EventId>(now), at: now, byName: ctx.user.name }));
    next.flags = [...fields.flags.filter((flag) => !removed.has(flag.id)), ...added];
  }
  if (next.name.trim() === '' && next.phones.length === 0) throw new DataError('BAD_INPUT', 'neither name nor number');
  if (isOverfull(next)) throw new DataError('BAD_INPUT', 'too many');
  return next;
}

/**
 * Says that two records are one person. The ones at the end of earlier merges are meant, because they stand for the others.
 * @throws DataError NOT_FOUND, SAME_PERSON
 */
export function mergePersons(ctx: WorkContext, uid: string, into: string): void {
  const now = ctx.clock.now();
  const op = ctx.write(() =>
    ctx.db.transaction(() => {
      const [record, target] = [findCitizen(ctx.db, uid), findCitizen(ctx.db, into)];
      if (!record || !target) throw new DataError('NOT_FOUND', 'no such citizen');
      const [merged, kept] = [findHead(ctx.db, record), findHead(ctx.db, target)];
      if (merged.uid === kept.uid) throw new DataError('SAME_PERSON', 'one person already');
      const body = { kind: 'citizen.merge', args: { centre: merged.centre, into: kept.uid } } as const;
      return changeRecord(ctx, merged.uid, body, now, [merged.uid, kept.uid]);
    }),
  );
  finish(ctx, [op]);
}

/** Takes a merge back; nothing to do for a record that stands for itself. @throws DataError NOT_FOUND */
export function splitPerson(ctx: WorkContext, uid: string): void {
  const now = ctx.clock.now();
  const op = ctx.write(() =>
    ctx.db.transaction(() => {
      const record = findCitizen(ctx.db, uid);
      if (!record) throw new DataError('NOT_FOUND', 'no such citizen');
      if (record.mergedInto === null) return null;
      return changeRecord(ctx, record.uid, { kind: 'citizen.split', args: { centre: record.centre } }, now);
    }),
  );
  if (op) finish(ctx, [op]);
}

type ChangingKind = Exclude<CitizenOp['kind'], 'citizen.upsert'>;
type ChangeBody = { [K in ChangingKind]: Pick<OpOf<K>, 'kind' | 'args'> }[ChangingKind];

/**
 * Queues a change of a record that exists, and shows it.
 * @param uids records without which there is nothing to change: those that are not confirmed go first
 */
function changeRecord(
  ctx: WorkContext,
  uid: CitizenId,
  body: ChangeBody,
  now: number,
  uids: readonly string[] = [uid],
): CitizenOp {
  const record = findCitizen(ctx.db, uid);
  if (!record) throw new DataError('NOT_FOUND', 'no such citizen');
  const creation = lastCreation(ctx, uids);
  const op = queueOp<ChangeBody & { readonly uid: CitizenId }>(
    ctx.db,
    { ...body, uid },
    {
      at: now,
      baseVersion: record.version,
      label: labelOf(record.fields),
      ...(creation ? { dependsOn: creation } : {}),
    },
  );
  const next = applyOpToCitizen(record, op);
  if (next) saveCitizen(ctx.db, next);
  return op;
}

/** The last operation that makes one of the records and is not confirmed: without it there is nothing to merge. */
function lastCreation(ctx: WorkContext, uids: readonly string[]): OpId | null {
  const creations = uids
    .flatMap((uid) => listOutboxOf(ctx.db, uid))
    .filter(({ op }) => op.kind === 'citizen.upsert' && op.baseVersion === 0)
    .sort((a, b) => a.op.s - b.op.s);
  return creations.at(-1)?.op.opId ?? null;
}

function finish(ctx: WorkContext, ops: readonly CitizenOp[]): void {
  if (ops.length === 0) return;
  ctx.queued([...ops]);
  ctx.announce(['citizens', 'outbox', 'sync']);
}
