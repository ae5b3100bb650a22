import type { Catalogue } from '../catalogue.ts';

/** Texts of the search page. */
export const enSearch: Catalogue['search'] = {
  label: 'Search',
  placeholder: 'Name, phone, address, ticket number, words or pinyin initials',
  hint: 'Chinese of any length, pinyin or initials of names and places, part of a number, house number, ticket number and provisional number all work; separate words by spaces. Conditions without words list the tickets that meet them.',
  empty: {
    title: 'Type what you look for',
    text: 'Tickets and citizens on this computer are searched, without a network.',
  },
  none: {
    title: 'Nothing found',
    text: 'Try other words, fewer characters or fewer conditions; tickets not synced to this computer yet cannot be found.',
  },
  found: 'Tickets found: {{count}}, newest first',
  foundAtLeast: 'At least {{count}} tickets, newest first',
  incomplete: 'The list may not be complete; more characters make it more exact',
  morePersons: 'First {{count}} only; add digits of the number or more of the name',
  indexing: 'Indexing, {{count}} tickets to go; older ones may be missing',
  failed: 'The search failed: {{reason}}',
  persons: 'Citizens',
  articles: 'Knowledge',
  tickets: 'Tickets',
  personTickets: 'Tickets: {{count}}, open: {{open}}',
  pick: { title: 'Choose a result', text: 'Use ↑ ↓ and Enter to see the details.' },
  filter: {
    label: 'Conditions',
    clear: 'Clear',
    any: 'Any',
    status: 'Status',
    category: 'Category',
    division: 'Place',
    period: 'Date',
    unit: 'Unit',
    agent: 'Agent',
    group: 'group of states',
    until: 'to',
    preset: {
      today: 'Today',
      yesterday: 'Yesterday',
      last7: 'Last 7 days',
      last30: 'Last 30 days',
      thisMonth: 'This month',
      thisYear: 'This year',
    },
  },
};
