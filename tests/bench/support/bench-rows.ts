import type { Citizen } from '#shared/domain/citizen.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import { benchCitizen, benchTicket } from './bench-tickets.ts';

const TICKETS_PER_CITIZEN = 3;

/** Rows of a cache; each function is called once per row, with 1, 2, 3 … */
export interface BenchRows {
  readonly citizens: number;
  readonly ticket: (n: number) => Ticket;
  readonly citizen: (n: number) => Citizen;
  /** The console's time, epoch ms. */
  readonly now: number;
}

/** The made-up history of random words that most benchmarks use. */
export function benchRows(size: number): BenchRows {
  const citizens = Math.max(1, Math.floor(size / TICKETS_PER_CITIZEN));
  return {
    citizens,
    ticket: (n) => benchTicket(n, citizens),
    citizen: (n) => benchCitizen(n - 1),
    now: benchTicket(size, citizens).createdAt + 86_400_000,
  };
}
