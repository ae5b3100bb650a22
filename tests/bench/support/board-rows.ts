import { EMPTY_EXTRAS, type Ticket } from '#shared/domain/ticket.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import type { RealMessage } from '../../support/real-messages.ts';
import type { BenchRows } from './bench-rows.ts';
import { benchTicket } from './bench-tickets.ts';

/** Some rows of the board have a broken time; they count as told in the middle of its year. */
const UNKNOWN_TIME = Date.UTC(2019, 6, 1);

/** Real messages as tickets: title and body only, for the board knows neither phone, address nor category. Oldest first. */
export function boardTickets(messages: readonly RealMessage[]): ReadonlyMap<string, Ticket> {
  const timed = messages.map((message) => ({ message, at: Date.parse(message.time) || UNKNOWN_TIME }));
  timed.sort((a, b) => a.at - b.at);
  return new Map(
    timed.map(({ message, at }, index): [string, Ticket] => {
      const empty = benchTicket(index + 1, 1);
      const fields: Ticket['fields'] = {
        ...empty.fields,
        ...EMPTY_EXTRAS,
        type: 'other',
        categoryCode: null,
        title: message.title.trim(),
        content: message.body.trim(),
        caller: { ...empty.fields.caller, name: '', phone: '' },
        place: { divisionCode: null, address: '', landmark: '', coordinates: null },
      };
      return [message.id, { ...empty, fields, createdAt: at, acceptedAt: at, updatedAt: at }];
    }),
  );
}

/** The same tickets as rows of a cache. */
export function boardRows(tickets: ReadonlyMap<string, Ticket>): BenchRows {
  const list = [...tickets.values()];
  return {
    citizens: 0,
    now: forceUnwrap('there are messages', list.at(-1)).createdAt,
    citizen: () => {
      throw new Error('the board knows no citizens');
    },
    ticket: (n) => forceUnwrap('asked for as many as there are', list[n - 1]),
  };
}
