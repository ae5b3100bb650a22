import { expect, test } from 'vitest';
import { answerOldReturns } from '#server/upkeep/answer-returns.ts';
import { returnAnswerRun } from '#shared/domain/clock/return-answer.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { TicketAct } from '#shared/domain/ticket-act.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import { dispatchTo, SAMPLE_ACTS } from '#tests/support/sample-acts.ts';
import { createManualClock, startTestServer } from '#tests/support/server.ts';
import { createTicketBody, TestConsole } from '#tests/support/test-console.ts';

const DAY_MS = 86_400_000;
const UNITS = ['鼓楼区城管局', '鼓楼区水务局', '鼓楼区住建局'] as const;

test('a 退单 that nobody answers in two working days stays with the unit; who answers after that learns of it', async () => {
  const clock = createManualClock();
  const server = await startTestServer({ clock });
  try {
    await server.addAccount({ account: 'agent1' });
    await server.addAccount({ account: 'dispatcher1', role: 'dispatcher' });
    for (const [index, name] of UNITS.entries())
      await server.addAccount({ account: `unit${index}`, role: 'unit', name });
    const sign = (account: string) => new TestConsole(server.url).signIn(account);
    const act = async (account: string, uid: TicketId, from: Ticket['status'], what: TicketAct, base = 1_000) => {
      const args = { eventId: newId<EventId>(clock.now()), from, act: what, words: '不属我局职责' };
      return (await sign(account)).pushOne({ kind: 'ticket.act', uid, args }, { baseVersion: base });
    };
    const newTicket = async () => {
      const body = createTicketBody();
      await (await sign('agent1')).pushOne(body);
      return body.uid;
    };
    const stored = async (uid: string) => {
      const { rows } = await (await sign('agent1')).pullAll();
      return rows.find(({ row }) => row.uid === uid)?.row as Ticket;
    };
    const announced: string[] = [];
    const { pool, clockSets } = server.services;
    const upkeep = () =>
      answerOldReturns({ pool, clock, clockSets, poke: (scopes) => announced.push(...scopes.keys()) });

    const uid = await newTicket();
    await act('dispatcher1', uid, 'to_dispatch', dispatchTo(UNITS[0]));
    await act('unit0', uid, 'to_sign', SAMPLE_ACTS.return);
    const contested = await newTicket();
    for (const index of [0, 1] as const) {
      await act('dispatcher1', contested, 'to_dispatch', dispatchTo(UNITS[index]));
      await act(`unit${index}`, contested, 'to_sign', SAMPLE_ACTS.return);
      await act('dispatcher1', contested, 'return_review', SAMPLE_ACTS.approve_return);
    }
    await act('dispatcher1', contested, 'to_dispatch', dispatchTo(UNITS[2]));
    await act('unit2', contested, 'to_sign', SAMPLE_ACTS.return);
    const waiting = await stored(uid);
    const { dueAt } = returnAnswerRun(waiting.handling?.request?.at ?? 0, undefined, shippedClockRules());
    expect(dueAt - clock.now()).toBeGreaterThan(DAY_MS);

    clock.advance(dueAt - clock.now() - 60_000);
    expect(await upkeep()).toBe(0);
    clock.advance(120_000);
    // What the database refuses is told by its own reason, nothing of it is kept, and the next run does it.
    await server.query(
      `ALTER TABLE ticket_events ADD CONSTRAINT refused CHECK ((act ->> 'action') IS DISTINCT FROM 'refuse_return') NOT VALID`,
    );
    await expect(upkeep()).rejects.toMatchObject({ code: '23514' });
    expect(await stored(uid)).toEqual(waiting);
    await server.query('ALTER TABLE ticket_events DROP CONSTRAINT refused');
    expect(await upkeep()).toBe(1);
    expect(await upkeep()).toBe(0);
    expect(announced).toHaveLength(1);

    const kept = await stored(uid);
    expect(kept).toMatchObject({ status: 'handling', unit: UNITS[0], version: waiting.version + 1 });
    expect(kept.handling).toMatchObject({ request: null, returnedBy: [] });
    expect(kept.clocks).toMatchObject({ stage: 'handle', close: waiting.clocks?.close });
    expect(kept.events.at(-1)).toMatchObject({
      actorId: null,
      from: 'return_review',
      to: 'handling',
      act: { action: 'refuse_return' },
      text: expect.stringContaining('按规则'),
    });
    // Three units have returned it: people decide who has it, however long that takes.
    expect(await stored(contested)).toMatchObject({ status: 'return_review' });
    expect(await act('dispatcher1', uid, 'return_review', SAMPLE_ACTS.approve_return, waiting.version)).toMatchObject({
      code: 'rejected',
      reason: 'STATUS_CHANGED:handling/refuse_return/',
    });
  } finally {
    await server.stop();
  }
});
