import { describe, expect, it } from 'vitest';
import type { BoardSeat } from '#shared/domain/board/board.ts';
import { type AlarmFacts, type AlarmKind, criticalAllowedMs, findAlarms } from '#shared/domain/board/board-alarms.ts';
import { readBoardRules, shippedBoardRules } from '#shared/domain/board/shipped-board-rules.ts';
import { MINUTE_MS } from '#shared/domain/clock/beijing-day.ts';
import type { TicketId } from '#shared/kernel/ids.ts';

const NOW = Date.UTC(2026, 10, 26, 2);
const rules = shippedBoardRules();

function seat(over: Partial<BoardSeat> = {}): BoardSeat {
  return {
    seat: '1001',
    name: '林晓雯',
    role: 'agent',
    position: 'ready',
    reason: null,
    since: NOW,
    call: null,
    waiting: 0,
    reportedAt: NOW,
    isSilent: false,
    ...over,
  };
}
const NONE = { count: 0, tickets: [] };
const facts = (over: Partial<AlarmFacts> = {}): AlarmFacts => ({
  now: NOW,
  seats: [seat()],
  waiting: { count: 0, longestMs: 0 },
  critical: NONE,
  overdueOrders: NONE,
  newOverdue: NONE,
  ...over,
});
const kinds = (over: Partial<AlarmFacts>): readonly AlarmKind[] =>
  findAlarms(rules, facts(over)).map(({ kind }) => kind);
const ticket = (acceptedAt: number) => ({ uid: `t${acceptedAt}` as TicketId, number: 1, acceptedAt });

describe('the alarms of the board', () => {
  it('are silent while all is well, and at every limit itself', () => {
    expect(kinds({})).toEqual([]);
    expect(kinds({ waiting: { count: 3, longestMs: 30_999 } })).toEqual([]);
    expect(kinds({ seats: [seat(), seat({ position: 'break', since: NOW - 15 * MINUTE_MS })] })).toEqual([]);
    expect(kinds({ newOverdue: { count: 4, tickets: [] } })).toEqual([]);
  });

  it('tell of calls that wait, how many and how long', () => {
    expect(kinds({ waiting: { count: 4, longestMs: 31_000 } })).toEqual(['calls-waiting', 'longest-wait']);
  });

  it('tell that nobody is 空闲 when somebody is there at all; who signed out or is 失联 is not there', () => {
    const talking = seat({ position: 'talking' });
    expect(kinds({ seats: [talking] })).toEqual(['nobody-ready']);
    expect(kinds({ seats: [talking, seat({ seat: '1002' })] })).toEqual([]);
    expect(kinds({ seats: [] })).toEqual([]);
    expect(kinds({ seats: [seat({ position: 'signed-out' })] })).toEqual([]);
    expect(kinds({ seats: [talking, seat({ seat: '1002', isSilent: true })] })).toEqual([
      'nobody-ready',
      'silent-seats',
    ]);
  });

  it('name the seats whose 小休 or 整理 lasts too long, by the longest', () => {
    const late = seat({ seat: '1002', position: 'break', since: NOW - 20 * MINUTE_MS });
    const later = seat({ seat: '1003', position: 'break', since: NOW - 40 * MINUTE_MS });
    const [found] = findAlarms(
      rules,
      facts({ seats: [seat(), late, later, seat({ seat: '1004', position: 'break' })] }),
    );
    expect(found).toMatchObject({ kind: 'long-break', level: 'warn', value: 40, seats: ['1002', '1003'] });
    expect(kinds({ seats: [seat(), seat({ position: 'wrap-up', since: NOW - 4 * MINUTE_MS })] })).toEqual([
      'long-wrap-up',
    ]);
  });

  it('name the tickets: 特急 that wait, 督办 and limits that ran out; the grave ones first', () => {
    const two = { count: 60, tickets: [ticket(1), ticket(2)] };
    const old = ticket(NOW - 9 * MINUTE_MS);
    const critical = { count: 70, tickets: [old, ticket(NOW - 6 * MINUTE_MS)] };
    const found = findAlarms(rules, facts({ critical, overdueOrders: two, newOverdue: two }));
    expect(found.map(({ kind, level }) => [kind, level])).toEqual([
      ['critical-waiting', 'bad'],
      ['order-overdue', 'bad'],
      ['new-overdue', 'warn'],
    ]);
    expect(found[0]).toMatchObject({ value: 9, ticketCount: 70, tickets: critical.tickets });
    expect(found[2]).toMatchObject({ value: 60, ticketCount: 60, tickets: two.tickets });
  });

  it('leave out what no rule is for, and say where each limit comes from', () => {
    const none = readBoardRules({ ...rules, alarms: [] });
    expect([criticalAllowedMs(rules), criticalAllowedMs(none)]).toEqual([5 * MINUTE_MS, null]);
    expect(findAlarms(none, facts({ waiting: { count: 99, longestMs: 99_000 } }))).toEqual([]);
    expect(rules.alarms.every(({ source }) => source.length > 4)).toBe(true);
    const [first] = rules.alarms;
    expect(() => readBoardRules({ ...rules, alarms: [first, first] })).toThrow(/board-rules\.json.*given twice/s);
    expect(() => readBoardRules({ ...rules, alarms: [{ ...first, limit: 0 }] })).toThrow(/alarms\[0\]\.limit/);
  });
});
