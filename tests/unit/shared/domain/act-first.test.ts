import { expect, test } from 'vitest';
import { type Actable, actOnTicket, followParent } from '#shared/domain/act-on-ticket.ts';
import { keptAnswers } from '#shared/domain/callback/kept-callback.ts';
import { DAY_MS, HOUR_MS } from '#shared/domain/clock/beijing-day.ts';
import { clocksAfter } from '#shared/domain/clock/clocks-after.ts';
import { clocksAfterAct } from '#shared/domain/clock/clocks-after-act.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import { takeOverlay } from '#shared/domain/overlay/take-overlay.ts';
import type { Urgency } from '#shared/domain/ticket.ts';
import type { TicketAct } from '#shared/domain/ticket-act.ts';
import { NO_HANDLING } from '#shared/domain/ticket-handling.ts';
import { type EventId, newId } from '#shared/kernel/ids.ts';
import { SAMPLE_ACTS } from '#tests/support/sample-acts.ts';

const RULES = shippedClockRules();
/** A Thursday, 10:00 in Beijing. */
const NOW = Date.UTC(2026, 10, 26, 2);
const WHO = { role: 'lead', name: '顾若兰' } as const;
const ACTING: TicketAct = {
  action: 'dispatch',
  unit: '湖南路街道',
  coUnits: [],
  basis: 'acting',
  despiteReturn: false,
};

function ticket(over: Partial<Actable> = {}): Actable {
  const plain = { status: 'to_dispatch', unit: null, handling: NO_HANDLING, closedAt: null, link: null } as const;
  return { ...plain, replies: [], ...over };
}

function acted(before: Actable, act: TicketAct, at = NOW) {
  const result = actOnTicket(before, act, '权属不清', WHO, at);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

/** The clocks of a ticket of that urgency once a unit acts first. */
function clocksOf(urgency: Urgency) {
  const matter = { categoryCode: null, type: 'help', urgency } as const;
  const facts = { clocks: null, acceptedAt: NOW, matter };
  const clocks = clocksAfter(facts, { kind: 'accept' }, NOW, RULES);
  return clocksAfterAct({ ...ticket(), ...facts, clocks }, ACTING, acted(ticket(), ACTING), NOW, RULES);
}

test('a unit that acts first is not the owner; the ticket says since when the owner is not known', () => {
  const { handling, unit } = acted(ticket(), ACTING);
  expect(unit).toBe('湖南路街道');
  expect(handling?.ownership).toEqual({
    since: NOW,
    byName: '顾若兰',
    unit: '湖南路街道',
    safeAt: null,
    owner: null,
  });
});

test('消险 has a limit at once: 24 hours for what is urgent, the next working day otherwise', () => {
  expect(clocksOf('urgent')?.orders).toMatchObject([{ id: 'make_safe', dueAt: NOW + 24 * HOUR_MS }]);
  // Thursday to Friday, and over a weekend to Monday.
  expect(clocksOf('normal')?.orders).toMatchObject([{ id: 'make_safe', dueAt: NOW + DAY_MS }]);
});

test('another unit that acts first keeps what was found out, and the limit of 消险', () => {
  const first = acted(ticket(), ACTING);
  const again = acted({ ...first, status: 'to_dispatch' }, { ...ACTING, unit: '区城管局' }, NOW + HOUR_MS);
  expect(again.handling?.ownership).toMatchObject({ since: NOW, unit: '区城管局', owner: null });
});

test('a ticket whose owner is not clear is closed only after 消险 and 确权; what its citizen answers before is kept', () => {
  const marked = acted(ticket(), ACTING).handling?.ownership ?? null;
  const close = (safeAt: number | null, owner: string | null) => {
    const ownership = marked && { ...marked, safeAt, owner: owner === null ? null : { unit: owner, at: NOW } };
    const waiting = ticket({ status: 'to_callback', handling: { ...NO_HANDLING, ownership } });
    const result = actOnTicket(waiting, SAMPLE_ACTS.close, '', WHO, NOW);
    return result.ok ? result.value.status : result.error;
  };
  expect(close(null, null)).toBe('to_callback');
  expect(close(NOW, null)).toBe('to_callback');
  expect(close(null, '区园林所')).toBe('to_callback');
  expect(close(NOW, '区园林所')).toBe('closed');
  expect(actOnTicket(ticket({ status: 'to_callback' }), SAMPLE_ACTS.close, '', WHO, NOW).ok).toBe(true);
});

test('kept answers wait for the last stage, then the ticket is due in the call list; a 重办 leaves nothing of that behind', () => {
  const ownership = acted(ticket(), ACTING).handling?.ownership ?? null;
  const safe = ownership && { ...ownership, safeAt: NOW };
  const attempts = [{ at: NOW - DAY_MS, byName: '李敏' }];
  const before = ticket({ status: 'to_callback', handling: { ...NO_HANDLING, ownership: safe, attempts } });
  const kept = acted(before, SAMPLE_ACTS.close);
  expect(kept).toMatchObject({ status: 'to_callback', closedAt: null });
  expect(kept.steps).toMatchObject([{ action: 'close', from: 'to_callback', to: 'to_callback' }]);
  expect(keptAnswers(kept)).toMatchObject({ reached: true, solved: true, satisfied: true });
  expect(kept.handling).toMatchObject({ attempts: [], nextCall: { from: NOW + 30 * DAY_MS } });
  expect(keptAnswers(before)).toBeNull();

  const facts = { ...kept, clocks: null, overlays: [], matter: null };
  const owned = { step: 'owned', owner: '区园林所' } as const;
  const later = NOW + 2 * HOUR_MS;
  const id = newId<EventId>(later);
  const settled = takeOverlay(
    facts,
    id,
    owned,
    '档案载明',
    { role: 'lead', name: '顾若兰' },
    later,
    shippedClockRules(),
  );
  const { handling } = settled.ok ? settled.value : {};
  // Friday for what was settled on Thursday.
  expect(handling?.nextCall).toMatchObject({ from: later, to: later + DAY_MS });
  expect(keptAnswers({ status: 'to_callback', handling })).toMatchObject({ solved: true });

  const ready = { ...kept, handling };
  expect(acted(ready, SAMPLE_ACTS.close)).toMatchObject({ status: 'closed', handling: { nextCall: null } });
  const again = acted(ready, SAMPLE_ACTS.redo);
  expect(again).toMatchObject({ status: 'handling', handling: { nextCall: null } });
  expect(keptAnswers({ ...again, status: 'to_callback' })).toBeNull();
});

test('nothing of a ticket whose owner is not clear is closed by rule: not when nobody is called back, nor with the 母单 it is under', () => {
  const handling = { ...NO_HANDLING, ownership: acted(ticket(), ACTING).handling?.ownership ?? null };
  const unit = { role: 'unit', name: '湖南路街道' } as const;
  const before = ticket({ status: 'handling', unit: unit.name, handling });
  const replied = actOnTicket(before, SAMPLE_ACTS.reply, '险情已消除', unit, NOW, false);
  expect(replied.ok && replied.value.status).toBe('to_callback');
  const child = ticket({ status: 'merged', handling });
  const from = { unit: unit.name, words: '险情已消除' };
  expect(followParent(child, 'reply', from, NOW, false).status).toBe('to_callback');
  expect(followParent({ ...child, handling: NO_HANDLING }, 'reply', from, NOW, false).status).toBe('closed');
});

test('the 联席研判 that assigns a unit carries its record, and settles the owner it names', () => {
  const review = { members: ['政务办', '编办'], heldAt: NOW, decision: '由园林所管养', owner: '区园林所' };
  const before = ticket({ status: 'joint_review', handling: acted(ticket(), ACTING).handling });
  const { handling, unit } = acted(before, { ...SAMPLE_ACTS.assign, unit: '区园林所', review });
  expect(unit).toBe('区园林所');
  expect(handling?.ownership?.owner).toEqual({ unit: '区园林所', at: NOW });
  // Who acts first is not asked whose it is.
  expect(acted(before, { ...SAMPLE_ACTS.assign, unit: '区园林所' }).handling?.ownership?.owner).toBeNull();
});
