import type { RecordKind, RecordOf, SyncedRecord } from '#shared/domain/record.ts';
import type { RecordId } from '#shared/kernel/ids.ts';
import type { ReadableDb, SqlValue, WritableDb } from '../db/sqlite.ts';

interface RecordRow {
  readonly uid: string;
  readonly kind: string;
  readonly centre: string;
  readonly updated_at: number;
  readonly version: number;
  readonly doc: string;
}

const COLUMNS = 'uid, kind, centre, updated_at, version, doc';

function toRecord(row: RecordRow): SyncedRecord {
  return {
    uid: row.uid as RecordId,
    kind: row.kind,
    centre: row.centre,
    updatedAt: row.updated_at,
    version: row.version,
    doc: JSON.parse(row.doc),
  } as SyncedRecord;
}

/** A record by uid. */
export function findRecord(db: ReadableDb, uid: string): SyncedRecord | null {
  const row = db.get<RecordRow>(`SELECT ${COLUMNS} FROM records WHERE uid = ?`, uid);
  return row ? toRecord(row) : null;
}

/**
 * Records of a kind.
 * @param rest further conditions, order and limit in SQL
 */
export function listRecords<K extends RecordKind>(
  db: ReadableDb,
  kind: K,
  rest: string,
  ...values: readonly SqlValue[]
): readonly RecordOf<K>[] {
  return db
    .all<RecordRow>(`SELECT ${COLUMNS} FROM records WHERE kind = '${kind}' ${rest}`, ...values)
    .map((row) => toRecord(row) as RecordOf<K>);
}

/** What sync has to know of a stored record. */
export interface RecordState {
  readonly id: number;
  readonly version: number;
  readonly base_version: number;
  readonly scope_id: number | null;
  readonly pull_round: number;
}

/** Versions of a stored record. */
export function findRecordState(db: ReadableDb, uid: string): RecordState | undefined {
  return db.get<RecordState>('SELECT id, version, base_version, scope_id, pull_round FROM records WHERE uid = ?', uid);
}

/**
 * Writes a record as to be shown.
 * @param received set by the puller only; otherwise scope and base version stay as they are
 * @returns the row id
 */
export function saveRecord(
  db: WritableDb,
  record: SyncedRecord,
  known: RecordState | null = findRecordState(db, record.uid) ?? null,
  received?: { readonly scopeId: number; readonly version: number; readonly round: number },
): number {
  const values = [
    received?.scopeId ?? known?.scope_id ?? null,
    record.centre,
    record.updatedAt,
    record.version,
    received?.version ?? known?.base_version ?? 0,
    received?.round ?? known?.pull_round ?? 0,
    JSON.stringify(record.doc),
  ];
  if (known) {
    db.run(
      `UPDATE records SET scope_id = ?, centre = ?, updated_at = ?, version = ?, base_version = ?, pull_round = ?, doc = ? WHERE id = ?`,
      ...values,
      known.id,
    );
    return known.id;
  }
  return db.run(
    `INSERT INTO records (scope_id, centre, updated_at, version, base_version, pull_round, doc, uid, kind)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...values,
    record.uid,
    record.kind,
  ).lastId;
}

/** Forgets that a record was received: it left its scope but still shows unconfirmed work. */
export function clearRecordBase(db: WritableDb, id: number): void {
  db.run('UPDATE records SET scope_id = NULL, version = 0, base_version = 0 WHERE id = ?', id);
}

/** Removes a record that left the scopes of this console. */
export function deleteRecord(db: WritableDb, id: number): void {
  db.run('DELETE FROM records WHERE id = ?', id);
}

/** The server's row kept beside a record that shows unconfirmed operations. */
export function saveRecordBase(db: WritableDb, id: number, base: SyncedRecord): void {
  db.run(
    `INSERT INTO record_bases (record_id, version, row) VALUES (?, ?, ?)
     ON CONFLICT (record_id) DO UPDATE SET version = excluded.version, row = excluded.row`,
    id,
    base.version,
    JSON.stringify(base),
  );
}

/** The server's row of a record with unconfirmed operations, or null. */
export function findRecordBase(db: ReadableDb, id: number): SyncedRecord | null {
  const row = db.value<string>('SELECT row FROM record_bases WHERE record_id = ?', id);
  return row === undefined ? null : (JSON.parse(row) as SyncedRecord);
}

/** Forgets the kept server row. */
export function deleteRecordBase(db: WritableDb, id: number): void {
  db.run('DELETE FROM record_bases WHERE record_id = ?', id);
}
