import { createHmac, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { createManualClock, PASSWORD, startTestServer, type TestServer } from '#tests/support/server.ts';
import { codeOf, request, TestConsole } from '#tests/support/test-console.ts';

const clock = createManualClock();
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ clock });
  await server.addAccount({ account: 'agent1' });
});
afterAll(() => server.stop());
beforeEach(async () => {
  await server.query('DELETE FROM sign_in_limits');
});

const seat = (account = 'agent1') => new TestConsole(server.url).signIn(account);
const me = (token: string) => request(server.url, '/api/v1/auth/me', { headers: { authorization: `Bearer ${token}` } });
const signIn = (account: string, password: string, console: string = newId(clock.now())) =>
  request(server.url, '/api/v1/auth/login', { body: { account, password, console } });
const refresh = (
  console: TestConsole,
  refreshToken: string,
  idempotencyKey: string = randomUUID(),
  id: string = console.id,
) => request(server.url, '/api/v1/auth/refresh', { body: { refreshToken, idempotencyKey, console: id } });

describe('access tokens: only our own kind is taken (SRV-2)', () => {
  const claims = async () => {
    const { tokens } = await seat();
    const [, payload = ''] = tokens.accessToken.split('.');
    return {
      token: tokens.accessToken,
      payload: JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>,
    };
  };
  const forge = (header: object, payload: object, sign: (input: string) => Buffer) => {
    const input = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${input}.${sign(input).toString('base64url')}`;
  };
  const headerOf = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as {
      kid: string;
      alg: string;
      typ: string;
    };

  test('a genuine token works until it expires', async () => {
    const { tokens } = await seat();
    expect((await me(tokens.accessToken)).status).toBe(200);
    clock.advance(10 * 60_000 + 6_000);
    expect(await me(tokens.accessToken)).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
  });

  test('none, HMAC with the public key, foreign keys and altered claims are refused', async () => {
    const { token, payload } = await claims();
    const header = headerOf(token);
    expect(header).toMatchObject({ alg: 'EdDSA', typ: 'at+jwt' });
    const [{ public_key: publicKey } = { public_key: {} }] = await server.query<{
      public_key: Record<string, unknown>;
    }>('SELECT public_key FROM signing_keys WHERE kid = $1', [header.kid]);
    const { privateKey: foreignKey, publicKey: foreignPublic } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
    const foreignJwk = await exportJWK(foreignPublic);
    const foreign = (extra: object) =>
      new SignJWT(payload).setProtectedHeader({ ...header, alg: 'EdDSA', ...extra }).sign(foreignKey);
    const own = async (claim: object, typ = 'at+jwt') => {
      const key = await server.services.keys.current();
      return new SignJWT({ ...payload, ...claim })
        .setProtectedHeader({ alg: 'EdDSA', typ, kid: key.kid })
        .sign(key.privateKey);
    };
    const [head = '', body = '', signature = ''] = token.split('.');
    const attacks: Record<string, string> = {
      none: forge({ ...header, alg: 'none' }, payload, () => Buffer.alloc(0)),
      'HS256 with the public key': forge({ ...header, alg: 'HS256' }, payload, (input) =>
        createHmac('sha256', JSON.stringify(publicKey)).update(input).digest(),
      ),
      'HS256 with the raw public key': forge({ ...header, alg: 'HS256' }, payload, (input) =>
        createHmac('sha256', Buffer.from(String(publicKey.x), 'base64url'))
          .update(input)
          .digest(),
      ),
      'foreign key under our kid': await foreign({}),
      'key in the header (jwk)': await foreign({ jwk: foreignJwk }),
      'key by link (jku)': await foreign({ jku: 'http://127.0.0.1:1/jwks.json' }),
      'unknown kid': await foreign({ kid: 'made-up' }),
      'kid that climbs': await foreign({ kid: '../../signing_keys' }),
      'no kid': forge({ alg: 'EdDSA', typ: 'at+jwt' }, payload, () => Buffer.alloc(64)),
      'altered claims': `${head}.${Buffer.from(JSON.stringify({ ...payload, sub: newId(1) })).toString('base64url')}.${signature}`,
      'cut signature': `${head}.${body}.${signature.slice(0, -4)}`,
      'other type': await own({}, 'JWT'),
      'other issuer': await own({ iss: 'urn:hotline:somebody-else' }),
      'other audience': await own({ aud: 'another-service' }),
      'no expiry': await own({ exp: undefined }),
      'expiry of ten years': await own({
        iat: Math.floor(clock.now() / 1_000) - 3_600,
        exp: Math.floor(clock.now() / 1_000) + 315_360_000,
      }),
      'unknown user': await own({ sub: newId(1) }),
      'not a user id': await own({ sub: "x' OR 1=1" }),
      garbage: 'a.b.c',
      'one part': 'abc',
    };
    for (const [name, attack] of Object.entries(attacks)) {
      const answer = await me(attack);
      expect([name, answer.status, codeOf(answer)]).toEqual([name, 401, 'UNAUTHENTICATED']);
    }
    expect((await me(await own({}))).status).toBe(200);
  });

  test.each(['', 'Bearer', 'Bearer ', 'Basic YTpi', 'bearer a b', 'Token x'])(
    'header %j is no sign-in',
    async (authorization) => {
      const answer = await request(server.url, '/api/v1/auth/me', {
        headers: authorization === '' ? {} : { authorization },
      });
      expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    },
  );

  test('keys rotate with overlap: nobody is signed out, new tokens use the new key (SRV-4)', async () => {
    const { tokens } = await seat();
    const before = headerOf(tokens.accessToken).kid;
    clock.advance(1_000);
    await server.services.keys.rotate(true);
    expect((await me(tokens.accessToken)).status).toBe(200);
    const after = headerOf((await seat()).tokens.accessToken).kid;
    expect(after).not.toBe(before);
  });

  test('when a key is used up the next sign-in makes a successor by itself', async () => {
    const before = headerOf((await seat()).tokens.accessToken).kid;
    clock.advance(8 * 86_400_000);
    const console = await seat();
    expect(headerOf(console.tokens.accessToken).kid).not.toBe(before);
    expect((await me(console.tokens.accessToken)).status).toBe(200);
  });
});

describe('refresh tokens (SRV-3)', () => {
  test('each use gives a new one; only hashes are stored', async () => {
    const console = await seat();
    const first = await refresh(console, console.tokens.refreshToken);
    expect(first.status).toBe(200);
    const next = (first.body as { refreshToken: string }).refreshToken;
    expect(next).not.toBe(console.tokens.refreshToken);
    expect((await refresh(console, next)).status).toBe(200);
    const rows = JSON.stringify(await server.query('SELECT * FROM refresh_tokens'));
    expect(rows).not.toContain(next);
  });

  test('a lost reply: the same key within 30 s gives the same successor, and it works', async () => {
    const console = await seat();
    const key = randomUUID();
    const first = await refresh(console, console.tokens.refreshToken, key);
    clock.advance(29_000);
    const again = await refresh(console, console.tokens.refreshToken, key);
    const token = (again.body as { refreshToken: string }).refreshToken;
    expect(token).toBe((first.body as { refreshToken: string }).refreshToken);
    expect((await refresh(console, token)).status).toBe(200);
  });

  test.each<[string, number, boolean, boolean]>([
    ['with another key', 1_000, false, false],
    ['after 31 s', 31_000, true, false],
    ['after the successor was used', 1_000, true, true],
  ])('a token used again %s has been copied: the whole family ends', async (_name, waitMs, sameKey, successorUsed) => {
    const console = await seat();
    const key = randomUUID();
    const first = await refresh(console, console.tokens.refreshToken, key);
    let newest = (first.body as { refreshToken: string }).refreshToken;
    if (successorUsed) newest = ((await refresh(console, newest)).body as { refreshToken: string }).refreshToken;
    clock.advance(waitMs);
    const reuse = await refresh(console, console.tokens.refreshToken, sameKey ? key : randomUUID());
    expect(reuse).toMatchObject({ status: 401, body: { code: 'TOKEN_REUSED' } });
    expect((await refresh(console, newest)).status).toBe(401);
    expect((await signIn('agent1', PASSWORD, console.id)).status).toBe(200);
  });

  test('two refreshes at once with different keys: one wins, the family ends', async () => {
    const console = await seat();
    const answers = await Promise.all([
      refresh(console, console.tokens.refreshToken),
      refresh(console, console.tokens.refreshToken),
    ]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 401]);
  });

  test('a token taken to another console is refused and ends', async () => {
    const console = await seat();
    const stolen = await refresh(console, console.tokens.refreshToken, randomUUID(), newId(clock.now()));
    expect(stolen.status).toBe(401);
    expect((await refresh(console, console.tokens.refreshToken)).status).toBe(401);
  });

  test('unknown, signed-out and long unused tokens are refused', async () => {
    const console = await seat();
    expect(codeOf(await refresh(console, 'made-up'))).toBe('UNAUTHENTICATED');
    expect(
      (await request(server.url, '/api/v1/auth/logout', { body: { refreshToken: console.tokens.refreshToken } }))
        .status,
    ).toBe(200);
    expect(codeOf(await refresh(console, console.tokens.refreshToken))).toBe('UNAUTHENTICATED');
    const old = await seat();
    clock.advance(15 * 86_400_000);
    expect(codeOf(await refresh(old, old.tokens.refreshToken))).toBe('UNAUTHENTICATED');
  });
});
