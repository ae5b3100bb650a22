import type { Catalogue } from '../catalogue.ts';

/** Texts of the frame around every page: names of pages, notices, what is said when a screen broke. */
export const enApp: Catalogue['app'] = {
  name: '12345 Hotline Console',
  demo: 'Demo',
  demoHint: 'Demo environment: all data is invented and never syncs to a production server',
  loading: 'Opening…',
  pages: {
    workbench: 'Desk',
    mine: 'My tickets',
    queue: 'Queues',
    quality: 'Quality',
    board: 'Board',
    reminders: 'Reminders',
    calls: 'Calls',
    search: 'Search',
    knowledge: 'Knowledge',
    outbox: 'Outbox',
    settings: 'Settings',
    forms: 'Form preview',
  },
  nav: 'Main navigation',
  close: 'Close',
  undo: 'Undo',
  dismiss: 'Dismiss',
  lock: 'Lock',
  lockFailed:
    'Some text is not on this computer’s disk yet, so the console stays open. Lock it once saving has worked.',
  crashed: {
    title: 'The screen ran into an error',
    kept: 'Nothing you typed is lost. Drafts on disk: {{saved}}; held in memory, to be saved once the screen is open again: {{unsaved}}.',
    action: 'Choose “Reopen the screen” to go on. If it keeps happening, give the details below to your administrator.',
    reopen: 'Reopen the screen',
  },
};
