import { expect, test } from 'vitest';
import { clocksAfter } from '#shared/domain/clock/clocks-after.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import type { OverlayStep } from '#shared/domain/overlay/overlay-step.ts';
import { type OverlayActor, takeOverlay } from '#shared/domain/overlay/take-overlay.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { handlingOf } from '#shared/domain/ticket-handling.ts';
import { type EventId, newId, type TicketId, type UserId } from '#shared/kernel/ids.ts';
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

function asked(ticket: Ticket, step: OverlayStep, at: number, by: OverlayActor = who) {
  const facts = { ...ticket, overlays: ticket.events, matter: ticket.fields };
  return takeOverlay(facts, newId<EventId>(at), step, '请补充门牌号', by, at, rules);
}

function laid(ticket: Ticket, step: OverlayStep, at: number, by: OverlayActor = who): Ticket {
  const taken = asked(ticket, step, at, by);
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

test('a 补充 that may have been written before the 等待 began leaves it to the server whether it ends', () => {
  const began = newId<EventId>(NOW);
  const plain = laid(inHand(), { step: 'wait', until: NOW + 72 * HOUR }, NOW);
  const { waiting } = handlingOf(plain);
  const by = { actorName: '沈督办', text: '请补充门牌号', from: null, to: null, ref: '' };
  const event = { ...by, id: began, at: NOW, kind: 'overlay', actorId: newId<UserId>(NOW) } as const;
  const handling = { ...handlingOf(plain), waiting: waiting && { ...waiting, id: began } };
  const ticket: Ticket = { ...plain, handling, version: 5, events: [...plain.events, event] };
  const noted = (baseVersion: number) => {
    const op = toOp(1, noteBody(ticket.uid as TicketId, '门牌是 18 号', 'note'), { baseVersion });
    return applyOpToTicket(ticket, { ...op, at: NOW + HOUR } as OpOf<'ticket.note'>, actor);
  };
  expect(handlingOf(noted(4) ?? {}).waiting).toBeDefined();
  expect(handlingOf(noted(5) ?? {}).waiting).toBeUndefined();
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

test('who ends a 等待 ends the one they saw, and none that began since; who does not say which ends whichever there is', () => {
  const first = laid(inHand(), { step: 'wait', until: NOW + 72 * HOUR }, NOW);
  const ref = handlingOf(first).waiting?.id;
  const end = { step: 'wait_end', why: 'by_hand', ...(ref ? { ref } : {}) } as const;
  const ended = laid(first, end, NOW + HOUR);
  const second = laid(ended, { step: 'wait', until: NOW + 240 * HOUR }, NOW + 2 * HOUR);
  expect(asked(second, end, NOW + 3 * HOUR)).toMatchObject({ error: 'OVERLAY_DONE' });
  expect(asked(second, { step: 'wait_end', why: 'by_hand' }, NOW + 3 * HOUR).ok).toBe(true);
});

test('a unit waits twice in a round and 30 days in all: what it did not use it has left, the centre and the next round count anew', () => {
  const DAY = 24 * HOUR;
  const unit = { role: 'unit', name: '鼓楼区城管局' } as const;
  const end = { step: 'wait_end', why: 'by_hand' } as const;
  const once = laid(laid(inHand(), { step: 'wait', until: NOW + 20 * DAY }, NOW, unit), end, NOW + 5 * DAY, unit);
  const at = NOW + 6 * DAY;
  expect(asked(once, { step: 'wait', until: at + 26 * DAY }, at, unit)).toMatchObject({ error: 'WAITS_SPENT' });
  const twice = laid(laid(once, { step: 'wait', until: at + 25 * DAY }, at, unit), end, at + DAY, unit);
  const third = { step: 'wait', until: at + 3 * DAY } as const;
  expect(asked(twice, third, at + 2 * DAY, unit)).toMatchObject({ error: 'WAITS_SPENT' });
  expect(asked(twice, third, at + 2 * DAY).ok).toBe(true);
  const handling = handlingOf(twice);
  const redone = { ...twice, handling: { ...handling, round: handling.round + 1 } };
  expect(asked(redone, third, at + 2 * DAY, unit).ok).toBe(true);
});

test('what a decision cut short of a 等待 of the unit is left to it as well', () => {
  const DAY = 24 * HOUR;
  const unit = { role: 'unit', name: '鼓楼区城管局' } as const;
  const waiting = laid(inHand(), { step: 'wait', until: NOW + 20 * DAY }, NOW, unit);
  const args = {
    eventId: newId<EventId>(NOW),
    from: 'handling' as const,
    act: SAMPLE_ACTS.ask_extension,
    words: '需联系',
  };
  const op = { ...toOp(1, { kind: 'ticket.act', uid: waiting.uid, args }), at: NOW + DAY } as OpOf<'ticket.act'>;
  const decided = applyOpToTicket(waiting, op, { ...actor, ...unit });
  expect(decided && handlingOf(decided).unitWaits).toMatchObject({ times: 1, ms: DAY });
});
