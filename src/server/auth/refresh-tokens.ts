import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '#shared/kernel/clock.ts';
import type { ConsoleId, UserId } from '#shared/kernel/ids.ts';
import type { Db } from '../db/tables.ts';
import { ServiceError } from '../service-error.ts';

/** A session unused for this long ends. */
const IDLE_MS = 14 * 86_400_000;
/** A retry with the same idempotency key within this time is a lost reply, not a theft. */
const RETRY_MS = 30_000;

export interface Session {
  readonly userId: UserId;
  readonly console: ConsoleId;
  readonly family: string;
}

/**
 * Opaque refresh tokens: stored as hashes, replaced at each use, bound to one console (SRV-3). A token used a second time
 * has been copied, so its whole family ends.
 */
export class RefreshTokens {
  readonly #db: Db;
  readonly #clock: Clock;
  readonly #secret: Buffer;

  constructor(db: Db, clock: Clock, secret: Buffer) {
    this.#db = db;
    this.#clock = clock;
    this.#secret = secret;
  }

  /** Starts a session. */
  async start(userId: UserId, console: ConsoleId): Promise<{ readonly token: string; readonly family: string }> {
    const now = this.#clock.now();
    const token = randomBytes(32).toString('base64url');
    const family = randomUUID();
    await this.#db.deleteFrom('refresh_tokens').where('expires_at', '<', now).execute();
    await this.#insert(this.#db, token, { userId, console, family }, now);
    return { token, family };
  }

  /**
   * Replaces a token. The successor is derived from the token, the key and a server secret, so a retry after a lost reply
   * gets the same one although only hashes are stored.
   * @throws ServiceError UNAUTHENTICATED, TOKEN_REUSED
   */
  async rotate(
    token: string,
    idempotencyKey: string,
    console: ConsoleId,
  ): Promise<{ readonly token: string; readonly session: Session }> {
    const outcome = await this.#db.transaction().execute(async (tx) => {
      const now = this.#clock.now();
      const row = await tx
        .selectFrom('refresh_tokens')
        .selectAll()
        .where('token_hash', '=', hashToken(token))
        .forUpdate()
        .executeTakeFirst();
      if (!row || row.expires_at <= now) return 'unknown';
      const revoke = () =>
        tx
          .updateTable('refresh_tokens')
          .set({ revoked_at: now })
          .where('family', '=', row.family)
          .where('revoked_at', 'is', null)
          .execute();
      if (row.revoked_at !== null) return row.rotated_at === null ? 'unknown' : 'reused';
      if (row.console !== console) {
        await revoke();
        return 'reused';
      }
      const session: Session = { userId: row.user_id, console, family: row.family };
      const successor = createHmac('sha256', this.#secret).update(`${token}\n${idempotencyKey}`).digest('base64url');
      if (row.rotated_at === null) {
        await tx
          .updateTable('refresh_tokens')
          .set({ rotated_at: now, rotation_key: idempotencyKey })
          .where('token_hash', '=', row.token_hash)
          .execute();
        await this.#insert(tx, successor, session, now);
        return { token: successor, session };
      }
      const next = await tx
        .selectFrom('refresh_tokens')
        .select('rotated_at')
        .where('token_hash', '=', hashToken(successor))
        .executeTakeFirst();
      const isRetry =
        row.rotation_key === idempotencyKey && now - row.rotated_at <= RETRY_MS && next?.rotated_at === null;
      if (isRetry) return { token: successor, session };
      await revoke();
      return 'reused';
    });
    // Thrown outside the transaction: the revocation has to stay.
    if (outcome === 'unknown') throw new ServiceError('UNAUTHENTICATED');
    if (outcome === 'reused') throw new ServiceError('TOKEN_REUSED');
    return outcome;
  }

  /** Ends the session of a token; an unknown token is nothing to end. */
  async end(token: string): Promise<void> {
    const row = await this.#db
      .selectFrom('refresh_tokens')
      .select('family')
      .where('token_hash', '=', hashToken(token))
      .executeTakeFirst();
    if (row) await this.#openTokens().where('family', '=', row.family).execute();
  }

  /** Ends all sessions of a user, but for one when the user asked for it from there. */
  async endAll(userId: UserId, except: string | null): Promise<void> {
    const all = this.#openTokens().where('user_id', '=', userId);
    await (except === null ? all : all.where('family', '!=', except)).execute();
  }

  /** Whether this user has signed in on this console before. */
  async knowsConsole(userId: UserId, console: ConsoleId): Promise<boolean> {
    const row = await this.#db
      .selectFrom('refresh_tokens')
      .select('family')
      .where('user_id', '=', userId)
      .where('console', '=', console)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  #openTokens() {
    return this.#db
      .updateTable('refresh_tokens')
      .set({ revoked_at: this.#clock.now() })
      .where('revoked_at', 'is', null);
  }

  async #insert(db: Db, token: string, session: Session, now: number): Promise<void> {
    await db
      .insertInto('refresh_tokens')
      .values({
        token_hash: hashToken(token),
        family: session.family,
        user_id: session.userId,
        console: session.console,
        created_at: now,
        expires_at: now + IDLE_MS,
        rotated_at: null,
        rotation_key: null,
        revoked_at: null,
      })
      .execute();
  }
}

function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
