import type pg from 'pg';
import type { z } from 'zod';
import { formatDigest } from '#shared/kernel/row-hash.ts';
import type { PullResponse, pullRequestSchema } from '#shared/sync/wire.ts';
import { type Actor, readsScope } from '../auth/actor.ts';
import { inTransaction, SNAPSHOT } from '../db/transaction.ts';
import { ServiceError } from '../service-error.ts';
import { readPage } from './read-page.ts';

type Cursor = z.infer<typeof pullRequestSchema>['cursors'][number];
interface ClockRow {
  readonly scope: string;
  readonly epoch: number;
  readonly value: number;
  readonly count: number;
  readonly digest_hi: number;
  readonly digest_lo: number;
  readonly gone_floor: number;
}

/**
 * Rows of the asked scopes that changed since the cursors, oldest change first, at most `limit`. Clocks and rows are read in
 * one snapshot: every row up to a clock's value is in it, so count and digest of a scope that is caught up are exact.
 * @throws ServiceError FORBIDDEN, SCOPE_EPOCH_CHANGED, SCOPE_TOO_OLD
 */
export async function pull(
  deps: { readonly pool: pg.Pool },
  actor: Actor,
  request: z.infer<typeof pullRequestSchema>,
): Promise<PullResponse> {
  const scopes = request.cursors.map((cursor) => cursor.scope);
  if (scopes.some((scope) => !readsScope(actor, scope))) throw new ServiceError('FORBIDDEN');
  if (new Set(scopes).size !== scopes.length) throw new ServiceError('BAD_INPUT');
  return inTransaction(
    deps.pool,
    async (client) => {
      const clocks = await readClocks(client, scopes);
      const response: PullResponse = { rows: [], gone: [], cursors: [], more: false, parity: [] };
      for (const { anew, ...cursor } of request.cursors) {
        const clock = clocks.get(cursor.scope);
        checkCursor({ ...cursor, anew }, clock);
        const room = request.limit - response.rows.length - response.gone.length;
        if (!clock || cursor.seq === clock.value) {
          // Nothing new: no row is read.
          response.cursors.push(cursor);
        } else if (room <= 0) {
          response.cursors.push(cursor);
          response.more = true;
          continue;
        } else {
          const range = { scope: cursor.scope, after: cursor.seq, until: clock.value };
          // A cache that starts empty has nothing to remove.
          const page = await readPage(client, range, room, cursor.seq === 0 ? 'rows-only' : 'with-removals');
          response.rows.push(...page.rows);
          response.gone.push(...page.gone);
          response.cursors.push({ ...cursor, seq: page.seq });
          if (page.seq < clock.value) {
            response.more = true;
            continue;
          }
        }
        response.parity.push(
          clock
            ? {
                scope: cursor.scope,
                count: clock.count,
                digest: formatDigest({ hi: clock.digest_hi, lo: clock.digest_lo }),
              }
            : { scope: cursor.scope, count: 0, digest: formatDigest({ hi: 0, lo: 0 }) },
        );
      }
      return response;
    },
    SNAPSHOT,
  );
}

/** The clocks of scopes, by scope; those that were never written are left out. */
export async function readClocks(
  client: pg.ClientBase,
  scopes: readonly string[],
): Promise<ReadonlyMap<string, ClockRow>> {
  const found = await client.query<ClockRow>({
    name: 'read-clocks',
    text: `SELECT scope, epoch, value, count, digest_hi, digest_lo, gone_floor FROM clocks
      WHERE scope = ANY($1::text[])`,
    values: [scopes],
  });
  return new Map(found.rows.map((row) => [row.scope, row]));
}

/**
 * Refuses a cursor that this server cannot go on from.
 * @throws ServiceError SCOPE_EPOCH_CHANGED, SCOPE_TOO_OLD
 */
export function checkCursor(cursor: Cursor, clock: Pick<ClockRow, 'epoch' | 'value' | 'gone_floor'> | undefined): void {
  const epoch = clock?.epoch ?? 1;
  if (cursor.epoch !== epoch) throw new ServiceError('SCOPE_EPOCH_CHANGED', { scope: cursor.scope, epoch });
  // Older than what is kept about removed rows, or from a history this server does not have: start the scope anew.
  const tooOld = clock !== undefined && cursor.seq > 0 && !cursor.anew && cursor.seq < clock.gone_floor;
  const seq = clock?.value ?? 0;
  if (tooOld || cursor.seq > seq) throw new ServiceError('SCOPE_TOO_OLD', { scope: cursor.scope, seq });
}
