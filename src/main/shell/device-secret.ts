import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writeFileAtomic } from './atomic-file.ts';

/** The part of Electron's safeStorage that is used here. */
export interface SystemKeyring {
  isEncryptionAvailable(): boolean;
  getSelectedStorageBackend(): string;
  encryptString(text: string): Buffer;
  decryptString(encrypted: Buffer): string;
}

export type DeviceSecret =
  | { readonly state: 'used'; readonly secret: string; readonly backend: string }
  /** There is no keyring that protects anything: the key rests on the password alone. */
  | { readonly state: 'absent'; readonly backend: string }
  /** A secret was stored with a keyring that is not there, locked or another one now. It is kept, never replaced. */
  | { readonly state: 'unreadable'; readonly backend: string };

/** Backends of Linux that keep secrets from other programs' plain reading. `basic_text` only looks like encryption. */
const REAL_BACKENDS = ['gnome_libsecret', 'kwallet', 'kwallet5', 'kwallet6'];

/**
 * The 32-byte secret of this device (base64) out of the system keyring; made on the first start with a real keyring (KM-2, KM-3).
 * When a stored secret cannot be read, no new one is made: that would lock the person out of the caches wrapped with the old one.
 */
export function readDeviceSecret(file: string, keyring: SystemKeyring, platform: NodeJS.Platform): DeviceSecret {
  const backend = platform === 'linux' ? keyring.getSelectedStorageBackend() : platform;
  const isReal = keyring.isEncryptionAvailable() && (platform !== 'linux' || REAL_BACKENDS.includes(backend));
  const isStored = existsSync(file);
  if (!isReal) return { state: isStored ? 'unreadable' : 'absent', backend };
  try {
    if (!isStored) writeFileAtomic(file, keyring.encryptString(randomBytes(32).toString('base64')));
    // What was just written is read back too: a keyring that cannot give a secret back must not be relied on.
    const secret = keyring.decryptString(readFileSync(file));
    return isSecret(secret) ? { state: 'used', secret, backend } : { state: 'unreadable', backend };
  } catch {
    return { state: existsSync(file) ? 'unreadable' : 'absent', backend };
  }
}

function isSecret(text: string): boolean {
  return Buffer.from(text, 'base64').length === 32;
}
