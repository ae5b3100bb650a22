import { describe, expect, test } from 'vitest';
import {
  appealEnd,
  type CalibrationDoc,
  type CheckDoc,
  type Marks,
  NO_MARKS,
  spreadOf,
} from '#shared/domain/quality/check.ts';
import type { RecordOf, SyncedRecord } from '#shared/domain/record.ts';
import { ROLES, type Role } from '#shared/domain/roles.ts';
import type { OpId, TicketId, UserId } from '#shared/kernel/ids.ts';
import { type CheckOp, copyOfCheck, decideCheckOp } from '#shared/sync/check-ops.ts';
import { appealBody, FIVE_OFF, markBody, scoreBody, settleBody, startBody } from '#tests/support/checks.ts';

/** Monday 2026-11-23 10:00 in Beijing. */
const MONDAY = Date.UTC(2026, 10, 23, 2);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const id = (n: number) => `019a0000-0000-7000-8000-0000000000${String(n).padStart(2, '0')}`;
const [AGENT, FIRST, SECOND] = [id(1), id(2), id(3)] as [UserId, UserId, UserId];
const TICKET = {
  ticketUid: '019a0000-0000-7000-8000-000000abcdef' as TicketId,
  ticketNo: '20261122-00000012',
  agentId: AGENT,
  agentName: '林晓雯',
};

type Body = {
  readonly [K in CheckOp['kind']]: Pick<Extract<CheckOp, { kind: K }>, 'kind' | 'uid' | 'args'>;
}[CheckOp['kind']];
const op = (body: Body, at = MONDAY): CheckOp =>
  ({ ...body, s: 1, opId: id(90) as OpId, at, baseVersion: 0, hash: '0'.repeat(64) }) as CheckOp;
const person = (userId: UserId, role: Role) => ({
  id: userId,
  name: `${role}-${userId.slice(-1)}`,
  role,
  seat: '1001',
});
const decide = (record: SyncedRecord | null, body: Body, userId: UserId, role: Role, at = MONDAY, madeAt = at) =>
  decideCheckOp(record, op(body, madeAt), person(userId, role), at);
function done(...input: Parameters<typeof decide>): SyncedRecord {
  const verdict = decide(...input);
  if (verdict.kind !== 'changed') throw new Error(JSON.stringify(verdict));
  return verdict.record;
}

/** A check in each state, by the rules themselves. */
function statesOf(): Readonly<Record<'none' | 'scored' | 'appealed' | 'settled', RecordOf<'check'> | null>> {
  const scored = done(null, scoreBody(TICKET, id(10)), FIRST, 'quality') as RecordOf<'check'>;
  const copy = done(copyOfCheck(scored), appealBody(TICKET, id(11)), AGENT, 'agent') as RecordOf<'check_copy'>;
  const appealed = { ...scored, doc: copy.doc };
  const settled = done(appealed, settleBody(TICKET, id(12)), SECOND, 'lead') as RecordOf<'check'>;
  return { none: null, scored, appealed, settled };
}
const STATES = statesOf();
type State = keyof typeof STATES;

/** What becomes of each operation in each state, done by somebody who may: done, or why not. */
const TABLE: Readonly<Record<'score' | 'appeal' | 'settle', Readonly<Record<State, string>>>> = {
  score: { none: 'done', scored: 'ALREADY_CHECKED', appealed: 'ALREADY_CHECKED', settled: 'ALREADY_CHECKED' },
  appeal: { none: 'NOT_FOUND', scored: 'done', appealed: 'APPEAL_CLOSED', settled: 'APPEAL_CLOSED' },
  settle: { none: 'NOT_FOUND', scored: 'APPEAL_SETTLED', appealed: 'done', settled: 'APPEAL_SETTLED' },
};
const bodyOf = { score: scoreBody, appeal: appealBody, settle: settleBody } as const;

function outcomeOf(what: keyof typeof TABLE, state: State, userId: UserId, role: Role): string {
  const check = STATES[state];
  const record = what === 'appeal' && check ? copyOfCheck(check) : check;
  const verdict = decide(record, bodyOf[what](TICKET, id(20)), userId, role);
  return verdict.kind === 'refused' ? verdict.reason : verdict.kind === 'changed' ? 'done' : verdict.kind;
}

describe('who may do what about a check', () => {
  const triples = (Object.keys(TABLE) as (keyof typeof TABLE)[]).flatMap((what) =>
    (Object.keys(STATES) as State[]).flatMap((state) => ROLES.map((role) => [what, state, role] as const)),
  );
  test.each(triples)('%s of a check that is %s, by the role %s', (what, state, role) => {
    const may = what === 'appeal' || role === 'quality' || role === 'lead';
    const who = what === 'appeal' ? AGENT : SECOND;
    expect(outcomeOf(what, state, who, role)).toBe(may ? TABLE[what][state] : 'FORBIDDEN');
  });

  test('nobody scores or settles their own ticket, and only whose ticket it is appeals', () => {
    expect(outcomeOf('score', 'none', AGENT, 'lead')).toBe('OWN_TICKET');
    expect(outcomeOf('settle', 'appealed', AGENT, 'lead')).toBe('OWN_TICKET');
    expect(outcomeOf('appeal', 'scored', SECOND, 'agent')).toBe('FORBIDDEN');
  });

  test('who scored first does not settle the appeal', () => {
    expect(outcomeOf('settle', 'appealed', FIRST, 'quality')).toBe('SAME_CHECKER');
  });

  test('who comes later is told who was first', () => {
    expect(decide(STATES.scored, scoreBody(TICKET, id(30)), SECOND, 'lead')).toMatchObject({ detail: 'quality-2' });
    expect(decide(STATES.settled, settleBody(TICKET, id(31)), id(4) as UserId, 'lead')).toMatchObject({
      detail: 'lead-3',
    });
  });

  test('what is in the record already changes nothing', () => {
    expect(decide(STATES.scored, scoreBody(TICKET, id(10)), FIRST, 'quality')).toEqual({ kind: 'unchanged' });
    expect(decide(STATES.settled, settleBody(TICKET, id(12)), SECOND, 'lead')).toEqual({ kind: 'unchanged' });
  });
});

describe('the time to appeal', () => {
  const scored = () => copyOfCheck(STATES.scored as RecordOf<'check'>);
  const appeal = (at: number, madeAt: number) =>
    decide(scored(), appealBody(TICKET, id(40)), AGENT, 'agent', at, madeAt).kind;

  test('is three working days: of a Thursday it goes over the weekend, of the eve of 国庆 over the holidays', () => {
    expect(appealEnd(MONDAY)).toBe(MONDAY + 3 * DAY);
    const thursday = MONDAY + 3 * DAY;
    expect(appealEnd(thursday)).toBe(thursday + 5 * DAY);
    // 2026-09-30 10:00; 10-01 to 10-07 are off, 10-10 is worked.
    expect(appealEnd(Date.UTC(2026, 8, 30, 2))).toBe(Date.UTC(2026, 9, 10, 2));
  });

  test('ends to the millisecond', () => {
    const end = appealEnd(MONDAY);
    expect(appeal(end, end)).toBe('changed');
    expect(appeal(end + 1, end + 1)).toBe('refused');
  });

  test('counts for what was written in time and came late for want of a network; both times stay', () => {
    const end = appealEnd(MONDAY);
    const record = done(
      scored(),
      appealBody(TICKET, id(41)),
      AGENT,
      'agent',
      end + 2 * DAY,
      end - HOUR,
    ) as RecordOf<'check_copy'>;
    expect(record.doc.appeal).toMatchObject({ at: end + 2 * DAY, madeAt: end - HOUR });
  });

  test('is not won by a clock that was set back: later than 72 hours, or as if written before the score, it is closed', () => {
    const end = appealEnd(MONDAY);
    expect(appeal(end - HOUR + 3 * DAY, end - HOUR)).toBe('changed');
    expect(appeal(end - HOUR + 3 * DAY + 1, end - HOUR)).toBe('refused');
    expect(appeal(end + 1, MONDAY)).toBe('refused');
    const stretched = { ...scored(), doc: { ...scored().doc, appealUntil: MONDAY + DAY } };
    const late = (madeAt: number) =>
      decide(stretched, appealBody(TICKET, id(42)), AGENT, 'agent', MONDAY + DAY + HOUR, madeAt).kind;
    expect([MONDAY, MONDAY - 1].map(late)).toEqual(['changed', 'refused']);
    // A clock that is a little slow does no harm while it is in time at the server.
    expect(appeal(MONDAY + HOUR, MONDAY - HOUR)).toBe('changed');
  });
});

describe('marks', () => {
  const marked = (marks: Marks) => decide(null, scoreBody(TICKET, id(50), marks), FIRST, 'quality');
  const first = (marks: Marks) =>
    ((marked(marks) as { record: RecordOf<'check'> }).record.doc satisfies CheckDoc).first;
  const off = (item: string, points: number, reason = '理由') => ({ item, points, reason });

  test('come off the full hundred; eighty pass', () => {
    expect(first(NO_MARKS)).toMatchObject({ points: 100, passed: true });
    expect(first({ ...NO_MARKS, deductions: [off('policy', 20)] })).toMatchObject({ points: 80, passed: true });
    expect(first({ ...NO_MARKS, deductions: [off('policy', 20), off('greeting', 1)] })).toMatchObject({
      points: 79,
      passed: false,
    });
  });

  test('with a veto there are none at all', () => {
    expect(first({ ...NO_MARKS, vetoes: [{ veto: 'leak', reason: '报出了举报人' }] })).toMatchObject({
      points: 0,
      passed: false,
    });
  });

  test.each([
    ['more than the item gives', [off('greeting', 6)]],
    ['an item twice', [off('facts', 1), off('facts', 1)]],
    ['an item the sheet does not have', [off('smile', 1)]],
    ['no reason', [off('facts', 3, '  ')]],
  ])('%s is refused, naming the item', (_, deductions) => {
    expect(marked({ ...NO_MARKS, deductions })).toMatchObject({ kind: 'refused', reason: 'BAD_INPUT' });
  });

  test('on a sheet this build does not have are refused', () => {
    const body = scoreBody(TICKET, id(51));
    const verdict = decide(
      null,
      { ...body, args: { ...body.args, sheet: { id: 'ordinary', version: 9 } } },
      FIRST,
      'quality',
    );
    expect(verdict).toMatchObject({ reason: 'SHEET_UNKNOWN' });
  });

  test('for a uid that is not the ticket’s own are refused', () => {
    const verdict = decide(null, { ...scoreBody(TICKET, id(52)), uid: startBody(TICKET).uid }, FIRST, 'quality');
    expect(verdict).toMatchObject({ reason: 'BAD_INPUT', detail: 'uid' });
  });
});

describe('a calibration', () => {
  const opened = done(null, startBody(TICKET), FIRST, 'quality') as RecordOf<'calibration'>;

  test('has every checker once, the agent of the ticket never, and shows how far apart they are', () => {
    const one = done(opened, markBody(TICKET, id(60)), FIRST, 'quality') as RecordOf<'calibration'>;
    expect(decide(one, markBody(TICKET, id(60)), FIRST, 'quality')).toEqual({ kind: 'unchanged' });
    expect(decide(one, markBody(TICKET, id(61)), FIRST, 'quality')).toMatchObject({ reason: 'ALREADY_CHECKED' });
    expect(decide(one, markBody(TICKET, id(62)), AGENT, 'lead')).toMatchObject({ reason: 'OWN_TICKET' });
    const harder = { ...FIVE_OFF, deductions: [{ item: 'facts', points: 12, reason: '只写了路名' }] };
    const two = done(one, markBody(TICKET, id(63), harder), SECOND, 'lead') as RecordOf<'calibration'>;
    const apart = spreadOf(two.doc satisfies CalibrationDoc).filter(({ least, most }) => most > least);
    expect(apart).toEqual([{ item: 'facts', lost: [5, 12], least: 5, most: 12 }]);
  });

  test('opened twice is one', () => {
    expect(decide(opened, startBody(TICKET), SECOND, 'lead')).toEqual({ kind: 'unchanged' });
  });

  test.each(ROLES)('is the matter of 质检员 and 班长 alone: %s', (role) => {
    const may = role === 'quality' || role === 'lead';
    for (const [record, body] of [
      [null, startBody(TICKET)],
      [opened, markBody(TICKET, id(64))],
    ] as const) {
      expect(decide(record, body, SECOND, role).kind).toBe(may ? 'changed' : 'refused');
    }
  });
});
