import type { Catalogue } from '../catalogue.ts';

/** Texts of the command palette. */
export const enPalette: Catalogue['palette'] = {
  open: 'Find',
  label: 'Command palette',
  placeholder: 'Find a ticket, citizen, article, page or action',
  pages: 'Pages',
  actions: 'Actions',
  people: 'Citizens',
  tickets: 'Tickets',
  articles: 'Knowledge',
  none: 'Nothing matches',
  hint: '↑ ↓ choose   Enter runs   Esc closes',
};
