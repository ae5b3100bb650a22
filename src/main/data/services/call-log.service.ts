import type { CallLogItem } from '#shared/contract/calls.contract.ts';
import { type CallPeer, type RevealField, showCall, showTicket } from '#shared/domain/masking.ts';
import { DataError } from '../errors.ts';
import {
  type CallFilter,
  countUnreturned,
  findCallByRow,
  findLoggedCall,
  type LoggedCall,
  listCallIds as listIds,
} from '../repositories/call-log.repository.ts';
import { findTicket } from '../repositories/ticket.repository.ts';
import { toSummary } from '../repositories/ticket-summary.ts';
import { isSecretCall } from './secret-call.ts';
import type { WorkContext } from './work-context.ts';

function toItem(ctx: WorkContext, logged: LoggedCall): CallLogItem {
  const { record, knownName, returnedAt, openDraftId, closedDraftId, ticketUids } = logged;
  const { row, masked } = showCall({ ...record, knownName }, isSecretCall(ctx.db, record.callId), ctx.user.role);
  return {
    ...row,
    returnedAt,
    draftId: openDraftId as CallLogItem['draftId'],
    closedDraftId: closedDraftId as CallLogItem['closedDraftId'],
    tickets: ticketUids.flatMap((uid) => {
      const ticket = findTicket(ctx.db, uid)?.ticket;
      return ticket ? [toSummary(ctx.db, showTicket(ticket, ctx.user.role))] : [];
    }),
    masked,
  };
}

/** A page of row ids of the call log, newest first. */
export function listCallIds(ctx: WorkContext, filter: CallFilter, limit: number, before?: number) {
  return listIds(ctx.db, filter, limit, before);
}

/** The calls of some row ids, in their order. */
export function listCallRows(
  ctx: WorkContext,
  ids: readonly number[],
): readonly { readonly id: number; readonly call: CallLogItem }[] {
  return ids.flatMap((id) => {
    const found = findCallByRow(ctx.db, id);
    return found ? [{ id, call: toItem(ctx, found) }] : [];
  });
}

/** One call of the log. @throws DataError NOT_FOUND */
export function getCall(ctx: WorkContext, callId: string): CallLogItem {
  const found = findLoggedCall(ctx.db, callId);
  if (!found) throw new DataError('NOT_FOUND', 'no such call');
  return toItem(ctx, found);
}

/** Who a call was with, with the one value that was asked for behind the mask. @throws DataError NOT_FOUND */
export function getCallPeer(ctx: WorkContext, callId: string, revealed: RevealField): CallPeer {
  const found = findLoggedCall(ctx.db, callId);
  if (!found) throw new DataError('NOT_FOUND', 'no such call');
  const { ani, name } = found.record;
  const peer = { ani, name, knownName: found.knownName };
  return showCall(peer, isSecretCall(ctx.db, callId), ctx.user.role, revealed).row;
}

/** How far back a missed call is counted as one that somebody should return. */
const UNRETURNED_MS = 7 * 86_400_000;

/** Numbers that called in vain lately and were not spoken to since. */
export function countMissed(ctx: WorkContext): number {
  return countUnreturned(ctx.db, ctx.clock.now() - UNRETURNED_MS);
}
