import type { Catalogue } from '../catalogue.ts';

export const enReminders: Catalogue['reminders'] = {
  step: { '-1': '1 working day before', '1': '1 working day after', '5': '5 working days after' },
  one: '{{no}} {{step}}',
  several: 'Reminders: {{count}}',
  acknowledge: 'Noted',
  acknowledgeAll: 'All noted',
  failed: 'It could not be kept, please try again; the reminder is still in the list.',
  count: '{{count}} in all',
  shown: 'the newest {{count}}',
  empty: {
    title: 'No reminders',
    text: 'Tickets one working day before their limit, and one and five after it, are listed here, without a network as well; after {{days}} days they stay in the queue of overdue ones only.',
  },
  column: { step: 'Reminder', no: 'Ticket', title: 'Title', unit: 'Unit', status: 'State', due: 'Limit' },
};
