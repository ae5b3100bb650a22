import { expect, test } from 'vitest';
import { clocksAfter } from '#shared/domain/clock/clocks-after.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import type { OverlayStep } from '#shared/domain/overlay/overlay-step.ts';
import { takeOverlay } from '#shared/domain/overlay/take-overlay.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { handlingOf } from '#shared/domain/ticket-handling.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import { applyOpToTicket, type OpActor } from '#shared/sync/apply-op.ts';
import type { OpOf } from '#shared/sync/wire.ts';
import { sampleTicket } from '#tests/support/data/samples.ts';
import { SAMPLE_ACTS } from '#tests/support/sample-acts.ts';
import { noteBody, toOp } from '#tests/support/test-console.ts';

const HOUR = 3_600_000;
/** A Thursday morning, Beijing time: working hours and days lie ahead. */
const NOW = Date.UTC(2026, 10, 26, 2);
const rules = shippedClockRules();
const who = { role: 'supervisor', name: '沈督办' } as const;
const actor: OpActor = { id: null, name: '林晓雯', consoleId: null, role: 'agent', seat: '1001' };

function inHand(): Ticket {
  const plain = sampleTicket(12, { status: 'handling', unit: '鼓楼区城管局' });
  const matter = plain.fields;
  const accepted = clocksAfter({ clocks: null, acceptedAt: NOW, matter }, { kind: 'accept' }, NOW, rules);
  const signed = clocksAfter({ clocks: accepted, acceptedAt: NOW, matter }, { kind: 'sign' }, NOW, rules);
  return { ...plain, clocks: signed, dueAt: signed?.close.dueAt ?? null };
}

function laid(ticket: Ticket, step: OverlayStep, at: number): Ticket {
  const facts = { ...ticket, overlays: ticket.events, matter: ticket.fields };
  const taken = takeOverlay(facts, newId<EventId>(at), step, '请补充门牌号', who, at, rules);
  if (!taken.ok) throw new Error(taken.error);
  const { handling, clocks } = taken.value;
  return { ...ticket, ...(handling ? { handling } : {}), clocks };
}

test('while the citizen is waited for no limit is shown, and afterwards what was left is left', () => {
  const ticket = inHand();
  const waiting = laid(ticket, { step: 'wait', until: NOW + 72 * HOUR }, NOW);
  expect(waiting.clocks).toMatchObject({ pausedFor: 'citizen', pausedSince: NOW, dueAt: null, stage: 'handle' });
  const going = laid(waiting, { step: 'wait_end', why: 'by_hand' }, NOW + 3 * HOUR);
  expect(going.clocks?.close.dueAt).toBe((ticket.clocks?.close.dueAt ?? 0) + 3 * HOUR);
  expect(handlingOf(going).waiting).toBeUndefined();
});

test('who comes late ends it at the time that was set, not at the time they came', () => {
  const ticket = inHand();
  const waiting = laid(ticket, { step: 'wait', until: NOW + HOUR }, NOW);
  const going = laid(waiting, { step: 'wait_end', why: 'by_hand' }, NOW + 5 * HOUR);
  expect(going.clocks?.close.dueAt).toBe((ticket.clocks?.close.dueAt ?? 0) + HOUR);
});

test('a console shows at once that a 补充 ends it; a 催办 does not', () => {
  const waiting = laid(inHand(), { step: 'wait', until: NOW + 72 * HOUR }, NOW);
  const note = (kind: 'note' | 'remind') =>
    ({ ...toOp(1, noteBody(waiting.uid as TicketId, '门牌是 18 号', kind)), at: NOW + HOUR }) as OpOf<'ticket.note'>;
  const reminded = applyOpToTicket(waiting, note('remind'), actor);
  expect(reminded && handlingOf(reminded).waiting).toBeDefined();
  const noted = applyOpToTicket(waiting, note('note'), actor);
  expect(noted && handlingOf(noted).waiting).toBeUndefined();
  expect(noted?.events.at(-1)?.overlay).toEqual({ step: 'wait_end', why: 'answered' });
  expect(noted?.clocks?.pausedFor).toBeNull();
});

test('a 挂账 while waiting stays one pause; any other decision goes on with what was left', () => {
  const ticket = inHand();
  const waiting = laid(ticket, { step: 'wait', until: NOW + 72 * HOUR }, NOW);
  const decide = (act: (typeof SAMPLE_ACTS)['put_on_account' | 'ask_extension'], role: OpActor['role']) => {
    const args = { eventId: newId<EventId>(NOW), from: 'handling' as const, act, words: '说明' };
    const op = toOp(1, { kind: 'ticket.act', uid: waiting.uid, args });
    return applyOpToTicket(waiting, { ...op, at: NOW + HOUR } as OpOf<'ticket.act'>, {
      ...actor,
      role,
      name: '鼓楼区城管局',
    });
  };
  const onAccount = decide(SAMPLE_ACTS.put_on_account, 'supervisor');
  expect(onAccount?.clocks).toMatchObject({ pausedSince: NOW, pausedFor: 'on_account' });
  const asked = decide(SAMPLE_ACTS.ask_extension, 'unit');
  expect(asked?.clocks).toMatchObject({ pausedSince: null });
  expect(asked?.clocks?.close.dueAt).toBe((ticket.clocks?.close.dueAt ?? 0) + HOUR);
});
