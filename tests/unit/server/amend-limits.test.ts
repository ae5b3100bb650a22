import { expect, test } from 'vitest';
import type { Actor } from '#server/auth/actor.ts';
import type { BatchState } from '#server/sync/batch.ts';
import { decideBatch } from '#server/sync/decide.ts';
import { formatBeijing } from '#shared/domain/beijing-time.ts';
import { clocksAfter, closeDueAt } from '#shared/domain/clock/clocks-after.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { TicketAmendment } from '#shared/domain/ticket-amendment.ts';
import { type ConsoleId, type EventId, newId, type UserId } from '#shared/kernel/ids.ts';
import { applyOpToTicket } from '#shared/sync/apply-op.ts';
import { type OpOf, opSchema } from '#shared/sync/wire.ts';
import { beijing } from '#tests/support/beijing.ts';
import { sampleFields, sampleTicket } from '#tests/support/data/samples.ts';
import { EMPTY_STATE, storedTicket } from '#tests/support/deciding.ts';
import { dispatchTo } from '#tests/support/sample-acts.ts';
import { CENTRE } from '#tests/support/server.ts';
import { toOp } from '#tests/support/test-console.ts';

const ACCEPTED = beijing('2026-11-23 10:00');
const NOW = beijing('2026-11-23 10:20');
/** Categories of `ordinary-5wd` and `consult-3wd`. */
const ORDINARY = '010101';
const CONSULT = '040107';
const rules = shippedClockRules();

const dispatcher: Actor = {
  id: newId<UserId>(NOW),
  account: 'p1',
  name: '王敏',
  seat: '2001',
  role: 'dispatcher',
  centre: CENTRE,
  lines: ['12345'],
  console: newId<ConsoleId>(NOW),
  session: newId(NOW),
  mode: 'demo',
};

/** A ticket that waits for its dispatch, as the console has it. */
function waiting(over: Partial<Ticket> = {}): Ticket {
  const fields = sampleFields({ categoryCode: ORDINARY, type: 'complaint', urgency: 'normal' });
  const facts = { clocks: null, acceptedAt: ACCEPTED, matter: fields };
  const clocks = clocksAfter(facts, { kind: 'accept' }, ACCEPTED, rules);
  return sampleTicket(12, { fields, acceptedAt: ACCEPTED, clocks, dueAt: closeDueAt(clocks), version: 5, ...over });
}

/** What the server has of it. */
function held({ uid, status, clocks, dueAt, fields, createdById }: Ticket): BatchState {
  const stored = storedTicket(uid, ACCEPTED, { status, dueAt, clocks });
  const { categoryCode, type, urgency } = fields;
  const course = {
    unit: null,
    handling: undefined,
    replies: [],
    matter: { categoryCode, type, urgency },
    last: null,
    markers: [],
    isReminded: false,
    isNumberless: false,
    overlays: [],
  };
  return {
    ...EMPTY_STATE,
    tickets: new Map([[uid, stored]]),
    ticketTexts: new Map([[uid, { fields, createdById }]]),
    courses: new Map([[uid, course]]),
  };
}

function amendOp(ticket: Ticket, changes: TicketAmendment): OpOf<'ticket.amend'> {
  const args = { eventId: newId<EventId>(NOW), changes, reason: '' };
  return toOp(1, { kind: 'ticket.amend', uid: ticket.uid, args }, { baseVersion: 5 }) as OpOf<'ticket.amend'>;
}

function dispatchOp({ uid, status }: Ticket): OpOf<'ticket.act'> {
  const args = { eventId: newId<EventId>(NOW), from: status, act: dispatchTo('鼓楼区城管局'), words: '' };
  return toOp(2, { kind: 'ticket.act', uid, args }, { baseVersion: 5 }) as OpOf<'ticket.act'>;
}

type AnyOp = OpOf<'ticket.amend' | 'ticket.act'>;

/** The limits at the server and on the author's console; undefined where the server leaves them alone. */
function bothAfter(ticket: Ticket, ops: readonly AnyOp[]) {
  const received = ops.map((op) => ({ ok: true as const, op: opSchema.parse(op) }));
  const decision = decideBatch(received, held(ticket), dispatcher, NOW, () => newId<EventId>(NOW));
  const touch = decision.touches[0];
  const author = { ...dispatcher, consoleId: dispatcher.console };
  const here = ops.reduce<Ticket | null>((known, op) => applyOpToTicket(known, { ...op, at: NOW }, author), ticket);
  return { codes: decision.results.map(({ result }) => result.code), there: touch?.moved ?? touch?.limits, here };
}

const urgent = { urgency: { from: 'normal', to: 'urgent' } } as const;

test.each<[string, TicketAmendment, string, string, string]>([
  ['紧急', urgent, 'urgent-2h', '2026-11-23 10:05', '2026-11-30 10:00'],
  [
    'a consultation',
    { categoryCode: { from: ORDINARY, to: CONSULT } },
    'consult-3wd',
    '2026-11-23 12:00',
    '2026-11-26 10:00',
  ],
])(
  'what turns out to be %s has other limits from its acceptance, at the server and on the console',
  (_, changes, preset, dispatch, close) => {
    const ticket = waiting();
    const { codes, there, here } = bothAfter(ticket, [amendOp(ticket, changes)]);
    expect(codes).toEqual(['applied']);
    expect(there?.clocks).toMatchObject({ preset, stage: 'dispatch' });
    expect(formatBeijing(there?.clocks?.run?.dueAt ?? 0)).toBe(dispatch);
    expect(formatBeijing(there?.dueAt ?? 0)).toBe(close);
    expect({ clocks: here?.clocks, dueAt: here?.dueAt }).toEqual({ clocks: there?.clocks, dueAt: there?.dueAt });
  },
);

test('other corrections leave the limits alone', () => {
  const ticket = waiting();
  const { there, here } = bothAfter(ticket, [
    amendOp(ticket, { title: { from: ticket.fields.title, to: '路灯不亮' } }),
  ]);
  expect(there).toBeUndefined();
  expect(here?.clocks).toEqual(ticket.clocks);
});

test('a ticket from before there were clocks gets those of what it was corrected to', () => {
  const ticket = waiting({ clocks: null, dueAt: null });
  const { there, here } = bothAfter(ticket, [amendOp(ticket, urgent)]);
  expect(there?.clocks).toMatchObject({ preset: 'urgent-2h', close: { startedAt: ACCEPTED } });
  expect(here?.clocks).toEqual(there?.clocks);
});

test('corrected and dispatched in one go it is signed within the limits of what it was corrected to', () => {
  const ticket = waiting();
  const { codes, there, here } = bothAfter(ticket, [amendOp(ticket, urgent), dispatchOp(ticket)]);
  expect(codes).not.toContain('rejected');
  expect(there?.clocks).toMatchObject({ preset: 'urgent-2h', stage: 'sign' });
  expect(formatBeijing(there?.clocks?.run?.dueAt ?? 0)).toBe('2026-11-23 10:50');
  expect(here?.clocks).toEqual(there?.clocks);
});
