import type { Catalogue } from '../catalogue.ts';

/** Texts of times: ages, spans, what is left of a clock. */
export const enTime: Catalogue['time'] = {
  today: 'Today',
  yesterday: 'Yesterday',
  age: {
    now: 'just now',
    seconds: '{{count}} s ago',
    minutes: '{{count}} min ago',
    hours: '{{count}} h ago',
    days: '{{count}} d ago',
  },
  span: { seconds: '{{count}} s', minutes: '{{count}} min', hours: '{{count}} h', days: '{{count}} d' },
  left: '{{time}} left',
  overdue: '{{time}} overdue',
  duration: { hoursMinutes: '{{h}} h {{m}} min', minutesSeconds: '{{m}} min {{s}} s', seconds: '{{s}} s' },
  fullTitle: '{{time}} (Beijing time)',
};
