import type pg from 'pg';
import { eraseTold } from '#shared/domain/erase-person.ts';
import type { Secrets } from '#shared/domain/mask-text.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { ticketIdSchema } from '#shared/kernel/ids.ts';

/** A ticket with the scope it lies in, before and after an erasure. */
export interface Rewritten {
  readonly scope: string;
  readonly ticket: Ticket;
  readonly after: Ticket;
}

/** Tickets of others that stand or stood beside some tickets as 母单 or under them: there something may have been told about these. */
export async function findBeside(
  client: pg.ClientBase,
  centre: string,
  uids: readonly string[],
): Promise<readonly string[]> {
  if (uids.length === 0) return [];
  const named = await client.query<{ ref: string }>(
    "SELECT DISTINCT ref FROM ticket_events WHERE ticket_uid = ANY($1::uuid[]) AND ref <> ''",
    [uids],
  );
  const refs = named.rows.map(({ ref }) => ref).filter((ref) => ticketIdSchema.safeParse(ref).success);
  const found = await client.query<{ uid: string }>(
    `SELECT uid FROM tickets WHERE centre = $1 AND (uid = ANY($2::uuid[]) OR parent_uid = ANY($3::uuid[]))`,
    [centre, refs, uids],
  );
  return found.rows.map(({ uid }) => uid);
}

/** Those of the tickets beside a person's own on which something was told of the person, with what they are without it. */
export function withoutTold(
  beside: readonly Pick<Rewritten, 'scope' | 'ticket'>[],
  theirs: readonly Ticket[],
  known: Secrets,
): readonly Rewritten[] {
  const callers = theirs.map(({ fields }) => fields);
  const secrets: Secrets = {
    ...known,
    names: [...new Set([...known.names, ...callers.map(({ caller }) => caller.name)])],
    phones: [...new Set([...known.phones, ...callers.flatMap(({ caller, call }) => [caller.phone, call?.ani ?? ''])])],
  };
  const uids = new Set<string>(theirs.map(({ uid }) => uid));
  return beside.flatMap(({ scope, ticket }) => {
    const after = eraseTold(ticket, uids, secrets);
    return after ? [{ scope, ticket, after }] : [];
  });
}
