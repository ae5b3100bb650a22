import { SCHEMA_VERSION } from '#shared/sync/protocol.ts';
import { type HelloResponse, helloResponseSchema } from '#shared/sync/wire.ts';
import { CLOCK_SET, findSession, getIdentity, saveServerId, saveSetting } from '../repositories/identity.repository.ts';
import { insertScope, listScopes } from '../repositories/scope.repository.ts';
import { fitsNumbering, startIncarnation } from '../services/numbering.service.ts';
import { ownProblem, toProblem } from './problems.ts';
import { restartScope } from './puller.ts';
import { forgetScope, holdScope } from './remove-rows.ts';
import type { SyncContext, SyncProblem } from './sync-context.ts';

/** New numberings tried before two sides that never agree give up for now. */
const MOST_ATTEMPTS = 4;

/** Where the server stands in the scopes of this person. */
export type ServerScopes = HelloResponse['scopes'];

/** How the start of a session ended; `rows` is the total of a first sync, `scopes` where the server stands. */
export type StartedSession =
  | { readonly problem: SyncProblem }
  | ({ readonly problem: null } & Pick<HelloResponse, 'rows' | 'scopes'>);

/** Says hello: compares server, numbering and scopes with what this console knows, and takes over what is new. */
export async function startSession(ctx: SyncContext, signal: AbortSignal): Promise<StartedSession> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const { consoleId, incarnation, lastAck } = getIdentity(ctx.db);
    const body = JSON.stringify({ console: consoleId, incarnation, schema: SCHEMA_VERSION, lastOp: lastAck });
    const reply = await ctx.client.post('/sync/hello', body, helloResponseSchema, ctx.timeouts.helloMs, signal);
    if (signal.aborted) break;
    if (reply.kind === 'refused' && reply.code === 'IDENTITY_CLASH') {
      renumber(ctx);
      continue;
    }
    if (reply.kind !== 'answer') return { problem: toProblem(reply) };
    const wrong = checkServer(ctx, reply.value);
    if (wrong) return { problem: wrong };
    // Operations it had confirmed are unknown to it: it comes from a backup, even if nothing else shows that (yet).
    const hasForgotten = reply.value.nextOp <= lastAck;
    if (hasForgotten) await adoptServer(ctx, reply.value, signal, true);
    // The new numbering forgets what had been confirmed: not before every scope has started anew.
    if (signal.aborted) break;
    if (!fitsNumbering(ctx.db, reply.value)) {
      renumber(ctx);
      continue;
    }
    await adoptServer(ctx, reply.value, signal);
    return { problem: null, rows: reply.value.rows, scopes: reply.value.scopes };
  }
  return { problem: ownProblem('IDENTITY_CLASH', 'server and console do not agree on a numbering') };
}

function renumber(ctx: SyncContext): void {
  ctx.saveIncarnation(ctx.write(() => startIncarnation(ctx.db)));
  ctx.announce(['outbox']);
}

function checkServer(ctx: SyncContext, answer: HelloResponse): SyncProblem | null {
  if (answer.mode !== ctx.client.target.mode) return ownProblem('MODE_MISMATCH', `server is ${answer.mode}`);
  if (SCHEMA_VERSION < answer.schema.min) {
    return ownProblem('PROTOCOL_TOO_OLD', `server needs schema ${answer.schema.min}`);
  }
  return null;
}

/**
 * Remembers server and scopes. Another server or epoch restarts the cursors; the outbox stays as it is. A scope that is not named
 * any more is one this person may no longer read: its rows leave this computer.
 */
async function adoptServer(
  ctx: SyncContext,
  answer: HelloResponse,
  signal: AbortSignal,
  hasForgotten = false,
): Promise<void> {
  const known = findSession(ctx.db)?.serverId ?? null;
  const isReplaced = known !== null && known !== answer.serverId;
  const before = listScopes(ctx.db);
  ctx.write(() =>
    ctx.db.transaction(() => {
      if (known !== answer.serverId) saveServerId(ctx.db, answer.serverId);
      saveSetting(ctx.db, CLOCK_SET, answer.clockSet ?? '');
      for (const scope of answer.scopes) insertScope(ctx.db, scope.id, scope.epoch);
    }),
  );
  let isWithdrawn = false;
  for (const state of before) {
    if (signal.aborted) return;
    const told = answer.scopes.find((scope) => scope.id === state.scope);
    if (told) {
      const isRestored = isReplaced || hasForgotten || told.epoch !== state.epoch || told.seq < state.seq;
      if (isRestored || !state.isGranted) restartScope(ctx, { ...state, isGranted: true }, told.epoch, isRestored);
      continue;
    }
    isWithdrawn = true;
    if (isReplaced && state.count > 0) await holdScope(ctx, state, signal);
    else if (state.held === null || state.isGranted) await forgetScope(ctx, state, signal);
  }
  if (isWithdrawn) ctx.announce(['tickets', 'citizens', 'records', 'sync']);
}
