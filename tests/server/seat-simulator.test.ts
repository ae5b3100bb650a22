import { expect, test } from 'vitest';
import { readConfig } from '#server/config.ts';
import { startDemoSeats } from '#server/demo/at-work/demo-seats.ts';
import { SimulatedSeat } from '#server/demo/at-work/simulated-seat.ts';
import { createRng } from '#server/demo/rng.ts';
import { type Board, boardSchema } from '#shared/contract/board.contract.ts';
import { seatReportSchema } from '#shared/domain/board/seat-report.ts';
import { DEMO_CENTRE } from '#shared/domain/demo.ts';
import { createTestDatabase } from '#tests/support/postgres-global.ts';
import { startTestServer } from '#tests/support/server.ts';
import { TestConsole } from '#tests/support/test-console.ts';

test('in the demo agents are at work: their seats move and their calls add up, also after the server was started again', async () => {
  const database = await createTestDatabase();
  let server = await startTestServer({ mode: 'demo', seatPace: 0.01, database });
  try {
    await server.addAccount({ account: 'lead2001', role: 'lead', centre: DEMO_CENTRE });
    const read = async (): Promise<Board> => {
      const lead = new TestConsole(server.url);
      lead.mode = 'demo';
      return boardSchema.parse((await (await lead.signIn('lead2001')).send('/board')).body);
    };
    await expect.poll(async () => (await read()).seats.length, { timeout: 20_000 }).toBe(9);
    const seen = new Set<string>();
    await expect
      .poll(
        async () => {
          for (const { position } of (await read()).seats) seen.add(position);
          return ['ready', 'ringing', 'talking', 'wrap-up'].every((one) => seen.has(one));
        },
        { timeout: 30_000 },
      )
      .toBe(true);
    await expect.poll(async () => (await read()).figures[0]?.denominator, { timeout: 30_000 }).toBeGreaterThan(9);
    await server.stop();
    server = await startTestServer({ mode: 'demo', seatPace: 0.01, database });
    await expect.poll(async () => (await read()).seats.filter(({ isSilent }) => !isSilent).length).toBe(9);
    expect(await server.query(`SELECT 1 FROM tickets`)).toEqual([]);
  } finally {
    await server.stop();
    await database.drop();
  }
});

test('a simulated day fits what consoles may tell, and its figures are believable', () => {
  const start = Date.UTC(2026, 10, 25, 0);
  const seat = new SimulatedSeat(createRng(7, 1), ['12345', '12350'], start);
  for (let now = start; now < start + 10 * 3_600_000; now += 20_000) {
    seat.moveTo(now);
    const report = { sentAt: now, state: seat.state(now), days: [...seat.days()] };
    expect(seatReportSchema.parse(report)).toEqual(report);
  }
  const [ordinary] = seat.days();
  expect(ordinary?.day).toBe('2026-11-25');
  expect(ordinary?.offered).toBeGreaterThan(60);
  expect((ordinary?.answered ?? 0) / (ordinary?.offered ?? 1)).toBeGreaterThan(0.88);
  expect(ordinary?.answeredQuickly).toBeLessThanOrEqual(ordinary?.answered ?? 0);
});

test('agents are simulated on demo servers only', async () => {
  expect(() => readConfig(['--seats'], {})).toThrow(/--demo/);
  expect(readConfig(['--demo', '--seats'], {}).simulatesSeats).toBe(true);
  expect(readConfig(['--demo'], {}).simulatesSeats).toBe(false);
  const server = await startTestServer();
  try {
    await expect(startDemoSeats(server.url, server.services)).rejects.toThrow(/demo mode only/);
    expect(await server.query('SELECT 1 FROM users')).toEqual([]);
  } finally {
    await server.stop();
  }
});
