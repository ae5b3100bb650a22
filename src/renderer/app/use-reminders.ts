import { useEffect, useState } from 'react';
import { remindedSteps } from '#shared/domain/reminder/reminder-rules.ts';
import { shippedReminderRules } from '#shared/domain/reminder/shipped-reminder-rules.ts';
import type { Role } from '#shared/domain/roles.ts';
import { dataClient } from '../platform/data-client.ts';
import { useLiveQuery } from '../platform/live-query.ts';
import { useRemindersStore } from '../platform/reminders.store.ts';
import { clock } from '../ui/now.ts';

/** Whether somebody of a role is reminded of limits. */
export function isReminded(role: Role): boolean {
  return remindedSteps(shippedReminderRules(), role).length > 0;
}

/** Keeps count of the reminders of the person who is signed in. */
export function useReminders(role: Role): void {
  const reminded = isReminded(role);
  const [startedAt] = useState(() => clock.now());
  const { data } = useLiveQuery(
    ['reminders', 'tickets', 'session'],
    async () => (reminded ? (await dataClient.reminders.list()).reminders : []),
    [reminded],
  );
  useEffect(() => {
    const reminders = data ?? [];
    useRemindersStore.setState({ count: reminders.length, fresh: reminders.filter(({ at }) => at >= startedAt) });
  }, [data, startedAt]);
}
