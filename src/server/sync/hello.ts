import type pg from 'pg';
import type { z } from 'zod';
import { addMonths, monthOf } from '#shared/domain/month.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { SCHEMA_VERSION, ticketScope } from '#shared/sync/protocol.ts';
import type { HelloResponse, helloRequestSchema } from '#shared/sync/wire.ts';
import { type Actor, readableLines, readableOtherScopes } from '../auth/actor.ts';
import type { ServerIdentity } from '../db/server-meta.ts';
import { inTransaction } from '../db/transaction.ts';
import { ServiceError } from '../service-error.ts';
import { ensureClocks } from './clocks.ts';
import { lockConsole } from './consoles.ts';
import type { PushDeps } from './push.ts';
import { MAX_INTEGER } from './receive.ts';

/** Oldest schema of rows a console may still read; older ones may push but not pull. */
export const OLDEST_SCHEMA = Math.max(1, SCHEMA_VERSION - 2);

/**
 * Starts a sync session: registers the console and tells it where both sides stand.
 * @throws ServiceError BAD_INPUT, FORBIDDEN for another console's token or another centre's console
 */
export async function hello(
  deps: { readonly pool: pg.Pool; readonly clock: Clock; readonly identity: ServerIdentity } & Pick<
    PushDeps,
    'clockSets'
  >,
  actor: Actor,
  request: z.infer<typeof helloRequestSchema>,
): Promise<HelloResponse> {
  if (request.console !== actor.console) throw new ServiceError('FORBIDDEN');
  if (request.incarnation > MAX_INTEGER || request.schema > MAX_INTEGER) throw new ServiceError('BAD_INPUT');
  const scopes = [...monthsToCome(actor, deps.clock.now()), ...readableOtherScopes(actor)];
  await ensureClocks(deps.pool, scopes);
  const months = readableLines(actor).map((line) => ticketScope(actor.centre, line, '____-__'));
  return inTransaction(deps.pool, async (client) => {
    const now = deps.clock.now();
    const lastS = await lockConsole(client, actor, request.incarnation, request.schema, now);
    const clocks = await client.query<{ scope: string; epoch: number; value: number; count: number }>(
      'SELECT scope, epoch, value, count FROM clocks WHERE scope = ANY($1::text[]) OR scope LIKE ANY($2::text[]) ORDER BY scope',
      [scopes, months],
    );
    return {
      serverTime: now,
      serverId: deps.identity.serverId,
      mode: deps.identity.mode,
      schema: { min: OLDEST_SCHEMA, max: SCHEMA_VERSION },
      scopes: clocks.rows.map(({ scope, epoch, value, count }) => ({ id: scope, epoch, seq: value, rows: count })),
      nextOp: lastS + 1,
      clockSet: deps.clockSets.get(actor.centre),
      rows: clocks.rows.reduce((sum, clock) => sum + clock.count, 0),
    };
  });
}

/** Scopes of this month and the next, before there is a ticket in them: a console that knows them misses nothing when the month turns. */
function monthsToCome(actor: Actor, now: number): readonly string[] {
  const month = monthOf(now);
  return readableLines(actor).flatMap((line) => [
    ticketScope(actor.centre, line, month),
    ticketScope(actor.centre, line, addMonths(month, 1)),
  ]);
}
