import { isConfidential } from '#shared/domain/masking.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { findLoggedCall } from '../repositories/call-log.repository.ts';
import { findDraftByCall } from '../repositories/draft.repository.ts';
import { findTicket } from '../repositories/ticket.repository.ts';
import { isSecretNumber } from './caller.service.ts';

/**
 * Whether the caller of a call is kept secret: the line always does, somebody under the number asked for it, or it was said in the form
 * of the call, in a ticket its words went to, or in what it calls back about. One of them is enough.
 * @param withReturned look at the missed call it returns, too
 */
export function isSecretCall(db: ReadableDb, callId: string, withReturned = true): boolean {
  const logged = findLoggedCall(db, callId);
  if (!logged) return false;
  const { ani, line, about } = logged.record;
  if (line === '12350' || isSecretNumber(db, ani)) return true;
  const draft = findDraftByCall(db, callId)?.draft;
  if (draft && isConfidential({ ...draft.content, line })) return true;
  const tickets = [...logged.ticketUids, about?.ticketUid ?? null];
  if (tickets.some((uid) => uid !== null && isSecretTicket(db, uid))) return true;
  return withReturned && about?.callbackOf != null && isSecretCall(db, about.callbackOf, false);
}

function isSecretTicket(db: ReadableDb, uid: string): boolean {
  const fields = findTicket(db, uid)?.ticket.fields;
  return fields !== undefined && isConfidential(fields);
}
