import { maskText } from '#shared/domain/mask-text.ts';
import { HIDDEN, isConfidential, secretsOf } from '#shared/domain/masking.ts';
import { mapCalibrationTexts, mapCheckTexts } from '#shared/domain/quality/check-texts.ts';
import type { SyncedRecord } from '#shared/domain/record.ts';
import { isMaskedFor } from '#shared/domain/roles.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { findTicket } from '../repositories/ticket.repository.ts';
import type { WorkContext } from './work-context.ts';

/**
 * Shows words of checkers and agents as this person may read them: what they may not see of a ticket's caller they do not read there either.
 * Without the ticket nobody knows whether its caller is secret or what to look for: then whoever may not read of secret callers reads none of it.
 */
export function readerOf({ user }: Pick<WorkContext, 'user'>, ticket: Ticket | null): (written: string) => string {
  if (!isMaskedFor(user.role, ticket === null || isConfidential(ticket.fields))) return (written) => written;
  if (ticket === null) return (written) => (written === '' ? '' : HIDDEN);
  const secrets = secretsOf(ticket.fields);
  return (written) => maskText(written, secrets);
}

/** A document with the words of checkers and agents as this person may read them; others are left as they are. */
export function showRecord(ctx: Pick<WorkContext, 'user' | 'db'>, record: SyncedRecord): SyncedRecord {
  if (record.kind === 'article' || record.kind === 'handover') return record;
  const text = readerOf(ctx, findTicket(ctx.db, record.doc.ticketUid)?.ticket ?? null);
  return record.kind === 'calibration'
    ? { ...record, doc: mapCalibrationTexts(record.doc, text) }
    : { ...record, doc: mapCheckTexts(record.doc, text) };
}
