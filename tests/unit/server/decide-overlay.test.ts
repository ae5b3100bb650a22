import { describe, expect, test } from 'vitest';
import type { Actor } from '#server/auth/actor.ts';
import type { BatchState, TicketCourse } from '#server/sync/batch.ts';
import { decideBatch } from '#server/sync/decide.ts';
import { clocksAfter } from '#shared/domain/clock/clocks-after.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import { OVERLAY_KINDS, type OverlayKind, type OverlayStep } from '#shared/domain/overlay/overlay-step.ts';
import { type OverlayEvent, ordersOf } from '#shared/domain/overlay/oversight.ts';
import type { Ownership } from '#shared/domain/overlay/ownership.ts';
import type { Waiting } from '#shared/domain/overlay/waiting.ts';
import { ROLES, type Role } from '#shared/domain/roles.ts';
import type { Ticket, TicketEvent } from '#shared/domain/ticket.ts';
import { NO_HANDLING, type TicketHandling } from '#shared/domain/ticket-handling.ts';
import { TICKET_STATUSES, type TicketStatus } from '#shared/domain/ticket-status.ts';
import { type EventId, newId, type TicketId } from '#shared/kernel/ids.ts';
import { applyOpToTicket } from '#shared/sync/apply-op.ts';
import { type Op, type OpOf, opSchema } from '#shared/sync/wire.ts';
import { sampleTicket } from '#tests/support/data/samples.ts';
import { decidingActor, EMPTY_STATE, storedTicket } from '#tests/support/deciding.ts';
import { SAMPLE_ACTS } from '#tests/support/sample-acts.ts';
import { HELPER, MEASURE_ID, ORDER_ID, SAMPLE_OVERLAYS } from '#tests/support/sample-overlays.ts';
import { toOp } from '#tests/support/test-console.ts';

const NOW = Date.UTC(2026, 10, 26, 2);
const UID = newId<TicketId>(NOW);
const UNIT = '鼓楼区城管局';
const RUN = { startedAt: NOW, nearAt: NOW + 1, dueAt: NOW + 2, scale: 'work', calendar: 'official' } as const;

const SUPERVISING: readonly Role[] = ['lead', 'supervisor', 'admin'];
const HANDLING: readonly Role[] = ['lead', 'dispatcher', 'supervisor', 'admin'];
const TALKING: readonly Role[] = [...HANDLING, 'agent', 'trainee', 'trainer'];
/** Who may do what, said once more: the table of the product is compared with it. */
const WHO: Readonly<Record<OverlayKind, readonly Role[]>> = {
  order: SUPERVISING,
  progress: HANDLING,
  finish: SUPERVISING,
  unclear: HANDLING,
  made_safe: HANDLING,
  review_open: HANDLING,
  review: HANDLING,
  owned: HANDLING,
  measure: HANDLING,
  measure_done: HANDLING,
  announced: HANDLING,
  co_order: HANDLING,
  co_withdraw: HANDLING,
  co_sign: ['unit'],
  co_return: ['unit'],
  co_answer: ['unit'],
  wait: HANDLING,
  wait_end: HANDLING,
  flow: [],
  hand_over: TALKING,
  flow_receipt: TALKING,
  flow_result: TALKING,
};

const HANDED_ID = newId<EventId>(NOW);

const MARKED: Ownership = { since: NOW - 1, byName: '王敏', unit: UNIT, safeAt: null, owner: null };

/** A unit's account bears the name of the unit. */
const actor = (role: Role) =>
  decidingActor(role, NOW, role === 'unit' ? { name: HELPER, seat: '' } : { name: '沈督办', seat: '6001' });

const history: readonly OverlayEvent[] = [
  { id: ORDER_ID, overlay: { ...SAMPLE_OVERLAYS.order, run: RUN } },
  { id: MEASURE_ID, overlay: SAMPLE_OVERLAYS.measure },
  { id: HANDED_ID, kind: 'handed_off', text: '110' },
];

interface Held {
  readonly status?: TicketStatus;
  readonly ownership?: Ownership | null;
  readonly coOrders?: TicketHandling['coOrders'];
  readonly waiting?: Waiting | undefined;
  readonly overlays?: readonly OverlayEvent[];
}

const facts = { categoryCode: '010101', type: 'help', urgency: 'normal' } as const;
const clocks = clocksAfter(
  { clocks: null, acceptedAt: NOW - 60_000, matter: facts },
  { kind: 'accept' },
  NOW - 60_000,
  shippedClockRules(),
);

const handlingWith = (
  ownership: Ownership | null,
  waiting: Waiting | undefined,
  coOrders: TicketHandling['coOrders'],
) => ({
  ...NO_HANDLING,
  ownership,
  coOrders,
  coUnits: coOrders.map(({ unit }) => unit),
  ...(waiting ? { waiting } : {}),
});

function held({ status = 'handling', ownership = null, waiting, coOrders = [], overlays = history }: Held): BatchState {
  const course: TicketCourse = {
    unit: UNIT,
    handling: handlingWith(ownership, waiting, coOrders),
    replies: [],
    matter: facts,
    last: null,
    markers: [],
    isReminded: false,
    isNumberless: false,
    overlays,
  };
  return {
    ...EMPTY_STATE,
    tickets: new Map([[UID, storedTicket(UID, NOW - 60_000, { status, clocks })]]),
    courses: new Map([[UID, course]]),
  };
}

function overlayOp(step: OverlayStep, words = '请抓紧', s = 1): OpOf<'ticket.overlay'> {
  const args = { eventId: newId<EventId>(NOW), step, words };
  return toOp(s, { kind: 'ticket.overlay', uid: UID, args }, { baseVersion: 5 }) as OpOf<'ticket.overlay'>;
}

function decide(state: BatchState, ops: readonly Op[], who: Actor) {
  const received = ops.map((op) => ({ ok: true as const, op: opSchema.parse(op) }));
  const decision = decideBatch(received, state, who, NOW, () => newId<EventId>(NOW));
  return { ...decision, codes: decision.results.map(({ result: { code, reason } }) => reason ?? code) };
}

function shown(
  { status = 'handling', ownership = null, waiting, coOrders = [], overlays = history }: Held,
  op: Op,
  who: Actor,
): Ticket {
  const blank = { at: NOW, kind: 'overlay', actorId: null, actorName: '', text: '', from: null, to: null, ref: '' };
  const events = overlays.map((event) => ({ ...blank, ...event }) as TicketEvent);
  const handling = handlingWith(ownership, waiting, coOrders);
  const plain = sampleTicket(12, { unit: UNIT, uid: UID, status, clocks, handling, events });
  const before = { ...plain, fields: { ...plain.fields, ...facts } };
  const { role, name, id, seat } = who;
  return (
    applyOpToTicket(before, op as OpOf<'ticket.overlay'>, { role, name, id, seat, consoleId: who.console }) ?? before
  );
}

/** In which states of the 权属 a step is the next one; the others have none. */
function ownershipFor(kind: OverlayKind): Ownership | null {
  return kind === 'made_safe' || kind.startsWith('review') || kind === 'owned' ? MARKED : null;
}

/** The state of a 协办单 from which a step about it goes on; nobody helps before the first one. */
function coOrdersFor(kind: OverlayKind): TicketHandling['coOrders'] {
  if (!kind.startsWith('co_') || kind === 'co_order') return [];
  return [{ unit: HELPER, state: kind === 'co_answer' ? 'handling' : 'to_sign', since: NOW - 1, dueAt: null }];
}

/** A ticket that waits for its citizen, for what ends that. */
function waitingFor(kind: OverlayKind): Waiting | undefined {
  return kind === 'wait_end' ? { since: NOW - 1, until: NOW + 1_000, byName: '王敏' } : undefined;
}

const ENDING = ['progress', 'finish', 'made_safe', 'owned', 'measure_done'];

describe('every step, role and state', () => {
  test('console and server allow what the table of rights says, in every state, and never touch the state or the limits', () => {
    const disagreed: string[] = [];
    for (const kind of OVERLAY_KINDS) {
      for (const role of ROLES) {
        for (const status of TICKET_STATUSES) {
          const ticket = {
            status,
            ownership: ownershipFor(kind),
            coOrders: coOrdersFor(kind),
            waiting: waitingFor(kind),
          };
          const op = { ...overlayOp(SAMPLE_OVERLAYS[kind]), at: NOW };
          const who = actor(role);
          const { results, touches } = decide(held(ticket), [op], who);
          const after = shown(ticket, op, who);
          const here = after.events.some(({ id }) => id === op.args.eventId);
          const there = results[0]?.result.code === 'applied';
          // On a merged ticket only what it had before is written on and ended.
          const isAboutCall = ['hand_over', 'flow_receipt', 'flow_result'].includes(kind);
          const isEnd = ENDING.includes(kind) || isAboutCall;
          const isOut = (status === 'submitted' && !isAboutCall) || (status === 'merged' && !isEnd);
          const waits = ['accepted', 'review', 'to_dispatch', 'to_sign', 'handling'].includes(status);
          const lies = ['to_sign', 'handling', 'return_review', 'extension_review', 'on_account'].includes(status);
          // A unit's account does nothing but its 协办单; the rest of the roles read the line.
          const needsUnit = kind === 'unclear' || kind.startsWith('co_');
          const expected = WHO[kind].includes(role) && !isOut && (!needsUnit || lies) && (kind !== 'wait' || waits);
          const moved = touches[0]?.moved;
          const isUntouched =
            after.status === status &&
            after.unit === UNIT &&
            (moved === undefined || (moved.status === status && moved.unit === UNIT)) &&
            JSON.stringify([after.clocks?.close, after.clocks?.stage, after.clocks?.run]) ===
              JSON.stringify([clocks?.close, clocks?.stage, clocks?.run]) &&
            (moved === undefined || JSON.stringify(moved.clocks?.close) === JSON.stringify(clocks?.close));
          if (here !== expected || there !== expected || !isUntouched) {
            disagreed.push(
              `${kind} ${role} ${status}: ${expected} / server ${there} / console ${here} / ${isUntouched}`,
            );
          }
        }
      }
    }
    expect(disagreed).toEqual([]);
  });

  test('what a step leaves on the ticket is the same on the console and at the server', () => {
    for (const kind of OVERLAY_KINDS) {
      const ticket = { ownership: ownershipFor(kind), coOrders: coOrdersFor(kind), waiting: waitingFor(kind) };
      const op = { ...overlayOp(SAMPLE_OVERLAYS[kind]), at: NOW };
      const who = actor(WHO[kind].includes('supervisor') ? 'supervisor' : 'unit');
      const { touches, events } = decide(held(ticket), [op], who);
      const after = shown(ticket, op, who);
      const moved = touches[0]?.moved;
      expect(after.events.at(-1)?.overlay, kind).toEqual(events[0]?.event.overlay);
      if (moved) {
        expect({ handling: after.handling, clocks: after.clocks }, kind).toEqual({
          handling: moved.handling,
          clocks: moved.clocks,
        });
      }
    }
  });
});

describe('a 督办', () => {
  test('has its own time, shown before the ticket’s when it runs out first, and gone with its end', () => {
    const hours = { ...SAMPLE_OVERLAYS.order, limit: { value: 30, unit: 'minute' } } as const;
    const op = { ...overlayOp(hours), at: NOW };
    const { touches } = decide(held({}), [op], actor('supervisor'));
    const { clocks: after } = touches[0]?.moved ?? {};
    expect(after).toMatchObject({ shown: 'order', dueAt: NOW + 30 * 60_000 });
    const id = op.args.eventId;
    const overlays = [...history, { id, overlay: { ...hours, run: RUN } }];
    const laid = held({ overlays });
    const ticket = laid.tickets.get(UID);
    if (!ticket || !after) throw new Error('no ticket');
    const state = { ...laid, tickets: new Map([[UID, { ...ticket, clocks: after }]]) };
    const end = decide(state, [overlayOp({ step: 'finish', ref: id }, '已修好')], actor('lead'));
    expect(end.touches[0]?.moved?.clocks).toMatchObject({ shown: 'stage', orders: [] });
  });

  test('keeps which file of the ticket is its scan, on both sides; what is no hash is refused', () => {
    const scan = 'a'.repeat(64);
    const op = { ...overlayOp({ ...SAMPLE_OVERLAYS.order, scan }), at: NOW };
    const { codes, events } = decide(held({}), [op], actor('supervisor'));
    expect(codes).toEqual(['applied']);
    expect(events[0]?.event.overlay).toMatchObject({ step: 'order', scan });
    expect(ordersOf(shown({}, op, actor('supervisor')).events).at(-1)).toMatchObject({ scan });
    expect(opSchema.safeParse(overlayOp({ ...SAMPLE_OVERLAYS.order, scan: '批示.pdf' })).success).toBe(false);
  });

  test('is ended once: who comes second is told so, and nothing of what they wrote is lost', () => {
    const ops = [1, 2].map((s) => overlayOp({ step: 'finish', ref: ORDER_ID }, `第 ${s} 份`, s));
    const { codes, events } = decide(held({}), ops, actor('supervisor'));
    expect(codes).toEqual(['applied', 'OVERLAY_DONE']);
    expect(events.map(({ event }) => event.text)).toEqual(['第 1 份']);
  });

  test('is written on and ended in the batch that brings it', () => {
    const order = overlayOp(SAMPLE_OVERLAYS.order);
    const ref = order.args.eventId;
    const ops = [
      order,
      overlayOp({ step: 'progress', ref }, '已到现场', 2),
      overlayOp({ step: 'finish', ref }, '已办结', 3),
      overlayOp({ step: 'progress', ref }, '补一句', 4),
    ];
    const { codes, touches } = decide(held({ overlays: [] }), ops, actor('supervisor'));
    expect(codes).toEqual(['applied', 'merged', 'merged', 'OVERLAY_DONE']);
    expect(touches[0]?.version).toBe(8);
  });

  test.each([
    ['without words', SAMPLE_OVERLAYS.order, ' ', 'WORDS_MISSING'],
    ['about an order that is not there', { step: 'progress', ref: MEASURE_ID } as const, '已到现场', 'NOT_FOUND'],
  ])('%s is refused', (_what, step, words, reason) => {
    expect(decide(held({}), [overlayOp(step, words)], actor('supervisor')).codes).toEqual([reason]);
  });

  test('sent again is there once', () => {
    const op = overlayOp(SAMPLE_OVERLAYS.order);
    const known = new Map([[`${UID}/${op.args.eventId}`, { kind: 'overlay' as const, actorId: null, ref: '' }]]);
    expect(decide({ ...held({}), events: known }, [op], actor('supervisor'))).toMatchObject({
      codes: ['duplicate'],
      touches: [],
    });
  });
});

describe('权属不清', () => {
  test('消险 and 确权 are each said once, 消险 no later than now', () => {
    const safe = overlayOp({ step: 'made_safe', at: NOW + 3_600_000 }, '', 1);
    const ops = [
      overlayOp({ step: 'unclear' }, '两家都说不是自己的', 1),
      { ...safe, s: 2 },
      overlayOp({ step: 'made_safe', at: NOW }, '', 3),
      overlayOp({ step: 'owned', owner: '区园林所' }, '查到移交记录', 4),
      overlayOp({ step: 'owned', owner: '区水务局' }, '有图为证', 5),
    ];
    const { codes, touches } = decide(held({ overlays: [] }), ops, actor('dispatcher'));
    expect(codes).toEqual(['applied', 'merged', 'OVERLAY_DONE', 'merged', 'OVERLAY_DONE']);
    expect(touches[0]?.moved?.handling?.ownership).toEqual({
      since: NOW,
      byName: '沈督办',
      unit: UNIT,
      safeAt: NOW,
      owner: { unit: '区园林所', at: NOW },
    });
  });

  test('a 联席研判 is opened once, moved by whoever names it, and over once it is held or the owner is known', () => {
    const open = overlayOp(SAMPLE_OVERLAYS.review_open, '请各单位带档案', 1);
    const opened = open.args.eventId;
    const moved = overlayOp({ ...SAMPLE_OVERLAYS.review_open, plannedAt: NOW + 9, ref: opened }, '改到下周', 3);
    const ops = [
      open,
      overlayOp(SAMPLE_OVERLAYS.review_open, '我也召集', 2),
      moved,
      overlayOp({ ...SAMPLE_OVERLAYS.review_open, ref: opened }, '另一个改期', 4),
    ];
    const called = decide(held({ ownership: MARKED }), ops, actor('lead'));
    expect(called.codes).toEqual(['applied', 'OVERLAY_DONE', 'merged', 'OVERLAY_DONE']);
    expect(called.touches[0]?.moved?.handling?.review).toEqual({ id: moved.args.eventId, plannedAt: NOW + 9 });
    for (const end of [SAMPLE_OVERLAYS.review, SAMPLE_OVERLAYS.owned]) {
      const { touches, codes } = decide(held({ ownership: MARKED }), [open, overlayOp(end, '纪要', 2)], actor('lead'));
      expect(codes).toEqual(['applied', 'merged']);
      expect(touches[0]?.moved?.handling?.review, end.step).toBeUndefined();
    }
    const known = { ...MARKED, owner: { unit: '区园林所', at: NOW } };
    expect(decide(held({ ownership: known }), [open], actor('lead')).codes).toEqual(['OVERLAY_DONE']);
    expect(decide(held({}), [open], actor('lead')).codes).toEqual(['OVERLAY_STATE']);
  });

  test('whoever assigns the unit from 联席研判 has held the one that was opened', () => {
    const open = overlayOp(SAMPLE_OVERLAYS.review_open, '请各单位带档案', 1);
    const args = { eventId: newId<EventId>(NOW), from: 'joint_review', act: SAMPLE_ACTS.assign, words: '' } as const;
    const assign = toOp(2, { kind: 'ticket.act', uid: UID, args }, { baseVersion: 6 });
    const { touches, codes } = decide(held({ status: 'joint_review' }), [open, assign], actor('lead'));
    expect(codes).toEqual(['applied', 'applied']);
    expect(touches[0]?.moved).toMatchObject({ status: 'to_sign' });
    expect(touches[0]?.moved?.handling?.review).toBeUndefined();
  });

  test('a 联席研判 that names the owner settles it; one that leaves it open does not', () => {
    const { review } = SAMPLE_OVERLAYS.review;
    const ops = [
      overlayOp({ step: 'review', review }, '纪要一', 1),
      overlayOp({ step: 'review', review: { ...review, owner: '区园林所' } }, '纪要二', 2),
    ];
    const { codes, touches } = decide(held({ ownership: MARKED }), ops, actor('lead'));
    expect(codes).toEqual(['applied', 'merged']);
    expect(touches[0]?.moved?.handling?.ownership?.owner).toEqual({ unit: '区园林所', at: NOW });
  });

  test('nothing is made safe or settled on a ticket that nobody marked', () => {
    const steps = [SAMPLE_OVERLAYS.made_safe, SAMPLE_OVERLAYS.owned, SAMPLE_OVERLAYS.review];
    const ops = steps.map((step, index) => overlayOp(step, '说明', index + 1));
    expect(decide(held({}), ops, actor('lead')).codes).toEqual(steps.map(() => 'OVERLAY_STATE'));
  });
});
