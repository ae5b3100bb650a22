import { MOST_REMINDERS, type Reminder, type ReminderKey } from '#shared/contract/reminders.contract.ts';
import { DAY_MS } from '#shared/domain/clock/beijing-day.ts';
import { shippedCalendar } from '#shared/domain/clock/shipped-calendar.ts';
import { remindedAt, remindedSteps, remindedUntil } from '#shared/domain/reminder/reminder-rules.ts';
import { shippedReminderRules } from '#shared/domain/reminder/shipped-reminder-rules.ts';
import { findNextDue, listDueTickets, saveAcknowledged } from '../repositories/reminder.repository.ts';
import { listSummaries } from '../repositories/ticket-summary.ts';
import type { WorkContext } from './work-context.ts';

/** Acknowledgements are kept longer than any reminder is listed. */
const KEPT_MS = 120 * DAY_MS;
/** No timer runs longer: a workstation that slept finds its reminders soon after. */
const LONGEST_WAIT_MS = 10 * 60_000;
/** Changes of tickets come in crowds while a console syncs. */
const GATHER_MS = 2_000;

/** Reminders that have come and were not taken note of, the newest first: of each ticket the last one only. */
export function listReminders(ctx: WorkContext): { readonly reminders: Reminder[]; readonly hasMore: boolean } {
  const rules = shippedReminderRules();
  const calendar = shippedCalendar();
  const now = ctx.clock.now();
  const since = now - rules.listedDays * DAY_MS;
  const all: Omit<Reminder, 'ticket'>[] = [];
  const ids = new Map<string, number>();
  // A later step takes the place of an earlier one.
  let latest = Number.NEGATIVE_INFINITY;
  for (const days of remindedSteps(rules, ctx.user.role)) {
    const until = remindedUntil(now, days, calendar);
    const after = Math.max(latest, remindedUntil(since, days, calendar));
    latest = until;
    for (const { id, uid, dueAt, startedAt } of listDueTickets(ctx.db, days, after, until, MOST_REMINDERS + 1)) {
      const at = remindedAt(dueAt, days, calendar);
      // A limit shorter than the step: it was near from its beginning.
      if (at < startedAt) continue;
      all.push({ uid, days, dueAt, at });
      ids.set(uid, id);
    }
  }
  all.sort((a, b) => b.at - a.at);
  const shown = all.slice(0, MOST_REMINDERS);
  const rows = shown.flatMap(({ uid }) => ids.get(uid) ?? []);
  const tickets = new Map(listSummaries(ctx.db, rows, ctx.user.role).map((ticket) => [ticket.uid, ticket]));
  const reminders = shown.flatMap((one) => {
    const ticket = tickets.get(one.uid);
    return ticket ? [{ ...one, ticket }] : [];
  });
  return { reminders, hasMore: all.length > MOST_REMINDERS };
}

/** Takes note of reminders: they are not listed any more, for this person. */
export function acknowledgeReminders(ctx: WorkContext, reminders: readonly ReminderKey[]): void {
  const now = ctx.clock.now();
  ctx.write(() => ctx.db.transaction(() => saveAcknowledged(ctx.db, reminders, now, now - KEPT_MS)));
  ctx.announce(['reminders']);
}

/** When the first reminder after a moment comes, epoch ms; null for roles that are not reminded and while no limit runs. */
export function nextReminderAt(ctx: Pick<WorkContext, 'db' | 'user'>, after: number): number | null {
  const calendar = shippedCalendar();
  const moments = remindedSteps(shippedReminderRules(), ctx.user.role).flatMap((days) => {
    const due = findNextDue(ctx.db, remindedUntil(after, days, calendar));
    return due === null ? [] : [remindedAt(due, days, calendar)];
  });
  return moments.length === 0 ? null : Math.min(...moments);
}

/** Announces reminders at the moment they come, with one timer and without looking at the tickets in between. */
export interface ReminderWatch {
  /** Tickets changed: the next reminder may be another one. */
  wake(): void;
  stop(): void;
}

export function watchReminders(
  ctx: Pick<WorkContext, 'db' | 'user' | 'clock' | 'announce'>,
  onError: (error: unknown) => void,
): ReminderWatch {
  let timer: NodeJS.Timeout | null = null;
  let gathering: NodeJS.Timeout | null = null;
  const isReminded = remindedSteps(shippedReminderRules(), ctx.user.role).length > 0;

  let lookedAt = ctx.clock.now();
  const plan = () => {
    gathering = null;
    if (timer) clearTimeout(timer);
    try {
      const now = ctx.clock.now();
      const come = nextReminderAt(ctx, lookedAt);
      if (come !== null && come <= now) ctx.announce(['reminders']);
      lookedAt = now;
      const next = nextReminderAt(ctx, now);
      const wait = next === null ? LONGEST_WAIT_MS : Math.min(LONGEST_WAIT_MS, next - now);
      timer = setTimeout(plan, wait);
      timer.unref();
    } catch (error) {
      onError(error);
    }
  };
  const wake = () => {
    if (!isReminded || gathering) return;
    gathering = setTimeout(plan, GATHER_MS);
    gathering.unref();
  };
  wake();
  return {
    wake,
    stop: () => {
      if (timer) clearTimeout(timer);
      if (gathering) clearTimeout(gathering);
    },
  };
}
