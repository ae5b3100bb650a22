import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Clock } from '#shared/kernel/clock.ts';
import { type ConsoleId, consoleIdSchema, type UserId, userIdSchema } from '#shared/kernel/ids.ts';
import { ServiceError } from '../service-error.ts';
import type { SigningKeys } from './signing-keys.ts';

export const ACCESS_TTL_MS = 10 * 60_000;
const AUDIENCE = 'hotline-12345';
const TYPE = 'at+jwt';

/** What an access token says; everything else about the person is read from the database at each request. */
export interface AccessClaims {
  readonly userId: UserId;
  readonly console: ConsoleId;
  /** Family of refresh tokens. */
  readonly session: string;
  readonly expiresAt: number;
}

const claimsSchema = z.object({
  sub: userIdSchema,
  console: consoleIdSchema,
  sid: z.uuid(),
  exp: z.number().int(),
});

/** Short-lived EdDSA tokens (SRV-2). */
export class AccessTokens {
  readonly #keys: SigningKeys;
  readonly #issuer: string;
  readonly #clock: Clock;

  constructor(keys: SigningKeys, serverId: string, clock: Clock) {
    this.#keys = keys;
    this.#issuer = `urn:hotline:${serverId}`;
    this.#clock = clock;
  }

  async sign(claims: Omit<AccessClaims, 'expiresAt'>): Promise<{ readonly token: string; readonly expiresAt: number }> {
    const key = await this.#keys.current();
    const issuedAt = Math.floor(this.#clock.now() / 1_000);
    const expires = issuedAt + ACCESS_TTL_MS / 1_000;
    const token = await new SignJWT({ console: claims.console, sid: claims.session })
      .setProtectedHeader({ alg: 'EdDSA', typ: TYPE, kid: key.kid })
      .setIssuer(this.#issuer)
      .setAudience(AUDIENCE)
      .setSubject(claims.userId)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expires)
      .sign(key.privateKey);
    return { token, expiresAt: expires * 1_000 };
  }

  /**
   * Takes a token apart. The algorithm, type and key set are ours and never the token's own choice: `none`, HMAC with a
   * public key, embedded or linked keys end here.
   * @throws ServiceError UNAUTHENTICATED whatever is wrong
   */
  async verify(token: string): Promise<AccessClaims> {
    try {
      const { kid } = decodeProtectedHeader(token);
      const key = typeof kid === 'string' ? await this.#keys.find(kid) : null;
      if (!key) throw new ServiceError('UNAUTHENTICATED');
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['EdDSA'],
        typ: TYPE,
        issuer: this.#issuer,
        audience: AUDIENCE,
        requiredClaims: ['sub', 'exp', 'iat'],
        maxTokenAge: ACCESS_TTL_MS / 1_000,
        clockTolerance: 5,
        currentDate: new Date(this.#clock.now()),
      });
      const { sub, console, sid, exp } = claimsSchema.parse(payload);
      return { userId: sub, console, session: sid, expiresAt: exp * 1_000 };
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      if (isTokenProblem(error)) throw new ServiceError('UNAUTHENTICATED');
      throw error;
    }
  }
}

/** jose and zod speak of the token; anything else (a lost database) is not the caller's fault. */
function isTokenProblem(error: unknown): boolean {
  if (error instanceof z.ZodError || error instanceof TypeError) return true;
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^ERR_J(OSE|W|WS|WT|WK)/.test(error.code)
  );
}
