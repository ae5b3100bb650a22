import { formatTicketNumber } from '#shared/domain/ticket-number.ts';

/** The number a ticket is called by: the server's once it has one, the 暂编号 until then. */
export function displayTicketNumber(ticket: {
  readonly number: number | null;
  readonly acceptedAt: number | null;
  readonly createdAt: number;
  readonly provisionalNo: string;
}): string {
  if (ticket.number === null) return ticket.provisionalNo;
  return formatTicketNumber(ticket.number, ticket.acceptedAt ?? ticket.createdAt);
}
