import { create } from 'zustand';
import type { Reminder } from '#shared/contract/reminders.contract.ts';

interface RemindersState {
  /** Reminders that have come and were not taken note of, as far as they are listed. */
  readonly count: number;
  /** Those that have come since this person sat down. */
  readonly fresh: readonly Reminder[];
}

/** What the frame around every page says of reminders. */
export const useRemindersStore = create<RemindersState>(() => ({ count: 0, fresh: [] }));
