import { createHmac, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '#shared/kernel/clock.ts';
import { newId } from '#shared/kernel/ids.ts';
import { HEADERS } from '#shared/sync/protocol.ts';
import { createManualClock, PASSWORD, startTestServer, type TestServer } from '#tests/support/server.ts';
import { codeOf, request, TestConsole } from '#tests/support/test-console.ts';

const clock = createManualClock();
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ clock });
  for (const account of ['agent1', 'agent2', 'agent3', 'agent4']) await server.addAccount({ account });
  await server.addAccount({ account: 'admin1', role: 'admin' });
  await server.addAccount({ account: 'admin2', role: 'admin', centre: '320500' });
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

describe('signing in', () => {
  test('gives a short token, who one is and the mode of the server', async () => {
    const { status, body } = await signIn('Agent1', PASSWORD);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      mode: 'production',
      serverTime: clock.now(),
      user: { account: 'agent1', role: 'agent', lines: ['12345'] },
    });
    const { accessExpiresAt } = body as { accessExpiresAt: number };
    expect(accessExpiresAt - clock.now()).toBeLessThanOrEqual(10 * 60_000);
    expect(JSON.stringify(body)).not.toContain('argon2');
  });

  test('unknown account and wrong password answer alike', async () => {
    const [wrong, unknown] = [await signIn('agent1', 'wrong-Password-1'), await signIn('nobody', 'wrong-Password-1')];
    expect(unknown).toMatchObject({ status: 401, body: { code: 'BAD_CREDENTIALS' } });
    expect(unknown.body).toEqual(wrong.body);
  });

  test('unknown account and wrong password take the same time (SRV-1)', async () => {
    const samples = { known: [] as number[], unknown: [] as number[] };
    for (let round = 0; round < 60; round++) {
      for (const kind of ['known', 'unknown'] as const) {
        await server.query('DELETE FROM sign_in_limits');
        const startedAt = performance.now();
        await signIn(kind === 'known' ? 'agent1' : 'nobody', 'wrong-Password-1');
        samples[kind].push(performance.now() - startedAt);
      }
    }
    const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
    const ratio = median(samples.unknown) / median(samples.known);
    expect(ratio).toBeGreaterThan(0.75);
    expect(ratio).toBeLessThan(1.33);
  }, 120_000);

  test('passwords are stored as Argon2id with 19 MiB and two passes; older parameters are replaced at sign-in', async () => {
    const stored = async () =>
      (await server.query<{ hash: string }>("SELECT password_hash AS hash FROM users WHERE account = 'agent2'"))[0]
        ?.hash ?? '';
    expect(await stored()).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const { hash } = await import('@node-rs/argon2');
    const weak = await hash(PASSWORD, { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    await server.query("UPDATE users SET password_hash = $1 WHERE account = 'agent2'", [weak]);
    expect((await signIn('agent2', PASSWORD)).status).toBe(200);
    expect(await stored()).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await signIn('agent2', PASSWORD)).status).toBe(200);
  });

  test('a disabled account is told so only with its password; its sessions end at once', async () => {
    const admin = await seat('admin1');
    const agent = await seat('agent3');
    const [{ id } = { id: '' }] = await server.query<{ id: string }>("SELECT id FROM users WHERE account = 'agent3'");
    expect((await admin.send(`/accounts/${id}/disabled`, { disabled: true })).status).toBe(200);
    expect(codeOf(await me(agent.tokens.accessToken))).toBe('ACCOUNT_DISABLED');
    expect(codeOf(await signIn('agent3', 'wrong-Password-1'))).toBe('BAD_CREDENTIALS');
    expect(await signIn('agent3', PASSWORD)).toMatchObject({ status: 403, body: { code: 'ACCOUNT_DISABLED' } });
    expect((await refresh(agent, agent.tokens.refreshToken)).status).toBe(401);
    expect((await admin.send(`/accounts/${id}/disabled`, { disabled: false })).status).toBe(200);
    expect((await signIn('agent3', PASSWORD)).status).toBe(200);
  });
});

describe('limits on failed sign-ins (SRV-5)', () => {
  test('after five failures the account waits at that address, longer each time, with Retry-After', async () => {
    for (let attempt = 0; attempt < 5; attempt++)
      expect(codeOf(await signIn('agent1', 'wrong-Password-1'))).toBe('BAD_CREDENTIALS');
    const refused = await signIn('agent1', PASSWORD);
    expect(refused).toMatchObject({ status: 429, body: { code: 'TOO_MANY_TRIES', data: { retryAfterMs: 5_000 } } });
    expect(refused.headers.get('retry-after')).toBe('5');
    clock.advance(5_001);
    await signIn('agent1', 'wrong-Password-1');
    const longer = await signIn('agent1', PASSWORD);
    expect(longer).toMatchObject({ status: 429, body: { data: { retryAfterMs: 10_000 } } });
    expect(codeOf(await signIn('agent2', PASSWORD))).toBeNull();
    clock.advance(10_001);
    expect((await signIn('agent1', PASSWORD)).status).toBe(200);
  });

  test('guessing from everywhere cannot lock out a console that was signed in before', async () => {
    const behindProxy = await startTestServer({ trustProxy: true });
    await behindProxy.addAccount({ account: 'wanted' });
    const console = await new TestConsole(behindProxy.url).signIn('wanted');
    const signInFrom = (address: string, password: string, id: string = newId(clock.now())) =>
      request(behindProxy.url, '/api/v1/auth/login', {
        body: { account: 'wanted', password, console: id },
        headers: { 'x-forwarded-for': address },
      });
    for (let attempt = 1; attempt <= 40; attempt++) {
      expect(codeOf(await signInFrom(`10.0.0.${attempt}`, 'wrong-Password-1'))).toBe('BAD_CREDENTIALS');
    }
    expect(codeOf(await signInFrom('10.0.1.1', PASSWORD))).toBe('TOO_MANY_TRIES');
    expect((await signInFrom('10.0.1.2', PASSWORD, console.id)).status).toBe(200);
    await behindProxy.stop();
  }, 60_000);
});

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

describe('accounts and passwords', () => {
  const account = (over: object = {}) => ({
    account: `new${randomUUID().slice(0, 8)}`,
    password: 'Fresh-Mint-42',
    name: '新座席',
    seat: '1099',
    role: 'agent',
    lines: ['12345'],
    ...over,
  });

  test('an administrator makes accounts of the own centre, others may not', async () => {
    const admin = await seat('admin1');
    const made = await admin.send('/accounts', account({ account: 'made1' }));
    expect(made).toMatchObject({ status: 200, body: { account: 'made1', centre: '320100' } });
    expect((await signIn('made1', 'Fresh-Mint-42')).status).toBe(200);
    expect(await admin.send('/accounts', account({ account: 'MADE1' }))).toMatchObject({
      status: 400,
      body: { code: 'BAD_INPUT' },
    });
    const agent = await seat('agent1');
    for (const answer of [await agent.send('/accounts', account()), await agent.send('/accounts')]) {
      expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    }
  });

  test('an administrator sees and disables the own centre only, and never themselves', async () => {
    const admin = await seat('admin1');
    const { body } = await admin.send('/accounts');
    const accounts = body as { id: string; account: string; disabled: boolean }[];
    expect(accounts.map((one) => one.account)).not.toContain('admin2');
    expect(accounts.find((one) => one.account === 'agent1')).toMatchObject({ disabled: false });
    const own = accounts.find((one) => one.account === 'admin1');
    expect((await admin.send(`/accounts/${own?.id}/disabled`, { disabled: true })).status).toBe(403);
    const [foreign] = await server.query<{ id: string }>("SELECT id FROM users WHERE account = 'admin2'");
    expect((await admin.send(`/accounts/${foreign?.id}/disabled`, { disabled: true })).status).toBe(404);
  });

  test.each(['short-A1', 'alllowercaseletters', 'made9-Made9-1', 'aaaaaaaaaaaa'])(
    'the password %j is too weak',
    async (password) => {
      const admin = await seat('admin1');
      expect(await admin.send('/accounts', account({ account: 'made9', password }))).toMatchObject({
        status: 400,
        body: { code: 'WEAK_PASSWORD' },
      });
    },
  );

  test('changing the password needs the old one and ends all other sessions', async () => {
    await server.addAccount({ account: 'changer' });
    const [here, there] = [await seat('changer'), await seat('changer')];
    const change = (oldPassword: string, newPassword: string) =>
      here.send('/auth/password', { oldPassword, newPassword });
    expect(codeOf(await change('wrong-Password-1', 'Fresh-Mint-42'))).toBe('BAD_CREDENTIALS');
    expect(codeOf(await change(PASSWORD, 'weak'))).toBe('WEAK_PASSWORD');
    expect((await change(PASSWORD, 'Fresh-Mint-42')).status).toBe(200);
    expect((await refresh(there, there.tokens.refreshToken)).status).toBe(401);
    expect((await refresh(here, here.tokens.refreshToken)).status).toBe(200);
    expect((await signIn('changer', PASSWORD)).status).toBe(401);
    expect((await signIn('changer', 'Fresh-Mint-42')).status).toBe(200);
  });
});

describe('who may talk to whom', () => {
  test('a demo console and a production server refuse each other before anything happens', async () => {
    const console = await seat();
    console.mode = 'demo';
    const answers = [
      await console.send('/sync/hello', { console: console.id, incarnation: 1, schema: 1, lastOp: 0 }),
      await console.rawPush([]),
      await console.send('/auth/me'),
      await console.send('/auth/login', { account: 'agent1', password: PASSWORD, console: console.id }),
    ];
    for (const answer of answers) expect(answer).toMatchObject({ status: 409, body: { code: 'MODE_MISMATCH' } });
  });

  test('another protocol version is told to update; another console id than the token says is refused', async () => {
    const console = await seat();
    const hello = { console: console.id, incarnation: 1, schema: 1, lastOp: 0 };
    expect(await console.send('/sync/hello', hello, { [HEADERS.protocol]: '2' })).toMatchObject({
      status: 426,
      body: { code: 'PROTOCOL_TOO_OLD' },
    });
    expect((await console.send('/sync/hello', hello, { [HEADERS.console]: newId(systemClock.now()) })).status).toBe(
      403,
    );
    expect((await console.send('/sync/hello', { ...hello, console: newId(systemClock.now()) })).status).toBe(403);
    expect((await console.send('/sync/hello', hello, { [HEADERS.protocol]: 'x' })).status).toBe(400);
  });
});
