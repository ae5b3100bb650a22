/** Version of the wire protocol (header x-hotline-protocol). */
export const PROTOCOL_VERSION = 1;
/** Version of the row and operation schema this build writes; the server accepts the last three. */
export const SCHEMA_VERSION = 1;

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
