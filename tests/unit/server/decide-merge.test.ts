import { describe, expect, test } from 'vitest';
import type { Actor } from '#server/auth/actor.ts';
import type { BatchState, StoredTicket, TicketCourse } from '#server/sync/batch.ts';
import { decideBatch } from '#server/sync/decide.ts';
import type { Role } from '#shared/domain/roles.ts';
import { LIMITS, type TicketFields, type TicketLink, ticketEventSchema } from '#shared/domain/ticket.ts';
import type { TicketAct } from '#shared/domain/ticket-act.ts';
import { NO_HANDLING } from '#shared/domain/ticket-handling.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import { type EventId, newId, type TicketId, type UserId } from '#shared/kernel/ids.ts';
import { ticketScope } from '#shared/sync/protocol.ts';
import { type Op, opSchema } from '#shared/sync/wire.ts';
import { decidingActor, EMPTY_STATE, storedTicket } from '#tests/support/deciding.ts';
import { SAMPLE_ACTS } from '#tests/support/sample-acts.ts';
import { CENTRE } from '#tests/support/server.ts';
import { ticketFields, toOp } from '#tests/support/test-console.ts';

const NOW = Date.UTC(2026, 10, 26, 2);
const UNIT = '玄武区水务局';
const [MOTHER, CHILD, SECOND] = [1, 2, 3].map((n) => newId<TicketId>(NOW + n)) as [TicketId, TicketId, TicketId];

const actor = (role: Role = 'dispatcher', over: Partial<Actor> = {}): Actor =>
  decidingActor(role, NOW, { ...(role === 'unit' ? { name: UNIT } : { name: '郑国梁' }), ...over });

interface Held {
  readonly uid: TicketId;
  readonly status: TicketStatus;
  readonly link?: TicketLink['state'];
  readonly under?: TicketId;
  readonly over?: Partial<StoredTicket>;
  readonly unit?: string | null;
  readonly fields?: TicketFields;
}

/** The server's state with some tickets and what stands under them. */
function state(...tickets: readonly Held[]): BatchState {
  const linkOf = ({ link, under = MOTHER }: Held): TicketLink | null =>
    link ? { parentUid: under, state: link, at: NOW - 5_000, byName: '林晓雯' } : null;
  const courseOf = ({ unit = null }: Held): TicketCourse => ({
    unit,
    handling: { ...NO_HANDLING },
    replies: [],
    matter: { categoryCode: '020401', type: 'help', urgency: 'normal' },
    markers: [],
    isReminded: false,
    isNumberless: false,
    last: null,
    overlays: [],
  });
  return {
    ...EMPTY_STATE,
    tickets: new Map(
      tickets.map((one) => [
        one.uid,
        storedTicket(one.uid, NOW - 60_000, { status: one.status, link: linkOf(one), ...one.over }),
      ]),
    ),
    courses: new Map(tickets.map((one) => [one.uid, courseOf(one)])),
    ticketTexts: new Map(
      tickets.map(({ uid, fields = ticketFields() }) => [uid, { fields, createdById: newId<UserId>(NOW) }]),
    ),
    children: new Map(
      tickets.flatMap((one) => (one.link ? [[one.uid, { parentUid: one.under ?? MOTHER, state: one.link }]] : [])),
    ),
  };
}

const WORDS = '同一处污水井';
function actOp(uid: TicketId, from: TicketStatus, act: TicketAct, s = 1, words = WORDS): Op {
  const args = { eventId: newId<EventId>(NOW), from, act, words };
  return toOp(s, { kind: 'ticket.act', uid, args }, { baseVersion: 5 });
}
const mergeUnder = (parentUid: TicketId, asProposed = false): TicketAct => ({
  action: 'merge',
  parentUid,
  parentNo: '20261126-000012',
  asProposed,
});

function decide(held: BatchState, ops: readonly Op[], who: Actor) {
  const received = ops.map((op) => ({ ok: true as const, op: opSchema.parse(op) }));
  const decision = decideBatch(received, held, who, NOW, () => newId<EventId>(NOW));
  const touchOf = (uid: TicketId) => decision.touches.find((touch) => touch.uid === uid);
  const eventsOf = (uid: TicketId) =>
    decision.events.filter(({ ticketUid }) => ticketUid === uid).map(({ event }) => event);
  return { ...decision, reasons: decision.results.map(({ result }) => result.reason), touchOf, eventsOf };
}

describe('并单', () => {
  test('puts a ticket under its 母单: it waits for nobody, and both tickets say who did it and why', () => {
    const held = state({ uid: MOTHER, status: 'handling', unit: UNIT }, { uid: CHILD, status: 'to_dispatch' });
    const { reasons, touchOf, eventsOf } = decide(held, [actOp(CHILD, 'to_dispatch', mergeUnder(MOTHER))], actor());
    expect(reasons).toEqual([undefined]);
    expect(touchOf(CHILD)).toMatchObject({
      link: { parentUid: MOTHER, state: 'merged', byName: '郑国梁', at: NOW },
      moved: { status: 'merged', unit: null, closedAt: NOW, clocks: { stage: 'done', metAt: null } },
    });
    expect(eventsOf(CHILD)).toMatchObject([{ to: 'merged', text: WORDS, ref: MOTHER, actorName: '郑国梁' }]);
    expect(eventsOf(MOTHER)).toMatchObject([
      { kind: 'child_merged', text: expect.stringContaining(WORDS), ref: CHILD, actorName: '郑国梁', to: null },
    ]);
    expect(touchOf(MOTHER)).toMatchObject({ version: 6, moved: undefined });
  });

  const special = { scope: ticketScope(CENTRE, '12350', '2026-11') };
  test.each<[string, readonly Held[], TicketAct, string]>([
    ['that nobody knows', [{ uid: CHILD, status: 'to_dispatch' }], mergeUnder(MOTHER), 'PARENT_NOT_FOUND'],
    ['that it is itself', [{ uid: CHILD, status: 'to_dispatch' }], mergeUnder(CHILD), 'PARENT_IS_CHILD'],
    [
      'that is merged itself',
      [
        { uid: CHILD, status: 'to_dispatch' },
        { uid: MOTHER, status: 'merged', link: 'merged', under: SECOND },
      ],
      mergeUnder(MOTHER),
      'PARENT_IS_CHILD',
    ],
    [
      'that is answered already',
      [
        { uid: CHILD, status: 'to_dispatch' },
        { uid: MOTHER, status: 'to_callback' },
      ],
      mergeUnder(MOTHER),
      'PARENT_NOT_OPEN',
    ],
    [
      'when tickets are merged under it',
      [
        { uid: CHILD, status: 'to_dispatch' },
        { uid: MOTHER, status: 'handling' },
        { uid: SECOND, status: 'merged', link: 'merged', under: CHILD },
      ],
      mergeUnder(MOTHER),
      'HAS_CHILDREN',
    ],
    [
      'of the line that keeps its callers secret',
      [
        { uid: CHILD, status: 'to_dispatch' },
        { uid: MOTHER, status: 'handling', over: special },
      ],
      mergeUnder(MOTHER),
      'OTHER_LINE',
    ],
    [
      'as proposed when nobody proposes it any more',
      [
        { uid: CHILD, status: 'to_dispatch' },
        { uid: MOTHER, status: 'handling' },
      ],
      mergeUnder(MOTHER, true),
      'PROPOSAL_CHANGED',
    ],
  ])('not under a 母单 %s', (_name, held, act, reason) => {
    const { reasons, touches, events } = decide(
      state(...held),
      [actOp(CHILD, 'to_dispatch', act)],
      actor('lead', { lines: ['12345', '12350'] }),
    );
    expect(reasons).toEqual([reason]);
    expect([touches, events]).toEqual([[], []]);
  });

  test('agrees with a proposal', () => {
    const held = state({ uid: MOTHER, status: 'to_dispatch' }, { uid: CHILD, status: 'to_dispatch', link: 'proposed' });
    const { touchOf } = decide(held, [actOp(CHILD, 'to_dispatch', mergeUnder(MOTHER, true))], actor());
    expect(touchOf(CHILD)).toMatchObject({ link: { state: 'merged', byName: '郑国梁' } });
  });

  test('of a chain in one batch the second link is refused', () => {
    const held = state(
      { uid: MOTHER, status: 'to_dispatch' },
      { uid: CHILD, status: 'to_dispatch' },
      { uid: SECOND, status: 'to_dispatch' },
    );
    const ops = [
      actOp(CHILD, 'to_dispatch', mergeUnder(MOTHER), 1),
      actOp(MOTHER, 'to_dispatch', mergeUnder(SECOND), 2),
      actOp(SECOND, 'to_dispatch', mergeUnder(CHILD), 3),
    ];
    expect(decide(held, ops, actor()).reasons).toEqual([undefined, 'HAS_CHILDREN', 'PARENT_IS_CHILD']);
  });

  test('an agent only proposes', () => {
    const held = state({ uid: MOTHER, status: 'to_dispatch' }, { uid: CHILD, status: 'to_dispatch' });
    expect(decide(held, [actOp(CHILD, 'to_dispatch', mergeUnder(MOTHER))], actor('agent')).reasons).toEqual([
      'FORBIDDEN',
    ]);
  });
});

describe('拆分', () => {
  test('leads a ticket back to its dispatch, and both tickets say so', () => {
    const held = state({ uid: MOTHER, status: 'handling' }, { uid: CHILD, status: 'merged', link: 'merged' });
    const split = actOp(CHILD, 'merged', { action: 'unmerge', parentNo: '20261126-000012' }, 1, '另一处井');
    const { touchOf, eventsOf } = decide(held, [split], actor());
    expect(touchOf(CHILD)).toMatchObject({ link: null, moved: { status: 'to_dispatch', closedAt: null, unit: null } });
    expect(touchOf(CHILD)?.moved?.clocks).toMatchObject({ stage: 'dispatch' });
    expect(eventsOf(CHILD).map(({ to, actorName }) => [to, actorName])).toEqual([
      ['accepted', '郑国梁'],
      ['to_dispatch', ''],
    ]);
    expect(eventsOf(MOTHER)).toMatchObject([
      { kind: 'child_split', text: expect.stringContaining('另一处井'), ref: CHILD },
    ]);
  });
});

describe('what becomes of a 母单', () => {
  const cluster = () =>
    state(
      { uid: MOTHER, status: 'handling', unit: UNIT },
      { uid: CHILD, status: 'merged', link: 'merged' },
      { uid: SECOND, status: 'to_dispatch', link: 'proposed' },
    );

  test('its answer reaches every citizen under it, each with a 回访 of their own; not those who are only proposed', () => {
    const reply = actOp(MOTHER, 'handling', SAMPLE_ACTS.reply, 1, '已疏通，管养单位研判中。');
    const { touchOf, eventsOf } = decide(cluster(), [reply], actor('unit'));
    const answered = {
      status: 'to_callback',
      unit: UNIT,
      replies: [{ at: NOW, unit: UNIT, text: '已疏通，管养单位研判中。' }],
      closedAt: null,
      isAnswered: true,
      clocks: { stage: 'callback', metAt: NOW },
    };
    expect(touchOf(MOTHER)?.moved).toMatchObject(answered);
    expect(touchOf(CHILD)?.moved).toMatchObject(answered);
    // It still belongs under its 母单.
    expect(touchOf(CHILD)?.link).toBeUndefined();
    expect(eventsOf(CHILD).map(({ kind, from, to, actorName, ref }) => [kind, from, to, actorName, ref])).toEqual([
      ['reply', 'merged', 'replied', UNIT, MOTHER],
      ['status', 'replied', 'to_callback', '', ''],
    ]);
    expect(touchOf(SECOND)).toBeUndefined();
  });

  test('refused, it takes them along', () => {
    const held = state({ uid: MOTHER, status: 'to_dispatch' }, { uid: CHILD, status: 'merged', link: 'merged' });
    const { touchOf } = decide(held, [actOp(MOTHER, 'to_dispatch', SAMPLE_ACTS.refuse, 1, '已进入诉讼')], actor());
    expect(touchOf(CHILD)?.moved).toMatchObject({ status: 'rejected', closedAt: NOW, replies: [] });
  });

  test('a ticket that was done by itself since is left alone', () => {
    const held = state(
      { uid: MOTHER, status: 'handling', unit: UNIT },
      { uid: CHILD, status: 'closed', link: 'merged' },
    );
    const reply = actOp(MOTHER, 'handling', SAMPLE_ACTS.reply, 1, '再次疏通。');
    expect(decide(held, [reply], actor('unit')).touchOf(CHILD)).toBeUndefined();
  });
});

describe('what is told on the tickets of others', () => {
  const caller = { ...ticketFields().caller, name: '欧阳晓鹭', phone: '13951998123' };
  const place = { divisionCode: '320102', address: '中央路260号3幢502室', landmark: '', coordinates: null };
  const ordinary = ticketFields({ caller, place });
  const secret = ticketFields({ caller: { ...caller, confidential: true }, place });
  const ANSWER = '欧阳晓鹭（139 5199 8123）您好，中央路260号3幢502室门前已疏通，咨询电话025-83636363。';
  const hotline = '025-83636363';

  function answered(fields: TicketFields) {
    const held = state(
      { uid: MOTHER, status: 'handling', unit: UNIT, fields },
      { uid: CHILD, status: 'merged', link: 'merged' },
    );
    const { touchOf, eventsOf } = decide(
      held,
      [actOp(MOTHER, 'handling', SAMPLE_ACTS.reply, 1, ANSWER)],
      actor('unit'),
    );
    expect(touchOf(MOTHER)?.moved?.replies[0]?.text).toBe(ANSWER);
    const told = eventsOf(CHILD).find(({ kind }) => kind === 'reply')?.text;
    expect(touchOf(CHILD)?.moved?.replies.map(({ text }) => text)).toEqual([told]);
    return told;
  }

  test('the answer to a caller who is to be kept secret reaches others without name, number and address', () => {
    expect(answered(secret)).toBe('***（***）您好，***门前已疏通，咨询电话***。');
  });

  test('the answer to any other caller keeps place and number of the unit for the others, not who called', () => {
    expect(answered(ordinary)).toBe(`***（***）您好，中央路260号3幢502室门前已疏通，咨询电话${hotline}。`);
  });

  test('a refusal of the 母单 says no more', () => {
    const held = state(
      { uid: MOTHER, status: 'to_dispatch', fields: secret },
      { uid: CHILD, status: 'merged', link: 'merged' },
    );
    const refuse = actOp(MOTHER, 'to_dispatch', SAMPLE_ACTS.refuse, 1, '欧阳晓鹭已起诉');
    expect(decide(held, [refuse], actor()).eventsOf(CHILD)[0]?.text).toBe('***已起诉');
  });

  test.each<[string, TicketStatus, TicketAct]>([
    ['comes under it', 'to_dispatch', mergeUnder(MOTHER)],
    ['leaves it', 'merged', { action: 'unmerge', parentNo: '20261126-000012' }],
  ])(
    'the 母单 does not tell who called about a ticket that %s, and still names that by its number',
    (_what, from, act) => {
      const link = from === 'merged' ? { link: 'merged' as const } : {};
      const held = state(
        { uid: MOTHER, status: 'handling', unit: UNIT },
        { uid: CHILD, status: from, fields: secret, ...link },
      );
      const { eventsOf } = decide(held, [actOp(CHILD, from, act, 1, '欧阳晓鹭139 5199 8123也来电')], actor());
      expect(eventsOf(MOTHER).map(({ text }) => text)).toEqual([expect.stringMatching(/^\d{8}-?\d+ \*{3,}也来电$/)]);
    },
  );

  test('words of any length that a decision may have leave an event on the 母单 that every console can read', () => {
    const held = state({ uid: MOTHER, status: 'handling' }, { uid: CHILD, status: 'to_dispatch' });
    const words = '污'.repeat(LIMITS.longText);
    const { eventsOf } = decide(held, [actOp(CHILD, 'to_dispatch', mergeUnder(MOTHER), 1, words)], actor());
    const [noted] = eventsOf(MOTHER);
    expect(ticketEventSchema.safeParse(noted).success).toBe(true);
    expect(noted?.text).toHaveLength(LIMITS.longText);
    expect(eventsOf(CHILD)[0]?.text).toBe(words);
  });
});
