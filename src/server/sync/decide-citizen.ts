import { type CitizenFields, citizenFieldsSchema } from '#shared/domain/citizen.ts';
import { citizenScope } from '#shared/sync/protocol.ts';
import type { OpOf } from '#shared/sync/wire.ts';
import { mayWriteCitizens } from '../auth/actor.ts';
import type { CitizenWrite } from './batch.ts';
import type { Deciding, Verdict } from './deciding.ts';

/** Writes a citizen's record: the last one by server order stands, former values are kept in the history. */
export function decideCitizenUpsert(op: OpOf<'citizen.upsert'>, deciding: Deciding): Verdict {
  const { actor, now } = deciding;
  const { centre, fields } = op.args;
  if (!mayWriteCitizens(actor, centre)) return { code: 'rejected', reason: 'FORBIDDEN' };
  const scope = citizenScope(centre);
  const row = { table: 'citizens', uid: op.uid } as const;
  const stored = deciding.state.citizens.get(op.uid);
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
    return { code: 'applied', version: 1, row };
  }
  if (current.scope !== scope) return { code: 'rejected', reason: 'UID_TAKEN' };
  if (isSame(current.fields, fields)) {
    return { code: 'duplicate', version: current.version, seq: stored?.seq ?? null, row };
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
