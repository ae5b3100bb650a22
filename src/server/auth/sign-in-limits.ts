import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Db } from '../db/tables.ts';
import { ServiceError } from '../service-error.ts';

/** Failures of one kind of key: how many are free, and how the wait grows after that. */
interface Rule {
  readonly free: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
}

const WINDOW_MS = 15 * 60_000;
const RULES = {
  /** One account from one address: the person who forgot, or the one who guesses. */
  accountAndAddress: { free: 5, firstWaitMs: 5_000, longestWaitMs: 15 * 60_000 },
  /** One address, any accounts: an office behind one address may mistype a lot. */
  address: { free: 60, firstWaitMs: 10_000, longestWaitMs: 5 * 60_000 },
  /** One account from anywhere: does not hold for a console that was signed in before, so nobody can be locked out. */
  account: { free: 40, firstWaitMs: 30_000, longestWaitMs: 15 * 60_000 },
} as const satisfies Record<string, Rule>;

export interface SignInTry {
  readonly account: string;
  readonly address: string;
  /** The console has been signed in to this account before. */
  readonly isKnownConsole: boolean;
}

/** Limits on failed sign-ins, kept in the database so that all processes count together and a restart forgets nothing (SRV-5). */
export class SignInLimits {
  readonly #db: Db;
  readonly #clock: Clock;

  constructor(db: Db, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** @throws ServiceError TOO_MANY_TRIES with the wait */
  async check(attempt: SignInTry): Promise<void> {
    const now = this.#clock.now();
    const keys = toKeys(attempt).map(({ key }) => key);
    const row = await this.#db
      .selectFrom('sign_in_limits')
      .select((eb) => eb.fn.max('blocked_until').as('until'))
      .where('key', 'in', keys)
      .executeTakeFirst();
    const waitMs = (row?.until ?? 0) - now;
    if (waitMs > 0) throw new ServiceError('TOO_MANY_TRIES', { retryAfterMs: waitMs }, waitMs);
  }

  async noteFailure(attempt: SignInTry): Promise<void> {
    const now = this.#clock.now();
    for (const { key, rule } of toKeys(attempt)) {
      const counted = await this.#db
        .insertInto('sign_in_limits')
        .values({ key, failures: 1, since: now, blocked_until: 0 })
        .onConflict((conflict) =>
          conflict.column('key').doUpdateSet({
            failures: sql`CASE WHEN sign_in_limits.since < ${now - WINDOW_MS} THEN 1 ELSE sign_in_limits.failures + 1 END`,
            since: sql`CASE WHEN sign_in_limits.since < ${now - WINDOW_MS} THEN ${now} ELSE sign_in_limits.since END`,
          }),
        )
        .returning('failures')
        .executeTakeFirstOrThrow();
      const over = counted.failures - rule.free;
      if (over < 0) continue;
      const waitMs = Math.min(rule.longestWaitMs, rule.firstWaitMs * 2 ** Math.min(over, 20));
      await this.#db
        .updateTable('sign_in_limits')
        .set({ blocked_until: now + waitMs, since: now })
        .where('key', '=', key)
        .execute();
    }
  }

  /** A right password ends the count of this account at this address. */
  async noteSuccess(attempt: SignInTry): Promise<void> {
    const now = this.#clock.now();
    const [own] = toKeys(attempt);
    if (own) await this.#db.deleteFrom('sign_in_limits').where('key', '=', own.key).execute();
    await this.#db
      .deleteFrom('sign_in_limits')
      .where('since', '<', now - 2 * WINDOW_MS)
      .where('blocked_until', '<', now)
      .execute();
  }
}

function toKeys({
  account,
  address,
  isKnownConsole,
}: SignInTry): readonly { readonly key: Buffer; readonly rule: Rule }[] {
  const name = account.toLowerCase();
  return [
    { key: toKey('account+address', `${name}|${address}`), rule: RULES.accountAndAddress },
    { key: toKey('address', address), rule: RULES.address },
    ...(isKnownConsole ? [] : [{ key: toKey('account', name), rule: RULES.account }]),
  ];
}

/** Hashed: the table tells nobody which addresses or accounts were tried. */
function toKey(kind: string, value: string): Buffer {
  return createHash('sha256').update(`${kind}:${value}`).digest();
}
