import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '#shared/kernel/clock.ts';
import { type ConsoleId, type EventId, newId, type OpId } from '#shared/kernel/ids.ts';
import type { Op } from '#shared/sync/wire.ts';
import { startTestServer, type TestServer } from '#tests/support/server.ts';
import { codeOf, createTicketBody, noteBody, TestConsole, toOp } from '#tests/support/test-console.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.addAccount({ account: 'agent1' });
  await server.addAccount({ account: 'agent2' });
  await server.addAccount({ account: 'lead1', role: 'lead' });
  await server.addAccount({ account: 'special1', lines: ['12345', '12350'] });
  await server.addAccount({ account: 'analyst1', role: 'analyst' });
  await server.addAccount({ account: 'elsewhere', centre: '320500' });
});
afterAll(() => server.stop());

const seat = (account = 'agent1') => new TestConsole(server.url).signIn(account);
const ticketsOf = (uid: string) =>
  server.query<{
    number: number;
    status: string;
    version: number;
    seq: number;
    doc: { fields: { markers: string[] } };
  }>('SELECT number, status, version, seq, doc FROM tickets WHERE uid = $1', [uid]);

describe('notes and reminders', () => {
  test('a note to a closed ticket is kept, raises its version and keeps its status', async () => {
    const console = await seat();
    const body = createTicketBody({ answer: '已答复' }, { outcome: 'direct_answer' });
    await console.pushOne(body);
    const result = await console.pushOne(noteBody(body.uid, '市民来电补充：门牌号为 3 号'));
    expect(result).toMatchObject({ code: 'applied', version: 2 });
    expect((await ticketsOf(body.uid))[0]).toMatchObject({ status: 'closed_direct', version: 2, seq: result.seq });
  });

  test('a ticket and notes on it in one batch end in one row with all events', async () => {
    const console = await seat();
    const body = createTicketBody();
    const { results } = await console.push([
      console.op(body),
      console.op(noteBody(body.uid, '补充一')),
      console.op(noteBody(body.uid, '请尽快', 'remind')),
    ]);
    expect(results.map((result) => result.version)).toEqual([1, 2, 3]);
    expect((await ticketsOf(body.uid))[0]?.version).toBe(3);
    const texts = await server.query<{ body: string }>(
      "SELECT body FROM ticket_events WHERE ticket_uid = $1 AND kind IN ('note', 'remind') ORDER BY version",
      [body.uid],
    );
    expect(texts.map((row) => row.body)).toEqual(['补充一', '请尽快']);
  });

  test('a promise keeps when it is due, on every console', async () => {
    const console = await seat();
    const body = createTicketBody();
    await console.pushOne(body);
    const note = noteBody(body.uid, '承诺 周五前回电');
    const due = Date.UTC(2026, 10, 27, 10);
    await console.pushOne({ ...note, args: { ...note.args, kind: 'promise', dueAt: due } });
    const { rows } = await (await seat()).pullAll();
    const row = rows.find((one) => one.table === 'tickets' && one.row.uid === body.uid);
    const events = row?.table === 'tickets' ? row.row.events : [];
    expect(events.at(-1)).toMatchObject({ kind: 'promise', text: '承诺 周五前回电', dueAt: due });
    expect(events[0]).not.toHaveProperty('dueAt');
  });

  test('only what one wrote oneself is taken back, and only on its ticket', async () => {
    const [author, other] = [await seat('agent1'), await seat('agent2')];
    const [body, elsewhere] = [createTicketBody(), createTicketBody()];
    await author.push([author.op(body), author.op(elsewhere)]);
    const note = noteBody(body.uid, '门牌号为 3 号');
    await author.pushOne(note);
    const takeBack = (ref: EventId, uid = body.uid) => {
      const written = noteBody(uid, '撤回上一条补充');
      return { ...written, args: { ...written.args, ref } };
    };
    const { eventId } = note.args;
    expect(await other.pushOne(takeBack(eventId))).toMatchObject({ code: 'rejected', reason: 'FORBIDDEN' });
    expect(await author.pushOne(takeBack(eventId, elsewhere.uid))).toMatchObject({ reason: 'NOT_FOUND' });
    expect(await author.pushOne(takeBack(body.args.eventId))).toMatchObject({ reason: 'NOT_FOUND' });
    const withdrawal = takeBack(eventId);
    expect(await author.pushOne(withdrawal)).toMatchObject({ code: 'applied' });
    expect(await author.pushOne(takeBack(withdrawal.args.eventId))).toMatchObject({ reason: 'NOT_FOUND' });
  });

  test('a promise is taken back by who made it or a 班长, and kept by anybody', async () => {
    const [author, other, lead] = [await seat('agent1'), await seat('agent2'), await seat('lead1')];
    const body = createTicketBody();
    const note = noteBody(body.uid, '承诺 周五前回电');
    const promise = { ...note, args: { ...note.args, kind: 'promise' as const } };
    const settle = (kind: 'promise_kept' | 'promise_withdrawn', ref?: EventId) => {
      const written = noteBody(body.uid, '');
      return { ...written, args: { ...written.args, kind, ...(ref ? { ref } : {}) } };
    };
    const { eventId } = promise.args;
    // Promised and taken back in one batch.
    const ops = [body, promise, settle('promise_withdrawn', eventId)].map((each) => author.op(each));
    expect((await author.push(ops)).results.map(({ code }) => code)).toEqual(['applied', 'applied', 'applied']);
    const refused = { code: 'rejected', reason: 'FORBIDDEN' };
    expect(await other.pushOne(settle('promise_withdrawn', eventId))).toMatchObject(refused);
    expect(await other.pushOne(settle('promise_kept', eventId))).toMatchObject({ code: 'applied' });
    expect(await lead.pushOne(settle('promise_withdrawn', eventId))).toMatchObject({ code: 'applied' });
    const plain = noteBody(body.uid, '补充');
    await author.pushOne(plain);
    for (const ref of [plain.args.eventId, undefined]) {
      expect(await author.pushOne(settle('promise_kept', ref))).toMatchObject({ reason: 'NOT_FOUND' });
    }
  });

  test('the same note event twice is one note', async () => {
    const console = await seat();
    const body = createTicketBody();
    await console.pushOne(body);
    const note = noteBody(body.uid, '只此一次');
    await console.pushOne(note);
    expect(await console.pushOne(note)).toMatchObject({ code: 'duplicate', version: 2 });
    expect(await server.query('SELECT 1 FROM ticket_events WHERE id = $1', [note.args.eventId])).toHaveLength(1);
  });

  test('an operation on a rejected one is blocked, operations on other tickets go on', async () => {
    const console = await seat();
    const bad = createTicketBody({ content: '' });
    const create = console.op(bad);
    const { results } = await console.push([
      create,
      console.op(noteBody(bad.uid, '补充'), { dependsOn: create.opId }),
      console.op(createTicketBody()),
      console.op(createTicketBody(), { dependsOn: newId<OpId>(systemClock.now()) }),
    ]);
    expect(results.map(({ code, reason }) => [code, reason])).toEqual([
      ['rejected', 'INTAKE_INCOMPLETE'],
      ['blocked', 'DEPENDENCY_REJECTED'],
      ['applied', undefined],
      ['blocked', 'DEPENDENCY_UNKNOWN'],
    ]);
  });
});

describe('operations the server cannot take', () => {
  test('unknown kinds, broken arguments and wrong hashes are rejected alone', async () => {
    const console = await seat();
    const good = console.op(createTicketBody());
    const unknown = { ...console.op(createTicketBody()), kind: 'ticket.teleport' };
    const broken = { ...console.op(createTicketBody()), args: { nonsense: true } };
    const forged: Op = { ...console.op(createTicketBody()), hash: 'f'.repeat(64) };
    const last = console.op(createTicketBody());
    const { ack, results } = await console.push([good, unknown, broken, forged, last]);
    expect(ack).toBe(5);
    expect(results.map((result) => result.code)).toEqual(['applied', 'rejected', 'rejected', 'rejected', 'applied']);
    expect(results[1]?.reason).toBe('UNKNOWN_KIND');
    expect(results[2]?.reason).toMatch(/^BAD_INPUT:args/);
    expect(results[3]?.reason).toBe('HASH_MISMATCH');
  });

  test('content the database refuses is found and rejected alone, also on resend', async () => {
    const console = await seat();
    // Passes the schema and cannot be stored: a rule that only this database has.
    await server.query("ALTER TABLE tickets ADD CONSTRAINT refused CHECK (category_code <> 'poison') NOT VALID");
    const poison = console.op(createTicketBody({ categoryCode: 'poison' }));
    const dependent = console.op(noteBody((poison as Extract<Op, { kind: 'ticket.create' }>).uid, '补充'), {
      dependsOn: poison.opId,
    });
    const ops = [console.op(createTicketBody()), console.op(createTicketBody())];
    const batch = [poison, dependent, ...ops];
    const first = await console.push(batch);
    expect(first.results.map(({ code, reason }) => [code, reason])).toEqual([
      ['rejected', 'NOT_STORABLE'],
      ['blocked', 'DEPENDENCY_REJECTED'],
      ['applied', undefined],
      ['applied', undefined],
    ]);
    expect(await console.push(batch)).toEqual(first);
    await server.query('ALTER TABLE tickets DROP CONSTRAINT refused');
  });

  test('beside content the database refuses, what depends on an operation of the same batch that was applied is applied too', async () => {
    const console = await seat();
    await server.query("ALTER TABLE tickets ADD CONSTRAINT refused CHECK (category_code <> 'poison') NOT VALID");
    const poison = console.op(createTicketBody({ categoryCode: 'poison' }));
    const good = console.op(createTicketBody());
    const note = noteBody((good as Extract<Op, { kind: 'ticket.create' }>).uid, '补充');
    const dependent = console.op(note, { dependsOn: good.opId });
    const { results } = await console.push([poison, good, dependent]);
    expect(results.map(({ code, reason }) => [code, reason])).toEqual([
      ['rejected', 'NOT_STORABLE'],
      ['applied', undefined],
      ['applied', undefined],
    ]);
    await server.query('ALTER TABLE tickets DROP CONSTRAINT refused');
  });

  test('in a batch that is half answered already, what the database refuses is rejected alone, too', async () => {
    const console = await seat();
    const known = console.op(createTicketBody());
    const [answered] = (await console.push([known])).results;
    await server.query("ALTER TABLE tickets ADD CONSTRAINT refused CHECK (category_code <> 'poison') NOT VALID");
    const poison = console.op(createTicketBody({ categoryCode: 'poison' }));
    const { results } = await console.push([known, poison, console.op(createTicketBody())]);
    expect(results[0]).toEqual(answered);
    expect(results.slice(1).map(({ code, reason }) => [code, reason])).toEqual([
      ['rejected', 'NOT_STORABLE'],
      ['applied', undefined],
    ]);
    await server.query('ALTER TABLE tickets DROP CONSTRAINT refused');
  });

  test('what is about a ticket that the database cannot read any more is rejected, each alone, and answered the same again', async () => {
    const console = await seat();
    const body = createTicketBody();
    await console.pushOne(body);
    await server.query(`UPDATE tickets SET doc = (left(doc::text, -1) || ',"torn":"\\u0000"}')::json WHERE uid = $1`, [
      body.uid,
    ]);
    const notes = ['补充一', '补充二'].map((text) => console.op(noteBody(body.uid, text)));
    const batch = [...notes, console.op(createTicketBody())];
    const first = await console.push(batch);
    expect(first.results.map(({ code, reason }) => [code, reason])).toEqual([
      ['rejected', 'NOT_STORABLE'],
      ['rejected', 'NOT_STORABLE'],
      ['applied', undefined],
    ]);
    expect(await console.push(batch)).toEqual(first);
    await server.query('DELETE FROM tickets WHERE uid = $1', [body.uid]);
  });

  test('a seat writes only to its own centre and lines, and only roles that take calls write at all', async () => {
    const agent = await seat('agent1');
    expect(await agent.pushOne(createTicketBody({ line: '12350' }))).toMatchObject({
      code: 'rejected',
      reason: 'FORBIDDEN',
    });
    expect(await agent.pushOne(createTicketBody({}, { centre: '320500' }))).toMatchObject({ reason: 'FORBIDDEN' });
    const analyst = await seat('analyst1');
    expect(await analyst.pushOne(createTicketBody())).toMatchObject({ code: 'rejected', reason: 'FORBIDDEN' });
    const special = await seat('special1');
    const secret = createTicketBody({ line: '12350' });
    await special.pushOne(secret);
    expect(await agent.pushOne(noteBody(secret.uid, '看得到吗'))).toMatchObject({
      code: 'rejected',
      reason: 'NOT_FOUND',
    });
    const elsewhere = await seat('elsewhere');
    const known = createTicketBody();
    await agent.pushOne(known);
    expect(await elsewhere.pushOne(noteBody(known.uid, '外地'))).toMatchObject({
      code: 'rejected',
      reason: 'NOT_FOUND',
    });
  });

  test('a console speaks for itself only', async () => {
    const one = await seat('agent1');
    const other = await seat('agent2');
    const answer = await one.send('/sync/push', {
      console: other.id,
      incarnation: 1,
      ops: [toOp(1, createTicketBody())],
    });
    expect([answer.status, codeOf(answer)]).toEqual([403, 'FORBIDDEN']);
  });

  test('a console of one centre cannot be used from another', async () => {
    const one = await seat('agent1');
    await one.hello();
    const stolen = await new TestConsole(server.url, one.id as ConsoleId).signIn('elsewhere');
    const answer = await stolen.rawPush([toOp(1, createTicketBody({}, { centre: '320500' }))]);
    expect([answer.status, codeOf(answer)]).toEqual([403, 'FORBIDDEN']);
  });
});
