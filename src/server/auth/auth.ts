import type { z } from 'zod';
import type { tokensSchema } from '#shared/contract/server.contract.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { type ConsoleId, type UserId, userIdSchema } from '#shared/kernel/ids.ts';
import type { Accounts, StoredAccount } from '../accounts/accounts.ts';
import type { ServerIdentity } from '../db/server-meta.ts';
import { ServiceError } from '../service-error.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { Actor } from './actor.ts';
import { needsRehash, verifyPassword } from './passwords.ts';
import type { RefreshTokens, Session } from './refresh-tokens.ts';
import type { SignInLimits } from './sign-in-limits.ts';

export type Tokens = z.infer<typeof tokensSchema>;

const NOBODY: UserId = userIdSchema.parse('00000000-0000-0000-0000-000000000000');

/** Signing in, staying signed in, and knowing who asks. */
export class Auth {
  readonly #accounts: Accounts;
  readonly #access: AccessTokens;
  readonly #refresh: RefreshTokens;
  readonly #limits: SignInLimits;
  readonly #identity: ServerIdentity;
  readonly #clock: Clock;

  constructor(parts: {
    readonly accounts: Accounts;
    readonly access: AccessTokens;
    readonly refresh: RefreshTokens;
    readonly limits: SignInLimits;
    readonly identity: ServerIdentity;
    readonly clock: Clock;
  }) {
    this.#accounts = parts.accounts;
    this.#access = parts.access;
    this.#refresh = parts.refresh;
    this.#limits = parts.limits;
    this.#identity = parts.identity;
    this.#clock = parts.clock;
  }

  /**
   * Signs in on a console. Unknown account and wrong password take the same time and give the same answer; that an account
   * is disabled is told only to who knows its password.
   * @throws ServiceError BAD_CREDENTIALS, ACCOUNT_DISABLED, TOO_MANY_TRIES, RATE_LIMITED
   */
  async signIn(account: string, password: string, console: ConsoleId, address: string): Promise<Tokens> {
    const stored = await this.#accounts.findByName(account);
    // Asked for unknown accounts too: the same steps take the same time.
    const isKnownConsole = await this.#refresh.knowsConsole(stored?.user.id ?? NOBODY, console);
    const attempt = { account, address, isKnownConsole };
    await this.#limits.check(attempt);
    const matches = await verifyPassword(stored?.passwordHash ?? null, password);
    if (!stored || !matches) {
      await this.#limits.noteFailure(attempt);
      throw new ServiceError('BAD_CREDENTIALS');
    }
    if (stored.disabled) throw new ServiceError('ACCOUNT_DISABLED');
    await this.#limits.noteSuccess(attempt);
    if (needsRehash(stored.passwordHash)) await this.#accounts.rehash(stored.user.id, password);
    const { token, family } = await this.#refresh.start(stored.user.id, console);
    return this.#issue(stored, { userId: stored.user.id, console, family }, token);
  }

  /** @throws ServiceError UNAUTHENTICATED, TOKEN_REUSED, ACCOUNT_DISABLED */
  async refresh(token: string, idempotencyKey: string, console: ConsoleId): Promise<Tokens> {
    const rotated = await this.#refresh.rotate(token, idempotencyKey, console);
    const stored = await this.#accounts.findById(rotated.session.userId);
    if (!stored) throw new ServiceError('UNAUTHENTICATED');
    if (stored.disabled) throw new ServiceError('ACCOUNT_DISABLED');
    return this.#issue(stored, rotated.session, rotated.token);
  }

  async signOut(token: string): Promise<void> {
    await this.#refresh.end(token);
  }

  /**
   * Who an Authorization header stands for, as the database knows them at this moment.
   * @throws ServiceError UNAUTHENTICATED, ACCOUNT_DISABLED
   */
  async authenticate(header: string | undefined): Promise<Actor & { readonly tokenExpiresAt: number }> {
    const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(header ?? '')?.[1];
    if (token === undefined) throw new ServiceError('UNAUTHENTICATED');
    const claims = await this.#access.verify(token);
    const stored = await this.#accounts.findById(claims.userId);
    if (!stored) throw new ServiceError('UNAUTHENTICATED');
    if (stored.disabled) throw new ServiceError('ACCOUNT_DISABLED');
    return {
      ...stored.user,
      console: claims.console,
      session: claims.session,
      mode: this.#identity.mode,
      tokenExpiresAt: claims.expiresAt,
    };
  }

  /**
   * Changes the own password; all other sessions end.
   * @throws ServiceError BAD_CREDENTIALS, WEAK_PASSWORD, TOO_MANY_TRIES
   */
  async changePassword(actor: Actor, oldPassword: string, newPassword: string, address: string): Promise<void> {
    const attempt = { account: actor.account, address, isKnownConsole: true };
    await this.#limits.check(attempt);
    const stored = await this.#accounts.findById(actor.id);
    if (!(await verifyPassword(stored?.passwordHash ?? null, oldPassword))) {
      await this.#limits.noteFailure(attempt);
      throw new ServiceError('BAD_CREDENTIALS');
    }
    await this.#accounts.setPassword(actor.id, actor.account, newPassword);
    await this.#refresh.endAll(actor.id, actor.session);
  }

  /** Disables or enables an account; disabling ends its sessions at once. */
  async setDisabled(admin: Actor, id: Actor['id'], disabled: boolean): Promise<void> {
    await this.#accounts.setDisabled(admin, id, disabled);
    if (disabled) await this.#refresh.endAll(id, null);
  }

  async #issue(stored: StoredAccount, session: Session, refreshToken: string): Promise<Tokens> {
    const { token, expiresAt } = await this.#access.sign({
      userId: session.userId,
      console: session.console,
      session: session.family,
    });
    return {
      accessToken: token,
      accessExpiresAt: expiresAt,
      refreshToken,
      serverTime: this.#clock.now(),
      user: stored.user,
      mode: this.#identity.mode,
    };
  }
}
