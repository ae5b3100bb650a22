import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { KDF_COST } from '#main/data/keys/kdf-cost.ts';
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
} from '#main/data/keys/key-wrap.ts';

vi.unmock('#main/data/keys/kdf-cost.ts');

const OWNER: WrapOwner = { account: 'demo1001', mode: 'demo', device: '019a0000-0000-7000-8000-00000000c001' };
const KDF = { salt: Buffer.from('0123456789abcdef').toString('base64'), ...KDF_COST };
const SECRET = Buffer.alloc(32, 7);
const DATA_KEY = Buffer.alloc(32, 0x42);

test('KM-2: the key of a known password is the known key, with and without a device secret', async () => {
  // Computed with another implementation of Argon2id (OpenSSL's) and HKDF written out with HMAC-SHA256.
  const alone = await deriveWrapKey('Demo-12345', KDF, null, OWNER);
  const withDevice = await deriveWrapKey('Demo-12345', KDF, SECRET, OWNER);
  expect(alone.toString('hex')).toBe('26f02061f2c20cd0c7e51121aadbc3628abf6c21f94d20cf7322708ba1aa2184');
  expect(withDevice.toString('hex')).toBe('b290fadf81eca2a3e94ce00bcc7be140d0aec90d896a2347de67b4909cf9e084');
});

test('KM-2: cost and salt are those of the requirement', () => {
  const kdf = newKdfParameters();
  expect(kdf).toEqual({ salt: kdf.salt, memoryKib: 64 * 1024, passes: 3, lanes: 1 });
  expect(Buffer.from(kdf.salt, 'base64')).toHaveLength(16);
  expect(newKdfParameters().salt).not.toBe(kdf.salt);
});

test('KM-2: a wrap opens for its owner alone', async () => {
  const key = await deriveWrapKey('pass', { ...KDF, memoryKib: 64, passes: 1 }, null, OWNER);
  const wrapped = wrapDataKey(key, DATA_KEY, OWNER);
  expect(unwrapDataKey(key, wrapped, OWNER)?.equals(DATA_KEY)).toBe(true);
  for (const other of [
    { ...OWNER, account: 'demo1002' },
    { ...OWNER, mode: 'production' },
    { ...OWNER, device: '019a0000-0000-7000-8000-00000000c002' },
  ]) {
    expect(unwrapDataKey(key, wrapped, other)).toBeNull();
  }
});

test('KM-2: another password, salt or device secret gives another key', async () => {
  const cheap = { ...KDF, memoryKib: 64, passes: 1 };
  const keys = await Promise.all([
    deriveWrapKey('pass', cheap, null, OWNER),
    deriveWrapKey('Pass', cheap, null, OWNER),
    deriveWrapKey('pass', { ...cheap, salt: Buffer.alloc(16, 1).toString('base64') }, null, OWNER),
    deriveWrapKey('pass', cheap, SECRET, OWNER),
    deriveWrapKey('pass', cheap, Buffer.alloc(32, 8), OWNER),
    deriveWrapKey('pass', cheap, null, { ...OWNER, account: 'demo1002' }),
  ]);
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(keys.length);
});

test('any change to nonce, content, tag or authenticated data is refused', () => {
  const key = Buffer.alloc(32, 3);
  const aad = Buffer.from('owner');
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat(), fc.nat({ max: 7 }), (plain, at, bit) => {
      const sealed = seal(key, plain, aad);
      expect(unseal(key, sealed, aad)?.equals(Buffer.from(plain))).toBe(true);
      for (const part of ['nonce', 'data'] as const) {
        const bytes = Buffer.from(sealed[part], 'base64');
        const index = at % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
        expect(unseal(key, { ...sealed, [part]: bytes.toString('base64') }, aad)).toBeNull();
      }
      expect(unseal(key, sealed, Buffer.from('other'))).toBeNull();
      expect(unseal(key, { ...sealed, data: sealed.data.slice(0, 8) }, aad)).toBeNull();
    }),
    { numRuns: 100 },
  );
});

test('KM-5: the check value tells the right key from every other', () => {
  const check = keyCheckValue(DATA_KEY, 'data');
  expect(matchesKeyCheck(DATA_KEY, 'data', check)).toBe(true);
  expect(matchesKeyCheck(DATA_KEY, 'device', check)).toBe(false);
  expect(matchesKeyCheck(Buffer.alloc(32, 0x43), 'data', check)).toBe(false);
  expect(matchesKeyCheck(DATA_KEY, 'data', '')).toBe(false);
});

test('keys for different files are independent', () => {
  const keys = ['cache', 'search', 'journal', 'profile'].map((purpose) => deriveKey(DATA_KEY, purpose).toString('hex'));
  expect(new Set(keys).size).toBe(4);
  expect(keys).not.toContain(DATA_KEY.toString('hex'));
});
