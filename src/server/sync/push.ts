import { hash } from 'node:crypto';
import type pg from 'pg';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { type EventId, newId } from '#shared/kernel/ids.ts';
import { SCHEMA_VERSION } from '#shared/sync/protocol.ts';
import { canonicalOpText, type Op, type OpOf, type OpResult, type PushResponse } from '#shared/sync/wire.ts';
import type { Actor } from '../auth/actor.ts';
import { type CopyValue, copyRows } from '../db/copy.ts';
import { inPipeline, later, type PipedClient } from '../db/pipeline.ts';
import { isDataError, isUnavailable } from '../db/transaction.ts';
import type { Log } from '../log.ts';
import { ServiceError } from '../service-error.ts';
import type { AnsweredOp, BatchState, ReceivedOp } from './batch.ts';
import { loadBatchState } from './batch-load.ts';
import { type Written, type WrittenScopes, writeDecision } from './batch-write.ts';
import { lockConsole } from './consoles.ts';
import { decideBatch } from './decide.ts';
import { type PushEnvelope, receiveOp } from './receive.ts';
import { resultText } from './result-text.ts';

export interface PushDeps {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly log: Log;
  /** The set of clock presets a centre chose, by centre. */
  readonly clockSets: ReadonlyMap<string, string>;
  /** Called after COMMIT with the scopes that moved. */
  readonly poke: (scopes: WrittenScopes) => void;
}

/**
 * Applies a batch of operations in one transaction: effects, their results in the op log and the console's number commit
 * together or not at all. Sending the same batch again gives the stored results, word for word.
 * @param before runs first in the transaction
 * @throws ServiceError BAD_INPUT, FORBIDDEN, SYNC_GAP, IDENTITY_CLASH
 */
export async function push(
  deps: PushDeps,
  actor: Actor,
  envelope: PushEnvelope,
  schema = SCHEMA_VERSION,
  before?: (client: pg.ClientBase, actor: Actor) => Promise<void>,
): Promise<PushResponse> {
  if (envelope.console !== actor.console) throw new ServiceError('FORBIDDEN');
  const ops = envelope.ops.map(receiveOp);
  if (ops.some(({ op }, index) => index > 0 && op.s !== (ops[index - 1]?.op.s ?? 0) + 1)) {
    throw new ServiceError('BAD_INPUT', { issues: [{ path: 'ops', code: 'not_consecutive' }] });
  }
  const done = await applying(deps, actor, ops.length, (mode) =>
    inPipeline<Pick<Written, 'results' | 'scopes'>>(deps.pool, async (client) => {
      await before?.(client, actor);
      const now = deps.clock.now();
      const locking = later(lockConsole(client, actor, envelope.incarnation, schema, now));
      // Sent with it: as a rule all operations are new.
      const loading = mode === 'together' ? later(loadBatchState(client, ops, actor, now)) : null;
      const lastS = await locking;
      const first = ops[0]?.op.s ?? 0;
      if (first > lastS + 1) throw new ServiceError('SYNC_GAP', { nextOp: lastS + 1 });
      const state = await loading;
      const replayed = await replay(
        client,
        ops.filter(({ op }) => op.s <= lastS),
        envelope,
      );
      const fresh = ops.filter(({ op }) => op.s > lastS);
      if (fresh.length === 0) return { result: { results: replayed, scopes: new Map<string, number>() }, underWay: [] };
      const arrival = { actor, envelope, schema, now };
      const { results, scopes, underWay } = await answer(client, deps, fresh, state, arrival);
      return { result: { results: [...replayed, ...results], scopes }, underWay };
    }),
  );
  if (done.scopes.size > 0) deps.poke(done.scopes);
  return { ack: ops.at(-1)?.op.s ?? 0, results: [...done.results] };
}

/** An operation before it is numbered. */
export type UnnumberedOp = { [K in Op['kind']]: Omit<OpOf<K>, 's' | 'hash'> }[Op['kind']];

/**
 * Applies operations of somebody who has no outbox: another system that asks through the API. They get the next numbers of the actor's console,
 * and what was answered under their ids before is not done again.
 * @returns the result of the first, which the others depend on
 */
export async function pushUnnumbered(
  deps: PushDeps,
  actor: Actor,
  ops: readonly [UnnumberedOp, ...UnnumberedOp[]],
): Promise<OpResult> {
  const envelope = { console: actor.console, incarnation: 1 };
  const { results, scopes } = await applying(deps, actor, ops.length, (mode) =>
    inPipeline(deps.pool, async (client) => {
      const now = deps.clock.now();
      const s = 1 + (await lockConsole(client, actor, envelope.incarnation, SCHEMA_VERSION, now));
      const received = ops.map((op, index) =>
        receiveOp({ ...op, s: s + index, hash: hash('sha256', canonicalOpText(op)) }),
      );
      const state = mode === 'together' ? await loadBatchState(client, received, actor, now) : null;
      const arrival = { actor, envelope, schema: SCHEMA_VERSION, now };
      const { underWay, ...result } = await answer(client, deps, received, state, arrival);
      return { result, underWay };
    }),
  );
  if (scopes.size > 0) deps.poke(scopes);
  return forceUnwrap('an operation got no result', results[0]);
}

/** Whose operations they are, and when they came. */
interface Arrival {
  readonly actor: Actor;
  readonly envelope: Pick<PushEnvelope, 'console' | 'incarnation'>;
  readonly schema: number;
  readonly now: number;
}

/**
 * Applies a batch in one go; when the database refuses something in it, in a second transaction that finds it, rejects it alone and applies
 * the others.
 */
async function applying<T>(
  { log }: PushDeps,
  actor: Actor,
  ops: number,
  transact: (mode: 'together' | 'one-by-one') => Promise<T>,
): Promise<T> {
  try {
    return await transact('together');
  } catch (error) {
    if (!isDataError(error)) throw error;
    log.warn('push.one-by-one', { consoleId: actor.console, ops });
    return transact('one-by-one');
  }
}

/**
 * Decides new operations of a console whose numbering is locked, and writes down what was answered.
 * @param state null: each operation is read and decided by itself
 */
async function answer(
  client: PipedClient,
  deps: PushDeps,
  fresh: readonly ReceivedOp[],
  state: BatchState | null,
  arrival: Arrival,
): Promise<Written> {
  const { console, incarnation } = arrival.envelope;
  const { results, scopes, underWay } = state
    ? await applyTogether(client, deps, fresh, state, arrival)
    : await applyOneByOne(client, deps, fresh, arrival);
  const logged = later(copyRows(client, 'op_log', OP_LOG_TARGET, toLogValues(fresh, results, arrival)));
  const advanced = client.query({
    name: 'advance-console',
    text: 'UPDATE consoles SET last_s = $3 WHERE id = $1 AND incarnation = $2',
    values: [console, incarnation, fresh.at(-1)?.op.s],
  });
  return { results, scopes, underWay: [...underWay, logged, advanced] };
}

/** Stored results of operations the server has answered before. */
async function replay(
  client: pg.ClientBase,
  ops: readonly ReceivedOp[],
  { console, incarnation }: PushEnvelope,
): Promise<readonly OpResult[]> {
  if (ops.length === 0) return [];
  const stored = await client.query<{ s: number; hash: Buffer; result: OpResult }>(
    'SELECT s, hash, result FROM op_log WHERE console = $1 AND incarnation = $2 AND s = ANY($3::bigint[])',
    [console, incarnation, ops.map(({ op }) => op.s)],
  );
  const byNumber = new Map(stored.rows.map((row) => [row.s, row]));
  return ops.map(({ op }) => {
    const row = byNumber.get(op.s);
    // A result older than the retention: the effect happened, its details are gone.
    if (!row) return { s: op.s, code: 'duplicate', version: 0, seq: null };
    if (row.hash.toString('hex') !== op.hash) throw new ServiceError('IDENTITY_CLASH');
    return row.result;
  });
}

async function applyTogether(
  client: PipedClient,
  deps: PushDeps,
  ops: readonly ReceivedOp[],
  state: BatchState,
  { actor, now }: Arrival,
): Promise<Written> {
  const decision = decideBatch(ops, state, actor, now, () => newId<EventId>(now), deps.clockSets.get(actor.centre));
  return writeDecision(client, decision, now, actor);
}

/** Each in a savepoint of its own, with what those before it left. */
async function applyOneByOne(
  client: PipedClient,
  deps: PushDeps,
  ops: readonly ReceivedOp[],
  arrival: Arrival,
): Promise<Written> {
  const { actor, now } = arrival;
  const answered = new Map<string, AnsweredOp>();
  const results: OpResult[] = [];
  const scopes = new Map<string, number>();
  const take = ({ op }: ReceivedOp, result: OpResult) => {
    results.push(result);
    // The first answer to an id is the one that counts.
    if (!answered.has(op.opId)) answered.set(op.opId, { hash: op.hash, result });
  };
  for (const received of ops) {
    await client.query('SAVEPOINT op');
    try {
      const loaded = await loadBatchState(client, [received], actor, now);
      // Those of the same batch are not in the op log yet.
      const state = { ...loaded, answered: new Map([...loaded.answered, ...answered]) };
      const applied = await applyTogether(client, deps, [received], state, arrival);
      await Promise.all(applied.underWay);
      for (const result of applied.results) take(received, result);
      for (const [scope, seq] of applied.scopes) scopes.set(scope, seq);
      await client.query('RELEASE SAVEPOINT op');
    } catch (error) {
      if (!isDataError(error) || isUnavailable(error)) throw error;
      deps.log.error('push.poison-op', error, { consoleId: actor.console });
      await client.query('ROLLBACK TO SAVEPOINT op');
      take(received, { s: received.op.s, code: 'rejected', version: 0, seq: null, reason: 'NOT_STORABLE' });
    }
  }
  return { results, scopes, underWay: [] };
}

function toLogValues(
  ops: readonly ReceivedOp[],
  results: readonly OpResult[],
  { actor, envelope: { console, incarnation }, schema, now }: Arrival,
): readonly (readonly CopyValue[])[] {
  return ops.map(({ op }, index) => [
    op.opId,
    console,
    incarnation,
    op.s,
    op.kind,
    op.uid,
    `\\x${op.hash}`,
    actor.id,
    schema,
    op.at,
    now,
    resultText(forceUnwrap('an operation got no result', results[index])),
  ]);
}

const OP_LOG_TARGET = [
  'op_id',
  'console',
  'incarnation',
  's',
  'kind',
  'uid',
  'hash',
  'user_id',
  'schema_version',
  'at',
  'received_at',
  'result',
] as const;
