/** Of reminders of limits. */
export const REMINDER_IDS = {
  reminderTable: 'reminder-table',
  reminderRow: (uid: string) => `reminder-row-${uid}`,
  reminderAcknowledge: 'reminder-acknowledge',
  reminderAcknowledgeAll: 'reminder-acknowledge-all',
  reminderNotice: 'reminder-notice',
  reminderNoticeDone: 'reminder-notice-done',
} as const;
