import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyIntake } from '#shared/domain/intake.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { type CallId, type CitizenId, type EventId, newId, type RecordId, type TicketId } from '#shared/kernel/ids.ts';
import { startTestServer, type TestServer } from '#tests/support/server.ts';
import { citizenBody, createTicketBody, TestConsole } from '#tests/support/test-console.ts';

const CENTRE = '320100';
const KNOWLEDGE = `${CENTRE}:knowledge`;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.addAccount({ account: 'agent1', seat: '1001' });
  await server.addAccount({ account: 'agent2', seat: '1002' });
  await server.addAccount({ account: 'lead1', role: 'lead' });
  await server.addAccount({ account: 'special1', seat: '1050', lines: ['12345', '12350'] });
  await server.addAccount({ account: 'editor1', role: 'editor', seat: '1003' });
  await server.addAccount({ account: 'editor2', role: 'editor' });
  await server.addAccount({ account: 'elsewhere', centre: '320500' });
});
afterAll(() => server.stop());

const seat = (account = 'agent1') => new TestConsole(server.url).signIn(account);
const id = <T extends string>() => newId<T>(systemClock.now());

describe('提议并单', () => {
  const linkBody = (uid: TicketId, parentUid: TicketId) => ({
    kind: 'ticket.link' as const,
    uid,
    args: { eventId: id<EventId>(), parentUid, reason: '同一处路灯' },
  });
  const unlinkBody = (uid: TicketId) => ({
    kind: 'ticket.unlink' as const,
    uid,
    args: { eventId: id<EventId>(), reason: '不是同一件事' },
  });
  const linkOf = async (uid: string) =>
    (await server.query<{ link: { parentUid: string } | null }>('SELECT link FROM tickets WHERE uid = $1', [uid]))[0]
      ?.link ?? null;

  test('a proposal shows the 母单 on the ticket and in its history, and can be taken back', async () => {
    const console = await seat();
    const [parent, child] = [createTicketBody(), createTicketBody()];
    await console.pushOne(parent);
    await console.pushOne(child);
    expect(await console.pushOne(linkBody(child.uid, parent.uid))).toMatchObject({ code: 'applied', version: 2 });
    expect(await linkOf(child.uid)).toMatchObject({ parentUid: parent.uid, state: 'proposed' });
    expect(await console.pushOne(unlinkBody(child.uid))).toMatchObject({ code: 'applied', version: 3 });
    expect(await linkOf(child.uid)).toBeNull();
    const events = await server.query<{ kind: string; ref: string }>(
      "SELECT kind, ref FROM ticket_events WHERE ticket_uid = $1 AND kind LIKE '%linked' ORDER BY version",
      [child.uid],
    );
    expect(events).toEqual([
      { kind: 'linked', ref: parent.uid },
      { kind: 'unlinked', ref: parent.uid },
    ]);
  });

  test('made in one batch with both tickets, it is on the row at once', async () => {
    const console = await seat();
    const [parent, child] = [createTicketBody(), createTicketBody()];
    await console.push([console.op(parent), console.op(child), console.op(linkBody(child.uid, parent.uid))]);
    expect(await linkOf(child.uid)).toMatchObject({ parentUid: parent.uid });
  });

  test('a ticket under itself, under a child, or under an unknown ticket is refused', async () => {
    const console = await seat();
    const [top, child, other] = [createTicketBody(), createTicketBody(), createTicketBody()];
    await console.push([
      console.op(top),
      console.op(child),
      console.op(other),
      console.op(linkBody(child.uid, top.uid)),
    ]);
    const reasonOf = async (uid: TicketId, parentUid: TicketId) =>
      (await console.pushOne(linkBody(uid, parentUid))).reason;
    expect(await reasonOf(top.uid, top.uid)).toBe('PARENT_IS_CHILD');
    expect(await reasonOf(other.uid, child.uid)).toBe('PARENT_IS_CHILD');
    expect(await reasonOf(other.uid, id<TicketId>())).toBe('PARENT_NOT_FOUND');
  });

  test('a ticket with children comes under no other one until they are taken away, also within one batch', async () => {
    const console = await seat();
    const [x, y, z] = [createTicketBody(), createTicketBody(), createTicketBody()];
    await console.push([console.op(x), console.op(y), console.op(z), console.op(linkBody(x.uid, y.uid))]);
    expect(await console.pushOne(linkBody(y.uid, z.uid))).toMatchObject({ code: 'rejected', reason: 'HAS_CHILDREN' });
    expect(await linkOf(y.uid)).toBeNull();
    // The child goes and its former 母单 follows, in one batch.
    const { results } = await console.push([console.op(unlinkBody(x.uid)), console.op(linkBody(y.uid, z.uid))]);
    expect(results.map(({ code }) => code)).toEqual(['applied', 'applied']);
    const [a, b, c] = [createTicketBody(), createTicketBody(), createTicketBody()];
    const together = await console.push([
      ...[a, b, c].map((body) => console.op(body)),
      console.op(linkBody(a.uid, b.uid)),
      console.op(linkBody(b.uid, c.uid)),
    ]);
    expect(together.results.map(({ reason }) => reason)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      'HAS_CHILDREN',
    ]);
  });

  test('two seats that link at the same moment never make a chain', async () => {
    const [first, second] = [await seat('agent1'), await seat('agent2')];
    for (let round = 0; round < 5; round++) {
      const [x, y, z] = [createTicketBody(), createTicketBody(), createTicketBody()];
      await first.push([first.op(x), first.op(y), first.op(z)]);
      const [under, over] = await Promise.all([
        first.pushOne(linkBody(x.uid, y.uid)),
        second.pushOne(linkBody(y.uid, z.uid)),
      ]);
      expect([under.code, over.code].sort()).toEqual(['applied', 'rejected']);
      expect(under.reason ?? over.reason).toMatch(/^(PARENT_IS_CHILD|HAS_CHILDREN)$/);
    }
  });
});

test('补充 can be taken back by another one, which says which', async () => {
  const console = await seat();
  const ticket = createTicketBody();
  await console.pushOne(ticket);
  const note = (text: string, ref?: EventId) => ({
    kind: 'ticket.note' as const,
    uid: ticket.uid,
    args: { eventId: id<EventId>(), kind: 'note' as const, text, ...(ref ? { ref } : {}) },
  });
  const wrong = note('另一件事');
  await console.pushOne(wrong);
  const withdrawal = note('撤回上一条补充', wrong.args.eventId);
  expect(await console.pushOne(withdrawal)).toMatchObject({ code: 'applied', version: 3 });
  const refs = await server.query<{ body: string; ref: string }>(
    "SELECT body, ref FROM ticket_events WHERE ticket_uid = $1 AND kind = 'note' ORDER BY version",
    [ticket.uid],
  );
  expect(refs).toEqual([
    { body: '另一件事', ref: '' },
    { body: '撤回上一条补充', ref: wrong.args.eventId },
  ]);
});

describe('two records of one person', () => {
  const merge = (uid: CitizenId, into: CitizenId) => ({
    kind: 'citizen.merge' as const,
    uid,
    args: { centre: CENTRE, into },
  });
  const mergedInto = async (uid: string) =>
    (await server.query<{ merged_into: string | null }>('SELECT merged_into FROM citizens WHERE uid = $1', [uid]))[0]
      ?.merged_into;

  test('a merge points from one to the other and moves nothing; a split takes it back', async () => {
    const console = await seat();
    const [kept, merged] = [citizenBody('王芳', ['13911110001']), citizenBody('王 芳', ['13911110002'])];
    await console.pushOne(kept);
    await console.pushOne(merged);
    expect(await console.pushOne(merge(merged.uid, kept.uid))).toMatchObject({ code: 'applied', version: 2 });
    expect(await mergedInto(merged.uid)).toBe(kept.uid);
    const split = { kind: 'citizen.split' as const, uid: merged.uid, args: { centre: CENTRE } };
    expect(await console.pushOne(split)).toMatchObject({ code: 'applied', version: 3 });
    expect(await mergedInto(merged.uid)).toBeNull();
    expect(await console.pushOne(split)).toMatchObject({ code: 'duplicate', version: 3 });
  });

  test('nobody is merged into themselves, in a circle, or into somebody of another centre', async () => {
    const console = await seat();
    const [a, b] = [citizenBody('甲', ['13911110003']), citizenBody('乙', ['13911110004'])];
    await console.pushOne(a);
    await console.pushOne(b);
    await console.pushOne(merge(a.uid, b.uid));
    expect(await console.pushOne(merge(b.uid, a.uid))).toMatchObject({ code: 'rejected', reason: 'MERGE_CIRCLE' });
    expect(await console.pushOne(merge(b.uid, b.uid))).toMatchObject({ code: 'rejected', reason: 'MERGE_CIRCLE' });
    const far = await seat('elsewhere');
    expect(await far.pushOne(merge(b.uid, a.uid))).toMatchObject({ code: 'rejected', reason: 'FORBIDDEN' });
  });
});

describe('knowledge articles', () => {
  const content = (title: string) => ({
    title,
    categoryCodes: [],
    questions: [],
    answer: '可以。',
    sections: [],
    sources: [],
    validFrom: null,
    validTo: null,
    keywords: [],
    demo: false,
  });
  const proposal = (uid: RecordId, title: string, basedOn = 0) => ({
    kind: 'article.propose' as const,
    uid,
    args: { centre: CENTRE, proposalId: id<EventId>(), basedOn, content: content(title), note: '' },
  });
  const review = (uid: RecordId, proposalId: EventId, decision: 'approve' | 'refuse' = 'approve') => ({
    kind: 'article.review' as const,
    uid,
    args: { centre: CENTRE, proposalId, decision, reason: '' },
  });
  const articleOf = async (console: TestConsole, uid: string) => {
    const { rows } = await console.pull([{ scope: KNOWLEDGE, epoch: 1, seq: 0 }]);
    return rows.find((each) => each.row.uid === uid)?.row;
  };

  test('a proposal is published by somebody else and reaches agents', async () => {
    const [author, reviewer, agent] = [await seat('editor1'), await seat('editor2'), await seat('agent1')];
    const body = proposal(id<RecordId>(), '噪声投诉怎么办');
    expect(await author.pushOne(body)).toMatchObject({ code: 'applied', version: 1 });
    const own = review(body.uid, body.args.proposalId);
    expect(await author.pushOne(own)).toMatchObject({ code: 'rejected', reason: 'OWN_PROPOSAL' });
    expect(await reviewer.pushOne(own)).toMatchObject({ code: 'applied', version: 2 });
    expect(await articleOf(agent, body.uid)).toMatchObject({
      kind: 'article',
      version: 2,
      doc: { version: 1, proposal: null, published: { title: '噪声投诉怎么办' } },
    });
  });

  test('two editors who worked offline on one version: the second learns that it is stale', async () => {
    const [first, second] = [await seat('editor1'), await seat('editor2')];
    const body = proposal(id<RecordId>(), '甲版');
    await first.pushOne(body);
    expect(await second.pushOne(proposal(body.uid, '乙版'))).toMatchObject({ reason: 'PROPOSAL_WAITING' });
    await second.pushOne(review(body.uid, body.args.proposalId));
    expect(await second.pushOne(proposal(body.uid, '乙版'))).toMatchObject({ reason: 'ARTICLE_CHANGED' });
    expect(await second.pushOne(proposal(body.uid, '乙版', 1))).toMatchObject({ code: 'applied' });
  });

  test('agents report what is outdated and write nothing; other centres see nothing', async () => {
    const [author, agent, far] = [await seat('editor1'), await seat('agent1'), await seat('elsewhere')];
    const body = proposal(id<RecordId>(), '入学政策');
    await author.pushOne(body);
    expect(await agent.pushOne(proposal(id<RecordId>(), '我的'))).toMatchObject({ reason: 'FORBIDDEN' });
    const feedback = {
      kind: 'article.feedback' as const,
      uid: body.uid,
      args: { centre: CENTRE, feedbackId: id<EventId>(), kind: 'outdated' as const, version: 0, text: '学区已调整' },
    };
    expect(await agent.pushOne(feedback)).toMatchObject({ code: 'applied', version: 2 });
    expect(await agent.pushOne(feedback)).toMatchObject({ code: 'duplicate', version: 2 });
    expect(await far.pushOne(feedback)).toMatchObject({ code: 'rejected', reason: 'FORBIDDEN' });
  });
});

describe('the form of a transferred call', () => {
  test('reaches the seat it was sent to and no other', async () => {
    const [from, to] = [await seat('agent1'), await seat('agent2')];
    const content = { ...emptyIntake('13911110009'), content: '楼道灯坏了' };
    const body = {
      kind: 'draft.hand_over' as const,
      uid: id<RecordId>(),
      args: { centre: CENTRE, toSeat: '1002', call: null, content },
    };
    expect(await from.pushOne(body)).toMatchObject({ code: 'applied', version: 1 });
    const { rows } = await to.pull([{ scope: `${CENTRE}:seat:1002`, epoch: 1, seq: 0 }]);
    expect(rows.map((each) => each.row)).toMatchObject([
      {
        kind: 'handover',
        uid: body.uid,
        doc: { fromSeat: '1001', toSeat: '1002', content: { content: '楼道灯坏了' } },
      },
    ]);
    await expect(from.pull([{ scope: `${CENTRE}:seat:1002`, epoch: 1, seq: 0 }])).rejects.toThrow('FORBIDDEN');
  });
});

describe('a form that its receiver may not read', () => {
  const body = (toSeat: string, line: '12345' | '12350') => ({
    kind: 'draft.hand_over' as const,
    uid: id<RecordId>(),
    args: {
      centre: CENTRE,
      toSeat,
      call: {
        callId: id<CallId>(),
        ani: '13911110010',
        line,
        ringAt: systemClock.now(),
        answeredAt: null,
        endedAt: null,
        heldMs: 0,
      },
      content: emptyIntake('13911110010'),
    },
  });

  test('stays with the sender: 12350 goes to seats that hold the line', async () => {
    const from = await seat('special1');
    expect(await from.pushOne(body('1001', '12350'))).toMatchObject({ code: 'rejected', reason: 'SEAT_NOT_ON_LINE' });
    expect(await from.pushOne(body('1001', '12345'))).toMatchObject({ code: 'applied' });
  });

  test('goes to no seat that nobody takes calls at', async () => {
    const from = await seat('agent1');
    for (const nobody of ['9999', '1003']) {
      expect(await from.pushOne(body(nobody, '12345'))).toMatchObject({ reason: 'SEAT_NOT_ON_LINE' });
    }
  });
});

describe('handing over to 110', () => {
  test('and to 120 is one event each, and the ticket names both', async () => {
    const console = await seat();
    const at = systemClock.now();
    const [first, second] = [
      { service: '119' as const, at },
      { service: '120' as const, at: at + 1 },
    ];
    const both = createTicketBody({ handOff: first, handOffs: [first, second] }, { outcome: 'hand_off' });
    expect(await console.pushOne(both)).toMatchObject({ code: 'applied', ticket: { status: 'handed_off' } });
    const events = await server.query<{ body: string }>(
      "SELECT body FROM ticket_events WHERE ticket_uid = $1 AND kind = 'handed_off' ORDER BY version, position",
      [both.uid],
    );
    expect(events.map(({ body }) => body)).toEqual(['119', '120']);
    const odd = createTicketBody({ handOff: second, handOffs: [first, second] }, { outcome: 'hand_off' });
    expect(await console.pushOne(odd)).toMatchObject({ code: 'rejected', reason: 'INTAKE_INCOMPLETE' });
  });

  test('is recorded whatever has been written, and names the service', async () => {
    const console = await seat();
    const at = systemClock.now();
    const body = createTicketBody(
      { content: '', title: '', categoryCode: null, handOff: { service: '110', at } },
      { outcome: 'hand_off' },
    );
    expect(await console.pushOne(body)).toMatchObject({ code: 'applied', ticket: { status: 'handed_off' } });
    const events = await server.query<{ kind: string; body: string }>(
      'SELECT kind, body FROM ticket_events WHERE ticket_uid = $1 ORDER BY version, position',
      [body.uid],
    );
    expect(events).toEqual([
      { kind: 'created', body: '' },
      { kind: 'handed_off', body: '110' },
    ]);
    // That console names one service only, as builds before schema 3 do.
    const { rows } = await console.pullAll();
    const [stored] = rows.flatMap(({ table, row }) => (table === 'tickets' && row.uid === body.uid ? [row] : []));
    expect(stored?.fields.handOff).toEqual({ service: '110', at });
    expect(stored?.fields).not.toHaveProperty('handOffs');
    const without = createTicketBody({}, { outcome: 'hand_off' });
    expect(await console.pushOne(without)).toMatchObject({ code: 'rejected', reason: 'INTAKE_INCOMPLETE' });
  });
});

test.for(['citizen', 'ticket', 'call'] as const)(
  'MK-2: a look at a masked value of a %s is kept, once',
  async (subject) => {
    const console = await seat();
    const uid = id<CitizenId>();
    const body = {
      kind: 'audit.reveal' as const,
      uid,
      args: { eventId: id<EventId>(), subject, field: 'phone' as const, reason: '回拨' },
    };
    const op = console.op(body);
    await console.push([op]);
    await console.push([op]);
    expect(await server.query('SELECT subject, field, reason FROM reveals WHERE subject_uid = $1', [uid])).toEqual([
      { subject, field: 'phone', reason: '回拨' },
    ]);
  },
);

test('an operation of an older console, without the fields that have come since, is taken as it was hashed', async () => {
  const console = await seat();
  const body = createTicketBody();
  const { form: _form, citations: _citations, categoryChoice: _choice, handOff: _handOff, ...older } = body.args.fields;
  const { coordinates: _coordinates, ...place } = older.place;
  const old = { ...body, args: { ...body.args, fields: { ...older, place } } } as unknown as typeof body;
  expect(await console.pushOne(old)).toMatchObject({ code: 'applied' });
});
