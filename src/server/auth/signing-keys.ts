import { type CryptoKey, exportJWK, exportPKCS8, generateKeyPair, importJWK, importPKCS8 } from 'jose';
import { sql } from 'kysely';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Db } from '../db/tables.ts';
import type { Log } from '../log.ts';

/** How long a key signs, and how much longer its tokens are accepted. */
const SIGN_MS = 7 * 86_400_000;
const OVERLAP_MS = 3_600_000;
/** Advisory lock: two server processes never make a successor at the same time. */
const ROTATE_LOCK = 0x12345_03;

interface LoadedKey {
  readonly kid: string;
  readonly publicKey: CryptoKey | Uint8Array;
  readonly privateKey: CryptoKey;
  readonly signsUntil: number;
  readonly verifiesUntil: number;
}

/**
 * The server's Ed25519 keys. All processes share them through the database. The newest signs; older ones verify until the
 * last token they signed has expired, so a rotation signs nobody out (SRV-4).
 */
export class SigningKeys {
  readonly #db: Db;
  readonly #clock: Clock;
  readonly #log: Log;
  #keys = new Map<string, LoadedKey>();
  #unknownAskedAt = Number.NEGATIVE_INFINITY;

  constructor(db: Db, clock: Clock, log: Log) {
    this.#db = db;
    this.#clock = clock;
    this.#log = log;
  }

  /** The key to sign with now, made when the last one is used up. */
  async current(): Promise<LoadedKey> {
    const known = this.#newest();
    if (known) return known;
    await this.#load();
    const loaded = this.#newest();
    if (loaded) return loaded;
    await this.rotate();
    const made = this.#newest();
    if (!made) throw new Error('no signing key after rotation');
    return made;
  }

  /** The key a token names, from our own set only; null when we do not know it or it is no longer valid. */
  async find(kid: string): Promise<CryptoKey | Uint8Array | null> {
    const now = this.#clock.now();
    // Another process may have rotated. Asked at most once a second, so made-up names cost nothing.
    if (!this.#keys.has(kid) && now - this.#unknownAskedAt > 1_000) {
      this.#unknownAskedAt = now;
      await this.#load();
    }
    const key = this.#keys.get(kid);
    return key && now < key.verifiesUntil ? key.publicKey : null;
  }

  /** Makes a new signing key unless another process just did; forgets keys that verify nothing any more. */
  async rotate(force = false): Promise<void> {
    const now = this.#clock.now();
    await this.#db.transaction().execute(async (tx) => {
      await sql`SELECT pg_advisory_xact_lock(${ROTATE_LOCK})`.execute(tx);
      const fresh = await tx.selectFrom('signing_keys').select('kid').where('signs_until', '>', now).executeTakeFirst();
      if (fresh && !force) return;
      const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
      const kid = crypto.randomUUID();
      await tx
        .insertInto('signing_keys')
        .values({
          kid,
          public_key: JSON.stringify(await exportJWK(publicKey)),
          private_key: await exportPKCS8(privateKey),
          created_at: now,
          signs_until: now + SIGN_MS,
          verifies_until: now + SIGN_MS + OVERLAP_MS,
        })
        .execute();
      await tx.deleteFrom('signing_keys').where('verifies_until', '<', now).execute();
      this.#log.info('signing-key.made', { kid });
    });
    await this.#load();
  }

  #newest(): LoadedKey | null {
    const now = this.#clock.now();
    const signing = [...this.#keys.values()].filter((key) => now < key.signsUntil);
    return signing.reduce<LoadedKey | null>(
      (best, key) => (best && best.signsUntil >= key.signsUntil ? best : key),
      null,
    );
  }

  async #load(): Promise<void> {
    const rows = await this.#db.selectFrom('signing_keys').selectAll().execute();
    const loaded = await Promise.all(
      rows.map(async (row): Promise<LoadedKey> => {
        const known = this.#keys.get(row.kid);
        if (known) return known;
        return {
          kid: row.kid,
          publicKey: await importJWK({ ...row.public_key }, 'EdDSA'),
          privateKey: await importPKCS8(row.private_key, 'EdDSA'),
          signsUntil: row.signs_until,
          verifiesUntil: row.verifies_until,
        };
      }),
    );
    this.#keys = new Map(loaded.map((key) => [key.kid, key]));
  }
}
