import { generateDemoCentre } from '#server/demo/generate.ts';
import { DEMO_SEED } from '#shared/domain/demo.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { forceUnwrap } from '#shared/kernel/assert-never.ts';
import type { BenchRows } from './bench-rows.ts';

const NOW = Date.UTC(2026, 10, 22);
const TICKETS_PER_CITIZEN = 3;

/** A demo centre of any size: tickets that read as real ones do, with places, repeated calls and many callers about one matter. */
export function demoRows(size: number): BenchRows {
  const centre = generateDemoCentre(DEMO_SEED, NOW, {
    citizens: Math.floor(size / TICKETS_PER_CITIZEN),
    tickets: size,
  });
  // Not everybody who called is known by name.
  const people = [...centre.citizens()];
  const tickets = centre.tickets()[Symbol.iterator]();
  return {
    citizens: people.length,
    now: NOW,
    citizen: (n) => forceUnwrap('the centre has as many people', people[n - 1]),
    ticket: (n) => {
      const made: Ticket = forceUnwrap('the centre has as many tickets', tickets.next().value);
      return { ...made, number: n };
    },
  };
}
