import { type User, userSchema } from '#shared/contract/server.contract.ts';
import type { ConsoleId } from '#shared/kernel/ids.ts';
import type { ReadableDb, WritableDb } from '../db/sqlite.ts';

/** Who this console is towards the server. */
export interface Identity {
  readonly consoleId: ConsoleId;
  readonly incarnation: number;
  /** Number of the next operation to be written. */
  readonly nextOp: number;
  /** Highest number the server is known to have acknowledged. */
  readonly lastAck: number;
}

interface IdentityRow {
  readonly console_id: string;
  readonly incarnation: number;
  readonly next_op: number;
  readonly last_ack: number;
}

/** The console's identity, null in a fresh cache. */
export function findIdentity(db: ReadableDb): Identity | null {
  const row = db.get<IdentityRow>('SELECT console_id, incarnation, next_op, last_ack FROM identity WHERE id = 1');
  if (!row) return null;
  return {
    consoleId: row.console_id as ConsoleId,
    incarnation: row.incarnation,
    nextOp: row.next_op,
    lastAck: row.last_ack,
  };
}

/** The console's identity; every open cache has one. */
export function getIdentity(db: ReadableDb): Identity {
  const identity = findIdentity(db);
  if (!identity) throw new Error('cache has no identity');
  return identity;
}

/** Writes the identity. */
export function saveIdentity(db: WritableDb, identity: Identity): void {
  db.run(
    `INSERT INTO identity (id, console_id, incarnation, next_op, last_ack) VALUES (1, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET console_id = excluded.console_id, incarnation = excluded.incarnation,
       next_op = excluded.next_op, last_ack = excluded.last_ack`,
    identity.consoleId,
    identity.incarnation,
    identity.nextOp,
    identity.lastAck,
  );
}

/** The signed-in user with what is needed to talk to the server. The token is only ever stored inside the encrypted cache. */
export interface StoredSession {
  readonly user: User;
  readonly refreshToken: string | null;
  /** Idempotency key of a refresh whose answer has not arrived. */
  readonly refreshKey: string | null;
  readonly serverId: string | null;
}

interface SessionRow {
  readonly user: string;
  readonly refresh_token: string | null;
  readonly refresh_key: string | null;
  readonly server_id: string | null;
}

/** The stored session, null in a fresh cache. */
export function findSession(db: ReadableDb): StoredSession | null {
  const row = db.get<SessionRow>('SELECT user, refresh_token, refresh_key, server_id FROM session WHERE id = 1');
  if (!row) return null;
  return {
    user: userSchema.parse(JSON.parse(row.user)),
    refreshToken: row.refresh_token,
    refreshKey: row.refresh_key,
    serverId: row.server_id,
  };
}

/** Keeps the user and a fresh refresh token. */
export function saveSession(db: WritableDb, user: User, refreshToken: string | null, now: number): void {
  db.run(
    `INSERT INTO session (id, user_id, user, refresh_token, signed_in_at) VALUES (1, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET user_id = excluded.user_id, user = excluded.user, refresh_token = excluded.refresh_token, refresh_key = NULL,
       signed_in_at = excluded.signed_in_at`,
    user.id,
    JSON.stringify(user),
    refreshToken,
    now,
  );
}

/** Keeps the idempotency key before a refresh is sent: the same key makes a retry harmless. */
export function saveRefreshKey(db: WritableDb, key: string): void {
  db.run('UPDATE session SET refresh_key = ? WHERE id = 1', key);
}

/** Forgets a refresh token the server no longer accepts. */
export function clearRefreshToken(db: WritableDb): void {
  db.run('UPDATE session SET refresh_token = NULL, refresh_key = NULL WHERE id = 1');
}

/** Remembers which server this cache belongs to. */
export function saveServerId(db: WritableDb, serverId: string): void {
  db.run('UPDATE session SET server_id = ? WHERE id = 1', serverId);
}

/** Name of the setting with the clock presets the centre chose; empty for none. */
export const CLOCK_SET = 'clock-set';

/** A named value of the cache. */
export function findSetting(db: ReadableDb, name: string): string | null {
  return db.value<string>('SELECT value FROM settings WHERE name = ?', name) ?? null;
}

/** Stores a named value. */
export function saveSetting(db: WritableDb, name: string, value: string): void {
  db.run(
    'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    name,
    value,
  );
}

/** Running number of the day for 暂编号; null when none was given yet. */
export function findRunningNumber(db: ReadableDb, day: string): number | null {
  return db.value<number>('SELECT running FROM provisional_numbers WHERE day = ?', day) ?? null;
}

/** Stores the running number of the day. */
export function saveRunningNumber(db: WritableDb, day: string, running: number): void {
  db.run(
    'INSERT INTO provisional_numbers (day, running) VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET running = excluded.running',
    day,
    running,
  );
}
