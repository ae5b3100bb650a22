import { expect, test } from 'vitest';
import { readConfig } from '#server/config.ts';
import { startDemoUnits } from '#server/demo/units/demo-units.ts';
import { DEMO_CENTRE } from '#shared/domain/demo.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import { dispatchTo } from '#tests/support/sample-acts.ts';
import { startTestServer } from '#tests/support/server.ts';
import { createTicketBody, TestConsole } from '#tests/support/test-console.ts';

const UNIT = '鼓楼区城管局';
const HELPER = '鼓楼区湖南路街道办事处';

test('in the demo a dispatched ticket is signed and answered by its unit, by topic, and waits for the 回访', async () => {
  const server = await startTestServer({ mode: 'demo', unitPace: 0.01 });
  try {
    await server.addAccount({ account: 'agent1', centre: DEMO_CENTRE });
    await server.addAccount({ account: 'dispatcher1', role: 'dispatcher', centre: DEMO_CENTRE });
    const seats = await Promise.all(
      ['agent1', 'dispatcher1'].map((account) => {
        const seat = new TestConsole(server.url);
        seat.mode = 'demo';
        return seat.signIn(account);
      }),
    );
    const [agent, dispatcher] = seats;
    if (!agent || !dispatcher) throw new Error('nobody signed in');
    const uids: TicketId[] = [];
    for (let i = 0; i < 8; i++) {
      const body = createTicketBody({ categoryCode: '020201', title: '路灯不亮', urgency: 'urgent' });
      await agent.pushOne(body);
      const args = {
        eventId: newId<EventId>(systemClock.now()),
        from: 'to_dispatch' as const,
        // The first of them with somebody who helps.
        act: dispatchTo(UNIT, i === 0 ? { coUnits: [HELPER] } : {}),
        words: '',
      };
      await dispatcher.pushOne({ kind: 'ticket.act', uid: body.uid, args });
      uids.push(body.uid);
    }
    const tickets = async () => {
      const { rows } = await agent.pullAll();
      return rows.flatMap(({ table, row }) => (table === 'tickets' ? [row as Ticket] : []));
    };
    await expect
      .poll(async () => (await tickets()).map(({ status }) => status), { timeout: 20_000 })
      .toEqual(uids.map(() => 'to_callback'));
    const helped = (await tickets()).find(({ uid }) => uid === uids[0]);
    const doneBy = helped?.events.flatMap(({ act, overlay, actorName }) =>
      actorName === UNIT || actorName === HELPER ? [act?.action ?? overlay?.step] : [],
    );
    expect(doneBy?.slice(-2)).toEqual(['co_answer', 'reply']);
    expect(helped?.replies.map(({ unit }) => unit)).toEqual([UNIT]);
    for (const { events, replies } of await tickets()) {
      expect(events.flatMap(({ act, actorName }) => (act && actorName === UNIT ? [act.action] : []))).toEqual([
        'sign',
        'reply',
      ]);
      expect(replies[0]?.text).toMatch(/灯/);
      expect(replies[0]?.text).not.toMatch(/[{}[\]<>|]|undefined/);
    }
  } finally {
    await server.stop();
  }
});

test('units are simulated on demo servers only', async () => {
  expect(() => readConfig(['--units'], {})).toThrow(/--demo/);
  expect(readConfig(['--demo', '--units'], {}).simulatesUnits).toBe(true);
  expect(readConfig(['--demo'], {}).simulatesUnits).toBe(false);
  const server = await startTestServer();
  try {
    await expect(startDemoUnits(server.url, server.services)).rejects.toThrow(/demo mode only/);
    expect(await server.query('SELECT 1 FROM unit_keys')).toEqual([]);
  } finally {
    await server.stop();
  }
});
