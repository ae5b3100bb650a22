import { expect, test } from 'vitest';
import { readClockSets } from '#server/config.ts';
import { CENTRE, startTestServer } from '#tests/support/server.ts';
import { createTicketBody, TestConsole } from '#tests/support/test-console.ts';

const DAY_MS = 86_400_000;

test('a centre that chose other limits has them on what it accepts, and its consoles are told', async () => {
  const server = await startTestServer({ clockSets: readClockSets(`${CENTRE}=beijing`) });
  try {
    await server.addAccount({ account: 'agent1' });
    await server.addAccount({ account: 'elsewhere', centre: '320500' });
    const here = await new TestConsole(server.url).signIn('agent1');
    expect((await here.hello()).clockSet).toBe('beijing');
    const taken = await here.pushOne(createTicketBody());
    expect(taken.ticket?.clocks?.set).toBe('beijing');
    expect(taken.ticket?.dueAt).toBe((taken.ticket?.acceptedAt ?? 0) + 7 * DAY_MS);
    const elsewhere = await new TestConsole(server.url).signIn('elsewhere');
    expect((await elsewhere.hello()).clockSet).toBeUndefined();
  } finally {
    await server.stop();
  }
});

test('a set that is not there, or a centre that is none, stops the start with what can be written', () => {
  expect([...readClockSets(' 320100=shanghai, 110000=beijing ')]).toEqual([
    ['320100', 'shanghai'],
    ['110000', 'beijing'],
  ]);
  for (const text of [
    '320100=paris',
    '3201=shanghai',
    'shanghai',
    '320100=',
    '320100=shanghai=x',
    '320100=shanghai,320100=beijing',
  ])
    expect(() => readClockSets(text)).toThrow(/jiangsu, shanghai, beijing, tianjin/);
});
