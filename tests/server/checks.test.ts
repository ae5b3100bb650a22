import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { erasePerson } from '#server/upkeep/erase-person.ts';
import { emptyIntake } from '#shared/domain/intake.ts';
import { type CheckDoc, NO_MARKS, siblingOf } from '#shared/domain/quality/check.ts';
import type { SyncedRecord } from '#shared/domain/record.ts';
import { formatTicketNumber } from '#shared/domain/ticket-number.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { newId, type UserId } from '#shared/kernel/ids.ts';
import {
  appealBody,
  type CheckedFacts,
  FIVE_OFF,
  markBody,
  scoreBody,
  settleBody,
  startBody,
} from '#tests/support/checks.ts';
import { startTestServer, type TestServer } from '#tests/support/server.ts';
import { createTicketBody, TestConsole } from '#tests/support/test-console.ts';

const CENTRE = '320100';
const QUALITY = `${CENTRE}:quality:12345`;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.addAccount({ account: 'agent1', seat: '1001', name: '林晓雯' });
  await server.addAccount({ account: 'agent2', seat: '1002', name: '周启明' });
  await server.addAccount({ account: 'checker1', role: 'quality', seat: '6001', name: '苏文澜' });
  await server.addAccount({ account: 'checker2', role: 'quality', seat: '6002', name: '何谨' });
  await server.addAccount({ account: 'lead1', role: 'lead', seat: '2001', name: '顾若兰', lines: ['12345', '12350'] });
});
afterAll(() => server.stop());

const seat = (account: string) => new TestConsole(server.url).signIn(account);
const event = () => newId<never>(systemClock.now());

async function idOf(account: string): Promise<UserId> {
  const [row] = await server.query<{ id: UserId }>('SELECT id FROM users WHERE account = $1', [account]);
  if (!row) throw new Error('no such account');
  return row.id;
}

/** A ticket that agent1 answered on the spot. */
async function answered(words = '路灯已报修，三天内修好。'): Promise<CheckedFacts> {
  const body = createTicketBody({ answer: words }, { outcome: 'direct_answer' });
  const { ticket } = await (await seat('agent1')).pushOne(body);
  if (!ticket) throw new Error('not taken');
  return {
    ticketUid: body.uid,
    ticketNo: formatTicketNumber(ticket.number, ticket.acceptedAt),
    agentId: await idOf('agent1'),
    agentName: '林晓雯',
  };
}

/** What a console holds of a ticket's checks. */
async function recordsOf(account: string, { ticketUid }: CheckedFacts): Promise<readonly SyncedRecord[]> {
  const { rows } = await (await seat(account)).pullAll();
  return rows.flatMap((one) =>
    one.table === 'records' && 'ticketUid' in one.row.doc && one.row.doc.ticketUid === ticketUid ? [one.row] : [],
  );
}
const docOf = async (account: string, facts: CheckedFacts): Promise<CheckDoc | undefined> => {
  const record = (await recordsOf(account, facts)).find(({ kind }) => kind === 'check' || kind === 'check_copy');
  return record?.doc as CheckDoc | undefined;
};

describe('a check', () => {
  test('is read by those who check, its copy by the agent alone; an appeal and its decision reach both', async () => {
    const facts = await answered();
    const [checker, agent, lead] = await Promise.all(['checker1', 'agent1', 'lead1'].map(seat));
    expect(await checker?.pushOne(scoreBody(facts, event()))).toMatchObject({ code: 'applied', version: 1 });
    expect((await recordsOf('checker2', facts)).map(({ kind }) => kind)).toEqual(['check']);
    expect((await recordsOf('agent1', facts)).map(({ kind }) => kind)).toEqual(['check_copy']);
    expect(await recordsOf('agent2', facts)).toEqual([]);
    expect(await docOf('agent1', facts)).toMatchObject({ first: { points: 95, byName: '苏文澜' }, appeal: null });

    expect(await agent?.pushOne(appealBody(facts, event()))).toMatchObject({ code: 'applied', version: 2 });
    expect(await docOf('checker1', facts)).toMatchObject({ appeal: { words: '时间写在补充里' } });
    expect(await checker?.pushOne(settleBody(facts, event()))).toMatchObject({ reason: 'SAME_CHECKER' });
    expect(await lead?.pushOne(settleBody(facts, event(), NO_MARKS))).toMatchObject({ code: 'applied', version: 3 });
    for (const account of ['agent1', 'checker2']) {
      expect(await docOf(account, facts)).toMatchObject({ settled: { byName: '顾若兰', score: { points: 100 } } });
    }
  });

  test('of two checkers who score one ticket at once one is taken, the other is told who was first', async () => {
    const facts = await answered();
    const results = await Promise.all(
      ['checker1', 'checker2'].map(async (account) => (await seat(account)).pushOne(scoreBody(facts, event()))),
    );
    expect(results.map(({ code }) => code).toSorted()).toEqual(['applied', 'rejected']);
    const isFirst = results[0]?.code === 'applied';
    const refused = results.find(({ code }) => code === 'rejected');
    expect(refused?.reason).toBe(`ALREADY_CHECKED:${isFirst ? '苏文澜' : '何谨'}`);
    expect(await docOf('agent1', facts)).toMatchObject({ first: { byName: isFirst ? '苏文澜' : '何谨' } });
  });

  test('sent twice is one', async () => {
    const facts = await answered();
    const checker = await seat('checker1');
    const body = scoreBody(facts, event());
    expect(await checker.pushOne(body)).toMatchObject({ code: 'applied' });
    expect(await checker.pushOne(body)).toMatchObject({ code: 'duplicate', version: 1 });
  });

  test('is refused when it does not fit its ticket', async () => {
    const facts = await answered();
    const [checker, agent] = [await seat('checker1'), await seat('agent1')];
    const other = await idOf('agent2');
    const open = createTicketBody();
    const taken = await agent.pushOne(open);
    const openFacts = {
      ...facts,
      ticketUid: open.uid,
      ticketNo: formatTicketNumber(taken.ticket?.number ?? 0, systemClock.now()),
    };
    const cases = [
      [scoreBody({ ...facts, agentId: other }, event()), 'BAD_INPUT:agentId'],
      [scoreBody({ ...facts, ticketNo: '20261122-00000001x' }, event()), 'BAD_INPUT:ticketNo'],
      [{ ...scoreBody(facts, event()), uid: startBody(facts).uid }, 'BAD_INPUT:uid'],
      [scoreBody({ ...facts, ticketUid: event() }, event()), 'NOT_FOUND'],
      [scoreBody(openFacts, event()), 'NOT_FINISHED'],
    ] as const;
    for (const [body, reason] of cases) expect(await checker.pushOne(body)).toMatchObject({ code: 'rejected', reason });
    const marked = scoreBody(facts, event(), {
      ...FIVE_OFF,
      deductions: [{ item: 'facts', points: 99, reason: '多扣' }],
    });
    expect(await checker.pushOne(marked)).toMatchObject({ code: 'rejected', reason: 'BAD_INPUT:facts' });
  });

  test('is refused as a whole when the uid of the agent’s copy is something else already, which stays as it was', async () => {
    const facts = await answered();
    const [checker, agent] = [await seat('checker1'), await seat('agent1')];
    await seat('agent2');
    const form = {
      kind: 'draft.hand_over' as const,
      uid: siblingOf(facts.ticketUid, 'copy'),
      args: { centre: CENTRE, toSeat: '1002', call: null, content: emptyIntake('13911110009') },
    };
    expect(await agent.pushOne(form)).toMatchObject({ code: 'applied' });
    expect(await checker.pushOne(scoreBody(facts, event()))).toMatchObject({ code: 'rejected', reason: 'UID_TAKEN' });
    expect(await recordsOf('checker2', facts)).toEqual([]);
    const stored = await server.query('SELECT kind, version FROM records WHERE uid = $1', [form.uid]);
    expect(stored).toEqual([{ kind: 'handover', version: 1 }]);
  });

  test('is nobody’s but of 质检员 and 班长, and no agent pulls the scope of checks or another one’s results', async () => {
    const facts = await answered();
    const agent = await seat('agent2');
    expect(await agent.pushOne(scoreBody(facts, event()))).toMatchObject({ code: 'rejected', reason: 'FORBIDDEN' });
    const theirs = `${CENTRE}:person:${facts.agentId}`;
    for (const scope of [QUALITY, theirs]) {
      await expect(agent.pull([{ scope, epoch: 1, seq: 0 }])).rejects.toThrow('FORBIDDEN');
    }
    // Who does not hold 12350 reads nothing of its checks.
    const { scopes } = await (await seat('checker1')).hello();
    expect(scopes.map(({ id }) => id).filter((id) => id.includes(':quality:'))).toEqual([QUALITY]);
  });

  test('of an erased person keeps no name or number of theirs, also when no record ever named them', async () => {
    const name = '欧阳清扬';
    const body = createTicketBody(
      {
        answer: '已告知',
        caller: { name, gender: 'female', kind: 'person', phone: '13900001234', anonymous: false, confidential: false },
      },
      { outcome: 'direct_answer' },
    );
    const { ticket } = await (await seat('agent1')).pushOne(body);
    const facts = {
      ticketUid: body.uid,
      ticketNo: formatTicketNumber(ticket?.number ?? 0, ticket?.acceptedAt ?? 0),
      agentId: await idOf('agent1'),
      agentName: '林晓雯',
    };
    const marks = { ...FIVE_OFF, remark: `${name}女士的号码 13900001234 没有核对` };
    expect(await (await seat('checker1')).pushOne(scoreBody(facts, event(), marks))).toMatchObject({ code: 'applied' });
    const by = { phone: '13900001234' };
    const request = { centre: CENTRE, by, reason: '本人申请', doneBy: 'test' };
    await erasePerson(server.services.pool, request, systemClock.now());
    for (const account of ['checker1', 'agent1']) {
      const remark = (await docOf(account, facts))?.first.marks.remark ?? '';
      expect(remark).not.toContain('13900001234');
      expect(remark).not.toContain(name);
      expect(remark).toContain('没有核对');
    }
  });
});

test('a calibration is never seen by the agent and has every checker once', async () => {
  const facts = await answered();
  const [checker, other] = [await seat('checker1'), await seat('checker2')];
  expect(await checker.pushOne(startBody(facts))).toMatchObject({ code: 'applied' });
  expect(await other.pushOne(startBody(facts))).toMatchObject({ code: 'duplicate' });
  const results = await Promise.all([checker, other].map((one) => one.pushOne(markBody(facts, event()))));
  expect(results.map(({ code }) => code)).toEqual(['applied', 'applied']);
  expect(await checker.pushOne(markBody(facts, event()))).toMatchObject({ reason: 'ALREADY_CHECKED:苏文澜' });
  const [calibration] = await recordsOf('lead1', facts);
  expect(calibration).toMatchObject({ kind: 'calibration', doc: { scores: [{}, {}] } });
  expect(await recordsOf('agent1', facts)).toEqual([]);
});
