import { type CitizenFields, citizenFieldsSchema } from '#shared/domain/citizen.ts';
import { type CitizenChanges, changeCitizen, diffCitizen, isOverfull } from '#shared/domain/citizen-changes.ts';
import { isMaskedFor } from '#shared/domain/roles.ts';
import { citizenScope } from '#shared/sync/protocol.ts';
import type { OpOf } from '#shared/sync/wire.ts';
import { mayWriteCitizens } from '../auth/actor.ts';
import type { CitizenWrite } from './batch.ts';
import type { Deciding, Verdict } from './deciding.ts';

/**
 * Makes a citizen's record. Of one that exists (consoles of schema 2 and before send whole records) only what that console changed is
 * taken: what others have changed since the version it knew stays.
 */
export function decideCitizenUpsert(op: OpOf<'citizen.upsert'>, deciding: Deciding): Verdict {
  const { actor, now } = deciding;
  const { centre, fields } = op.args;
  if (!mayWriteCitizens(actor, centre)) return { code: 'rejected', reason: 'FORBIDDEN' };
  const scope = citizenScope(centre);
  const current = findCitizen(op.uid, centre, deciding);
  if (!current) {
    deciding.citizens.set(op.uid, {
      uid: op.uid,
      scope,
      centre,
      fromVersion: 0,
      version: 1,
      createdAt: now,
      fields,
      mergedInto: null,
      replaced: [],
    });
    deciding.citizensSeen.set(op.uid, { version: op.baseVersion, fields });
    return { code: 'applied', version: 1, row: { table: 'citizens', uid: op.uid } };
  }
  if (current.scope !== scope) return { code: 'rejected', reason: 'UID_TAKEN' };
  const known = citizenFieldsSchema.parse(current.fields);
  const seen = findSeen(op, current, deciding);
  const changes = seen ? diffCitizen(seen, fields) : withoutRemovals(diffCitizen(known, fields));
  const verdict = writeFields(op, current, changeCitizen(known, changes, op.at), deciding);
  if (!('reason' in verdict)) deciding.citizensSeen.set(op.uid, { version: op.baseVersion, fields });
  return verdict;
}

/**
 * The record as the console that sent a whole one knew it: of the version it names or, when that is not kept, of the next later one that is.
 * Null when it names none, or one that the server never gave out.
 */
function findSeen(
  op: OpOf<'citizen.upsert'>,
  current: CitizenWrite,
  { citizensSeen, state }: Deciding,
): CitizenFields | null {
  // What the same console wrote just before is what it showed, whatever the server made of it.
  const written = citizensSeen.get(op.uid);
  if (written?.version === op.baseVersion) return written.fields;
  if (op.baseVersion === 0 || op.baseVersion > current.version) return null;
  const replaced = [...(state.citizenHistory.get(op.uid) ?? []), ...current.replaced];
  // Merging raises the version and replaces no fields: those of a version are kept under it or the next one that was replaced.
  const kept = replaced.find(({ version }) => version >= op.baseVersion);
  return citizenFieldsSchema.parse(kept?.fields ?? current.fields);
}

/** Of a record whose former state nobody knows any more, what it lacks says nothing. */
function withoutRemovals({ phones, flags, ...changes }: CitizenChanges): CitizenChanges {
  return {
    ...changes,
    ...(phones ? { phones: { removed: [], added: phones.added } } : {}),
    ...(flags ? { flags: { ...flags, removed: [] } } : {}),
  };
}

/** Writes what somebody changed in a record; everything else stays as it is by now. */
export function decideCitizenChange(op: OpOf<'citizen.change'>, deciding: Deciding): Verdict {
  const current = findWritable(op, deciding);
  if ('reason' in current) return current;
  const changed = changeCitizen(citizenFieldsSchema.parse(current.fields), op.args.changes, op.at);
  return writeFields(op, current, changed, deciding);
}

/** 解除保密: by somebody who sees secret callers anyway, never without a line in the log of looks. */
export function decideCitizenLift(op: OpOf<'citizen.lift'>, deciding: Deciding): Verdict {
  const current = findWritable(op, deciding);
  if ('reason' in current) return current;
  if (isMaskedFor(deciding.actor.role, true)) return { code: 'rejected', reason: 'FORBIDDEN' };
  const { eventId: id, reason } = op.args;
  const verdict = writeFields(op, current, { ...current.fields, confidential: false }, deciding);
  if (verdict.code === 'applied' || verdict.code === 'merged') {
    deciding.reveals.push({ id, subject: 'citizen', subjectUid: op.uid, field: 'confidential', reason, at: op.at });
  }
  return verdict;
}

function findWritable(
  op: OpOf<'citizen.change' | 'citizen.lift'>,
  deciding: Deciding,
): CitizenWrite | { readonly code: 'rejected'; readonly reason: 'FORBIDDEN' | 'NOT_FOUND' } {
  const { centre } = op.args;
  if (!mayWriteCitizens(deciding.actor, centre)) return { code: 'rejected', reason: 'FORBIDDEN' };
  const current = findCitizen(op.uid, centre, deciding);
  return current?.scope === citizenScope(centre) ? current : { code: 'rejected', reason: 'NOT_FOUND' };
}

function writeFields(
  op: OpOf<'citizen.upsert' | 'citizen.change' | 'citizen.lift'>,
  current: CitizenWrite,
  fields: CitizenFields,
  deciding: Deciding,
): Verdict {
  const row = { table: 'citizens', uid: op.uid } as const;
  if (isOverfull(fields)) return { code: 'rejected', reason: 'RECORD_FULL' };
  if (isSame(current.fields, fields)) {
    const seq = deciding.state.citizens.get(op.uid)?.seq ?? null;
    return { code: 'duplicate', version: current.version, seq, row };
  }
  const version = current.version + 1;
  const replaced = [...current.replaced, { version: current.version, fields: current.fields }];
  deciding.citizens.set(op.uid, { ...current, version, fields, replaced });
  return { code: op.baseVersion === current.version ? 'applied' : 'merged', version, row };
}

/**
 * Says that two records are one person, or takes that back. Only the reference moves: both records and everything that hangs on
 * them stay, so nothing has to be sorted apart again.
 */
export function decideCitizenMerge(op: OpOf<'citizen.merge' | 'citizen.split'>, deciding: Deciding): Verdict {
  const { centre } = op.args;
  if (!mayWriteCitizens(deciding.actor, centre)) return { code: 'rejected', reason: 'FORBIDDEN' };
  const current = findCitizen(op.uid, centre, deciding);
  if (current?.scope !== citizenScope(centre)) return { code: 'rejected', reason: 'NOT_FOUND' };
  const row = { table: 'citizens', uid: op.uid } as const;
  let mergedInto: CitizenWrite['mergedInto'] = null;
  if (op.kind === 'citizen.merge') {
    const target = findCitizen(op.args.into, centre, deciding);
    if (target?.scope !== current.scope) return { code: 'rejected', reason: 'NOT_FOUND' };
    // References are one step long: a record that points elsewhere cannot stand for others, nor can a person be merged into itself.
    if (op.args.into === op.uid || target.mergedInto !== null) return { code: 'rejected', reason: 'MERGE_CIRCLE' };
    mergedInto = op.args.into;
  }
  if (current.mergedInto === mergedInto) {
    const seq = deciding.state.citizens.get(op.uid)?.seq ?? null;
    return { code: 'duplicate', version: current.version, seq, row };
  }
  const version = current.version + 1;
  deciding.citizens.set(op.uid, { ...current, version, mergedInto });
  return { code: 'applied', version, row };
}

function findCitizen(uid: CitizenWrite['uid'], centre: string, deciding: Deciding): CitizenWrite | null {
  const working = deciding.citizens.get(uid);
  if (working) return working;
  const stored = deciding.state.citizens.get(uid);
  if (!stored) return null;
  const { scope, version, createdAt, fields, mergedInto } = stored;
  return { uid, scope, centre, fromVersion: version, version, createdAt, fields, mergedInto, replaced: [] };
}

/** The same words in every field; a record of an older build lacks fields, which counts as empty. */
function isSame(a: CitizenFields, b: CitizenFields): boolean {
  return JSON.stringify(citizenFieldsSchema.parse(a)) === JSON.stringify(citizenFieldsSchema.parse(b));
}
