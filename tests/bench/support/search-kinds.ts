import type { TicketFilter } from '#shared/contract/tickets.contract.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { formatTicketNumber } from '#shared/domain/ticket-number.ts';
import { readCharacter } from '#shared/kernel/readings.ts';

const DAY_MS = 86_400_000;

/** One kind of query: how one is made out of a stored ticket. */
export interface SearchKind {
  readonly what: string;
  readonly make: (ticket: Ticket, random: () => number) => { readonly query: string; readonly filter?: TicketFilter };
}

/** A random part of a text. */
export const part = (text: string, length: number, random: () => number) => {
  const at = Math.floor(random() * Math.max(1, text.length - length));
  return text.slice(at, at + length);
};
const read = (text: string, length = Number.MAX_SAFE_INTEGER) =>
  Array.from(text, (character) => (readCharacter(character)[0] ?? '').slice(0, length)).join('');
const road = ({ fields }: Ticket) => fields.place.address.replace(/\d.*$/, '');

/** Searches for tickets. */
export const TICKET_KINDS: readonly SearchKind[] = [
  { what: 'one character', make: ({ fields }, random) => ({ query: part(fields.content, 1, random) }) },
  { what: 'two characters', make: ({ fields }, random) => ({ query: part(fields.content, 2, random) }) },
  { what: 'five characters', make: ({ fields }, random) => ({ query: part(fields.content, 5, random) }) },
  {
    what: 'three characters of two common pairs',
    make: ({ fields }, random) => ({ query: part(fields.content, 2, random) + part(fields.content, 1, random) }),
  },
  {
    what: 'three words',
    make: ({ fields }, random) => ({ query: [1, 2, 3].map(() => part(fields.content, 2, random)).join(' ') }),
  },
  { what: 'name', make: ({ fields }) => ({ query: fields.caller.name }) },
  { what: 'initials of a name', make: ({ fields }) => ({ query: read(fields.caller.name, 1) }) },
  { what: '拼音 of a name', make: ({ fields }) => ({ query: read(fields.caller.name) }) },
  { what: 'initials of a road', make: (ticket) => ({ query: read(road(ticket), 1) }) },
  { what: '拼音 of a road, half typed', make: (ticket) => ({ query: read(road(ticket)).slice(0, -1) }) },
  { what: 'road and number', make: ({ fields }) => ({ query: fields.place.address }) },
  {
    what: 'three digits of a phone',
    make: ({ fields }, random) => ({ query: part(fields.caller.phone, 3, random) }),
  },
  { what: 'last four digits of a phone', make: ({ fields }) => ({ query: fields.caller.phone.slice(-4) }) },
  {
    what: 'phone as written',
    make: ({ fields: { caller } }) => ({ query: `+86 ${caller.phone.slice(0, 3)}-${caller.phone.slice(3)}` }),
  },
  {
    what: 'ticket number',
    make: (ticket) => ({ query: formatTicketNumber(ticket.number ?? 0, ticket.acceptedAt ?? 0) }),
  },
  {
    what: 'words that nothing has',
    make: ({ fields }, random) => ({ query: `${part(fields.content, 2, random)}龘${part(fields.content, 2, random)}` }),
  },
  { what: 'state alone', make: ({ status }) => ({ query: '', filter: { statuses: [status] } }) },
  {
    what: 'category, street and agent alone',
    make: ({ fields, createdById }) => ({
      query: '',
      filter: {
        category: fields.categoryCode ?? '',
        division: fields.place.divisionCode ?? '',
        agents: [createdById ?? ''],
      },
    }),
  },
  {
    what: 'one day alone',
    make: ({ createdAt }) => ({ query: '', filter: { from: createdAt, to: createdAt + DAY_MS } }),
  },
  {
    what: 'two characters in a category',
    make: ({ fields }, random) => ({
      query: part(fields.content, 2, random),
      filter: { category: (fields.categoryCode ?? '').slice(0, 2) },
    }),
  },
  {
    what: 'two characters, rare filter',
    make: ({ fields, createdById }, random) => ({
      query: part(fields.content, 2, random),
      filter: { category: fields.categoryCode ?? '', agents: [createdById ?? ''] },
    }),
  },
  {
    what: 'one character, rare filter',
    make: ({ fields, createdById }, random) => ({
      query: part(fields.content, 1, random),
      filter: { category: fields.categoryCode ?? '', agents: [createdById ?? ''] },
    }),
  },
  {
    what: 'words that nothing has, common filter',
    make: ({ fields, status }, random) => ({
      query: part(fields.content, 2, random) + part(fields.content, 1, random),
      filter: { statuses: [status] },
    }),
  },
  {
    what: 'initials of a road in a district',
    make: (ticket) => ({
      query: read(road(ticket), 1),
      filter: { division: (ticket.fields.place.divisionCode ?? '').slice(0, 6) },
    }),
  },
];

/** Searches for people. */
export const PEOPLE_KINDS: readonly SearchKind[] = [
  { what: 'people: name', make: ({ fields }) => ({ query: fields.caller.name }) },
  { what: 'people: surname', make: ({ fields }) => ({ query: fields.caller.name.slice(0, 1) }) },
  { what: 'people: initials', make: ({ fields }) => ({ query: read(fields.caller.name, 1) }) },
  { what: 'people: last four digits', make: ({ fields }) => ({ query: fields.caller.phone.slice(-4) }) },
];
