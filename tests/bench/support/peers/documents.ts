import type { Ticket } from '#shared/domain/ticket.ts';
import { benchPhone, benchTicket } from '../bench-tickets.ts';

/** Made-up tickets are of so many people: some 30 tickets each at 100,000. */
const CITIZENS = 3_333;

/** The n-th ticket (1, 2, 3 …) every engine stores and sends. */
export function peerTicket(n: number): Ticket {
  return benchTicket(n, CITIZENS);
}

/** Numbers of tickets that clients write; servers count from 1. */
export const FIRST_OF_CLIENTS = 500_000_001;

/** The number that calls after a first sync. */
export const CALLER = benchPhone(7);
/** How much of a caller's history is shown at the ring. */
export const HISTORY = 20;
