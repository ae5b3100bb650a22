import type { Citizen } from '#shared/domain/citizen.ts';
import type { Ticket } from '#shared/domain/ticket.ts';

/** Rows of a cache; each function is called once per row, with 1, 2, 3 … */
export interface BenchRows {
  readonly citizens: number;
  readonly ticket: (n: number) => Ticket;
  readonly citizen: (n: number) => Citizen;
  /** The console's time, epoch ms. */
  readonly now: number;
}
