import type pg from 'pg';
import { eraseFromText, type Secrets } from '#shared/domain/mask-text.ts';
import { siblingOf } from '#shared/domain/quality/check.ts';
import { mapCalibrationTexts, mapCheckTexts } from '#shared/domain/quality/check-texts.ts';
import { RECORD_COLUMNS, type RecordRow, toRecord } from '../sync/rows.ts';

/** A check, its copy or a calibration of an erased person's ticket. */
export type FoundCheck = RecordRow & { readonly scope: string };

/** What was said of tickets by who checked them. */
export async function findChecks(
  client: pg.ClientBase,
  ticketUids: readonly string[],
  lock: '' | 'FOR UPDATE',
): Promise<readonly FoundCheck[]> {
  const uids = ticketUids.flatMap((uid) => [
    siblingOf(uid, 'check'),
    siblingOf(uid, 'copy'),
    siblingOf(uid, 'calibration'),
  ]);
  const found = await client.query<FoundCheck>(
    `SELECT ${RECORD_COLUMNS} FROM records WHERE uid = ANY($1::uuid[]) ORDER BY uid ${lock}`,
    [uids],
  );
  return found.rows;
}

/** Takes a person's names and numbers out of the words of a check, as its next version. */
export async function rewriteCheck(
  client: pg.ClientBase,
  row: FoundCheck,
  secrets: Secrets,
  seq: number,
  now: number,
): Promise<void> {
  const record = toRecord(row);
  const text = (written: string) => eraseFromText(written, secrets);
  const doc =
    record.kind === 'check' || record.kind === 'check_copy'
      ? mapCheckTexts(record.doc, text)
      : record.kind === 'calibration'
        ? mapCalibrationTexts(record.doc, text)
        : record.doc;
  await client.query('UPDATE records SET seq = $2, version = $3, updated_at = $4, doc = $5 WHERE uid = $1', [
    row.uid,
    seq,
    row.version + 1,
    now,
    JSON.stringify(doc),
  ]);
}
