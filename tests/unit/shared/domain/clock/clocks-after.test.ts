import { describe, expect, it } from 'vitest';
import { formatBeijing } from '#shared/domain/beijing-time.ts';
import { nextAttempt } from '#shared/domain/callback/callback-attempts.ts';
import { shippedCallbackRules } from '#shared/domain/callback/shipped-callback-rules.ts';
import { startRun } from '#shared/domain/clock/clock-run.ts';
import { type ClockAction, clocksAfter } from '#shared/domain/clock/clocks-after.ts';
import { startMakeSafe } from '#shared/domain/clock/make-safe-clock.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import { clockStateAt, type TicketClocks, ticketClocksSchema } from '#shared/domain/clock/ticket-clocks.ts';
import type { TicketType, Urgency } from '#shared/domain/ticket.ts';
import { beijing } from '#tests/support/beijing.ts';

const rules = shippedClockRules();

interface Start {
  readonly set?: string;
  readonly categoryCode?: string;
  readonly type?: TicketType;
  readonly urgency?: Urgency;
}

/** The clocks after some actions, each with its Beijing time; the first is the acceptance. */
function walk(steps: readonly (readonly [at: string, action: ClockAction | ClockAction['kind']])[], start: Start = {}) {
  const { set, categoryCode = null, type = 'complaint', urgency = 'normal' } = start;
  let clocks: TicketClocks | null = null;
  for (const [at, action] of steps) {
    const facts = { clocks, acceptedAt: beijing(steps[0]?.[0] ?? at), matter: { categoryCode, type, urgency }, set };
    const done = typeof action === 'string' ? ({ kind: action } as ClockAction) : action;
    clocks = clocksAfter(facts, done, beijing(at), rules);
    // What a console and the server exchange is what the schema reads.
    if (clocks) expect(ticketClocksSchema.parse(structuredClone(clocks))).toEqual(clocks);
  }
  return clocks;
}

/** What a list shows, in Beijing time. */
function shown(clocks: TicketClocks | null) {
  const time = (at: number | null | undefined) => (at === null || at === undefined ? null : formatBeijing(at));
  return { stage: clocks?.stage, shown: clocks?.shown, due: time(clocks?.dueAt), close: time(clocks?.close.dueAt) };
}

describe('a year without data', () => {
  const { calendar } = rules;

  it('is told of a ticket whose window to call again lies in it', () => {
    const next = nextAttempt([beijing('2027-12-31 19:00')], null, shippedCallbackRules(), calendar);
    expect(next).toMatchObject({ from: beijing('2028-01-03 09:00'), calendar: 'missing' });
    const answered = walk([
      ['2026-09-28 10:00', 'accept'],
      ['2026-09-28 11:30', 'dispatch'],
      ['2026-09-28 15:00', 'sign'],
      ['2026-09-30 09:00', 'reply'],
    ]);
    expect(answered?.calendar).toBe('official');
    const facts = { clocks: answered, acceptedAt: null, matter: null };
    const missed = clocksAfter(facts, { kind: 'miss_callback', next }, beijing('2027-12-31 19:01'), rules);
    expect(missed).toMatchObject({ shown: 'stage', calendar: 'missing' });
    // A time that was agreed with somebody was not looked for in any calendar.
    expect(nextAttempt([beijing('2027-12-31 19:00')], 9e11, shippedCallbackRules(), calendar)).not.toHaveProperty(
      'calendar',
    );
  });

  it('is told of a 督办 and a 消险 that run into it, and no more once they are done', () => {
    const clocks = walk([['2026-09-28 10:00', 'accept']]);
    const {
      startedAt,
      nearAt,
      dueAt,
      calendar: standing,
    } = startRun(beijing('2027-12-30 10:00'), { value: 5, unit: 'workday' }, calendar);
    const order = { id: 'o', startedAt, nearAt, dueAt, calendar: standing };
    const facts = { clocks, acceptedAt: null, matter: null };
    const supervised = clocksAfter(facts, { kind: 'order', order }, startedAt, rules);
    expect(supervised?.calendar).toBe('missing');
    expect(
      clocksAfter({ ...facts, clocks: supervised }, { kind: 'order_done', id: 'o' }, startedAt, rules)?.calendar,
    ).toBe('official');
    // Orders from before the standing was kept still parse.
    const { calendar: _, ...before } = order;
    expect(clocksAfter(facts, { kind: 'order', order: before }, startedAt, rules)?.calendar).toBe('official');
    const safe = startMakeSafe(clocks, null, beijing('2027-12-31 10:00'), rules);
    expect(safe?.calendar).toBe('missing');
  });

  it('is told of a 退单 that is answered by rule in it', () => {
    const clocks = walk([
      ['2027-12-30 10:00', 'accept'],
      ['2027-12-30 11:30', 'dispatch'],
    ]);
    const asked = clocksAfter(
      { clocks, acceptedAt: null, matter: null },
      { kind: 'return' },
      beijing('2027-12-31 10:00'),
      rules,
    );
    expect(asked?.run).toMatchObject({ scale: 'real', calendar: 'missing' });
  });
});

describe('from acceptance to the end', () => {
  it('waits for dispatch, signing, handling and callback in turn', () => {
    const steps: [string, ClockAction['kind']][] = [['2026-09-28 10:00', 'accept']];
    expect(shown(walk(steps))).toEqual({
      stage: 'dispatch',
      shown: 'stage',
      due: '2026-09-28 12:00',
      close: '2026-10-10 10:00',
    });
    steps.push(['2026-09-28 11:00', 'send_to_dispatch'], ['2026-09-28 11:30', 'dispatch']);
    expect(shown(walk(steps))).toMatchObject({ stage: 'sign', shown: 'stage', due: '2026-09-29 11:30' });
    steps.push(['2026-09-28 15:00', 'sign']);
    expect(shown(walk(steps))).toMatchObject({ stage: 'handle', shown: 'close', due: '2026-10-10 10:00' });
    steps.push(['2026-09-30 09:00', 'reply']);
    expect(shown(walk(steps))).toMatchObject({ stage: 'callback', shown: 'stage', due: '2026-10-08 09:00' });
    steps.push(['2026-09-30 09:01', 'send_to_callback'], ['2026-10-08 08:00', 'close']);
    const closed = walk(steps);
    expect(shown(closed)).toMatchObject({ stage: 'done', shown: null, due: null });
    // On time: the unit replied before the limit ran out, whenever the callback was.
    expect(closed?.metAt).toBe(beijing('2026-09-30 09:00'));
  });

  it('sets no clock for what was answered on the spot or handed to the emergency services', () => {
    expect(walk([['2026-09-28 10:00', 'answer_directly']])).toBeNull();
    expect(walk([['2026-09-28 10:00', 'hand_off']])).toBeNull();
  });

  it('gives a ticket accepted before there were clocks its limits with the next action, from acceptance', () => {
    const matter = { categoryCode: null, type: 'complaint', urgency: 'normal' } as const;
    const acceptedAt = beijing('2026-03-02 10:00');
    const facts = { clocks: null, acceptedAt, matter };
    const clocks = clocksAfter(facts, { kind: 'sign' }, beijing('2026-03-03 09:00'), rules);
    expect(shown(clocks)).toMatchObject({ stage: 'handle', due: '2026-03-09 10:00' });
    expect(clocksAfter({ ...facts, matter: null }, { kind: 'sign' }, acceptedAt, rules)).toBeNull();
  });
});

describe('the limits of a matter', () => {
  it.each<[Start, string, string, string]>([
    [{ type: 'consult' }, '2026-03-02 12:00', '2026-03-05 10:00', '江苏 咨询 3'],
    [{}, '2026-03-02 12:00', '2026-03-09 10:00', '江苏 5'],
    [{ urgency: 'urgent' }, '2026-03-02 10:05', '2026-03-09 10:00', '紧急: 5 分钟派单'],
    [{ urgency: 'critical' }, '2026-03-02 10:05', '2026-03-09 10:00', '特急'],
    [{ set: 'shanghai', type: 'consult' }, '2026-03-02 12:00', '2026-03-03 10:00', '上海 1'],
    [{ set: 'shanghai' }, '2026-03-02 12:00', '2026-03-09 10:00', '上海 5'],
    [{ set: 'beijing', urgency: 'critical' }, '2026-03-02 10:05', '2026-03-02 12:00', '北京 2 小时'],
    [{ set: 'beijing', urgency: 'urgent' }, '2026-03-02 10:05', '2026-03-03 10:00', '北京 24 小时'],
    [{ set: 'beijing' }, '2026-03-02 12:00', '2026-03-09 10:00', '北京 7 天'],
    [{ set: 'nowhere' }, '2026-03-02 12:00', '2026-03-09 10:00', 'a set this build does not know'],
  ])('%j: dispatch %s, close %s (%s)', (start, dispatch, close) => {
    const clocks = walk([['2026-03-02 10:00', 'accept']], start);
    expect(formatBeijing(clocks?.run?.dueAt ?? 0)).toBe(dispatch);
    expect(formatBeijing(clocks?.close.dueAt ?? 0)).toBe(close);
  });

  it.each<[string, Start, string]>([
    ['danger to life', { set: 'tianjin', urgency: 'critical' }, '2026-03-06 17:15'],
    ['anything else', { set: 'tianjin' }, '2026-03-09 17:00'],
  ])('Tianjin-style signing of %s', (_, start, due) => {
    const clocks = walk(
      [
        ['2026-03-06 16:00', 'accept'],
        ['2026-03-06 17:00', 'dispatch'],
      ],
      start,
    );
    expect(shown(clocks)).toMatchObject({ stage: 'sign', due });
  });
});

describe('pauses', () => {
  const handled = [
    ['2026-03-02 10:00', 'accept'],
    ['2026-03-02 11:00', 'dispatch'],
    ['2026-03-02 12:00', 'sign'],
  ] as const;

  it('挂账 stops the close limit, is looked at again after 30 days, and leaves what was left', () => {
    const paused = walk([...handled, ['2026-03-04 10:00', { kind: 'put_on_account', days: 30 }]]);
    expect(shown(paused)).toMatchObject({ stage: 'recheck', shown: 'stage', due: '2026-04-03 10:00' });
    expect(paused && clockStateAt(paused, beijing('2026-03-20 10:00'))).toBe('paused');
    expect(paused && clockStateAt(paused, beijing('2026-04-03 10:00'))).toBe('overdue');
    // Three of five working days were left; they begin on a Friday before 清明.
    const resumed = walk([
      ...handled,
      ['2026-03-04 10:00', { kind: 'put_on_account', days: 30 }],
      ['2026-04-03 10:00', 'resume'],
    ]);
    expect(shown(resumed)).toMatchObject({ stage: 'handle', shown: 'close', due: '2026-04-09 10:00' });
    expect(resumed?.pausedSince).toBeNull();
  });

  it('waiting for the citizen stops it, too, and nothing else runs', () => {
    const waiting = walk([...handled, ['2026-03-03 10:00', { kind: 'wait_for_citizen' }]]);
    expect(shown(waiting)).toMatchObject({ stage: 'handle', shown: null, due: null });
    expect(waiting && clockStateAt(waiting, beijing('2027-01-01 00:00'))).toBe('paused');
    const answered = walk([
      ...handled,
      ['2026-03-03 10:00', { kind: 'wait_for_citizen' }],
      ['2026-03-05 10:00', { kind: 'citizen_answered' }],
    ]);
    expect(shown(answered)).toMatchObject({ due: '2026-03-11 10:00' });
  });

  it('does not bring back a limit that had run out before', () => {
    const clocks = walk([
      ...handled,
      ['2026-03-16 10:00', { kind: 'put_on_account', days: 30 }],
      ['2026-03-20 10:00', 'resume'],
    ]);
    expect(shown(clocks)).toMatchObject({ due: '2026-03-09 10:00' });
  });
});

describe('until when a unit may ask to give it back', () => {
  const given: [string, ClockAction | ClockAction['kind']][] = [
    ['2026-03-02 10:00', 'accept'],
    ['2026-03-02 10:30', 'dispatch'],
  ];
  const by = (steps: Parameters<typeof walk>[0], start: Start = {}) => {
    const { returnBy } = walk(steps, start) ?? {};
    return returnBy === undefined ? null : formatBeijing(returnBy);
  };

  it('two working days from its dispatch, whatever it has done since; before a dispatch there is no such limit', () => {
    expect(by(given.slice(0, 1))).toBeNull();
    expect(by(given)).toBe('2026-03-04 10:30');
    expect(by([...given, ['2026-03-03 09:00', 'sign']])).toBe('2026-03-04 10:30');
    expect(by(given, { urgency: 'critical' })).toBe('2026-03-04 10:30');
    expect(
      by([
        ['2026-09-30 10:00', 'accept'],
        ['2026-09-30 11:00', 'dispatch'],
      ]),
    ).toBe('2026-10-09 11:00');
  });

  it('a 退单 that was refused leaves it as it was; another dispatch and a 重办 begin it again', () => {
    const back: typeof given = [...given, ['2026-03-03 09:00', 'return']];
    expect(by([...back, ['2026-03-03 15:00', 'refuse_return']])).toBe('2026-03-04 10:30');
    const again: typeof given = [...back, ['2026-03-03 15:00', 'approve_return'], ['2026-03-03 16:00', 'dispatch']];
    expect(by(again)).toBe('2026-03-05 16:00');
    const redone: typeof given = [
      ['2026-03-04 09:00', 'sign'],
      ['2026-03-06 10:00', 'reply'],
      ['2026-03-09 14:00', 'redo'],
    ];
    expect(by([...again, ...redone])).toBe('2026-03-11 14:00');
  });

  it('stands still with the other limits', () => {
    const paused: typeof given = [...given, ['2026-03-03 10:30', 'sign'], ['2026-03-03 10:30', 'wait_for_citizen']];
    expect(by([...paused, ['2026-03-10 10:30', 'citizen_answered']])).toBe('2026-03-11 10:30');
  });
});

describe('extension, return, redo', () => {
  it('is extended by the working days that were granted', () => {
    const clocks = walk([
      ['2026-09-28 10:00', 'accept'],
      ['2026-09-28 11:00', 'dispatch'],
      ['2026-09-28 12:00', 'sign'],
      ['2026-09-30 10:00', 'ask_extension'],
      ['2026-09-30 11:00', { kind: 'decide_extension', days: 10 }],
    ]);
    // 29, 30, 8, 9, 10 are the five; 12–16 and 19–23 the ten.
    expect(shown(clocks)).toMatchObject({ stage: 'handle', due: '2026-10-23 10:00' });
    // The last three of fifteen working days.
    expect(formatBeijing(clocks?.nearAt ?? 0)).toBe('2026-10-20 10:00');
    expect(clocks?.extendedDays).toBe(10);
  });

  it('leaves the limit alone when the extension is refused', () => {
    const clocks = walk([
      ['2026-09-28 10:00', 'accept'],
      ['2026-09-30 11:00', { kind: 'decide_extension', days: 0 }],
    ]);
    expect([clocks?.extendedDays, shown(clocks).close]).toEqual([0, '2026-10-10 10:00']);
  });

  it('starts the dispatch limit again with a return; the close limit goes on', () => {
    const steps: [string, ClockAction['kind']][] = [
      ['2026-03-02 10:00', 'accept'],
      ['2026-03-02 11:00', 'dispatch'],
      ['2026-03-03 09:00', 'return'],
    ];
    expect(shown(walk(steps))).toMatchObject({ stage: 'return', due: '2026-03-03 11:00', close: '2026-03-09 10:00' });
    steps.push(['2026-03-03 10:00', 'approve_return']);
    expect(shown(walk(steps))).toMatchObject({ stage: 'dispatch', due: '2026-03-03 12:00', close: '2026-03-09 10:00' });
  });

  it('counts a new close limit from the 重办, in the next round', () => {
    const clocks = walk([
      ['2026-03-02 10:00', 'accept'],
      ['2026-03-02 11:00', 'dispatch'],
      ['2026-03-02 12:00', 'sign'],
      ['2026-03-03 10:00', { kind: 'decide_extension', days: 5 }],
      ['2026-03-04 10:00', 'reply'],
      ['2026-03-06 10:00', 'redo'],
      ['2026-03-06 10:00', 'resume'],
    ]);
    expect(shown(clocks)).toMatchObject({ stage: 'handle', due: '2026-03-13 10:00' });
    expect([clocks?.round, clocks?.metAt]).toEqual([2, null]);
    expect(clocks?.extendedDays).toBe(0);
  });

  it('begins with dispatch again when a 并单 is taken back', () => {
    const clocks = walk([
      ['2026-03-02 10:00', 'accept'],
      ['2026-03-02 11:00', 'merge'],
      ['2026-03-03 09:00', 'unmerge'],
    ]);
    expect(shown(clocks)).toMatchObject({ stage: 'dispatch', due: '2026-03-03 11:00', close: '2026-03-09 10:00' });
  });
});

describe('what ends otherwise than by an answer', () => {
  it.each(['refuse', 'merge', 'hand_off'] as const)('%s ends the limits, and none of them counts as met', (kind) => {
    const clocks = walk([
      ['2026-03-02 10:00', 'accept'],
      ['2026-03-02 11:00', kind],
    ]);
    expect(shown(clocks)).toMatchObject({ stage: 'done', shown: null, due: null });
    expect(clocks?.metAt).toBeNull();
  });
});

describe('a correction before the dispatch', () => {
  const urgentNow = { categoryCode: null, type: 'complaint', urgency: 'urgent' } as const;
  const amend = (clocks: TicketClocks | null) =>
    clocksAfter({ clocks, acceptedAt: null, matter: urgentNow }, { kind: 'amend' }, beijing('2026-03-05 10:00'), rules);

  it('chooses the limits again from their beginnings', () => {
    expect(shown(amend(walk([['2026-03-02 10:00', 'accept']])))).toMatchObject({
      due: '2026-03-02 10:05',
      close: '2026-03-09 10:00',
    });
  });

  it('keeps the pause and the extension of an earlier round', () => {
    const returned = [
      ['2026-03-02 10:00', 'accept'],
      ['2026-03-02 11:00', 'dispatch'],
      ['2026-03-02 12:00', 'sign'],
      ['2026-03-03 10:00', { kind: 'decide_extension', days: 5 }],
      ['2026-03-03 12:00', { kind: 'put_on_account', days: 30 }],
      ['2026-03-04 12:00', 'resume'],
      ['2026-03-04 13:00', 'return'],
      ['2026-03-05 09:00', 'approve_return'],
    ] as const;
    expect(shown(walk(returned))).toMatchObject({ due: '2026-03-05 11:00', close: '2026-03-17 10:00' });
    expect(shown(amend(walk(returned)))).toMatchObject({ due: '2026-03-05 09:05', close: '2026-03-17 10:00' });
  });

  it('leaves what went to a unit the limits it was given', () => {
    const dispatched = walk([
      ['2026-03-02 10:00', 'accept'],
      ['2026-03-02 11:00', 'dispatch'],
    ]);
    expect(amend(dispatched)).toEqual(dispatched);
  });
});

describe('supervision orders', () => {
  const order = {
    id: 'o1',
    startedAt: beijing('2026-03-03 10:00'),
    nearAt: beijing('2026-03-03 16:00'),
    dueAt: beijing('2026-03-04 10:00'),
  };
  const steps = [
    ['2026-03-02 10:00', 'accept'],
    ['2026-03-02 11:00', 'dispatch'],
    ['2026-03-02 12:00', 'sign'],
    ['2026-03-03 10:00', { kind: 'order', order }],
  ] as const;

  it('show their own due time and change nothing under it', () => {
    const clocks = walk(steps);
    expect(shown(clocks)).toMatchObject({ shown: 'order', due: '2026-03-04 10:00', close: '2026-03-09 10:00' });
    const done = walk([...steps, ['2026-03-04 09:00', { kind: 'order_done', id: 'o1' }]]);
    expect(shown(done)).toMatchObject({ stage: 'handle', shown: 'close', due: '2026-03-09 10:00' });
  });

  it('run on while the ticket waits for the citizen', () => {
    const clocks = walk([...steps, ['2026-03-03 11:00', { kind: 'wait_for_citizen' }]]);
    expect(shown(clocks)).toMatchObject({ shown: 'order', due: '2026-03-04 10:00' });
  });
});

it('tells 正常, 临近 and 超期 apart by two comparisons', () => {
  const clocks = { nearAt: 800, dueAt: 1_000, pausedSince: null };
  expect([0, 799, 800, 999, 1_000].map((now) => clockStateAt(clocks, now))).toEqual([
    'normal',
    'normal',
    'near',
    'near',
    'overdue',
  ]);
  expect(clockStateAt({ nearAt: null, dueAt: null, pausedSince: null }, 5)).toBeNull();
});
