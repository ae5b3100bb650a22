import { randomUUID } from 'node:crypto';
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
