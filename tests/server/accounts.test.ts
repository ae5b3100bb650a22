import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { createManualClock, PASSWORD, startTestServer, type TestServer } from '#tests/support/server.ts';
import { codeOf, request, TestConsole } from '#tests/support/test-console.ts';

const clock = createManualClock();
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ clock });
  await server.addAccount({ account: 'agent1' });
  await server.addAccount({ account: 'admin1', role: 'admin' });
  await server.addAccount({ account: 'admin2', role: 'admin', centre: '320500' });
});
afterAll(() => server.stop());
beforeEach(async () => {
  await server.query('DELETE FROM sign_in_limits');
});

const seat = (account = 'agent1') => new TestConsole(server.url).signIn(account);
const signIn = (account: string, password: string, console: string = newId(clock.now())) =>
  request(server.url, '/api/v1/auth/login', { body: { account, password, console } });
const refresh = (
  console: TestConsole,
  refreshToken: string,
  idempotencyKey: string = randomUUID(),
  id: string = console.id,
) => request(server.url, '/api/v1/auth/refresh', { body: { refreshToken, idempotencyKey, console: id } });

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
