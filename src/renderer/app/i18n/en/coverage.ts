import type { Catalogue } from '../catalogue.ts';

/** Texts about which tickets are on this computer and which are only at the server. */
export const enCoverage: Catalogue['coverage'] = {
  month: '{{year}}-{{month}}',
  settings: {
    title: 'Tickets on this computer',
    keep: 'Keep',
    months: 'Last {{count}} months',
    tickets: 'Up to {{count}}0,000',
    hint: 'Whole months are kept, beginning with the newest; this month always is. With a smaller choice, older tickets leave this computer at the next sync. Those with unsent work, drafts or something to decide stay, and so do your own that are not finished.',
    saved: 'Changed; it takes effect at the next sync',
    here: 'Here',
    hereText: 'since {{from}}, {{months}} months with {{tickets}} tickets',
    hereAll: 'all of them: {{months}} months with {{tickets}} tickets',
    hereUnknown: '{{tickets}} tickets; the server has not been asked yet what there is',
    outside: 'Not here',
    outsideText: '{{tickets}} before {{from}} ({{months}} months); they can be looked up online',
    outsideNone: 'none',
    seen: 'Kept besides',
    seenText: '{{count}} older tickets: looked at, or with unfinished work; they go when nobody looks for 30 days',
    size: 'Size on disk',
    age: 'Last sync',
  },
  status: 'since {{from}}',
  search: {
    notice: 'Only tickets since {{from}} are here; {{count}} older ones are not and can be looked up online.',
    ask: 'Look for older ones at the server',
    hint: 'A ticket number or phone number can be looked up at the server.',
    asking: 'Asking the server…',
    complete: 'The server was asked for older ones, too.',
    partial: 'Of the older ones at the server the last 200 were fetched.',
    failed: 'Older ones could not be looked up at the server: {{reason}}',
  },
  person: {
    asking: 'Fetching tickets before {{from}} from the server…',
    complete: 'Tickets before {{from}} were fetched from the server, too.',
    partial: 'There are many tickets before {{from}}; the last 200 were fetched.',
    offline: 'Tickets before {{from}} are not here; they can be looked up with a network.',
    failed: 'Tickets before {{from}} could not be fetched: {{reason}}',
    again: 'Try again',
  },
  mark: 'An older ticket from outside of what is kept here: fetched from the server, or kept for unfinished work',
};
