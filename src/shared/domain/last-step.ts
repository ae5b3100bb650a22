import type { Ticket, TicketEvent } from './ticket.ts';

/** The step that brought a ticket into its state; a step by rule without words gives way to the one it followed from. */
export function lastStepOf({ status, events }: Pick<Ticket, 'status' | 'events'>): TicketEvent | null {
  const index = events.findLastIndex(({ to }) => to === status);
  const step = events[index];
  if (step?.text !== '') return step ?? null;
  const cause = events.slice(0, index).findLast(({ to }) => to !== null && to === step.from);
  return cause?.text ? cause : step;
}
