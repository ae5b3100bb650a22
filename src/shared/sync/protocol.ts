import { type Month, monthOf } from '../domain/month.ts';
import type { Ticket } from '../domain/ticket.ts';

/** Version of the wire protocol (header x-hotline-protocol). */
export const PROTOCOL_VERSION = 1;
/** Version of the row and operation schema this build writes; the server accepts the last three. */
export const SCHEMA_VERSION = 3;

export const HEADERS = {
  protocol: 'x-hotline-protocol',
  schema: 'x-hotline-schema',
  console: 'x-hotline-console',
  mode: 'x-hotline-mode',
} as const;

export const PUSH_MAX_OPS = 500;
export const PUSH_MAX_BYTES = 512 * 1024;
export const PULL_MAX_ROWS = 2_000;
/** Scopes in one pull: a console holds the months of a decade on several lines. */
export const PULL_MAX_SCOPES = 500;

/**
 * Scope of tickets: centre × line × month (Beijing time) in which they were taken in. Which one a ticket belongs to is settled when the server
 * takes it and never changes, so that count and digest prove a month, and a console can hold some months and not others.
 */
export function ticketScope(centre: string, line: string, month: Month): string {
  return `${centre}:${line}:${month}`;
}

/** The month whose scope holds a ticket: that of its acceptance, or of its making for one that came without. */
export function monthOfTicket({ acceptedAt, createdAt }: Pick<Ticket, 'acceptedAt' | 'createdAt'>): Month {
  return monthOf(acceptedAt ?? createdAt);
}

const TICKET_SCOPE = /^(\d{6}):(\d{5}):(\d{4}-\d{2})$/;

/** What the name of a ticket scope says, or null for a scope of something else. */
export function parseTicketScope(
  scope: string,
): { readonly centre: string; readonly line: string; readonly month: Month } | null {
  const [, centre, line, month] = TICKET_SCOPE.exec(scope) ?? [];
  return centre !== undefined && line !== undefined && month !== undefined ? { centre, line, month } : null;
}

/** Scope of a centre's citizen records. */
export function citizenScope(centre: string): string {
  return `${centre}:citizens`;
}

/** Scope of a centre's knowledge articles. */
export function knowledgeScope(centre: string): string {
  return `${centre}:knowledge`;
}

/** Scope of what is sent to one seat alone. */
export function seatScope(centre: string, seat: string): string {
  return `${centre}:seat:${seat}`;
}

/** Scope of what was checked on a line: whoever does not hold 12350 reads nothing of its checks. */
export function qualityScope(centre: string, line: string): string {
  return `${centre}:quality:${line}`;
}

/** Scope of what is one person's alone, wherever they sit. */
export function personScope(centre: string, userId: string): string {
  return `${centre}:person:${userId}`;
}

/** Tables that are replicated. */
export const SYNC_TABLES = ['tickets', 'citizens', 'records'] as const;
export type SyncTable = (typeof SYNC_TABLES)[number];

/** The table whose rows a scope holds: a line's tickets, a centre's citizens, documents for everything else. */
export function tableOfScope(scope: string): SyncTable {
  const [, what = ''] = scope.split(':');
  if (/^\d/.test(what)) return 'tickets';
  return what === 'citizens' ? 'citizens' : 'records';
}
