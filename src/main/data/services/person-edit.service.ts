import type { PersonChanges, SavePerson } from '#shared/contract/citizen.contract.ts';
import { type CitizenFields, EMPTY_CITIZEN_FIELDS } from '#shared/domain/citizen.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import { type CitizenId, type EventId, newId, type OpId } from '#shared/kernel/ids.ts';
import { applyOpToCitizen } from '#shared/sync/apply-op.ts';
import type { OpOf } from '#shared/sync/wire.ts';
import { DataError } from '../errors.ts';
import { findCitizen, findHead, saveCitizen } from '../repositories/citizen.repository.ts';
import { listOutboxOf } from '../repositories/outbox.repository.ts';
import { queueOp } from './queue-op.ts';
import type { WorkContext } from './work-context.ts';

/** Fewer digits are no number somebody can be called at. */
const LEAST_DIGITS = 3;
const MOST_PHONES = 10;
const MOST_FLAGS = 20;

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
 * Writes changes to a person's record, or makes a new one; record and operation commit together.
 * @throws DataError NOT_FOUND, RECORD_CHANGED (by somebody else since it was shown), BAD_INPUT (no name and no number left, a number that is none)
 */
export function savePerson(ctx: WorkContext, { uid, seenAt, changes }: SavePerson): { readonly uid: CitizenId } {
  const now = ctx.clock.now();
  const { op, person } = ctx.write(() =>
    ctx.db.transaction(() => {
      const current = uid === null ? null : findCitizen(ctx.db, uid);
      if (uid !== null && !current) throw new DataError('NOT_FOUND', 'no such citizen');
      if (current && current.updatedAt !== seenAt) throw new DataError('RECORD_CHANGED', 'record is newer than shown');
      const fields = applyChanges(ctx, current?.fields ?? NOBODY, changes, now);
      const queued = queueOp(
        ctx.db,
        {
          kind: 'citizen.upsert',
          uid: current?.uid ?? newId<CitizenId>(now),
          args: { centre: current?.centre ?? ctx.user.centre, fields },
        },
        { at: now, baseVersion: current?.version ?? 0, label: fields.name || (fields.phones[0] ?? '') },
      );
      const saved = applyOpToCitizen(current, queued);
      if (!saved) throw new Error('an upsert makes a citizen');
      saveCitizen(ctx.db, saved);
      return { op: queued, person: saved };
    }),
  );
  finish(ctx, op);
  return { uid: person.uid };
}

function applyChanges(ctx: WorkContext, fields: CitizenFields, changes: PersonChanges, now: number): CitizenFields {
  const { phones, flags, ...simple } = changes;
  const given = Object.fromEntries(Object.entries(simple).filter(([, value]) => value !== undefined));
  const next: CitizenFields = { ...fields, ...given };
  if (phones) {
    const added = phones.added.map((written) => {
      const phone = normalizePhone(written);
      if (phone.length < LEAST_DIGITS) throw new DataError('BAD_INPUT', 'not a phone number');
      return phone;
    });
    next.phones = [...new Set([...phones.kept.flatMap((place) => fields.phones[place] ?? []), ...added])];
  }
  if (flags) {
    const removed = new Set<string>(flags.removed);
    const added = flags.added.map((flag) => ({ ...flag, id: newId<EventId>(now), at: now, byName: ctx.user.name }));
    next.flags = [...fields.flags.filter((flag) => !removed.has(flag.id)), ...added];
  }
  if (next.name.trim() === '' && next.phones.length === 0) throw new DataError('BAD_INPUT', 'neither name nor number');
  if (next.phones.length > MOST_PHONES || next.flags.length > MOST_FLAGS) throw new DataError('BAD_INPUT', 'too many');
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
      return change(
        ctx,
        { kind: 'citizen.merge', uid: merged.uid, args: { centre: merged.centre, into: kept.uid } },
        now,
        [merged.uid, kept.uid],
      );
    }),
  );
  finish(ctx, op);
}

/** Takes a merge back; nothing to do for a record that stands for itself. @throws DataError NOT_FOUND */
export function splitPerson(ctx: WorkContext, uid: string): void {
  const now = ctx.clock.now();
  const op = ctx.write(() =>
    ctx.db.transaction(() => {
      const record = findCitizen(ctx.db, uid);
      if (!record) throw new DataError('NOT_FOUND', 'no such citizen');
      if (record.mergedInto === null) return null;
      return change(ctx, { kind: 'citizen.split', uid: record.uid, args: { centre: record.centre } }, now, [
        record.uid,
      ]);
    }),
  );
  if (op) finish(ctx, op);
}

type MergeOp = OpOf<'citizen.merge' | 'citizen.split'>;

/** Queues a change of where a record points to, and shows it. */
function change(
  ctx: WorkContext,
  body: Pick<OpOf<'citizen.merge'>, 'kind' | 'uid' | 'args'> | Pick<OpOf<'citizen.split'>, 'kind' | 'uid' | 'args'>,
  now: number,
  uids: readonly string[],
): MergeOp {
  const record = findCitizen(ctx.db, body.uid);
  if (!record) throw new DataError('NOT_FOUND', 'no such citizen');
  const creation = lastCreation(ctx, uids);
  const meta = {
    at: now,
    baseVersion: record.version,
    label: record.fields.name,
    ...(creation ? { dependsOn: creation } : {}),
  };
  const op: MergeOp = body.kind === 'citizen.merge' ? queueOp(ctx.db, body, meta) : queueOp(ctx.db, body, meta);
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

function finish(ctx: WorkContext, op: OpOf<'citizen.upsert'> | MergeOp): void {
  ctx.queued([op]);
  ctx.announce(['citizens', 'outbox', 'sync']);
}
