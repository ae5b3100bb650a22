import { describe, expect, test } from 'vitest';
import type { Actor } from '#server/auth/actor.ts';
import type { BatchState, StoredTicket, TicketText } from '#server/sync/batch.ts';
import { decideBatch } from '#server/sync/decide.ts';
import { EMPTY_CITIZEN_FIELDS } from '#shared/domain/citizen.ts';
import type { CitizenChanges } from '#shared/domain/citizen-changes.ts';
import type { Role } from '#shared/domain/roles.ts';
import type { TicketFields } from '#shared/domain/ticket.ts';
import type { TicketAmendment } from '#shared/domain/ticket-amendment.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import { type CitizenId, type ConsoleId, type EventId, newId, type TicketId, type UserId } from '#shared/kernel/ids.ts';
import { type Op, opSchema } from '#shared/sync/wire.ts';
import { EMPTY_STATE, storedTicket } from '#tests/support/deciding.ts';
import { CENTRE } from '#tests/support/server.ts';
import { citizenBody, createTicketBody, noteBody, ticketFields, toOp } from '#tests/support/test-console.ts';

/**
 * The conflict table of docs/sync.md, row by row, decided by the server's own code over a state written down here. What the database does
 * with a decision is tested in tests/server.
 */
const NOW = Date.UTC(2026, 10, 26, 2);
const AUTHOR = newId<UserId>(NOW);

function actor(role: Role = 'agent', id: UserId = AUTHOR): Actor {
  return {
    id,
    account: 'agent1',
    name: '张敏',
    seat: '1001',
    role,
    centre: CENTRE,
    lines: ['12345'],
    console: newId<ConsoleId>(NOW),
    session: newId(NOW),
    mode: 'production',
  };
}

const UID = newId<TicketId>(NOW);

/** A ticket that the server holds in its fifth version. */
function stored(over: Partial<StoredTicket> = {}, fields: Partial<TicketFields> = {}): Partial<BatchState> {
  const ticket = storedTicket(UID, NOW - 60_000, over);
  const text: TicketText = { createdById: AUTHOR, fields: ticketFields(fields) };
  return { tickets: new Map([[UID, ticket]]), ticketTexts: new Map([[UID, text]]) };
}

function decide(state: Partial<BatchState>, ops: readonly Op[], who: Actor = actor()) {
  const received = ops.map((op) => ({ ok: true as const, op: opSchema.parse(op) }));
  return decideBatch(received, { ...EMPTY_STATE, ...state }, who, NOW, () => newId<EventId>(NOW));
}

function decideOne(state: Partial<BatchState>, op: Op, who: Actor = actor()) {
  const decision = decide(state, [op], who);
  return { ...decision, result: decision.results[0]?.result };
}

function amend(changes: TicketAmendment, baseVersion = 5): Op {
  const args = { eventId: newId<EventId>(NOW), changes, reason: '' };
  return toOp(1, { kind: 'ticket.amend', uid: UID, args }, { baseVersion });
}

describe('state change', () => {
  test('the first steps after intake follow the allowed transitions', () => {
    const plain = decideOne({}, toOp(1, createTicketBody()));
    expect(plain.result).toMatchObject({ code: 'applied', ticket: { status: 'to_dispatch' } });
    const sensitive = decideOne({}, toOp(1, createTicketBody({ markers: ['sensitive'] })));
    expect(sensitive.result).toMatchObject({ ticket: { status: 'review' } });
  });

  test('a role without the transition is refused', () => {
    const result = decideOne({}, toOp(1, createTicketBody()), actor('quality')).result;
    expect(result).toMatchObject({ code: 'rejected', reason: 'FORBIDDEN' });
  });

  test.each<TicketStatus>(['to_sign', 'handling', 'replied', 'closed', 'closed_direct', 'merged'])(
    'in the state %s the words are not changed any more',
    (status) => {
      const op = amend({ title: { from: '路灯不亮', to: '路灯坏了' } });
      expect(decideOne(stored({ status }), op).result).toMatchObject({ code: 'rejected', reason: 'TICKET_PASSED_ON' });
    },
  );

  test('what is there already is a duplicate in any state', () => {
    const op = amend({ title: { from: '路灯不亮', to: '路灯坏了' } });
    const decided = decideOne(stored({ status: 'handling' }, { title: '路灯坏了' }), op);
    expect(decided.result).toMatchObject({ code: 'duplicate', version: 5 });
    expect(decided.touches).toEqual([]);
  });
});

describe('create', () => {
  test('the same uid and hash again is a duplicate', () => {
    const op = toOp(1, { ...createTicketBody(), uid: UID });
    expect(decideOne(stored({ createHash: op.hash }), op).result).toMatchObject({ code: 'duplicate', version: 5 });
  });

  test('the same uid with other words is refused', () => {
    const op = toOp(1, { ...createTicketBody(), uid: UID });
    expect(decideOne(stored({ createHash: 'ab'.repeat(32) }), op).result).toMatchObject({ reason: 'UID_TAKEN' });
  });

  test('the same phone and category within ten minutes is applied and flagged 重复', () => {
    const body = createTicketBody();
    const recent = [
      {
        phone: body.args.fields.caller.phone,
        categoryCode: '010101',
        line: '12345',
        console: null,
        createdAt: NOW - 60_000,
        acceptedAt: NOW - 60_000,
      },
    ];
    const decided = decideOne({ recent }, toOp(1, body));
    expect(decided.result?.code).toBe('applied');
    expect(decided.inserts[0]?.ticket.fields.markers).toEqual(['repeat']);
  });

  test('after ten minutes it is no repetition', () => {
    const body = createTicketBody();
    const at = NOW - 11 * 60_000;
    const { phone } = body.args.fields.caller;
    const recent = [{ phone, categoryCode: '010101', line: '12345', console: null, createdAt: at, acceptedAt: at }];
    expect(decideOne({ recent }, toOp(1, body)).inserts[0]?.ticket.fields.markers).toEqual([]);
  });
});

/** Per field: what the server holds, what the author saw and writes, and what somebody else may have written meanwhile. */
const FIELDS: readonly {
  readonly field: keyof TicketAmendment & keyof TicketFields;
  readonly seen: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
}[] = [
  { field: 'title', seen: '路灯不亮', mine: '路灯坏了', theirs: '路灯不亮（东门）' },
  { field: 'content', seen: '三天没有亮', mine: '四天没有亮', theirs: '五天没有亮' },
  { field: 'originalWords', seen: '', mine: '“灯又坏了”', theirs: '“灯不亮”' },
  { field: 'type', seen: 'help', mine: 'complaint', theirs: 'consult' },
  { field: 'categoryCode', seen: '010101', mine: '010102', theirs: '010103' },
  {
    field: 'place',
    seen: { divisionCode: '320102', address: '某路 1 号', landmark: '', coordinates: null },
    mine: { divisionCode: '320102', address: '某路 2 号', landmark: '', coordinates: null },
    theirs: { divisionCode: '320104', address: '某路 1 号', landmark: '', coordinates: null },
  },
  { field: 'occurredAt', seen: null, mine: NOW - 3_600_000, theirs: NOW - 7_200_000 },
  { field: 'subject', seen: '', mine: '金陵物业', theirs: '钟山物业' },
  { field: 'urgency', seen: 'normal', mine: 'urgent', theirs: 'critical' },
];

describe.each(FIELDS)('text, title, category, form fields: $field', ({ field, seen, mine, theirs }) => {
  const change = { [field]: { from: seen, to: mine } } as TicketAmendment;

  test('on the version its author saw it is applied', () => {
    const decided = decideOne(stored({}, { [field]: seen }), amend(change));
    expect(decided.result).toMatchObject({ code: 'applied', version: 6 });
    expect(decided.touches[0]?.fields?.[field]).toEqual(mine);
    expect(decided.events[0]?.event).toMatchObject({ kind: 'edited', text: field, actorName: '张敏' });
  });

  test('on a newer version it is applied where nobody changed that field', () => {
    const decided = decideOne(stored({ version: 9 }, { [field]: seen, answer: null }), amend(change, 5));
    expect(decided.result).toMatchObject({ code: 'merged', version: 10 });
    expect(decided.touches[0]?.fields?.[field]).toEqual(mine);
  });

  test('where somebody else changed that field it is refused, and the field is named', () => {
    const decided = decideOne(stored({ version: 9 }, { [field]: theirs }), amend(change, 5));
    expect(decided.result).toMatchObject({ code: 'rejected', reason: `FIELDS_CHANGED:${field}` });
    expect(decided.touches).toEqual([]);
  });

  test('where somebody else wrote the same it is a duplicate', () => {
    const decided = decideOne(stored({ version: 9 }, { [field]: mine }), amend(change, 5));
    expect(decided.result).toMatchObject({ code: 'duplicate', version: 9 });
  });
});

describe('text, title, category, form fields: together', () => {
  test('two people change different fields and both changes stay', () => {
    const decided = decideOne(
      stored({ version: 9 }, { subject: '金陵物业' }),
      amend({ title: { from: '路灯不亮', to: '路灯坏了' } }),
    );
    expect(decided.touches[0]?.fields).toMatchObject({ title: '路灯坏了', subject: '金陵物业' });
  });

  test('one of two fields was changed by somebody else: nothing is written, both are the author’s to decide', () => {
    const op = amend({ title: { from: '路灯不亮', to: '路灯坏了' }, subject: { from: '', to: '钟山物业' } });
    const decided = decideOne(stored({}, { subject: '金陵物业' }), op);
    expect(decided.result).toMatchObject({ reason: 'FIELDS_CHANGED:subject' });
    expect(decided.touches).toEqual([]);
  });

  test('a second correction of the same field behind the first one is applied in order', () => {
    const first = amend({ title: { from: '路灯不亮', to: '路灯坏了' } });
    const second = { ...amend({ title: { from: '路灯坏了', to: '两盏路灯坏了' } }), s: 2 };
    const decided = decide(stored(), [first, second]);
    expect(decided.results.map(({ result }) => result.code)).toEqual(['applied', 'merged']);
    expect(decided.touches[0]).toMatchObject({ version: 7, fields: { title: '两盏路灯坏了' } });
  });

  test('a ticket made and corrected in one batch is written with the corrected words', () => {
    const body = createTicketBody();
    const create = toOp(1, body);
    const change = { ...amend({ title: { from: '路灯不亮', to: '路灯坏了' } }, 0), s: 2, uid: body.uid } as Op;
    const decided = decide({}, [create, change]);
    expect(decided.results.map(({ result }) => result.code)).toEqual(['applied', 'merged']);
    expect(decided.inserts[0]?.ticket).toMatchObject({ version: 2, fields: { title: '路灯坏了' } });
  });

  test('an answer of the special form clashes by itself', () => {
    const form = (employer: string) => ({ form: { id: 'wage-arrears', version: 1, data: { employer } } });
    const op = amend({ answers: { from: { employer: '甲公司' }, to: { employer: '乙公司' } } });
    expect(decideOne(stored({}, form('丙公司')), op).result).toMatchObject({
      reason: 'FIELDS_CHANGED:answers.employer',
    });
  });

  test('an answer its form does not allow is refused with the field', () => {
    const form = { form: { id: 'wage-arrears', version: 1, data: { employer: '甲公司', people: 3, total: 1_000 } } };
    const op = amend({ answers: { from: { people: 3 }, to: { people: -1 } } });
    expect(decideOne(stored({}, form), op).result?.reason).toMatch(/^FORM_INVALID:/);
  });

  test('a ticket is not corrected until it is incomplete', () => {
    const op = amend({ content: { from: ticketFields().content, to: ' ' } });
    expect(decideOne(stored(), op).result).toMatchObject({ reason: 'INTAKE_INCOMPLETE' });
  });

  test('somebody else’s ticket is corrected by a 班长, not by an agent', () => {
    const op = amend({ title: { from: '路灯不亮', to: '路灯坏了' } });
    const other = newId<UserId>(NOW);
    expect(decideOne(stored(), op, actor('agent', other)).result).toMatchObject({ reason: 'FORBIDDEN' });
    expect(decideOne(stored(), op, actor('lead', other)).result).toMatchObject({ code: 'applied' });
  });
});

describe('unit, deadline', () => {
  test('no operation of a console can name them', () => {
    const op = amend({ title: { from: '路灯不亮', to: '路灯坏了' } });
    for (const field of ['unit', 'dueAt', 'status', 'number', 'acceptedAt', 'closedAt']) {
      const forged = { ...op, args: { ...op.args, changes: { [field]: { from: null, to: 1 } } } };
      expect(opSchema.safeParse(forged).success).toBe(false);
    }
  });
});

describe('notes, calls, attachments, reminders', () => {
  test.each(['note', 'remind', 'promise', 'called', 'handed_off'] as const)(
    '%s is applied to a closed ticket',
    (kind) => {
      const body = noteBody(UID, '门牌号为 3 号');
      const op = toOp(1, { ...body, args: { ...body.args, kind } });
      const decided = decideOne(stored({ status: 'archived', version: 9 }), op);
      expect(decided.result).toMatchObject({ code: 'applied', version: 10 });
      expect(decided.events).toMatchObject([{ event: { kind } }]);
    },
  );

  test('the same event twice is one event', () => {
    const op = toOp(1, noteBody(UID, '只此一次'));
    const { eventId } = (op as Extract<Op, { kind: 'ticket.note' }>).args;
    const events = new Map([[`${UID}/${eventId}`, { kind: 'note' as const, actorId: AUTHOR, ref: '' }]]);
    expect(decideOne({ ...stored(), events }, op).result).toMatchObject({ code: 'duplicate' });
  });
});

describe('tags, counters', () => {
  test('more tags than a ticket may have are refused, with those of others counted', () => {
    const full = Array.from({ length: 19 }, (_, i) => `标签${i}`);
    const op = amend({ tags: { added: ['夜间', '学校'], removed: [] } });
    expect(decideOne(stored({ version: 9 }, { tags: full }), op).result).toMatchObject({
      code: 'rejected',
      reason: 'BAD_INPUT:tags',
    });
  });

  test('tags are added and removed beside those of others', () => {
    const op = amend({ tags: { added: ['夜间'], removed: ['学校'] } });
    const decided = decideOne(stored({ version: 9 }, { tags: ['学校', '老人'] }), op);
    expect(decided.result).toMatchObject({ code: 'merged' });
    expect(decided.touches[0]?.fields?.tags).toEqual(['老人', '夜间']);
  });
});

describe('citizen', () => {
  const uid = newId<CitizenId>(NOW);
  const person = {
    uid,
    scope: `${CENTRE}:citizens`,
    seq: 3,
    version: 7,
    fields: {
      ...EMPTY_CITIZEN_FIELDS,
      name: '王芳',
      gender: 'female' as const,
      kind: 'person' as const,
      phones: ['13800000001'],
      confidential: false,
      remark: '耳背',
    },
    mergedInto: null,
    createdAt: NOW,
  };
  const change = (changes: CitizenChanges) =>
    toOp(1, { kind: 'citizen.change', uid, args: { centre: CENTRE, changes } }, { baseVersion: 3 });
  const held = { citizens: new Map([[uid, person]]) };

  test('per field: what others changed meanwhile stays', () => {
    const decided = decideOne(held, change({ name: '王方' }));
    expect(decided.result).toMatchObject({ code: 'merged', version: 8 });
    expect(decided.citizens[0]?.fields).toMatchObject({ name: '王方', remark: '耳背', phones: ['13800000001'] });
  });

  test('the same field is the last one’s by server order, and the old value goes to the history', () => {
    const decided = decideOne(held, change({ remark: '听力不便' }));
    expect(decided.citizens[0]).toMatchObject({ fields: { remark: '听力不便' }, replaced: [{ version: 7 }] });
    expect(decided.citizens[0]?.replaced[0]?.fields.remark).toBe('耳背');
  });

  test('numbers are added and removed beside those of others', () => {
    const decided = decideOne(held, change({ phones: { removed: [], added: ['13800000002'] } }));
    expect(decided.citizens[0]?.fields.phones).toEqual(['13800000001', '13800000002']);
  });

  test('a merged person follows the reference and keeps the record', () => {
    const into = { ...citizenBody('王芳', []), uid: newId<CitizenId>(NOW) };
    const both = new Map([...held.citizens, [into.uid, { ...person, uid: into.uid }]]);
    const op = toOp(1, { kind: 'citizen.merge', uid, args: { centre: CENTRE, into: into.uid } });
    const decided = decideOne({ citizens: both }, op);
    expect(decided.citizens).toMatchObject([{ uid, mergedInto: into.uid, fields: person.fields }]);
  });
});

describe('delete', () => {
  test('there is no operation that deletes', () => {
    for (const kind of ['ticket.delete', 'citizen.delete', 'article.delete']) {
      expect(opSchema.safeParse({ ...toOp(1, createTicketBody()), kind }).success).toBe(false);
    }
  });
});

describe('time', () => {
  test('a console’s clock that runs a day ahead changes neither the order nor the time of acceptance', () => {
    const body = createTicketBody({}, { createdAt: NOW + 86_400_000 });
    const decided = decideOne({}, toOp(1, body, { at: NOW + 86_400_000 }));
    expect(decided.inserts[0]?.ticket).toMatchObject({ acceptedAt: NOW, createdAt: NOW + 86_400_000 });
  });
});
