import { sql } from 'kysely';
import pg from 'pg';
import type { User } from '#shared/contract/server.contract.ts';
import type { Line, Role } from '#shared/domain/roles.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { newId, type UserId } from '#shared/kernel/ids.ts';
import type { Actor } from '../auth/actor.ts';
import { checkPassword, hashPassword, type PasswordPolicy } from '../auth/passwords.ts';
import type { Db } from '../db/tables.ts';
import { ServiceError } from '../service-error.ts';

export interface NewAccount {
  readonly account: string;
  readonly password: string;
  readonly name: string;
  readonly seat: string;
  readonly role: Role;
  readonly centre: string;
  readonly lines: readonly Line[];
  /** 班组. */
  readonly team?: string | null | undefined;
}

/** An account with what signing in needs. */
export interface StoredAccount {
  readonly user: User;
  readonly team: string | null;
  readonly passwordHash: string;
  readonly disabled: boolean;
}

const COLUMNS = [
  'id',
  'account',
  'name',
  'seat',
  'role',
  'centre',
  'lines',
  'team',
  'disabled',
  'password_hash',
] as const;

/** An account as the administrator of its centre sees it. */
export type CentreAccount = User & { readonly team: string | null; readonly disabled: boolean };

/** Accounts of the centres. There is no default account: the first one comes from the command line. */
export class Accounts {
  readonly #db: Db;
  readonly #clock: Clock;
  readonly #policy: PasswordPolicy;

  constructor(db: Db, clock: Clock, policy: PasswordPolicy) {
    this.#db = db;
    this.#clock = clock;
    this.#policy = policy;
  }

  /** @throws ServiceError WEAK_PASSWORD, BAD_INPUT when the account name is taken */
  async create(account: NewAccount): Promise<User> {
    checkPassword(account.password, account.account, this.#policy);
    const now = this.#clock.now();
    const passwordHash = await hashPassword(account.password);
    const user: User = {
      id: newId<UserId>(now),
      account: account.account,
      name: account.name,
      seat: account.seat,
      role: account.role,
      centre: account.centre,
      lines: [...new Set(account.lines)].sort(),
    };
    try {
      await this.#db
        .insertInto('users')
        .values({
          ...user,
          team: account.team ?? null,
          password_hash: passwordHash,
          password_changed_at: now,
          disabled: false,
          created_at: now,
          updated_at: now,
        })
        .execute();
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === '23505') {
        throw new ServiceError('BAD_INPUT', { issues: [{ path: 'account', code: 'taken' }] });
      }
      throw error;
    }
    return user;
  }

  async findByName(account: string): Promise<StoredAccount | null> {
    const row = await this.#db
      .selectFrom('users')
      .select(COLUMNS)
      .where(sql<boolean>`lower(account) = ${account.toLowerCase()}`)
      .executeTakeFirst();
    return row ? toStored(row) : null;
  }

  async findById(id: UserId): Promise<StoredAccount | null> {
    const row = await this.#db.selectFrom('users').select(COLUMNS).where('id', '=', id).executeTakeFirst();
    return row ? toStored(row) : null;
  }

  /** Accounts of a centre by name. */
  async list(centre: string): Promise<readonly CentreAccount[]> {
    const rows = await this.#db
      .selectFrom('users')
      .select(COLUMNS)
      .where('centre', '=', centre)
      .orderBy('account')
      .execute();
    return rows.map((row) => {
      const { user, team, disabled } = toStored(row);
      return { ...user, team, disabled };
    });
  }

  /** Puts somebody into a 班组, or out of every one. @throws ServiceError NOT_FOUND for an account of another centre */
  async setTeam(centre: string, id: UserId, team: string | null): Promise<void> {
    const changed = await this.#db
      .updateTable('users')
      .set({ team, updated_at: this.#clock.now() })
      .where('id', '=', id)
      .where('centre', '=', centre)
      .executeTakeFirst();
    if (changed.numUpdatedRows !== 1n) throw new ServiceError('NOT_FOUND');
  }

  /** @throws ServiceError NOT_FOUND for an account of another centre, FORBIDDEN for the own one */
  async setDisabled(admin: Actor, id: UserId, disabled: boolean): Promise<void> {
    // An administrator who locks themselves out would leave the centre without one.
    if (id === admin.id) throw new ServiceError('FORBIDDEN');
    const changed = await this.#db
      .updateTable('users')
      .set({ disabled, updated_at: this.#clock.now() })
      .where('id', '=', id)
      .where('centre', '=', admin.centre)
      .executeTakeFirst();
    if (changed.numUpdatedRows !== 1n) throw new ServiceError('NOT_FOUND');
  }

  /** @throws ServiceError WEAK_PASSWORD */
  async setPassword(id: UserId, account: string, password: string): Promise<void> {
    checkPassword(password, account, this.#policy);
    const now = this.#clock.now();
    await this.#db
      .updateTable('users')
      .set({ password_hash: await hashPassword(password), password_changed_at: now, updated_at: now })
      .where('id', '=', id)
      .execute();
  }

  /** Replaces a hash made with older parameters; the password stays. */
  async rehash(id: UserId, password: string): Promise<void> {
    await this.#db
      .updateTable('users')
      .set({ password_hash: await hashPassword(password) })
      .where('id', '=', id)
      .execute();
  }
}

interface UserRow {
  readonly id: UserId;
  readonly account: string;
  readonly name: string;
  readonly seat: string;
  readonly role: Role;
  readonly centre: string;
  readonly lines: Line[];
  readonly team: string | null;
  readonly disabled: boolean;
  readonly password_hash: string;
}

function toStored({ disabled, password_hash, team, ...user }: UserRow): StoredAccount {
  return { user, team, passwordHash: password_hash, disabled };
}
