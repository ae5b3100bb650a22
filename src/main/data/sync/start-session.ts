import { parseTicketScope, SCHEMA_VERSION, tableOfScope } from '#shared/sync/protocol.ts';
import { type HelloResponse, helloResponseSchema } from '#shared/sync/wire.ts';
import {
  CLOCK_SET,
  findSession,
  findSetting,
  getIdentity,
  saveServerId,
  saveSetting,
} from '../repositories/identity.repository.ts';
import { insertScope, listScopes, type ScopeState } from '../repositories/scope.repository.ts';
import { fitsNumbering, startIncarnation } from '../services/numbering.service.ts';
import { type ChosenScopes, chooseScopes, stopScope } from './months.ts';
import { ownProblem, toProblem } from './problems.ts';
import { dropEarly, restartScope } from './puller.ts';
import { forgetScope, holdScope } from './remove-rows.ts';
import type { SyncContext, SyncProblem } from './sync-context.ts';

/** New numberings tried before two sides that never agree give up for now. */
const MOST_ATTEMPTS = 4;

/** In which a scope stands that the server has never heard of. */
const FIRST_EPOCH = 1;

/** Where the server stands in the scopes of this person. */
export type ServerScopes = HelloResponse['scopes'];

/**
 * How the start of a session ended; `rows` is the total of a first sync, `scopes` where the server stands in what this console holds,
 * `isDoubtful`: something may not be read any more, or the server came out of a backup, so what was fetched from it has to be compared.
 * `takesPushes`: the server gives this console no rows, but takes what it sends.
 */
export type StartedSession =
  | { readonly problem: SyncProblem; readonly takesPushes: boolean }
  | ({ readonly problem: null; readonly isDoubtful: boolean } & ChosenScopes);

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
    if (reply.kind !== 'answer') return { problem: toProblem(reply), takesPushes: false };
    if (reply.value.mode !== ctx.client.target.mode) {
      return { problem: ownProblem('MODE_MISMATCH', `server is ${reply.value.mode}`), takesPushes: false };
    }
    // Operations it had confirmed are unknown to it: it comes from a backup, even if nothing else shows that (yet).
    const hasForgotten = reply.value.nextOp <= lastAck;
    if (hasForgotten) await adoptServer(ctx, reply.value, signal, true);
    // The new numbering forgets what had been confirmed: not before every scope has started anew.
    if (signal.aborted) break;
    if (!fitsNumbering(ctx.db, reply.value)) {
      renumber(ctx);
      continue;
    }
    const oldest = reply.value.schema.min;
    // Its rows would not be understood here, and its scopes may be others: the cache stays as it is. What was done here is understood there,
    // and must not wait for an update of this computer.
    if (SCHEMA_VERSION < oldest) {
      return { problem: ownProblem('PROTOCOL_TOO_OLD', `server needs schema ${oldest}`), takesPushes: true };
    }
    const isDoubtful = (await adoptServer(ctx, reply.value, signal)) || hasForgotten;
    // Nothing will bring them, or say that they are gone.
    if (!reply.value.scopes.some(({ id }) => tableOfScope(id) === 'citizens')) await dropEarly(ctx, signal);
    return { problem: null, isDoubtful, ...chooseScopes(ctx, reply.value) };
  }
  return {
    problem: ownProblem('IDENTITY_CLASH', 'server and console do not agree on a numbering'),
    takesPushes: false,
  };
}

function renumber(ctx: SyncContext): void {
  ctx.saveIncarnation(ctx.write(() => startIncarnation(ctx.db)));
  ctx.announce(['outbox']);
}

/**
 * Remembers server and scopes. Another server or epoch restarts the cursors; the outbox stays as it is. A scope that is not named
 * any more is one this person may no longer read: its rows leave this computer. A month outside of what this console holds is no longer pulled.
 * @returns true when something may not be read any more, or the server is not as far as it was
 */
async function adoptServer(
  ctx: SyncContext,
  answer: HelloResponse,
  signal: AbortSignal,
  hasForgotten = false,
): Promise<boolean> {
  const known = findSession(ctx.db)?.serverId ?? null;
  const isSetChosenAnew = (findSetting(ctx.db, CLOCK_SET) ?? '') !== (answer.clockSet ?? '');
  const isReplaced = known !== null && known !== answer.serverId;
  const before = listScopes(ctx.db);
  const chosen = chooseScopes(ctx, answer).scopes;
  ctx.write(() =>
    ctx.db.transaction(() => {
      if (known !== answer.serverId) saveServerId(ctx.db, answer.serverId);
      saveSetting(ctx.db, CLOCK_SET, answer.clockSet ?? '');
      for (const scope of chosen) insertScope(ctx.db, scope.id, scope.epoch);
    }),
  );
  if (isSetChosenAnew) ctx.announce(['session']);
  let isWithdrawn = false;
  let isBehind = false;
  for (const state of before) {
    if (signal.aborted) return isWithdrawn || isBehind;
    const told = answer.scopes.find((scope) => scope.id === state.scope);
    if (told) {
      const isRestored = isReplaced || hasForgotten || told.epoch !== state.epoch || told.seq < state.seq;
      isBehind ||= isRestored;
      // What waits for a person, or may have to, is not left behind.
      const waits = state.held !== null || (isRestored && state.isGranted && state.count > 0);
      if (!chosen.includes(told) && !waits) {
        if (state.isGranted) stopScope(ctx, state);
      } else if (isRestored || !state.isGranted) {
        restartScope(ctx, { ...state, isGranted: true }, told.epoch, isRestored);
      }
      continue;
    }
    if (isLost(state, answer)) {
      if (state.seq > 0) restartScope(ctx, { ...state, isGranted: true }, FIRST_EPOCH, true);
      continue;
    }
    isWithdrawn = true;
    if (isReplaced && state.count > 0) await holdScope(ctx, state, signal);
    else if (state.held === null || state.isGranted) await forgetScope(ctx, state, signal);
  }
  if (isWithdrawn) ctx.announce(['tickets', 'citizens', 'records', 'sync']);
  return isWithdrawn || isBehind;
}

/**
 * A month that the server does not know, while it names others of the same line: it came back from a backup made before that month. Pulled from
 * the start, nothing of it comes again, and its rows wait for a person.
 */
function isLost({ scope }: ScopeState, answer: HelloResponse): boolean {
  const lost = parseTicketScope(scope);
  return (
    lost !== null &&
    answer.scopes.some(({ id }) => {
      const named = parseTicketScope(id);
      return named?.centre === lost.centre && named.line === lost.line;
    })
  );
}
