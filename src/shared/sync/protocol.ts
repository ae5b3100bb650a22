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

/** A scope is the unit of replication and access: city × line, plus one for the citizens of the city. */
export function ticketScope(centre: string, line: string): string {
  return `${centre}:${line}`;
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

/** Tables that are replicated. */
export const SYNC_TABLES = ['tickets', 'citizens', 'records'] as const;
export type SyncTable = (typeof SYNC_TABLES)[number];

/** The table whose rows a scope holds: a line's tickets, a centre's citizens, documents for everything else. */
export function tableOfScope(scope: string): SyncTable {
  const [, what = ''] = scope.split(':');
  if (/^\d/.test(what)) return 'tickets';
  return what === 'citizens' ? 'citizens' : 'records';
}
