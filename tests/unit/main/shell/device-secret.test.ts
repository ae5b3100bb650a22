import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDeviceSecret, type SystemKeyring } from '#main/shell/device-secret.ts';

let file: string;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hotline-keyring-'));
  file = path.join(folder, 'device-secret.bin');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A keyring as the system offers it; `key` stands for the secret that the system keeps. */
function keyring(backend: string, key: number, isAvailable = true): SystemKeyring {
  const flip = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ key));
  return {
    isEncryptionAvailable: () => isAvailable,
    getSelectedStorageBackend: () => backend,
    encryptString: (text) => Buffer.concat([Buffer.from([key]), flip(Buffer.from(text))]),
    decryptString: (encrypted) => {
      if (encrypted[0] !== key) throw new Error('Error while decrypting the ciphertext');
      return flip(encrypted.subarray(1)).toString();
    },
  };
}

describe('the secret of this device', () => {
  it('is made once in a real keyring and stays the same', () => {
    const first = readDeviceSecret(file, keyring('gnome_libsecret', 7), 'linux');
    const again = readDeviceSecret(file, keyring('gnome_libsecret', 7), 'linux');
    expect(first).toMatchObject({ state: 'used', backend: 'gnome_libsecret' });
    expect(again).toEqual(first);
    if (first.state !== 'used') throw new Error('not used');
    expect(Buffer.from(first.secret, 'base64')).toHaveLength(32);
    expect(readFileSync(file, 'utf8')).not.toContain(first.secret);
  });

  it.each(['basic_text', 'unknown', ''])(
    'is not made with the Linux backend "%s", which only looks like encryption',
    (backend) => {
      expect(readDeviceSecret(file, keyring(backend, 7), 'linux')).toEqual({ state: 'absent', backend });
      expect(existsSync(file)).toBe(false);
    },
  );

  it('is absent when the system says that encryption is not available', () => {
    expect(readDeviceSecret(file, keyring('kwallet6', 7, false), 'linux').state).toBe('absent');
    expect(readDeviceSecret(file, keyring('', 7, false), 'win32').state).toBe('absent');
  });

  it('uses the system keyring of Windows and macOS', () => {
    expect(readDeviceSecret(file, keyring('', 7), 'win32').state).toBe('used');
  });

  it.each([
    ['another keyring', keyring('gnome_libsecret', 9)],
    ['no keyring any more', keyring('basic_text', 7)],
    ['a locked keyring', keyring('kwallet6', 7, false)],
  ])('is unreadable with %s, and never replaced by a new one', (_name, changed) => {
    readDeviceSecret(file, keyring('gnome_libsecret', 7), 'linux');
    const stored = readFileSync(file);
    expect(readDeviceSecret(file, changed, 'linux').state).toBe('unreadable');
    expect(readFileSync(file)).toEqual(stored);
  });

  it('is unreadable when the stored file is damaged', () => {
    writeFileSync(file, keyring('gnome_libsecret', 7).encryptString('short'));
    expect(readDeviceSecret(file, keyring('gnome_libsecret', 7), 'linux').state).toBe('unreadable');
  });
});
