import type { Catalogue } from '../catalogue.ts';

/** Texts of the sheet of shortcuts. */
export const enShortcuts: Catalogue['shortcuts'] = {
  title: 'Keyboard shortcuts',
  note: 'No shortcut fires while an input method composes.',
  groups: {
    call: 'Call',
    intake: 'Intake',
    go: 'Go to',
    triage: 'Queues (in the list)',
    oversight: 'Supervision (open ticket)',
    outbox: 'Outbox',
    app: 'General',
  },
  inList: 'In lists: ↑ ↓ or J K choose, Enter opens, Home / End jump',
  inTabs: 'On draft tabs: ← → switch, Delete discards (can be undone)',
};
