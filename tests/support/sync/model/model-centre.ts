import type { z } from 'zod';
import type { Actor } from '#server/auth/actor.ts';
import { isUnavailable } from '#server/db/transaction.ts';
import { silentLog } from '#server/log.ts';
import { ServiceError } from '#server/service-error.ts';
import { hello } from '#server/sync/hello.ts';
import { pull } from '#server/sync/pull.ts';
import { push } from '#server/sync/push.ts';
import { pushEnvelopeSchema } from '#server/sync/receive.ts';
import { buildSegments, SEGMENT_RULES } from '#server/sync/segments/segment-builder.ts';
import { getManifest, getSegment } from '#server/sync/segments/serve.ts';
import type { User } from '#shared/contract/server.contract.ts';
import type { ConsoleId } from '#shared/kernel/ids.ts';
import { addToDigest, EMPTY_DIGEST } from '#shared/kernel/row-hash.ts';
import { citizenScope } from '#shared/sync/protocol.ts';
import { segmentsRequestSchema } from '#shared/sync/segments.ts';
import { helloRequestSchema, pullRequestSchema } from '#shared/sync/wire.ts';
import { AGENT, createTestClock, START, sampleCitizen } from '../../data/samples.ts';
import type { ModelRow } from './copy-text.ts';
import { ModelPostgres } from './model-postgres.ts';
import type { Tables } from './tables.ts';

/** Where the model centre keeps its people. */
const PEOPLE = citizenScope(AGENT.centre);
/** Small segments, so that a few hundred rows are many. */
const RULES = { ...SEGMENT_RULES, fromRows: 100, changesPerSegment: 40, pausePerWork: 0 };

export interface CentreAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfterMs?: number | undefined;
}

/** One request as it reaches the server. */
export interface CentreRequest {
  readonly path: string;
  readonly body: unknown;
  readonly consoleId: ConsoleId;
  readonly user: User;
}

/**
 * The central server over {@link ModelPostgres}: the product's own hello, push and pull with their checks, decisions and SQL,
 * without sockets, sign-in and HTTP framework.
 */
export class ModelCentre {
  readonly database = new ModelPostgres();
  readonly clock = createTestClock(START);
  serverId = '019a0000-0000-4000-8000-00000000aaaa';
  /** People whose records the centre took away. */
  readonly removed = new Set<string>();
  /** People who were there before anybody signed in, as they were then. */
  readonly imported = new Map<string, ModelRow>();

  /** Answers one request; never throws. */
  async answer(request: CentreRequest): Promise<CentreAnswer> {
    try {
      return { status: 200, body: await this.#route(request) };
    } catch (error) {
      return toAnswer(error);
    }
  }

  async #route({ path, body, consoleId, user }: CentreRequest): Promise<unknown> {
    const { clock } = this;
    const { pool } = this.database;
    const mode = 'production' as const;
    if (path === '/auth/refresh') return tokensOf(user, clock.now());
    if (path.startsWith('/centre/seats')) return { hash: 'none', seats: [] };
    const actor: Actor = { ...user, console: consoleId, session: 'session', mode };
    if (path === '/sync/hello') {
      const identity = { serverId: this.serverId, mode, tokenSecret: Buffer.alloc(0) };
      return hello({ pool, clock, identity, clockSets: new Map() }, actor, check(helloRequestSchema, body));
    }
    if (path === '/sync/push') {
      const deps = { pool, clock, log: silentLog, poke: () => {}, clockSets: new Map() };
      return push(deps, actor, check(pushEnvelopeSchema, body));
    }
    if (path === '/sync/pull') return pull({ pool }, actor, check(pullRequestSchema, body));
    const [, segment] = /^\/sync\/segments\/(.+)$/.exec(path) ?? [];
    if (segment) return getSegment({ pool }, actor, segment, 'zstd');
    const { pathname, searchParams } = new URL(path, 'http://centre.test');
    if (pathname === '/sync/segments') {
      return getManifest({ pool }, actor, check(segmentsRequestSchema, Object.fromEntries(searchParams)));
    }
    throw new ServiceError('NOT_FOUND');
  }

  /**
   * Fills an empty centre with people, as an import does.
   * @param changes how many changes of each were counted: only the last one is there to be pulled
   */
  importPeople(count: number, changes = 1): void {
    const { tables } = this.database;
    let digest = EMPTY_DIGEST;
    for (let n = 1; n <= count; n++) {
      const { fields, createdAt: at } = sampleCitizen({
        name: `市民${n}`,
        phones: [`1370000${String(n).padStart(4, '0')}`],
      });
      const uid = `019f0000-0000-7000-8000-0000000${String(n).padStart(5, '0')}`;
      const row = { uid, scope: PEOPLE, seq: n * changes, version: 1, centre: AGENT.centre, merged_into: null, fields };
      tables.citizens.set(uid, { ...row, created_at: at, updated_at: at });
      this.imported.set(uid, row);
      digest = addToDigest(digest, uid, 1);
    }
    const clock = {
      scope: PEOPLE,
      epoch: 1,
      value: count * changes,
      count,
      digest_hi: digest.hi,
      digest_lo: digest.lo,
    };
    tables.clocks.set(PEOPLE, { ...clock, gone_floor: 0, packed_floor: 0 });
  }

  /** Takes people's records away, as the server lets rows go: raised clock, adjusted count and digest, lines in the list of what is gone. */
  removePeople(uids: readonly string[]): void {
    const { tables } = this.database;
    for (const uid of uids) {
      const row = tables.citizens.get(uid);
      const clock = tables.clocks.get(PEOPLE);
      if (!row || !clock) throw new Error('no such person');
      const before = { hi: Number(clock.digest_hi), lo: Number(clock.digest_lo) };
      const { hi, lo } = addToDigest(before, uid, Number(row.version), -1);
      const seq = Number(clock.value) + 1;
      tables.clocks.set(PEOPLE, { ...clock, value: seq, count: Number(clock.count) - 1, digest_hi: hi, digest_lo: lo });
      tables.gone.set(`${PEOPLE}/${seq}`, { kind: 'citizens', scope: PEOPLE, seq, uid, at: this.clock.now() });
      tables.citizens.delete(uid);
      this.removed.add(uid);
    }
  }

  /** So much time went by that the server no longer remembers what was removed. */
  forgetRemovals(): void {
    const { clocks, gone } = this.database.tables;
    for (const { scope, seq } of gone.values()) {
      const clock = clocks.get(String(scope));
      clocks.set(String(scope), { ...clock, gone_floor: Math.max(Number(clock?.gone_floor ?? 0), Number(seq)) });
    }
    gone.clear();
  }

  /** Lets the server make its segments now. */
  async packSegments(): Promise<void> {
    const { pool } = this.database;
    const make = () => buildSegments({ pool, clock: this.clock, log: silentLog }, RULES);
    // The process may die over it; the next one makes them again.
    await make().catch((error: unknown) => (isUnavailable(error) ? make() : Promise.reject(error)));
  }

  /** What a backup of this moment holds. */
  backUp(): Tables {
    return this.database.tables.copy();
  }

  /** Comes back as it was at a backup, under a new epoch as the handbook of the server demands. */
  restore(backup: Tables): void {
    this.database.crash();
    const epochs = [...this.database.tables.clocks.values()].map(({ epoch }) => Number(epoch));
    const epoch = Math.max(0, ...epochs) + 1;
    this.database.tables = backup.copy();
    for (const [scope, clock] of backup.clocks) this.database.tables.clocks.set(scope, { ...clock, epoch });
  }
}

/** What a sign-in or a renewed token answers. */
export function tokensOf(user: User, serverTime: number) {
  return {
    accessToken: `token of ${user.account}`,
    accessExpiresAt: serverTime + 600_000,
    refreshToken: 'refresh',
    serverTime,
    user,
    mode: 'production' as const,
  };
}

function check<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new ServiceError('BAD_INPUT');
  return parsed.data;
}

function toAnswer(error: unknown): CentreAnswer {
  if (error instanceof ServiceError) {
    const { code, data, status, retryAfterMs } = error;
    return { status, body: { defined: true, code, message: code, data }, retryAfterMs };
  }
  if (isUnavailable(error)) return { status: 503, body: { code: 'NOT_READY', message: 'NOT_READY' } };
  throw error;
}
