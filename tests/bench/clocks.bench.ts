/** How many tickets a second can be told apart by their limits, and what setting and moving limits costs. */

import { spanLeft, summarizeClocks } from '#shared/domain/clock/clock-summary.ts';
import { type ClockAction, clocksAfter } from '#shared/domain/clock/clocks-after.ts';
import { shippedCalendarYears } from '#shared/domain/clock/shipped-calendar.ts';
import { shippedClockRules } from '#shared/domain/clock/shipped-clock-rules.ts';
import { clockStateAt, type TicketClocks } from '#shared/domain/clock/ticket-clocks.ts';
import { createWorkCalendar } from '#shared/domain/clock/work-calendar.ts';
import { createRandom } from './support/bench-tickets.ts';
import { ms, percentile, printTable, sample } from './support/report.ts';

const TICKETS = 1_000_000;
const ROUNDS = 5;
const YEAR_MS = 365 * 86_400_000;
const START = Date.parse('2026-01-01T00:00:00+08:00');

const rules = shippedClockRules();
const random = createRandom(5);
const matters = (['consult', 'complaint'] as const).flatMap((type) =>
  (['normal', 'urgent', 'critical'] as const).map((urgency) => ({ categoryCode: null, type, urgency })),
);
const after = (clocks: TicketClocks | null, kind: 'accept' | 'dispatch' | 'sign', at: number, index: number) => {
  const matter = matters[index % matters.length] ?? null;
  return clocksAfter({ clocks, acceptedAt: at, matter }, { kind } satisfies ClockAction, at, rules);
};

const starts = Float64Array.from({ length: TICKETS }, () => START + Math.floor(random() * YEAR_MS));
const open: TicketClocks[] = [];
const setting = sample(1, () => {
  starts.forEach((at, index) => {
    const clocks = after(null, 'accept', at, index);
    if (clocks) open.push(clocks);
  });
});
const moving = sample(1, () => {
  open.forEach((clocks, index) => {
    open[index] = after(clocks, 'sign', (starts[index] ?? 0) + 3_600_000, index) ?? clocks;
  });
});
const lines = open.flatMap((clocks) => summarizeClocks(clocks) ?? []);

const counts = { normal: 0, near: 0, overdue: 0, paused: 0 };
const telling = sample(ROUNDS, (round) => {
  const now = START + (round + 0.5) * (YEAR_MS / ROUNDS);
  for (const line of lines) {
    const state = clockStateAt(line, now);
    if (state) counts[state]++;
  }
});
let left = 0;
const wording = sample(ROUNDS, (round) => {
  const now = START + (round + 0.5) * (YEAR_MS / ROUNDS);
  for (const { dueAt, scale } of lines) {
    if (dueAt !== null) left += spanLeft({ dueAt, scale }, now, rules.calendar.toWorkTime).count;
  }
});
const calendars = sample(20, () => {
  createWorkCalendar(shippedCalendarYears());
});

const rate = (times: readonly number[]) => (TICKETS / percentile(times, 0.5)) * 1_000;
const perSecond = (times: readonly number[]) => `${Math.round(rate(times)).toLocaleString('en')} tickets/s`;
printTable(
  `Limits: ${TICKETS.toLocaleString('en')} open tickets (${counts.normal} in time, ${counts.near} near, ${counts.overdue} overdue in ${ROUNDS} rounds)`,
  [
    {
      what: '正常, 临近 or 超期 at a moment',
      measured: perSecond(telling),
      target: '≥ 1,000,000 tickets/s',
      met: rate(telling) >= 1_000_000,
    },
    {
      what: `how much is left or over, in words' numbers (${Math.round(left / TICKETS / ROUNDS)} working days on average)`,
      measured: perSecond(wording),
      target: '',
      met: null,
    },
    { what: 'setting the limits of a new ticket', measured: perSecond(setting), target: '', met: null },
    { what: 'moving them on at an action', measured: perSecond(moving), target: '', met: null },
    { what: 'reading the calendars, p50', measured: ms(percentile(calendars, 0.5)), target: '', met: null },
  ],
);
