import type { z } from 'zod';
import type { Actor } from '#server/auth/actor.ts';
import { isUnavailable } from '#server/db/transaction.ts';
import { silentLog } from '#server/log.ts';
import { ServiceError } from '#server/service-error.ts';
import { hello } from '#server/sync/hello.ts';
import { pull } from '#server/sync/pull.ts';
import { push } from '#server/sync/push.ts';
import { pushEnvelopeSchema } from '#server/sync/receive.ts';
import type { User } from '#shared/contract/server.contract.ts';
import type { ConsoleId } from '#shared/kernel/ids.ts';
import { helloRequestSchema, pullRequestSchema } from '#shared/sync/wire.ts';
import { createTestClock, START } from '../../data/samples.ts';
import { ModelPostgres } from './model-postgres.ts';
import type { Tables } from './tables.ts';

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
    throw new ServiceError('NOT_FOUND');
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
