import type { Catalogue } from '../catalogue.ts';

/** Texts of limits: what is left of them, and what moved them. */
export const enClock: Catalogue['clock'] = {
  title: 'Limits',
  column: 'Time left',
  now: 'Now',
  state: {
    normal: 'In time',
    near: 'Nearly due (four fifths used)',
    overdue: 'Overdue',
    paused: 'Paused',
  },
  // w.d.: working days.
  tag: {
    normal: 'In time: {{time}} left',
    near: 'Near: {{time}} left',
    overdue: 'Overdue: {{time}}',
    paused: 'Paused',
  },
  span: {
    minutes: '{{count}} min',
    hours: '{{count}} h',
    days: '{{count}} d',
    workdays: '{{count}} w.d.',
    underWorkday: 'less than {{count}} w.d.',
  },
  // For a column of a small screen; the words in full are in the hint.
  short: { normal: 'OK: {{time}}', near: 'Near: {{time}}', overdue: '{{time}} over', paused: 'Paused' },
  shortSpan: {
    minutes: '{{count}} min',
    hours: '{{count}} h',
    days: '{{count}} d',
    workdays: '{{count}} w.d.',
    underWorkday: '< {{count}} w.d.',
  },
  what: {
    dispatch: 'Dispatch',
    sign: 'Signing',
    handle: 'Handling',
    return: 'Review of the return',
    joint_review: 'Joint review',
    recheck: 'Re-check',
    callback: 'Callback',
    done: 'Closing',
    close: 'Closing',
    make_safe: 'Make safe',
    order: 'Supervision order',
  },
  returnable: 'May be returned',
  until: '{{what}} due: {{time}} (Beijing time)',
  by: 'by {{time}}',
  byWithPause: 'by {{time}} before the pause, which does not count',
  metInTime: 'by {{time}}; met in time, {{met}}',
  metLate: 'by {{time}}; met late, {{met}}',
  ended: 'ended, no longer counted',
  paused: 'Paused',
  pausedFor: { on_account: 'on account, not counting', citizen: 'waiting for the citizen, not counting' },
  pausedSince: 'since {{time}}: {{why}}',
  extended: 'Extended by',
  round: 'Round',
  roundText: 'Round {{count}}',
  reminders: 'Reminders',
  rule: 'Rule',
  calendar: {
    provisional:
      'The make-up days of a year behind this limit are not known yet: it is counted by statutory holidays only and may change.',
    missing:
      'There is no holiday data for a year behind this limit: it is counted Monday to Friday. Please check by hand.',
  },
};
