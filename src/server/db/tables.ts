import { type ColumnType, Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import type { Line, Role } from '#shared/domain/roles.ts';
import type { UserId } from '#shared/kernel/ids.ts';

interface UsersTable {
  readonly id: UserId;
  readonly account: string;
  readonly name: string;
  readonly seat: string;
  readonly role: Role;
  readonly centre: string;
  readonly lines: Line[];
  readonly team: string | null;
  readonly password_hash: string;
  readonly password_changed_at: number;
  readonly disabled: boolean;
  readonly created_at: number;
  readonly updated_at: number;
}

interface RefreshTokensTable {
  readonly token_hash: Buffer;
  readonly family: string;
  readonly user_id: UserId;
  readonly console: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly rotated_at: number | null;
  readonly rotation_key: string | null;
  readonly revoked_at: number | null;
}

interface SigningKeysTable {
  readonly kid: string;
  readonly public_key: ColumnType<Record<string, unknown>, string>;
  readonly private_key: string;
  readonly created_at: number;
  readonly signs_until: number;
  readonly verifies_until: number;
}

interface SignInLimitsTable {
  readonly key: Buffer;
  readonly failures: number;
  readonly since: number;
  readonly blocked_until: number;
}

interface ServerMetaTable {
  readonly server_id: string;
  readonly mode: 'demo' | 'production';
  readonly token_secret: Buffer;
  readonly created_at: number;
}

/** Tables reached through Kysely; the sync tables are written and read by measured SQL in sync/. */
export interface Tables {
  readonly users: UsersTable;
  readonly refresh_tokens: RefreshTokensTable;
  readonly signing_keys: SigningKeysTable;
  readonly sign_in_limits: SignInLimitsTable;
  readonly server_meta: ServerMetaTable;
}

export type Db = Kysely<Tables>;

/** Kysely over the server's own pool. Ending the pool ends it too. */
export function createDb(pool: pg.Pool): Db {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}
