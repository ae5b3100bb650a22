import { describe, expect, test } from 'vitest';
import type { Actor } from '#server/auth/actor.ts';
import type { BatchState, LastDecision, TicketCourse } from '#server/sync/batch.ts';
import { decideBatch } from '#server/sync/decide.ts';
import { actOnTicket } from '#shared/domain/act-on-ticket.ts';
import { DAY_MS } from '#shared/domain/clock/beijing-day.ts';
import { clocksAfter } from '#shared/domain/clock/clocks-after.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import { ROLES, type Role, takesIn } from '#shared/domain/roles.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { ACT_ACTIONS, type ActOf, mayAct, type TicketAct } from '#shared/domain/ticket-act.ts';
import { NO_HANDLING, type TicketHandling } from '#shared/domain/ticket-handling.ts';
import { nextStatus, TICKET_ACTIONS, TICKET_STATUSES, type TicketStatus } from '#shared/domain/ticket-status.ts';
import { type EventId, newId, type TicketId, type UserId } from '#shared/kernel/ids.ts';
import { applyOpToTicket } from '#shared/sync/apply-op.ts';
import { readReason, readStatusChange } from '#shared/sync/refusals.ts';
import { type Op, type OpOf, opSchema } from '#shared/sync/wire.ts';
import { beijing } from '#tests/support/beijing.ts';
import { sampleTicket } from '#tests/support/data/samples.ts';
import { decidingActor, EMPTY_STATE, storedTicket } from '#tests/support/deciding.ts';
import { ALLOWED_TRIPLES, expectedMove, MOVES_WITHOUT_DECISION, type Mover } from '#tests/support/expected-moves.ts';
import { dispatchTo, PARENT, SAMPLE_ACTS } from '#tests/support/sample-acts.ts';
import { createTicketBody, toOp } from '#tests/support/test-console.ts';

const NOW = Date.UTC(2026, 10, 26, 2);
const UID = newId<TicketId>(NOW);
const UNIT = '鼓楼区城管局';
const OTHER = '鼓楼区湖南路街道办事处';
const COLLEAGUE = newId<UserId>(NOW);

const actor = (role: Role = 'dispatcher', over: Partial<Actor> = {}): Actor =>
  decidingActor(role, NOW, { ...(role === 'unit' ? { name: UNIT } : {}), ...over });

interface Held {
  readonly status: TicketStatus;
  readonly handling?: Partial<TicketHandling>;
  readonly unit?: string | null;
  readonly last?: LastDecision;
  readonly replies?: TicketCourse['replies'];
  readonly clocks?: Ticket['clocks'];
}

/** The server's state: a ticket in its fifth version. */
function held({ status, handling, unit = UNIT, last, replies = [], clocks = null }: Held): BatchState {
  const ticket = storedTicket(UID, NOW - 60_000, { status, clocks });
  const course: TicketCourse = {
    unit,
    handling: handling ? { ...NO_HANDLING, ...handling } : undefined,
    replies,
    matter: { categoryCode: '010101', type: 'help', urgency: 'normal' },
    markers: [],
    isReminded: false,
    isNumberless: false,
    last: last ?? null,
    overlays: [],
  };
  return {
    ...EMPTY_STATE,
    tickets: new Map([
      [UID, ticket],
      // Whatever is merged comes under it.
      [PARENT, storedTicket(PARENT, NOW - 90_000, { status: 'handling' })],
    ]),
    courses: new Map([[UID, course]]),
  };
}

function actOp(from: TicketStatus, act: TicketAct, words = '情况属实', s = 1, baseVersion = 5): OpOf<'ticket.act'> {
  const args = { eventId: newId<EventId>(NOW), from, act, words };
  return toOp(s, { kind: 'ticket.act', uid: UID, args }, { baseVersion }) as OpOf<'ticket.act'>;
}

function decide(state: BatchState, ops: readonly Op[], who: Actor) {
  const received = ops.map((op) => ({ ok: true as const, op: opSchema.parse(op) }));
  const decision = decideBatch(received, state, who, NOW, () => newId<EventId>(NOW));
  return { ...decision, result: decision.results[0]?.result, moved: decision.touches[0]?.moved };
}

/** What the console shows of it. */
function shown(ticket: Partial<Ticket>, op: OpOf<'ticket.act'>, who: Actor): Ticket | null {
  const { role, name, id, seat } = who;
  const before = sampleTicket(12, { unit: UNIT, ...ticket, uid: UID });
  return applyOpToTicket(before, op, { role, name, id, seat, consoleId: who.console });
}

describe('every state, step and role', () => {
  const MOVERS: readonly Mover[] = [...ROLES, 'server'];

  test('the state machine allows what is expected and leads there, for the centre by rule too', () => {
    const disagreed: string[] = [];
    let allowed = 0;
    for (const status of TICKET_STATUSES) {
      for (const action of TICKET_ACTIONS) {
        for (const mover of MOVERS) {
          const expected = expectedMove(status, action, mover)?.to ?? null;
          const found = nextStatus(status, action, mover);
          if (found !== null) allowed++;
          if (found !== expected) disagreed.push(`${status} ${action} ${mover}: ${expected} / ${found}`);
        }
      }
    }
    expect(disagreed).toEqual([]);
    expect(allowed).toBe(ALLOWED_TRIPLES);
  });

  test('console and server take the decisions that are expected, lead to the same state, and refuse all others', () => {
    const disagreed: string[] = [];
    let allowed = 0;
    for (const status of TICKET_STATUSES) {
      for (const action of ACT_ACTIONS) {
        for (const role of ROLES) {
          const who = actor(role);
          const op = actOp(status, SAMPLE_ACTS[action]);
          const move = expectedMove(status, action, role);
          const expected = move && (move.rests ?? move.to);
          const { result, moved } = decide(held({ status }), [op], who);
          const there = moved?.status ?? null;
          const ticket = shown({ status }, op, who);
          const here = ticket?.events.some(({ id }) => id === op.args.eventId) ? ticket.status : null;
          if (expected !== null) allowed++;
          const agrees =
            there === expected &&
            here === expected &&
            mayAct(role, status, action) === (expected !== null) &&
            (expected === null) === (result?.code === 'rejected');
          if (!agrees) disagreed.push(`${status} ${action} ${role}: ${expected} / server ${there} / console ${here}`);
        }
      }
    }
    expect(disagreed).toEqual([]);
    expect(allowed).toBeGreaterThan(50);
  });

  test('while 消险 or 确权 is open the same is allowed; only what would close the ticket leads elsewhere', () => {
    const ownership = { since: NOW - 1, byName: '王敏', unit: UNIT, safeAt: null, owner: null };
    const disagreed: string[] = [];
    for (const status of TICKET_STATUSES) {
      for (const action of ACT_ACTIONS) {
        for (const role of ROLES) {
          const who = actor(role);
          const op = actOp(status, SAMPLE_ACTS[action]);
          const move = expectedMove(status, action, role);
          const expected = move && (move.whileUnclear ?? move.rests ?? move.to);
          const there = decide(held({ status, handling: { ownership } }), [op], who).moved?.status ?? null;
          const ticket = shown({ status, handling: { ...NO_HANDLING, ownership } }, op, who);
          const here = ticket?.events.some(({ id }) => id === op.args.eventId) ? ticket.status : null;
          if (there !== expected || here !== expected) {
            disagreed.push(`${status} ${action} ${role}: ${expected} / server ${there} / console ${here}`);
          }
        }
      }
    }
    expect(disagreed).toEqual([]);
  });

  test('the centre decides by rule what is expected of it, and nothing else', () => {
    const disagreed: string[] = [];
    for (const status of TICKET_STATUSES) {
      for (const action of ACT_ACTIONS) {
        const move = expectedMove(status, action, 'server');
        const ticket = { ...sampleTicket(12), status, unit: UNIT, closedAt: null, replies: [], link: null };
        const acted = actOnTicket(ticket, SAMPLE_ACTS[action], '按规则', { role: 'server', name: '' }, NOW);
        const found = acted.ok ? acted.value.status : null;
        const expected = move && (move.rests ?? move.to);
        if (found !== expected) disagreed.push(`${status} ${action}: ${expected} / ${found}`);
      }
    }
    expect(disagreed).toEqual([]);
  });

  test('whoever may take a ticket in answers it directly or hands it over; it rests in the state that is expected', () => {
    const ways = [
      ['submit', 'accept', {}],
      ['direct_answer', 'answer_directly', { answer: '周一至周五办理。' }],
      ['hand_off', 'hand_off', { handOff: { service: '110', at: NOW } }],
    ] as const;
    for (const role of ROLES) {
      const who = actor(role);
      const mayTakeIn = expectedMove('submitted', 'answer_directly', role) !== null;
      for (const [outcome, action, fields] of ways) {
        const body = createTicketBody(fields, { outcome, createdAt: NOW });
        const op = toOp(1, body);
        const { result, inserts } = decide(EMPTY_STATE, [op], who);
        const there = inserts[0]?.ticket.status ?? null;
        const label = `${outcome} by ${role}`;
        expect(takesIn(role), label).toBe(mayTakeIn);
        if (!mayTakeIn) {
          expect([result?.code, result?.reason, there], label).toEqual(['rejected', 'FORBIDDEN', null]);
          continue;
        }
        const by = action === 'accept' ? 'server' : role;
        const first = expectedMove('submitted', action, by)?.to ?? null;
        expect(there, label).toBe(action === 'accept' ? 'to_dispatch' : first);
        // 受理 is the centre's: a console shows the ticket as handed in until then.
        const here = applyOpToTicket(null, op as OpOf<'ticket.create'>, { ...who, consoleId: who.console });
        expect(here?.status, label).toBe(action === 'accept' ? 'submitted' : first);
      }
    }
  });

  test('a step that comes by rule or with the creation is nobody’s decision about a ticket', () => {
    expect([...ACT_ACTIONS, ...MOVES_WITHOUT_DECISION].sort()).toEqual([...TICKET_ACTIONS].sort());
    for (const action of MOVES_WITHOUT_DECISION) {
      const op = actOp('submitted', SAMPLE_ACTS.sign);
      const forged = { ...op, args: { ...op.args, act: { action } } };
      expect(opSchema.safeParse(forged).success, action).toBe(false);
    }
  });

  test('what a decision leaves on the ticket is the same on the console and at the server', () => {
    for (const action of ACT_ACTIONS) {
      for (const status of TICKET_STATUSES) {
        const role = ROLES.find((one) => mayAct(one, status, action));
        if (!role) continue;
        const who = actor(role);
        const op = { ...actOp(status, SAMPLE_ACTS[action]), at: NOW };
        const { moved } = decide(held({ status }), [op], who);
        const ticket = shown({ status }, op, who);
        const { unit, handling, replies, closedAt } = ticket ?? {};
        expect({ unit, handling, replies, closedAt }, `${status} ${action}`).toEqual({
          unit: moved?.unit,
          handling: moved?.handling,
          replies: moved?.replies,
          closedAt: moved?.closedAt,
        });
      }
    }
  });
});

describe('a state that somebody else has changed', () => {
  const theirs: LastDecision = {
    from: 'to_dispatch',
    to: 'to_sign',
    act: dispatchTo(OTHER),
    actorId: COLLEAGUE,
    actorName: '周启明',
    version: 5,
    words: '',
  };

  test('refuses the decision and names who did what', () => {
    const { result, touches, events } = decide(
      held({ status: 'to_sign', unit: OTHER, last: theirs }),
      [actOp('to_dispatch', dispatchTo(UNIT))],
      actor(),
    );
    expect(result).toMatchObject({ code: 'rejected' });
    const { code, detail } = readReason(result?.reason ?? '');
    expect(code).toBe('STATUS_CHANGED');
    expect(readStatusChange(detail)).toEqual({ status: 'to_sign', action: 'dispatch', byName: '周启明' });
    expect([touches, events]).toEqual([[], []]);
  });

  test('is no clash when they decided the same, however the unit was found', () => {
    const op = actOp('to_dispatch', dispatchTo(OTHER, { basis: 'category' }), '');
    const { result, touches } = decide(held({ status: 'to_sign', unit: OTHER, last: theirs }), [op], actor());
    expect(result).toMatchObject({ code: 'duplicate', version: 5, ticket: { status: 'to_sign' } });
    expect(touches).toEqual([]);
  });

  test('what was written with the same decision is not lost: it becomes a note, unless they wrote the same', () => {
    const again = (words: string) => {
      const last = { ...theirs, words: '请当日到场' };
      const op = actOp('to_dispatch', dispatchTo(OTHER), words);
      return decide(held({ status: 'to_sign', unit: OTHER, last }), [op], actor());
    };
    const { result, touches, events } = again('已电话联系');
    expect(result).toMatchObject({ code: 'merged', version: 6 });
    expect(touches).toMatchObject([{ version: 6, moved: undefined }]);
    expect(events.map(({ event }) => [event.kind, event.text, event.to])).toEqual([['note', '已电话联系', null]]);
    expect(again('请当日到场').result).toMatchObject({ code: 'duplicate', version: 5 });
  });

  test('is a clash when the ticket went on after the same decision', () => {
    const op = actOp('to_dispatch', dispatchTo(OTHER));
    const { result } = decide(held({ status: 'handling', unit: OTHER, last: theirs }), [op], actor());
    expect(readStatusChange(readReason(result?.reason ?? '').detail)).toMatchObject({ status: 'handling', byName: '' });
  });

  test('is a clash when others led it back there: what is granted now would be another request', () => {
    const asked: LastDecision = {
      from: 'handling',
      to: 'extension_review',
      act: { action: 'ask_extension', days: 10 },
      actorId: COLLEAGUE,
      actorName: '城管局',
      version: 5,
      words: '',
    };
    const grant = (baseVersion: number) =>
      decide(
        held({
          status: 'extension_review',
          last: asked,
          handling: { request: { kind: 'extension', unit: UNIT, at: NOW, days: 10 } },
        }),
        [actOp('extension_review', { action: 'decide_extension', granted: true }, '同意', 1, baseVersion)],
        actor(),
      ).result;
    expect(readReason(grant(4)?.reason ?? '').code).toBe('STATUS_CHANGED');
    expect(grant(5)?.reason ?? '').not.toContain('STATUS_CHANGED');
  });

  test('only a note was added meanwhile: the decision is merged', () => {
    const op = actOp('to_dispatch', dispatchTo(UNIT), '', 1, 4);
    expect(decide(held({ status: 'to_dispatch' }), [op], actor()).result).toMatchObject({ code: 'merged', version: 6 });
  });

  test('the console shows nothing of a decision on a row that has moved on', () => {
    const op = actOp('to_dispatch', dispatchTo(UNIT));
    expect(shown({ status: 'to_sign', unit: OTHER }, op, actor())).toMatchObject({ status: 'to_sign', unit: OTHER });
  });
});

describe('派单', () => {
  test('goes to the main unit with 协办 and says how the unit was found', () => {
    const act = dispatchTo(UNIT, { coUnits: [OTHER], basis: 'category' });
    const { result, moved, events } = decide(
      held({ status: 'to_dispatch', unit: null }),
      [actOp('to_dispatch', act)],
      actor(),
    );
    expect(result).toMatchObject({ code: 'applied', version: 6 });
    expect(moved).toMatchObject({ status: 'to_sign', unit: UNIT, handling: { coUnits: [OTHER], basis: 'category' } });
    expect(events.map(({ event }) => event)).toMatchObject([
      { kind: 'status', actorName: '王敏', from: 'to_dispatch', to: 'to_sign', text: '情况属实', act },
    ]);
  });

  test('keeps what the rule proposed and why, also where somebody chose another unit; the console shows the same', () => {
    const rule: NonNullable<ActOf<'dispatch'>['rule']> = {
      unit: UNIT,
      reasons: ['category', 'closed', 'busy'],
      load: 80,
    };
    const overridden = dispatchTo(OTHER, { basis: 'manual', rule });
    const second = dispatchTo(OTHER, { basis: 'shared', reasons: ['shared', 'less_busy'], rule });
    for (const [act, basis] of [
      [overridden, 'manual'],
      [second, 'shared'],
    ] as const) {
      const op = { ...actOp('to_dispatch', act), at: NOW };
      const { events, result } = decide(held({ status: 'to_dispatch', unit: null }), [op], actor());
      expect(result).toMatchObject({ code: 'applied' });
      const ticket = shown({ status: 'to_dispatch', unit: null }, op, actor());
      expect(events[0]?.event.act).toEqual(act);
      expect(ticket?.events.at(-1)?.act).toEqual(act);
      expect(ticket?.handling).toMatchObject({ basis });
    }
  });

  test('sets the limit for signing, also on a ticket from before there were limits, and tells when it is to be closed', () => {
    const who = actor();
    const op = { ...actOp('to_dispatch', dispatchTo(UNIT)), at: NOW };
    const { moved } = decide(held({ status: 'to_dispatch' }), [op], who);
    expect(moved?.clocks).toMatchObject({ stage: 'sign' });
    expect(moved?.dueAt).toBeGreaterThan(NOW);
    const ticket = shown({ status: 'to_dispatch', acceptedAt: NOW - 60_000, clocks: null }, op, who);
    expect(ticket).toMatchObject({ dueAt: moved?.dueAt, clocks: { stage: 'sign' } });
  });

  test('not to a unit that has returned it, unless that is wanted', () => {
    const state = held({ status: 'to_dispatch', unit: null, handling: { returnedBy: [UNIT], round: 2 } });
    const plain = decide(state, [actOp('to_dispatch', dispatchTo(UNIT))], actor());
    expect(plain.result).toMatchObject({ code: 'rejected', reason: 'UNIT_RETURNED' });
    const wanted = decide(state, [actOp('to_dispatch', dispatchTo(UNIT, { despiteReturn: true }))], actor());
    expect(wanted.result).toMatchObject({ code: 'applied' });
    expect(decide(state, [actOp('to_dispatch', dispatchTo(OTHER))], actor()).moved).toMatchObject({ unit: OTHER });
  });

  test('a unit is not its own 协办', () => {
    const act = dispatchTo(UNIT, { coUnits: [UNIT] });
    const { result } = decide(held({ status: 'to_dispatch' }), [actOp('to_dispatch', act)], actor());
    expect(result).toMatchObject({ code: 'rejected', reason: 'BAD_INPUT' });
  });
});

describe('退单 and 延期', () => {
  test('the third return is for 联席研判 alone', () => {
    const state = held({ status: 'return_review', handling: { returnedBy: [OTHER, '南京市水务集团'], round: 3 } });
    for (const action of ['approve_return', 'refuse_return', 'send_to_dispatch'] as const) {
      const { result } = decide(state, [actOp('return_review', SAMPLE_ACTS[action])], actor());
      expect(result, action).toMatchObject({ code: 'rejected', reason: 'ROUNDS_SPENT' });
    }
    const joint = decide(state, [actOp('return_review', SAMPLE_ACTS.joint_review)], actor());
    expect(joint.moved).toMatchObject({ status: 'joint_review' });
  });

  test('whoever is told no, or waits longer, reads why', () => {
    const { result } = decide(
      held({ status: 'return_review' }),
      [actOp('return_review', SAMPLE_ACTS.refuse_return, '  ')],
      actor(),
    );
    expect(result).toMatchObject({ code: 'rejected', reason: 'WORDS_MISSING' });
    const refused = actOp('extension_review', { action: 'decide_extension', granted: false }, '');
    expect(decide(held({ status: 'extension_review' }), [refused], actor()).result?.reason).toBe('WORDS_MISSING');
  });

  test('a unit may give it back within two working days from its dispatch; later it keeps it, signed or not', () => {
    const matter = { categoryCode: null, type: 'help', urgency: 'normal' } as const;
    const facts = { clocks: null, acceptedAt: NOW - DAY_MS * 7, matter };
    for (const status of ['to_sign', 'handling'] as const) {
      for (const [daysAgo, reason] of [
        [1, null],
        [7, 'RETURN_TOO_LATE'],
      ] as const) {
        const clocks = clocksAfter(facts, { kind: 'dispatch' }, NOW - DAY_MS * daysAgo, shippedClockRules());
        const who = actor('unit');
        const op = { ...actOp(status, SAMPLE_ACTS.return), at: NOW };
        const { result, moved } = decide(held({ status, clocks }), [op], who);
        expect(result?.reason ?? null, `${status} ${daysAgo}`).toBe(reason);
        expect(moved?.status ?? status).toBe(reason ? status : 'return_review');
        // The console of a unit shows the same.
        expect(shown({ status, clocks }, op, who)?.status).toBe(reason ? status : 'return_review');
      }
    }
  });

  test('a ticket is extended once', () => {
    const state = held({ status: 'handling', handling: { extendedBy: 5 } });
    const { result } = decide(state, [actOp('handling', SAMPLE_ACTS.ask_extension)], actor('unit'));
    expect(result).toMatchObject({ code: 'rejected', reason: 'EXTENSION_SPENT' });
  });

  test('a unit decides about its own tickets only', () => {
    const { result } = decide(
      held({ status: 'to_sign', unit: OTHER }),
      [actOp('to_sign', SAMPLE_ACTS.sign)],
      actor('unit'),
    );
    expect(result).toMatchObject({ code: 'rejected', reason: 'FORBIDDEN' });
  });

  test('a line that somebody does not hold answers as if the ticket were not there', () => {
    const { result } = decide(
      held({ status: 'to_dispatch' }),
      [actOp('to_dispatch', SAMPLE_ACTS.dispatch)],
      actor('dispatcher', { lines: ['12350'] }),
    );
    expect(result).toMatchObject({ code: 'rejected', reason: 'NOT_FOUND' });
  });
});

describe('a whole walk in one batch', () => {
  test('退单 is approved and the ticket dispatched anew, each on the state the other left', () => {
    const ops = [
      actOp('return_review', SAMPLE_ACTS.approve_return, '属实', 1),
      actOp('to_dispatch', dispatchTo(OTHER), '', 2),
    ];
    const { results, moved } = decide(held({ status: 'return_review' }), ops, actor());
    expect(results.map(({ result }) => result.code)).toEqual(['applied', 'merged']);
    expect(moved).toMatchObject({ status: 'to_sign', unit: OTHER, handling: { returnedBy: [UNIT], round: 2 } });
  });

  test('an answer goes to 回访 by rule and is kept as the reply of the unit', () => {
    const { moved, events } = decide(
      held({ status: 'handling' }),
      [actOp('handling', SAMPLE_ACTS.reply, '路灯已修复。')],
      actor('unit'),
    );
    expect(moved).toMatchObject({ status: 'to_callback', replies: [{ unit: UNIT, text: '路灯已修复。' }] });
    expect(events.map(({ event }) => [event.kind, event.to, event.actorName])).toEqual([
      ['reply', 'replied', UNIT],
      ['status', 'to_callback', ''],
    ]);
  });

  test('重办 goes back to the unit with the answers of the citizen', () => {
    const { moved } = decide(
      held({ status: 'to_callback' }),
      [actOp('to_callback', SAMPLE_ACTS.redo, '还是没亮')],
      actor('revisit'),
    );
    expect(moved).toMatchObject({
      status: 'handling',
      closedAt: null,
      handling: { round: 2, callback: { solved: false, cause: 'unsolved' } },
    });
  });
});

describe('回访', () => {
  const at = (text: string) => ({ at: beijing(text), byName: '李敏' });
  const miss = (text: string): TicketAct => ({ action: 'miss_callback', calledAt: beijing(text), agreedAt: null });
  // 10:00 in Beijing.
  const revisit = actor('revisit', { name: '赵静' });

  test('未接通 is an attempt, and says when to try again', () => {
    const { moved, events } = decide(
      held({ status: 'to_callback' }),
      [actOp('to_callback', miss('2026-11-26 09:40'), '')],
      revisit,
    );
    const nextCall = { from: beijing('2026-11-26 14:00'), to: beijing('2026-11-26 18:00') };
    expect(moved).toMatchObject({
      status: 'to_callback',
      closedAt: null,
      handling: { attempts: [{ at: beijing('2026-11-26 09:40'), byName: '赵静' }], nextCall, callback: null },
      clocks: { stage: 'callback', shown: 'stage', nearAt: nextCall.from, dueAt: nextCall.to },
    });
    expect(events.map(({ event }) => [event.from, event.to, event.act?.action])).toEqual([
      ['to_callback', 'to_callback', 'miss_callback'],
    ]);
  });

  test('a clock that runs ahead makes no attempt of tomorrow', () => {
    const { moved } = decide(
      held({ status: 'to_callback' }),
      [actOp('to_callback', miss('2026-11-27 09:00'))],
      revisit,
    );
    expect(moved?.handling?.attempts).toEqual([{ at: NOW, byName: '赵静' }]);
  });

  test('attempts of times before the answer, or before the last attempt, count in no other part of the day', () => {
    const answered = beijing('2026-11-26 09:30');
    const replies = [{ at: answered, unit: UNIT, text: '路灯已修复。' }];
    const early = ['2026-11-25 15:00', '2026-11-25 19:00', '2026-11-26 08:40'].map((text, index) =>
      actOp('to_callback', miss(text), '', index + 1),
    );
    const { moved } = decide(held({ status: 'to_callback', replies }), early, revisit);
    expect(moved).toMatchObject({ status: 'to_callback', closedAt: null });
    expect(moved?.handling?.attempts.map((one) => one.at)).toEqual([answered, answered, answered]);

    const noon = held({ status: 'to_callback', handling: { attempts: [at('2026-11-25 15:00')] } });
    const before = decide(noon, [actOp('to_callback', miss('2026-11-25 09:40'))], revisit);
    expect(before.moved?.handling?.attempts.at(-1)?.at).toBe(beijing('2026-11-25 15:00'));
  });

  test('the third one in another part of the day closes the ticket as 无法联系, which is nobody’s decision', () => {
    const { moved, events } = decide(
      held({
        status: 'to_callback',
        handling: { attempts: [at('2026-11-25 15:00'), at('2026-11-25 19:00')] },
      }),
      [actOp('to_callback', miss('2026-11-26 09:40'), '')],
      revisit,
    );
    expect(moved).toMatchObject({
      status: 'closed',
      closedAt: NOW,
      handling: { callback: { reached: false, solved: null, satisfied: null }, nextCall: null },
      clocks: { stage: 'done' },
    });
    expect(events.map(({ event }) => [event.to, event.actorName, event.act?.action ?? null])).toEqual([
      ['to_callback', '赵静', 'miss_callback'],
      ['closed', '', null],
    ]);
  });

  test('two who called in vain without knowing of each other both did', () => {
    const last: LastDecision = {
      from: 'to_callback',
      to: 'to_callback',
      act: miss('2026-11-25 15:00'),
      actorId: COLLEAGUE,
      actorName: '李敏',
      version: 5,
      words: '',
    };
    const { result, moved } = decide(
      held({ status: 'to_callback', last, handling: { attempts: [at('2026-11-25 15:00')] } }),
      [actOp('to_callback', miss('2026-11-26 09:40'), '', 1, 4)],
      revisit,
    );
    expect(result?.code).toBe('merged');
    expect(moved?.handling?.attempts).toHaveLength(2);
  });

  test('who closed it meanwhile is named to whoever called in vain', () => {
    const last: LastDecision = {
      from: 'to_callback',
      to: 'closed',
      act: SAMPLE_ACTS.close,
      actorId: COLLEAGUE,
      actorName: '李敏',
      version: 5,
      words: '',
    };
    const { result } = decide(
      held({ status: 'closed', last }),
      [actOp('to_callback', miss('2026-11-26 09:40'))],
      revisit,
    );
    expect(result?.reason).toBe('STATUS_CHANGED:closed/close/李敏');
  });

  test('is not closed by hand when nobody was reached', () => {
    const callback = { reached: false, solved: null, satisfied: null, cause: null };
    const { result } = decide(
      held({ status: 'to_callback' }),
      [actOp('to_callback', { action: 'close', callback })],
      revisit,
    );
    expect(result?.reason).toBe('NOT_REACHED');
  });

  test('a new answer begins a new 回访 without attempts', () => {
    const { moved } = decide(
      held({ status: 'handling', handling: { round: 2, attempts: [at('2026-11-25 15:00')] } }),
      [actOp('handling', SAMPLE_ACTS.reply, '已修好')],
      actor('unit'),
    );
    expect(moved).toMatchObject({ status: 'to_callback', handling: { attempts: [], nextCall: null, round: 2 } });
  });

  test('whoever left no number is not called: the answer closes the ticket, counts in no rate, on the console as at the server', () => {
    const state = held({ status: 'handling' });
    const course = state.courses.get(UID);
    if (!course) throw new Error('no course');
    const courses = new Map([[UID as string, { ...course, isNumberless: true }]]);
    const op = { ...actOp('handling', SAMPLE_ACTS.reply, '已清理'), at: NOW };
    const { moved, events } = decide({ ...state, courses }, [op], actor('unit'));
    expect(moved).toMatchObject({ status: 'closed', closedAt: NOW });
    expect(moved?.handling?.callback ?? null).toBeNull();
    expect(events.map(({ event }) => [event.to, event.actorName])).toEqual([
      ['replied', UNIT],
      ['closed', ''],
    ]);
    const before = sampleTicket(12, { unit: UNIT, status: 'handling', uid: UID });
    const numberless = { ...before, fields: { ...before.fields, caller: { ...before.fields.caller, phone: '' } } };
    const here = applyOpToTicket(numberless, op, { ...actor('unit'), consoleId: null });
    expect([here?.status, here?.closedAt]).toEqual([moved?.status, moved?.closedAt]);
  });

  test('an answered 咨询 that is not drawn is closed at once, on the console as at the server; one somebody reminded of is called', () => {
    const consult = { categoryCode: '010101', type: 'consult' as const, urgency: 'normal' as const };
    const ends = Array.from({ length: 40 }, (_, place) => {
      const uid = newId<TicketId>(NOW + place);
      const op = { ...actOp('handling', SAMPLE_ACTS.reply, '可以办理', 1), uid, at: NOW };
      const at = (isReminded: boolean) => {
        const state = held({ status: 'handling' });
        const ticket = storedTicket(uid, NOW - 60_000, { status: 'handling' });
        const course = state.courses.get(UID);
        if (!course) throw new Error('no course');
        const courses = new Map([[uid as string, { ...course, matter: consult, isReminded }]]);
        return decide({ ...state, tickets: new Map([[uid as string, ticket]]), courses }, [op], actor('unit')).moved;
      };
      const before = sampleTicket(12, { unit: UNIT, status: 'handling', uid });
      const here = applyOpToTicket({ ...before, fields: { ...before.fields, type: 'consult' } }, op, {
        ...actor('unit'),
        consoleId: null,
      });
      expect(at(false)?.status).toBe(here?.status);
      expect(at(false)?.closedAt).toBe(here?.closedAt);
      return [at(false)?.status, at(true)?.status];
    });
    expect(new Set(ends.map(([plain]) => plain))).toEqual(new Set(['closed', 'to_callback']));
    expect(new Set(ends.map(([, reminded]) => reminded))).toEqual(new Set(['to_callback']));
  });
});

describe('回访 answers', () => {
  const close = (callback: object) => ({ ...actOp('to_callback', SAMPLE_ACTS.close), ...{ callback } });
  test.each([
    ['reached without an answer', { reached: true, solved: null, satisfied: null, cause: null }],
    ['not reached and content', { reached: false, solved: true, satisfied: true, cause: null }],
    ['discontent without a cause', { reached: true, solved: true, satisfied: false, cause: null }],
    ['unsolved without a cause', { reached: true, solved: false, satisfied: true, cause: null }],
    [
      'unsolved with the cause of it, and discontent without one',
      { reached: true, solved: false, satisfied: false, cause: null, unsolvedCause: 'partly' },
    ],
    [
      'solved with a cause why not',
      { reached: true, solved: true, satisfied: true, cause: null, unsolvedCause: 'partly' },
    ],
  ])('%s are no answers', (_name, callback) => {
    const op = close({});
    const args = { ...op.args, act: { action: 'close', callback } };
    expect(opSchema.safeParse({ ...op, args }).success).toBe(false);
  });
});

describe('a ticket from before there were clocks', () => {
  const ANSWERED = NOW - 40 * 86_400_000;
  const before = { acceptedAt: ANSWERED - 3_600_000, clocks: null, dueAt: null };
  const toClocks = (ticket: Partial<Ticket>, act: TicketAct, role: Role) =>
    shown({ ...before, ...ticket }, { ...actOp(ticket.status ?? 'handling', act), at: NOW }, actor(role))?.clocks;

  test('answered in time it is not called late when it is closed', () => {
    const replies = [{ at: ANSWERED, unit: UNIT, text: '已修好' }];
    const clocks = toClocks({ status: 'to_callback', replies }, SAMPLE_ACTS.close, 'revisit');
    expect(clocks).toMatchObject({ stage: 'done', metAt: ANSWERED });
    expect(clocks?.metAt).toBeLessThan(clocks?.close.dueAt ?? 0);
  });

  test('taken back from 挂账 it has what was left when it was put there', () => {
    const handling = { ...NO_HANDLING, account: { at: ANSWERED, reviewAt: NOW } };
    const clocks = toClocks({ status: 'on_account', handling }, SAMPLE_ACTS.resume, 'dispatcher');
    expect(clocks).toMatchObject({ stage: 'handle', pausedSince: null });
    expect(clocks?.close.dueAt).toBeGreaterThan(NOW);
  });

  test('has the limits that the centre of its dispatcher chose', () => {
    const { role, name, id, seat, console: consoleId } = actor();
    const op = { ...actOp('to_dispatch', dispatchTo(UNIT)), at: NOW };
    const ticket = sampleTicket(12, { ...before, uid: UID, status: 'to_dispatch' });
    const moved = applyOpToTicket(ticket, op, { role, name, id, seat, consoleId, clockSet: 'beijing' });
    expect(moved?.clocks?.set).toBe('beijing');
  });
});
