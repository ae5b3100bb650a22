import { type Citizen, type CitizenFields, EMPTY_CITIZEN_FIELDS } from '#shared/domain/citizen.ts';
import { normalizePhone } from '#shared/domain/phone.ts';
import type { CitizenId } from '#shared/kernel/ids.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';
import { enqueueCitizen } from './search-queue.repository.ts';

interface CitizenRow {
  readonly uid: string;
  readonly centre: string;
  readonly created_at: number;
  readonly updated_at: number;
  readonly version: number;
  readonly merged_into: string | null;
  readonly doc: string;
}

const COLUMNS = 'uid, centre, created_at, updated_at, version, merged_into, doc';

function toCitizen(row: CitizenRow): Citizen {
  return {
    uid: row.uid as CitizenId,
    centre: row.centre,
    fields: { ...EMPTY_CITIZEN_FIELDS, ...(JSON.parse(row.doc) as CitizenFields) },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: row.version,
    mergedInto: row.merged_into as CitizenId | null,
  };
}

/** A citizen by uid. */
export function findCitizen(db: ReadableDb, uid: string): Citizen | null {
  const row = db.get<CitizenRow>(`SELECT ${COLUMNS} FROM citizens WHERE uid = ?`, uid);
  return row ? toCitizen(row) : null;
}

/** A stored citizen with the row id that the search index uses. */
export interface StoredCitizen {
  readonly id: number;
  readonly citizen: Citizen;
}

/** A citizen by row id. */
export function findCitizenByRowId(db: ReadableDb, id: number): StoredCitizen | null {
  const row = db.get<CitizenRow>(`SELECT ${COLUMNS} FROM citizens WHERE id = ?`, id);
  return row ? { id, citizen: toCitizen(row) } : null;
}

/** Citizens by row id, in the order asked for; those that are gone are left out. */
export function listCitizensByRowIds(db: ReadableDb, ids: readonly number[]): readonly Citizen[] {
  return db
    .all<CitizenRow>(
      `SELECT ${COLUMNS} FROM json_each(?) AS wanted CROSS JOIN citizens ON citizens.id = wanted.value ORDER BY wanted.key`,
      JSON.stringify(ids),
    )
    .map(toCitizen);
}

/** Citizens with smaller row ids, the highest first. */
export function listCitizensBelow(db: ReadableDb, id: number, limit: number): readonly StoredCitizen[] {
  return db
    .all<CitizenRow & { readonly id: number }>(
      `SELECT id, ${COLUMNS} FROM citizens WHERE id < ? ORDER BY id DESC LIMIT ?`,
      id,
      limit,
    )
    .map((row) => ({ id: row.id, citizen: toCitizen(row) }));
}

/** The highest row id, 0 without citizens: nearly how many there are. */
export function highestCitizenId(db: ReadableDb): number {
  return db.value<number>('SELECT max(id) FROM citizens') ?? 0;
}

/** Merges are followed so many steps: a record may be merged into one that is merged later itself. */
const MOST_MERGES = 10;

/** The record that stands for a person: the one at the end of the merges, or the record itself. */
export function findHead(db: ReadableDb, citizen: Citizen): Citizen {
  let head = citizen;
  for (let step = 0; head.mergedInto !== null && step < MOST_MERGES; step++) {
    const next = findCitizen(db, head.mergedInto);
    if (!next || next.uid === citizen.uid) return head;
    head = next;
  }
  return head;
}

/** Records that were merged into another one, also through one that was merged later itself; oldest first. */
export function listMergedInto(db: ReadableDb, uid: string): readonly Citizen[] {
  // Hardly anybody has one, and a walk costs five times as much as this look: a search asks for eighty people.
  if (db.value<number>('SELECT 1 FROM citizens WHERE merged_into = ? LIMIT 1', uid) === undefined) return [];
  return db
    .all<CitizenRow>(
      `WITH RECURSIVE merged (uid, step) AS (
         SELECT uid, 1 FROM citizens WHERE merged_into = ?
         UNION SELECT c.uid, step + 1 FROM citizens c JOIN merged m ON c.merged_into = m.uid WHERE step < ${MOST_MERGES}
       )
       SELECT ${COLUMNS} FROM citizens WHERE uid IN (SELECT uid FROM merged) AND uid <> ? ORDER BY id`,
      uid,
      uid,
    )
    .map(toCitizen);
}

/** People known under a normalized number, the one changed last first, at most 20. */
export function findCitizensByPhone(db: ReadableDb, phone: string): readonly Citizen[] {
  if (phone === '') return [];
  return db
    .all<CitizenRow>(
      `SELECT c.uid, c.centre, c.created_at, c.updated_at, c.version, c.merged_into, c.doc FROM citizen_phones p
       JOIN citizens c ON c.id = p.citizen_id WHERE p.phone = ? ORDER BY c.updated_at DESC, c.id LIMIT 20`,
      phone,
    )
    .map(toCitizen);
}

/** People of exactly this name (ASCII capitals or not), the one changed last first. */
export function findCitizensByName(db: ReadableDb, name: string, limit: number): readonly Citizen[] {
  return db
    .all<CitizenRow>(
      `SELECT ${COLUMNS} FROM citizens WHERE name = ? COLLATE NOCASE ORDER BY updated_at DESC LIMIT ?`,
      name,
      limit,
    )
    .map(toCitizen);
}

/** What sync has to know of a stored citizen. */
export interface CitizenState {
  readonly id: number;
  readonly version: number;
  readonly base_version: number;
  readonly scope_id: number | null;
  readonly pull_round: number;
}

/** Versions of a stored citizen. */
export function findCitizenState(db: ReadableDb, uid: string): CitizenState | undefined {
  return db.get<CitizenState>(
    'SELECT id, version, base_version, scope_id, pull_round FROM citizens WHERE uid = ?',
    uid,
  );
}

/**
 * Writes a citizen as to be shown, with the phone numbers that find them.
 * @param received set by the puller only; otherwise scope and base version stay as they are
 * @returns the row id
 */
export function saveCitizen(
  db: WritableDb,
  citizen: Citizen,
  known: CitizenState | null = findCitizenState(db, citizen.uid) ?? null,
  received?: { readonly scopeId: number; readonly version: number; readonly round: number },
): number {
  const values = [
    received?.scopeId ?? known?.scope_id ?? null,
    citizen.centre,
    citizen.fields.name,
    citizen.createdAt,
    citizen.updatedAt,
    citizen.version,
    received?.version ?? known?.base_version ?? 0,
    received?.round ?? known?.pull_round ?? 0,
    citizen.mergedInto,
    JSON.stringify(citizen.fields),
  ];
  let id: number;
  if (known) {
    id = known.id;
    db.run(
      `UPDATE citizens SET scope_id = ?, centre = ?, name = ?, created_at = ?, updated_at = ?, version = ?, base_version = ?,
         pull_round = ?, merged_into = ?, doc = ? WHERE id = ?`,
      ...values,
      id,
    );
    db.run('DELETE FROM citizen_phones WHERE citizen_id = ?', id);
  } else {
    id = db.run(
      `INSERT INTO citizens (scope_id, centre, name, created_at, updated_at, version, base_version, pull_round, merged_into, doc, uid)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...values,
      citizen.uid,
    ).lastId;
  }
  for (const phone of new Set(citizen.fields.phones.map(normalizePhone))) {
    if (phone !== '') db.run('INSERT OR IGNORE INTO citizen_phones (phone, citizen_id) VALUES (?, ?)', phone, id);
  }
  enqueueCitizen(db, id);
  return id;
}

/** Forgets that a citizen was received: the record left its scope but still shows unconfirmed work. */
export function clearCitizenBase(db: WritableDb, id: number): void {
  db.run('UPDATE citizens SET scope_id = NULL, version = 0, base_version = 0 WHERE id = ?', id);
}

/** Removes a citizen that left the scopes of this console. */
export function deleteCitizen(db: WritableDb, id: number): void {
  db.run('DELETE FROM citizens WHERE id = ?', id);
  enqueueCitizen(db, id);
}

/** The server's row kept beside a citizen that shows unconfirmed operations. */
export function saveCitizenBase(db: WritableDb, id: number, base: Citizen): void {
  db.run(
    `INSERT INTO citizen_bases (citizen_id, version, row) VALUES (?, ?, ?)
     ON CONFLICT (citizen_id) DO UPDATE SET version = excluded.version, row = excluded.row`,
    id,
    base.version,
    JSON.stringify(base),
  );
}

/** The server's row of a citizen with unconfirmed operations, or null. */
export function findCitizenBase(db: ReadableDb, id: number): Citizen | null {
  const row = db.value<string>('SELECT row FROM citizen_bases WHERE citizen_id = ?', id);
  return row === undefined ? null : (JSON.parse(row) as Citizen);
}

/** Forgets the kept server row. */
export function deleteCitizenBase(db: WritableDb, id: number): void {
  db.run('DELETE FROM citizen_bases WHERE citizen_id = ?', id);
}
