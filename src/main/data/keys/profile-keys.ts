import { randomBytes } from 'node:crypto';
import { type User, userSchema } from '#shared/contract/server.contract.ts';
import type { ConsoleId } from '#shared/kernel/ids.ts';
import { DataError } from '../errors.ts';
import { type KeyFile, readKeyFile, writeKeyFile } from './key-file.ts';
import {
  deriveKey,
  deriveWrapKey,
  keyCheckValue,
  matchesKeyCheck,
  newKdfParameters,
  seal,
  unseal,
  unwrapDataKey,
  type WrapOwner,
  wrapDataKey,
} from './key-wrap.ts';

import { openSigningKey, type SigningKey } from './signing-key.ts';

/** The keys of an unlocked profile. */
export interface ProfileKeys {
  readonly consoleId: ConsoleId;
  /** Raw key of a database as hexadecimal digits. */
  databaseKey(purpose: 'cache' | 'search'): string;
  /** Key of the operation journal, 32 bytes. */
  journalKey(): Buffer;
  /** Key of what suggestions are made from, 32 bytes. */
  suggestKey(): Buffer;
  /** Key of the files that belong to tickets, 32 bytes. */
  attachmentKey(): Buffer;
  /** Signs work that is carried to another seat. */
  signingKey(): SigningKey;
  /** Overwrites the data key; using the keys afterwards throws. */
  zero(): void;
  readonly dataKey: Buffer;
}

const PROFILE_AAD = Buffer.from('hotline profile user v1');

function ownerOf(file: Pick<KeyFile, 'account' | 'mode' | 'consoleId'>): WrapOwner {
  return { account: file.account, mode: file.mode, device: file.consoleId };
}

function toKeys(dataKey: Buffer, consoleId: ConsoleId): ProfileKeys {
  let zeroed = false;
  const derive = (purpose: string) => {
    if (zeroed) throw new DataError('NOT_UNLOCKED', 'keys were zeroed');
    return deriveKey(dataKey, purpose);
  };
  return {
    consoleId,
    dataKey,
    databaseKey: (purpose) => derive(purpose).toString('hex'),
    journalKey: () => derive('journal'),
    suggestKey: () => derive('suggest'),
    attachmentKey: () => derive('attachments'),
    signingKey: () => openSigningKey(derive('signing')),
    zero: () => {
      zeroed = true;
      dataKey.fill(0);
    },
  };
}

/**
 * Makes the keys of a new profile: 32 random bytes, wrapped by the password that the server has just verified.
 * @param deviceSecret out of the system keyring, null where there is none
 */
export async function createProfileKeys(
  folder: string,
  input: {
    readonly user: User;
    readonly mode: 'demo' | 'production';
    readonly consoleId: ConsoleId;
    readonly password: string;
    readonly deviceSecret: Uint8Array | null;
  },
): Promise<ProfileKeys> {
  const { user, mode, consoleId, password, deviceSecret } = input;
  const dataKey = randomBytes(32);
  const owner: WrapOwner = { account: user.account, mode, device: consoleId };
  const kdf = newKdfParameters();
  const wrapKey = await deriveWrapKey(password, kdf, deviceSecret, owner);
  writeKeyFile(folder, {
    format: 1,
    account: user.account,
    name: user.name,
    mode,
    consoleId,
    incarnation: 0,
    kdf,
    deviceCheck: deviceSecret ? keyCheckValue(deviceSecret, 'device') : null,
    wrap: wrapDataKey(wrapKey, dataKey, owner),
    keyCheck: keyCheckValue(dataKey, 'data'),
    user: seal(deriveKey(dataKey, 'profile'), Buffer.from(JSON.stringify(user), 'utf8'), PROFILE_AAD),
    failures: { count: 0, lastAt: 0 },
  });
  wrapKey.fill(0);
  return toKeys(dataKey, consoleId);
}

/** What an unlock found. */
export type UnlockResult =
  | { readonly kind: 'unlocked'; readonly keys: ProfileKeys }
  | { readonly kind: 'wrong-password' };

/**
 * Unwraps the data key of a profile. A wrong password and a missing keyring are different answers: the second one never
 * counts as a failed try and never leads to a new key.
 * @throws DataError KEYRING_UNAVAILABLE when the wrap was made with another device secret
 */
export async function unlockProfileKeys(
  file: KeyFile,
  password: string,
  deviceSecret: Uint8Array | null,
): Promise<UnlockResult> {
  if (file.deviceCheck !== null) {
    if (!deviceSecret) throw new DataError('KEYRING_UNAVAILABLE', 'the system keyring is not available');
    if (!matchesKeyCheck(deviceSecret, 'device', file.deviceCheck)) {
      throw new DataError('KEYRING_UNAVAILABLE', 'the system keyring holds another device secret');
    }
  }
  const secret = file.deviceCheck === null ? null : deviceSecret;
  const wrapKey = await deriveWrapKey(password, file.kdf, secret, ownerOf(file));
  const dataKey = unwrapDataKey(wrapKey, file.wrap, ownerOf(file));
  wrapKey.fill(0);
  if (!dataKey) return { kind: 'wrong-password' };
  if (dataKey.length !== 32 || !matchesKeyCheck(dataKey, 'data', file.keyCheck)) {
    throw new DataError('DATABASE_DAMAGED', 'key.json does not fit its own check value');
  }
  return { kind: 'unlocked', keys: toKeys(dataKey, file.consoleId) };
}

/**
 * Wraps the same data key by a new password (KM-4): the data is not touched, and a kill leaves exactly one valid wrap.
 * A device secret that is available now is used from here on.
 */
export async function rewrapProfileKeys(
  folder: string,
  keys: ProfileKeys,
  password: string,
  deviceSecret: Uint8Array | null,
): Promise<void> {
  const file = readKeyFile(folder);
  if (!file) throw new DataError('DATABASE_DAMAGED', 'key.json is gone');
  const kdf = newKdfParameters();
  const wrapKey = await deriveWrapKey(password, kdf, deviceSecret, ownerOf(file));
  writeKeyFile(folder, {
    ...file,
    kdf,
    deviceCheck: deviceSecret ? keyCheckValue(deviceSecret, 'device') : null,
    wrap: wrapDataKey(wrapKey, keys.dataKey, ownerOf(file)),
    failures: { count: 0, lastAt: 0 },
  });
  wrapKey.fill(0);
}

/** The user record kept in the key file. */
export function readProfileUser(file: KeyFile, keys: ProfileKeys): User {
  const plain = unseal(deriveKey(keys.dataKey, 'profile'), file.user, PROFILE_AAD);
  if (!plain) throw new DataError('DATABASE_DAMAGED', 'user record of key.json does not open');
  return userSchema.parse(JSON.parse(plain.toString('utf8')));
}

/** Keeps a newer user record (name, role or lines changed at the centre). */
export function writeProfileUser(folder: string, keys: ProfileKeys, user: User): void {
  const file = readKeyFile(folder);
  if (!file) throw new DataError('DATABASE_DAMAGED', 'key.json is gone');
  const sealed = seal(deriveKey(keys.dataKey, 'profile'), Buffer.from(JSON.stringify(user), 'utf8'), PROFILE_AAD);
  writeKeyFile(folder, { ...file, name: user.name, user: sealed });
}
