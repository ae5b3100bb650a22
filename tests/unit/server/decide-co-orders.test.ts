import { describe, expect, test } from 'vitest';
import type { Actor } from '#server/auth/actor.ts';
import type { BatchState, TicketCourse } from '#server/sync/batch.ts';
import { decideBatch } from '#server/sync/decide.ts';
import { actOnTicket } from '#shared/domain/act-on-ticket.ts';
import { clocksAfter } from '#shared/domain/clock/clocks-after.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import {
  CO_ORDER_STATES,
  type CoOrder,
  type CoOrderState,
  coOrderDueAt,
  coOrdersOf,
  isCoOrderOpen,
} from '#shared/domain/co-order.ts';
import type { CoStep } from '#shared/domain/overlay/overlay-rights.ts';
import type { OverlayStep } from '#shared/domain/overlay/overlay-step.ts';
import type { TicketAct } from '#shared/domain/ticket-act.ts';
import { NO_HANDLING, type TicketHandling } from '#shared/domain/ticket-handling.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import { applyOpToTicket, type TicketOp } from '#shared/sync/apply-op.ts';
import { type Op, type OpOf, opSchema } from '#shared/sync/wire.ts';
import { sampleTicket } from '#tests/support/data/samples.ts';
import { decidingActor, EMPTY_STATE, storedTicket } from '#tests/support/deciding.ts';
import { dispatchTo } from '#tests/support/sample-acts.ts';
import { toOp } from '#tests/support/test-console.ts';

const NOW = Date.UTC(2026, 10, 26, 2);
const UID = newId<TicketId>(NOW);
const LEAD = '鼓楼区城管局';
const HELPER = '鼓楼区水务局';
const OTHER = '鼓楼区应急局';
const facts = { categoryCode: '010101', type: 'help', urgency: 'normal' } as const;
const clocks = clocksAfter(
  { clocks: null, acceptedAt: NOW, matter: facts },
  { kind: 'accept' },
  NOW,
  shippedClockRules(),
);

const dispatcher = decidingActor('dispatcher', NOW);
const unit = (name: string) => decidingActor('unit', NOW, { name, seat: '' });
const orderOf = (state: CoOrderState, name = HELPER): CoOrder => ({ unit: name, state, since: NOW - 1, dueAt: null });

interface Held {
  readonly status?: TicketStatus;
  readonly lead?: string | null;
  readonly orders?: readonly CoOrder[];
}

function handlingWith(orders: readonly CoOrder[]): TicketHandling {
  const coUnits = orders.filter(({ state }) => state !== 'returned' && state !== 'withdrawn').map((one) => one.unit);
  return { ...NO_HANDLING, coOrders: [...orders], coUnits };
}

function stateOf({ status = 'handling', lead = LEAD, orders = [] }: Held): BatchState {
  const course: TicketCourse = {
    unit: lead,
    handling: handlingWith(orders),
    replies: [],
    matter: facts,
    last: null,
    markers: [],
    isReminded: false,
    isNumberless: false,
    overlays: [],
  };
  return {
    ...EMPTY_STATE,
    tickets: new Map([[UID, storedTicket(UID, NOW, { status, clocks })]]),
    courses: new Map([[UID, course]]),
  };
}

const eventId = () => newId<EventId>(NOW);
const stepOp = (step: OverlayStep, words = '已处理', s = 1) =>
  toOp(s, { kind: 'ticket.overlay', uid: UID, args: { eventId: eventId(), step, words } }, { baseVersion: 5 });
const actOp = (from: TicketStatus, act: TicketAct, words = '已处理', s = 1) =>
  toOp(s, { kind: 'ticket.act', uid: UID, args: { eventId: eventId(), from, act, words } }, { baseVersion: 5 });

/** What became of the ticket at the server, and what a console shows of the same. */
function both(held: Held, op: Op, who: Actor) {
  const received = [{ ok: true as const, op: opSchema.parse({ ...op, at: NOW }) }];
  const { results, touches } = decideBatch(received, stateOf(held), who, NOW, eventId);
  const { status = 'handling', lead = LEAD, orders = [] } = held;
  const plain = sampleTicket(12, { uid: UID, unit: lead, status, clocks, handling: handlingWith(orders), events: [] });
  const before = { ...plain, fields: { ...plain.fields, ...facts } };
  const { role, name, id, seat } = who;
  const by = { role, name, id, seat, consoleId: who.console };
  const after = applyOpToTicket(before, { ...op, at: NOW } as TicketOp, by) ?? before;
  const moved = touches[0]?.moved;
  const { code, reason } = results[0]?.result ?? {};
  return { code: reason ?? code, server: moved?.handling, console: after.handling, isShown: after.events.length > 0 };
}

/** What is expected of every step in every state of a 协办单; a state means that it goes there. */
const EXPECTED: Readonly<Record<Exclude<CoStep, 'co_order'>, Readonly<Record<CoOrderState, string>>>> = {
  co_sign: {
    to_sign: 'handling',
    handling: 'OVERLAY_DONE',
    answered: 'OVERLAY_DONE',
    returned: 'OVERLAY_DONE',
    withdrawn: 'OVERLAY_DONE',
  },
  co_return: {
    to_sign: 'returned',
    handling: 'returned',
    answered: 'OVERLAY_DONE',
    returned: 'OVERLAY_DONE',
    withdrawn: 'OVERLAY_DONE',
  },
  co_answer: {
    to_sign: 'OVERLAY_STATE',
    handling: 'answered',
    answered: 'OVERLAY_DONE',
    returned: 'OVERLAY_DONE',
    withdrawn: 'OVERLAY_DONE',
  },
  co_withdraw: {
    to_sign: 'withdrawn',
    handling: 'withdrawn',
    answered: 'OVERLAY_DONE',
    returned: 'OVERLAY_DONE',
    withdrawn: 'OVERLAY_DONE',
  },
};

describe('a 协办单', () => {
  test.each(Object.keys(EXPECTED) as (keyof typeof EXPECTED)[])(
    '%s leads on from the states that the table says, at the server and on the console alike',
    (step) => {
      for (const state of CO_ORDER_STATES) {
        const who = step === 'co_withdraw' ? dispatcher : unit(HELPER);
        const done = both({ orders: [orderOf(state)] }, stepOp({ step, unit: HELPER }), who);
        const wanted = EXPECTED[step][state];
        const isTaken = CO_ORDER_STATES.some((one) => one === wanted);
        expect(done.code, state).toBe(isTaken ? 'applied' : wanted);
        expect(done.isShown, state).toBe(isTaken);
        if (!isTaken) continue;
        expect(done.server, state).toEqual(done.console);
        expect(coOrdersOf({ handling: done.server }), state).toMatchObject([{ unit: HELPER, state: wanted }]);
        const helps = wanted === 'handling' || wanted === 'answered';
        expect(done.server?.coUnits, state).toEqual(helps ? [HELPER] : []);
      }
    },
  );

  test('begins with the dispatch for every 协办, and again by hand once it is over', () => {
    const sent = both(
      { status: 'to_dispatch', lead: null },
      actOp('to_dispatch', dispatchTo(LEAD, { coUnits: [HELPER, OTHER] })),
      dispatcher,
    );
    expect(sent.server?.coOrders).toMatchObject(
      [HELPER, OTHER].map((name) => ({ ...orderOf('to_sign', name), since: NOW })),
    );
    expect(sent.console?.coOrders).toEqual(sent.server?.coOrders);
    for (const state of CO_ORDER_STATES) {
      const again = both(
        { orders: [orderOf(state)] },
        stepOp({ step: 'co_order', unit: HELPER, dueAt: 9 }),
        dispatcher,
      );
      expect(again.code, state).toBe(isCoOrderOpen({ state }) ? 'OVERLAY_DONE' : 'applied');
      if (!again.server) continue;
      expect(again.server.coOrders).toEqual([{ ...orderOf('to_sign'), id: expect.any(String), since: NOW, dueAt: 9 }]);
    }
  });

  test.each([
    ['of the 主办 itself', { step: 'co_order', unit: LEAD, dueAt: null } as const, dispatcher, 'OVERLAY_STATE'],
    ['of a unit that does not help', { step: 'co_sign', unit: OTHER } as const, unit(OTHER), 'NOT_FOUND'],
    ['of another unit', { step: 'co_sign', unit: HELPER } as const, unit(OTHER), 'FORBIDDEN'],
  ])('%s is refused', (_what, step, who, reason) => {
    expect(both({ orders: [orderOf('to_sign')] }, stepOp(step), who)).toMatchObject({ code: reason, isShown: false });
  });

  test('ends with the round: when the return of the 主办 is approved nobody helps with it any more', () => {
    const held = { status: 'return_review' as const, orders: [orderOf('handling')] };
    const done = both(held, actOp('return_review', { action: 'approve_return' }), dispatcher);
    expect(done.server).toMatchObject({ coOrders: [], coUnits: [] });
  });
});

describe('the one reply to the citizen', () => {
  test.each(CO_ORDER_STATES)('with a 协办单 that is %s', (state) => {
    const held = { orders: [orderOf(state)] };
    const plain = both(held, actOp('handling', { action: 'reply' }), unit(LEAD));
    const isOpen = isCoOrderOpen({ state });
    expect(plain.code).toBe(isOpen ? 'CO_ORDERS_OPEN' : 'applied');
    expect(plain.isShown).toBe(!isOpen);
    const forced = both(held, actOp('handling', { action: 'reply', withoutCo: '协办部分不影响处理' }), unit(LEAD));
    expect(forced.code).toBe('applied');
    const left = coOrdersOf({ handling: forced.server });
    expect(left).toEqual(coOrdersOf({ handling: forced.console }));
    expect(left).toMatchObject([{ state: isOpen ? 'withdrawn' : state }]);
  });

  test('a reason of blanks is none', () => {
    const op = actOp('handling', { action: 'reply', withoutCo: ' ' });
    expect(opSchema.safeParse(op).success).toBe(false);
  });

  test('tickets of builds where 协办 only read are answered as before', () => {
    const handling = { ...NO_HANDLING, coUnits: [HELPER] };
    const ticket = { status: 'handling', unit: LEAD, handling, replies: [], closedAt: null, link: null } as const;
    const asStored = { ...ticket, replies: [], handling: { ...handling, coOrders: undefined } } as never;
    expect(actOnTicket(asStored, { action: 'reply' }, '已修好', { role: 'unit', name: LEAD }, NOW).ok).toBe(true);
  });
});

describe('the time of a 协办', () => {
  test('is its own, or when the 主办 comes near its limit, never after it', () => {
    if (!clocks) throw new Error('no clocks');
    const { nearAt, dueAt } = clocks.close;
    expect(coOrderDueAt({ ...orderOf('to_sign'), dueAt: 7 }, clocks)).toBe(7);
    expect(coOrderDueAt(orderOf('to_sign'), clocks)).toBe(nearAt);
    expect(nearAt).toBeLessThan(dueAt);
    expect(coOrderDueAt({ ...orderOf('to_sign'), since: nearAt + 1 }, clocks)).toBe(dueAt);
    expect(coOrderDueAt(orderOf('to_sign'), { ...clocks, pausedSince: NOW })).toBeNull();
    expect(coOrderDueAt(orderOf('to_sign'), null)).toBeNull();
  });
});

test('who takes a 协办单 back takes back the one they saw: not one that was ordered anew since, whether by a dispatch or by hand', () => {
  const dispatch = actOp('to_dispatch', dispatchTo(LEAD, { coUnits: [HELPER] }));
  const dispatched = both({ status: 'to_dispatch', lead: null }, dispatch, dispatcher);
  const [first] = dispatched.server?.coOrders ?? [];
  expect(first?.id).toBe((dispatch as OpOf<'ticket.act'>).args.eventId);
  expect(dispatched.console?.coOrders).toEqual(dispatched.server?.coOrders);
  const anew = stepOp({ step: 'co_order', unit: HELPER, dueAt: null });
  const returned = { ...orderOf('returned'), ...(first?.id ? { id: first.id } : {}) };
  const ordered = both({ orders: [returned] }, anew, dispatcher);
  const [second] = ordered.server?.coOrders ?? [];
  expect(second?.id).not.toBe(first?.id);
  const withdraw = (ref?: EventId) => stepOp({ step: 'co_withdraw', unit: HELPER, ...(ref ? { ref } : {}) });
  const orders = second ? [second] : [];
  const stale = both({ orders }, withdraw(first?.id), dispatcher);
  expect(stale).toMatchObject({ code: 'OVERLAY_DONE', isShown: false });
  for (const ref of [second?.id, undefined]) {
    expect(both({ orders }, withdraw(ref), dispatcher).server?.coOrders).toMatchObject([{ state: 'withdrawn' }]);
  }
  // One of a build that did not name its beginning.
  expect(both({ orders: [orderOf('handling')] }, withdraw(first?.id), dispatcher).code).toBe('applied');
});
