import type { CallerCard } from '#shared/contract/citizen.contract.ts';
import type { Shown } from '#shared/domain/masking.ts';
import { isMaskedFor } from '#shared/domain/roles.ts';
import type { CallFacts, Ticket } from '#shared/domain/ticket.ts';
import type { ReadableDb } from '../db/sqlite.ts';
import { findCall, listCallsByNumbers } from '../repositories/call.repository.ts';
import type { TicketCall } from '../repositories/ticket-list.repository.ts';
import { isSecretNumber } from './caller.service.ts';
import { isSecretCall } from './secret-call.ts';
import type { WorkContext } from './work-context.ts';

/** A call of a person; `takenBy` is who wrote a ticket in it at another seat, null for a call of this console. */
export interface PersonCall extends CallFacts {
  readonly takenBy: string | null;
}

/** A call as the card and the timeline of a person show it. */
export function toCardCall(call: PersonCall): CallerCard['calls'][number] {
  const { callId, line, ringAt, answeredAt, endedAt, direction, takenBy } = call;
  return { callId, direction: direction ?? 'in', line, ringAt, answeredAt, endedAt, takenBy };
}

/** The last calls of some numbers this console has seen, newest first. */
export function listOwnCalls(db: ReadableDb, phones: readonly string[], limit: number): readonly PersonCall[] {
  return listCallsByNumbers(db, phones, limit).map((call) => ({ ...call, takenBy: null }));
}

/** The same without those whose caller this user may not know. */
export function listOpenCalls({ db, user }: WorkContext, phones: readonly string[], limit: number) {
  const calls = listOwnCalls(db, phones, limit);
  return isMaskedFor(user.role, true) ? calls.filter(({ callId }) => !isSecretCall(db, callId)) : calls;
}

/** The calls that tickets came of. */
export function callsOf(tickets: readonly Shown<Ticket>[]): readonly TicketCall[] {
  return tickets.flatMap(({ row }) => (row.fields.call ? [{ call: row.fields.call, byName: row.createdByName }] : []));
}

/**
 * Calls that are known by the tickets of a person and are none of this console's under their numbers: mostly those a colleague took.
 * Each is there once, whatever number of tickets was made of it.
 */
export function listFurtherCalls(
  db: ReadableDb,
  phones: readonly string[],
  known: readonly TicketCall[],
): readonly PersonCall[] {
  const calls = new Map<string, PersonCall>();
  for (const { call, byName } of known) {
    if (calls.has(call.callId)) continue;
    const own = findCall(db, call.callId);
    if (own && phones.includes(own.ani)) continue;
    calls.set(call.callId, own ? { ...own, takenBy: null } : { ...call, takenBy: byName });
  }
  return [...calls.values()];
}

/** The same without those whose caller this user may not know: one masked ticket of a call is enough. */
export function listOpenFurtherCalls(
  { db, user }: WorkContext,
  phones: readonly string[],
  tickets: readonly Shown<Ticket>[],
): readonly PersonCall[] {
  const calls = listFurtherCalls(db, phones, callsOf(tickets));
  if (!isMaskedFor(user.role, true)) return calls;
  const masked = new Set(callsOf(tickets.filter((ticket) => ticket.masked)).map(({ call }) => call.callId));
  return calls.filter(
    ({ callId, ani }) => !masked.has(callId) && !isSecretNumber(db, ani) && !isSecretCall(db, callId),
  );
}

/** Calls of several sources, newest first. */
export function newestCalls(calls: readonly PersonCall[], limit: number): readonly PersonCall[] {
  return [...calls].sort((a, b) => b.ringAt - a.ringAt).slice(0, limit);
}
