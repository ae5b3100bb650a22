import type pg from 'pg';
import { withCaller } from '#shared/domain/erase-person.ts';
import { eraseFromText, type Secrets } from '#shared/domain/mask-text.ts';
import { siblingOf } from '#shared/domain/quality/check.ts';
import { mapCalibrationTexts, mapCheckTexts } from '#shared/domain/quality/check-texts.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import { RECORD_COLUMNS, type RecordRow, toRecord } from '../sync/rows.ts';

/** A check, its copy or a calibration of an erased person's ticket. */
export interface FoundCheck {
  readonly scope: string;
  readonly row: RecordRow;
  readonly ticket: Ticket;
}

/** What was said of tickets by who checked them. */
export async function findChecks(
  client: pg.ClientBase,
  tickets: readonly Ticket[],
  lock: '' | 'FOR UPDATE',
): Promise<readonly FoundCheck[]> {
  const ticketOf = new Map<string, Ticket>(
    tickets.flatMap((ticket) =>
      (['check', 'copy', 'calibration'] as const).map((what) => [siblingOf(ticket.uid, what), ticket] as const),
    ),
  );
  const found = await client.query<RecordRow & { readonly scope: string }>(
    `SELECT ${RECORD_COLUMNS} FROM records WHERE uid = ANY($1::uuid[]) ORDER BY uid ${lock}`,
    [[...ticketOf.keys()]],
  );
  return found.rows.map((row) => ({
    scope: row.scope,
    row,
    ticket: forceUnwrap('ticket of a check', ticketOf.get(row.uid)),
  }));
}

/** Takes a person's names and numbers, those on the ticket included, out of the words of a check, as its next version. */
export async function rewriteCheck(
  client: pg.ClientBase,
  { row, ticket }: FoundCheck,
  secrets: Secrets,
  seq: number,
  now: number,
): Promise<void> {
  const record = toRecord(row);
  const known = withCaller(secrets, ticket.fields);
  const text = (written: string) => eraseFromText(written, known);
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
