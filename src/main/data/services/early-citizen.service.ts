import type { Citizen } from '#shared/domain/citizen.ts';
import type { OpActor } from '#shared/sync/apply-op.ts';
import type { WritableDb } from '../db/sqlite.ts';
import { forgetEarlyCitizen, listEarlyCitizens, noteEarlyCitizen } from '../repositories/early-citizen.repository.ts';
import { listOutboxOf } from '../repositories/outbox.repository.ts';
import { markAsLeft } from '../repositories/scope-rows.repository.ts';
import { forgetPerson } from './forget-person.ts';
import { CITIZENS } from './synced-table.ts';

/**
 * Writes the record of a caller that came ahead of the pull; one that the pull has brought is its to renew. It belongs to no scope, so it counts in
 * no digest, until the pull takes it over.
 * @returns true when it is new here, or newer
 */
export function saveEarlyCitizen(db: WritableDb, citizen: Citizen, actor: OpActor): boolean {
  const state = CITIZENS.findState(db, citizen.uid);
  if (state && (state.scope_id !== null || state.version >= citizen.version)) return false;
  const pending = listOutboxOf(db, citizen.uid);
  const shown = pending.length > 0 ? (CITIZENS.replay(citizen, pending, actor) ?? citizen) : citizen;
  const id = CITIZENS.save(db, shown, state ?? null);
  if (pending.length > 0) CITIZENS.saveBase(db, id, citizen);
  // What this console had made itself is kept like any other work of its own.
  if (!state) noteEarlyCitizen(db, citizen.uid);
  return true;
}

/**
 * The pull of the citizens is through, or there is none to come: records that came ahead of it and not with it are gone at the server and go here,
 * with what else this seat kept of the person. One with own unconfirmed work stays until that is answered.
 * @param most records looked at
 * @returns how many were looked at
 */
export function dropEarlyCitizens(db: WritableDb, most: number): number {
  const uids = listEarlyCitizens(db, most);
  for (const uid of uids) {
    forgetEarlyCitizen(db, uid);
    const state = CITIZENS.findState(db, uid);
    if (!state || state.scope_id !== null) continue;
    forgetPerson(db, uid);
    if (listOutboxOf(db, uid).length === 0) {
      CITIZENS.remove(db, state.id);
      continue;
    }
    CITIZENS.clearBase(db, state.id);
    CITIZENS.deleteBase(db, state.id);
    markAsLeft(db, 'citizens', state.id);
  }
  return uids.length;
}
