import type { CitizenFields } from '#shared/domain/citizen.ts';
import { citizenScope } from '#shared/sync/protocol.ts';
import type { Op } from '#shared/sync/wire.ts';
import { mayWriteCitizens } from '../auth/actor.ts';
import type { CitizenWrite } from './batch.ts';
import type { Deciding, Verdict } from './deciding.ts';

type UpsertOp = Extract<Op, { kind: 'citizen.upsert' }>;

/** Writes a citizen's record: the last one by server order stands, former values are kept in the history. */
export function decideCitizenUpsert(op: UpsertOp, deciding: Deciding): Verdict {
  const { actor, now } = deciding;
  const { centre, fields } = op.args;
  if (!mayWriteCitizens(actor, centre)) return { code: 'rejected', reason: 'FORBIDDEN' };
  const scope = citizenScope(centre);
  const row = { table: 'citizens', uid: op.uid } as const;
  const stored = deciding.state.citizens.get(op.uid);
  const current: CitizenWrite | null =
    deciding.citizens.get(op.uid) ??
    (stored
      ? {
          uid: op.uid,
          scope: stored.scope,
          centre,
          fromVersion: stored.version,
          version: stored.version,
          createdAt: stored.createdAt,
          fields: stored.fields,
          replaced: [],
        }
      : null);
  if (!current) {
    deciding.citizens.set(op.uid, {
      uid: op.uid,
      scope,
      centre,
      fromVersion: 0,
      version: 1,
      createdAt: now,
      fields,
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

function isSame(a: CitizenFields, b: CitizenFields): boolean {
  return (
    a.name === b.name &&
    a.gender === b.gender &&
    a.kind === b.kind &&
    a.confidential === b.confidential &&
    a.remark === b.remark &&
    a.phones.length === b.phones.length &&
    a.phones.every((phone, index) => phone === b.phones[index])
  );
}
