import { type ConsoleId, newId } from '#shared/kernel/ids.ts';
import { quarantine } from '../db/files.ts';
import { DataError, hasCode } from '../errors.ts';
import { type KeyFile, profileFolder, readKeyFile, writeKeyFile } from '../keys/key-file.ts';
import { createProfileKeys, type ProfileKeys, rewrapProfileKeys, unlockProfileKeys } from '../keys/profile-keys.ts';
import { ONLINE_ONLY_FAILURES, unlockDelayMs } from '../keys/unlock-delay.ts';
import type { HttpTarget } from '../sync/http.ts';
import { logIn, logOut, type Reply, type Tokens } from '../sync/server-client.ts';
import type { SessionDeps } from './session-deps.ts';

/** What a sign-in gave: the keys of the profile, and tokens when the server was asked. */
export interface SignedIn {
  readonly folder: string;
  readonly keys: ProfileKeys;
  readonly tokens: Tokens | null;
}

/**
 * Unlocks the profile of an account, or makes one when the server accepts the password.
 * @throws DataError BAD_CREDENTIALS, TOO_MANY_TRIES, OLD_PASSWORD_NEEDED, OFFLINE, NOT_CONFIGURED, ACCOUNT_DISABLED,
 * MODE_MISMATCH, KEYRING_UNAVAILABLE, DATABASE_DAMAGED
 */
export async function signIn(deps: SessionDeps, account: string, password: string): Promise<SignedIn> {
  const folder = profileFolder(deps.profileDir, deps.mode, account);
  const file = readProfileKeyFile(deps, folder);
  return file ? unlock(deps, folder, file, password) : enrol(deps, folder, account, password);
}

/** An unreadable key file makes its profile useless: the whole folder is set aside, and the next sign-in starts a new one. */
function readProfileKeyFile(deps: SessionDeps, folder: string): KeyFile | null {
  try {
    return readKeyFile(folder);
  } catch (error) {
    if (!hasCode(error, 'DATABASE_DAMAGED')) throw error;
    quarantine(deps.profileDir, [folder], deps.clock.now());
    throw error;
  }
}

function targetOf(deps: SessionDeps, consoleId: ConsoleId): HttpTarget | null {
  if (deps.serverUrl === null) return null;
  return {
    baseUrl: deps.serverUrl.replace(/\/+$/, ''),
    mode: deps.mode,
    consoleId,
    ...(deps.fetch ? { fetch: deps.fetch } : {}),
  };
}

async function unlock(deps: SessionDeps, folder: string, file: KeyFile, password: string): Promise<SignedIn> {
  const retryAfterMs = unlockDelayMs(file.failures, deps.clock.now());
  if (retryAfterMs > 0) throw new DataError('TOO_MANY_TRIES', 'wait before the next try', { retryAfterMs });
  // Counted before it is looked at: ending the application meanwhile does not make a try free.
  saveFailures(folder, { count: file.failures.count + 1, lastAt: deps.clock.now() });
  try {
    return await verify(deps, folder, file, password);
  } catch (error) {
    if (!hasCode(error, 'BAD_CREDENTIALS')) saveFailures(folder, file.failures);
    throw error;
  }
}

async function verify(deps: SessionDeps, folder: string, file: KeyFile, password: string): Promise<SignedIn> {
  const result = await unlockProfileKeys(file, password, deps.deviceSecret);
  const target = targetOf(deps, file.consoleId);
  if (result.kind === 'wrong-password') {
    await refuseWrongPassword(deps, file, password, target);
    throw new DataError('BAD_CREDENTIALS', 'wrong password');
  }
  const { keys } = result;
  const tokens = file.failures.count >= ONLINE_ONLY_FAILURES ? await confirmOnline(target, file, password, keys) : null;
  // A keyring that has appeared since the profile was made protects it from now on.
  if (file.deviceCheck === null && deps.deviceSecret) await tryRewrap(folder, keys, password, deps.deviceSecret);
  saveFailures(folder, NO_FAILURES);
  return { folder, keys, tokens };
}

async function tryRewrap(folder: string, keys: ProfileKeys, password: string, secret: Uint8Array): Promise<void> {
  try {
    await rewrapProfileKeys(folder, keys, password, secret);
  } catch (error) {
    // A full disk keeps nobody from working; it is tried again with the next unlock.
    if (!isStorageFailure(error)) throw error;
  }
}

const NO_FAILURES: KeyFile['failures'] = { count: 0, lastAt: 0 };

/** Keeps the count of failed unlocks, as far as the disk lets us: a full one must not lock anybody out. */
function saveFailures(folder: string, failures: KeyFile['failures']): void {
  try {
    // Read again: the wrap may have been renewed meanwhile.
    const current = readKeyFile(folder);
    if (current) writeKeyFile(folder, { ...current, failures });
  } catch (error) {
    if (!isStorageFailure(error)) throw error;
  }
}

function isStorageFailure(error: unknown): boolean {
  return hasCode(error, 'DISK_FULL') || hasCode(error, 'READ_ONLY');
}

/** After many failures the right local password is not enough: the server has to accept it too. */
async function confirmOnline(
  target: HttpTarget | null,
  file: KeyFile,
  password: string,
  keys: ProfileKeys,
): Promise<Tokens> {
  try {
    if (!target) throw new DataError('NOT_CONFIGURED', 'no server configured');
    return valueOrThrow(await logIn(target, file.account, password));
  } catch (error) {
    keys.zero();
    throw error;
  }
}

/** A wrong password is told after this long at the latest, also when the server is silent. */
const RECHECK_MS = 4_000;

/**
 * A password that does not open the profile may be a new one, set at another console. The data key can only be unwrapped by
 * the old password, so that one is needed once more; nothing is counted against a person whom the server has just recognised.
 */
async function refuseWrongPassword(
  deps: SessionDeps,
  file: KeyFile,
  password: string,
  target: HttpTarget | null,
): Promise<void> {
  const reply = target ? await logIn(target, file.account, password, AbortSignal.timeout(RECHECK_MS)) : null;
  if (target && reply?.kind === 'answer' && reply.value.mode === deps.mode) {
    void logOut(target, reply.value.refreshToken);
    throw new DataError('OLD_PASSWORD_NEEDED', 'the password was changed elsewhere');
  }
  if (reply?.kind === 'refused' && reply.code === 'ACCOUNT_DISABLED') throw new DataError('ACCOUNT_DISABLED');
}

async function enrol(deps: SessionDeps, folder: string, account: string, password: string): Promise<SignedIn> {
  const consoleId = newId<ConsoleId>(deps.clock.now());
  const target = targetOf(deps, consoleId);
  if (!target) throw new DataError('NOT_CONFIGURED', 'no server configured and no profile of this account');
  const tokens = valueOrThrow(await logIn(target, account, password));
  if (tokens.mode !== deps.mode) throw new DataError('MODE_MISMATCH', `server is ${tokens.mode}`);
  const { deviceSecret, mode } = deps;
  const keys = await createProfileKeys(folder, { user: tokens.user, mode, consoleId, password, deviceSecret });
  return { folder, keys, tokens };
}

const SIGN_IN_CODES = ['BAD_CREDENTIALS', 'ACCOUNT_DISABLED', 'MODE_MISMATCH', 'WEAK_PASSWORD'] as const;

/** The answer of the server, or the error a person can act on. */
export function valueOrThrow<T>(reply: Reply<T>): T {
  if (reply.kind === 'answer') return reply.value;
  if (reply.kind === 'unreachable') throw new DataError('OFFLINE', reply.detail);
  const known = SIGN_IN_CODES.find((code) => code === reply.code);
  if (known) throw new DataError(known, reply.detail);
  if (reply.code === 'TOO_MANY_TRIES' || reply.code === 'RATE_LIMITED') {
    throw new DataError('TOO_MANY_TRIES', reply.detail, { retryAfterMs: retryAfterOf(reply.data, reply.retryAfterMs) });
  }
  // An account name of a shape that no server accepts cannot be right.
  if (reply.code === 'BAD_INPUT') throw new DataError('BAD_CREDENTIALS', reply.detail);
  throw new DataError('OFFLINE', `${reply.code}: ${reply.detail}`);
}

function retryAfterOf(data: unknown, header: number | null): number {
  if (data !== null && typeof data === 'object' && 'retryAfterMs' in data && typeof data.retryAfterMs === 'number') {
    return Math.max(0, Math.round(data.retryAfterMs));
  }
  return header ?? 5_000;
}
