import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EMPTY_CITIZEN_FIELDS } from '#shared/domain/citizen.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { ticketSchema } from '#shared/domain/ticket.ts';
import { type EventId, newId, type OpId, type TicketId } from '#shared/kernel/ids.ts';
import { applyOpToCitizen, applyOpToTicket, type OpActor, type TicketOp } from '#shared/sync/apply-op.ts';
import type { OpOf } from '#shared/sync/wire.ts';
import { AGENT, CONSOLE_ID, START, sampleFields, sampleTicket } from '#tests/support/data/samples.ts';

const ACTOR: OpActor = { id: AGENT.id, name: AGENT.name, role: AGENT.role, seat: AGENT.seat, consoleId: CONSOLE_ID };
const HASH = '0'.repeat(64);

function creation(outcome: 'submit' | 'direct_answer', at = START): Extract<TicketOp, { kind: 'ticket.create' }> {
  return {
    kind: 'ticket.create',
    s: 1,
    opId: newId<OpId>(at),
    at,
    baseVersion: 0,
    hash: HASH,
    uid: newId<TicketId>(at),
    args: {
      provisionalNo: '暂1001-1122-001',
      centre: '320100',
      fields: sampleFields({ answer: outcome === 'direct_answer' ? '路灯由市政公司维护，已转告。' : null }),
      outcome,
      createdAt: at,
      madeOffline: true,
      eventId: newId<EventId>(at),
    },
  };
}

function note(uid: TicketId, text: string, at: number, kind: 'note' | 'remind' = 'note'): TicketOp {
  return {
    kind: 'ticket.note',
    s: 2,
    opId: newId<OpId>(at),
    at,
    baseVersion: 0,
    hash: HASH,
    uid,
    args: { eventId: newId<EventId>(at), kind, text },
  };
}

test('a created ticket is complete, submitted and unnumbered', () => {
  const op = creation('submit');
  const ticket = applyOpToTicket(null, op, ACTOR);
  expect(ticketSchema.parse(ticket)).toEqual(ticket);
  expect(ticket).toMatchObject({
    uid: op.uid,
    number: null,
    status: 'submitted',
    version: 0,
    createdById: AGENT.id,
    madeOffline: true,
    closedAt: null,
    events: [{ id: op.args.eventId, kind: 'created', to: 'submitted' }],
  });
});

test('a direct answer closes the ticket with the words of the answer', () => {
  const op = creation('direct_answer');
  const ticket = applyOpToTicket(null, op, ACTOR);
  expect(ticket).toMatchObject({ status: 'closed_direct', closedAt: START });
  expect(ticket?.events.map((event) => [event.kind, event.text])).toEqual([
    ['created', ''],
    ['answered', '路灯由市政公司维护，已转告。'],
  ]);
});

test('a creation that is in the row already changes nothing', () => {
  const confirmed = sampleTicket(7, { status: 'handling' });
  const op = { ...creation('submit'), uid: confirmed.uid };
  expect(applyOpToTicket(confirmed, op, ACTOR)).toBe(confirmed);
});

test('a note on a ticket that is not there has nothing to apply to', () => {
  expect(applyOpToTicket(null, note(newId<TicketId>(START), '补充', START), ACTOR)).toBeNull();
});

test('a note is added to a closed ticket too, and only once', () => {
  const closed = sampleTicket(7, { status: 'archived' });
  const op = note(closed.uid, '又来电', START + 10, 'remind');
  const once = applyOpToTicket(closed, op, ACTOR);
  expect(once?.events).toHaveLength(2);
  expect(once?.status).toBe('archived');
  expect(applyOpToTicket(once, op, ACTOR)).toBe(once);
});

const noteTexts = fc.array(fc.string({ minLength: 1, maxLength: 30, unit: 'binary' }), { minLength: 1, maxLength: 8 });

test('property: replaying any operations twice equals replaying them once', () => {
  fc.assert(
    fc.property(noteTexts, fc.boolean(), (texts, direct) => {
      const create = creation(direct ? 'direct_answer' : 'submit');
      const ops: TicketOp[] = [create, ...texts.map((text, i) => note(create.uid, text, START + i))];
      const replay = (start: Ticket | null) => ops.reduce((ticket, op) => applyOpToTicket(ticket, op, ACTOR), start);
      const once = replay(null);
      expect(replay(once)).toEqual(once);
    }),
  );
});

test('property: notes of two consoles end as the same set whatever the order of arrival', () => {
  fc.assert(
    fc.property(noteTexts, fc.nat(), (texts, seed) => {
      const base = sampleTicket(1);
      const ops = texts.map((text, i) => note(base.uid, text, START + i));
      const cut = seed % ops.length;
      const other = [...ops.slice(cut), ...ops.slice(0, cut)];
      const apply = (list: readonly TicketOp[]) =>
        list.reduce<Ticket | null>((ticket, op) => applyOpToTicket(ticket, op, ACTOR), base);
      const ids = (ticket: Ticket | null) => ticket?.events.map((event) => event.id).sort();
      expect(ids(apply(other))).toEqual(ids(apply(ops)));
      expect(apply(other)?.updatedAt).toBe(apply(ops)?.updatedAt);
    }),
  );
});

test('property: no operation changes the ticket it was given', () => {
  fc.assert(
    fc.property(noteTexts, (texts) => {
      const base = sampleTicket(1);
      const before = structuredClone(base);
      for (const text of texts) applyOpToTicket(base, note(base.uid, text, START), ACTOR);
      expect(base).toEqual(before);
    }),
  );
});

test('a citizen’s record takes what was written and keeps when it was made', () => {
  const op: OpOf<'citizen.upsert'> = {
    kind: 'citizen.upsert',
    s: 1,
    opId: newId<OpId>(START),
    at: START + 5,
    baseVersion: 0,
    hash: HASH,
    uid: newId(START),
    args: {
      centre: '320100',
      fields: {
        ...EMPTY_CITIZEN_FIELDS,
        name: '王芳',
        gender: 'female',
        kind: 'person',
        phones: ['13800001234'],
        confidential: false,
        remark: '',
      },
    },
  };
  const fresh = applyOpToCitizen(null, op);
  expect(fresh).toEqual({
    uid: op.uid,
    centre: '320100',
    fields: op.args.fields,
    createdAt: START + 5,
    updatedAt: START + 5,
    version: 0,
    mergedInto: null,
  });
  if (!fresh) throw new Error('an upsert makes a record');
  const known = { ...fresh, createdAt: START - 100, updatedAt: START + 50, version: 3 };
  expect(applyOpToCitizen(known, op)).toEqual({ ...known, updatedAt: START + 50 });
});
