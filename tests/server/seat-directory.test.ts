import { afterAll, beforeAll, expect, test } from 'vitest';
import { seatDirectorySchema } from '#shared/contract/server.contract.ts';
import { startTestServer, type TestServer } from '#tests/support/server.ts';
import { codeOf, TestConsole } from '#tests/support/test-console.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.addAccount({ account: 'agent1001', name: '林晓雯', team: '一班' });
  await server.addAccount({ account: 'lead2001', name: '顾若兰', role: 'lead', lines: ['12345', '12350'] });
  await server.addAccount({ account: 'editor3001', role: 'editor' });
  await server.addAccount({ account: 'unit4001', role: 'unit' });
  await server.addAccount({ account: 'far1001', centre: '320500' });
});
afterAll(() => server.stop());

const ask = async (account: string, hash?: string) => {
  const console = await new TestConsole(server.url).signIn(account);
  return console.send(`/centre/seats${hash === undefined ? '' : `?hash=${hash}`}`);
};

test('a console learns the seats of its own centre that take calls, and nothing else of the accounts', async () => {
  const { seats } = seatDirectorySchema.parse((await ask('agent1001')).body);
  expect(seats).toEqual([
    { id: expect.any(String), seat: '1001', name: '林晓雯', role: 'agent', lines: ['12345'], team: '一班' },
    { id: expect.any(String), seat: '2001', name: '顾若兰', role: 'lead', lines: ['12345', '12350'] },
  ]);
  expect(seatDirectorySchema.parse((await ask('far1001')).body).seats).toHaveLength(1);
});

test('an unchanged directory is not sent again; a new colleague changes it, a disabled one leaves it', async () => {
  const { hash } = seatDirectorySchema.parse((await ask('agent1001')).body);
  expect(seatDirectorySchema.parse((await ask('lead2001', hash)).body)).toEqual({ hash, seats: null });
  await server.addAccount({ account: 'agent1002', name: '周启明' });
  const grown = seatDirectorySchema.parse((await ask('agent1001', hash)).body);
  expect(grown.seats?.map(({ seat }) => seat)).toEqual(['1001', '1002', '2001']);
  await server.query(`UPDATE users SET disabled = true WHERE account = 'agent1002'`);
  const shrunk = seatDirectorySchema.parse((await ask('agent1001', grown.hash)).body);
  expect(shrunk).toMatchObject({ hash, seats: [{ seat: '1001' }, { seat: '2001' }] });
});

test('somebody who is put into another 班组 changes the directory; out of every one they are in none', async () => {
  await server.addAccount({ account: 'admin9001', role: 'admin' });
  await server.addAccount({ account: 'far9001', role: 'admin', centre: '320500' });
  const admin = await new TestConsole(server.url).signIn('admin9001');
  const [{ id } = { id: '' }] = await server.query<{ id: string }>(`SELECT id FROM users WHERE account = 'agent1001'`);
  const teamOf = async () =>
    seatDirectorySchema.parse((await ask('lead2001')).body).seats?.find(({ seat }) => seat === '1001')?.team;
  expect(await teamOf()).toBe('一班');
  expect((await admin.send(`/accounts/${id}/team`, { team: '二班' })).status).toBe(200);
  expect(await teamOf()).toBe('二班');
  expect((await admin.send('/accounts')).body).toContainEqual(expect.objectContaining({ id, team: '二班' }));
  expect((await admin.send(`/accounts/${id}/team`, { team: null })).status).toBe(200);
  expect(await teamOf()).toBeUndefined();
  for (const team of ['', ' 一班', '班'.repeat(21), 7]) {
    expect(codeOf(await admin.send(`/accounts/${id}/team`, { team }))).toBe('BAD_INPUT');
  }
  const far = await new TestConsole(server.url).signIn('far9001');
  expect(codeOf(await far.send(`/accounts/${id}/team`, { team: '一班' }))).toBe('NOT_FOUND');
  const lead = await new TestConsole(server.url).signIn('lead2001');
  expect(codeOf(await lead.send(`/accounts/${id}/team`, { team: '一班' }))).toBe('FORBIDDEN');
});

test('accounts that work at no console are told nothing', async () => {
  expect(codeOf(await ask('unit4001'))).toBe('FORBIDDEN');
  expect((await ask('editor3001')).status).toBe(200);
  expect(codeOf(await new TestConsole(server.url).send('/centre/seats'))).toBe('UNAUTHENTICATED');
  const long = await ask('agent1001', 'x'.repeat(65));
  expect(codeOf(long)).toBe('BAD_INPUT');
});
