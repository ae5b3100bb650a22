import { type Citizen, EMPTY_CITIZEN_FIELDS } from '#shared/domain/citizen.ts';
import type { IntakeContent } from '#shared/domain/intake.ts';
import { normalizePhone, storePhone } from '#shared/domain/phone.ts';
import type { Line } from '#shared/domain/roles.ts';
import { type CitizenId, newId } from '#shared/kernel/ids.ts';
import { applyOpToCitizen } from '#shared/sync/apply-op.ts';
import type { Op } from '#shared/sync/wire.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { findCitizensByPhone, findHead, saveCitizen } from '../repositories/citizen.repository.ts';
import { personOf } from './person.service.ts';
import { queueOp } from './queue-op.ts';
import type { WorkContext } from './work-context.ts';

/** The person a new ticket belongs to. */
export interface ResolvedCaller {
  readonly uid: CitizenId | null;
  /** They, or somebody else under the number, asked for confidentiality before. */
  readonly confidential: boolean;
  /** The operation that makes their record, when there was none. */
  readonly op: Op | null;
}

/** Everybody known under a number, each with all their records, the one changed last first. */
export function peopleOf(db: ReadableDb, phone: string): readonly Citizen[] {
  const known = findCitizensByPhone(db, normalizePhone(phone));
  return known.flatMap((record) => {
    const { head, merged } = personOf(db, record);
    return [head, ...merged];
  });
}

/** Whether somebody known under a number asked for confidentiality: which of them is calling, nobody can see. */
export function isSecretNumber(db: ReadableDb, phone: string): boolean {
  return peopleOf(db, phone).some(({ fields }) => fields.confidential);
}

/**
 * The citizen a new ticket belongs to. Same number and name (or no name given and only one person known): that person.
 * A new name under the number makes a new record; an anonymous caller, one without a number and whoever called 12350 gets none: records
 * are read by the whole centre, and nobody but that line may learn who reports. Runs inside the transaction of the ticket.
 */
export function resolveCaller(ctx: WorkContext, content: IntakeContent, line: Line, now: number): ResolvedCaller {
  const { caller } = content;
  const phone = normalizePhone(caller.phone);
  const name = caller.name.trim();
  if (caller.anonymous || phone === '') return { uid: null, confidential: false, op: null };
  const confidential = isSecretNumber(ctx.db, phone);
  if (line === '12350') return { uid: null, confidential, op: null };
  const known = findCitizensByPhone(ctx.db, phone);
  const people = new Map(known.map((record) => findHead(ctx.db, record)).map((head) => [head.uid, head]));
  const [only] = people.values();
  const named = known.find((record) => record.fields.name === name);
  const same = named ? findHead(ctx.db, named) : name === '' && people.size === 1 ? only : undefined;
  if (same) return { uid: same.uid, confidential, op: null };
  if (name === '') return { uid: null, confidential, op: null };
  const uid = newId<CitizenId>(now);
  const fields: Citizen['fields'] = {
    ...EMPTY_CITIZEN_FIELDS,
    name,
    gender: caller.gender,
    kind: caller.kind,
    phones: [storePhone(caller.phone)],
    // Perhaps the secret person under a name that was heard differently.
    confidential: caller.confidential || confidential,
    remark: '',
  };
  const op = queueOp(
    ctx.db,
    { kind: 'citizen.upsert', uid, args: { centre: ctx.user.centre, fields } },
    { at: now, baseVersion: 0, label: name },
  );
  const made = applyOpToCitizen(null, op);
  if (!made) throw new Error('an upsert makes a citizen');
  saveCitizen(ctx.db, made);
  return { uid, confidential: fields.confidential, op };
}
