import { afterAll, beforeAll, expect, test } from 'vitest';
import { seatDirectorySchema } from '#shared/contract/server.contract.ts';
import { startTestServer, type TestServer } from '#tests/support/server.ts';
import { codeOf, TestConsole } from '#tests/support/test-console.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.addAccount({ account: 'agent1001', name: '林晓雯' });
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
    { seat: '1001', name: '林晓雯', role: 'agent', lines: ['12345'] },
    { seat: '2001', name: '顾若兰', role: 'lead', lines: ['12345', '12350'] },
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

test('accounts that work at no console are told nothing', async () => {
  expect(codeOf(await ask('unit4001'))).toBe('FORBIDDEN');
  expect((await ask('editor3001')).status).toBe(200);
  expect(codeOf(await new TestConsole(server.url).send('/centre/seats'))).toBe('UNAUTHENTICATED');
  const long = await ask('agent1001', 'x'.repeat(65));
  expect(codeOf(long)).toBe('BAD_INPUT');
});
