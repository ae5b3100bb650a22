import { implement } from '@orpc/server';
import { dataContract } from '#shared/contract/data.contract.ts';
import { acknowledgeReminders, listReminders } from '../services/reminder.service.ts';
import type { Session } from '../session/session.ts';
import { OK } from './ok.ts';

/** Reminders of limits. Handlers only translate. */
export function createRemindersRoutes(session: Session) {
  const os = implement(dataContract).reminders;
  return {
    list: os.list.handler(() => listReminders(session.work())),
    acknowledge: os.acknowledge.handler(({ input }) => {
      acknowledgeReminders(session.work(), input.reminders);
      return OK;
    }),
  };
}
