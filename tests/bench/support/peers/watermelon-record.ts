import { z } from 'zod';
import type { Ticket } from '#shared/domain/ticket.ts';

/** A ticket as a row of WatermelonDB: what is looked up by has its own column, the whole document is one text. */
export interface TicketRecord {
  readonly id: string;
  readonly number: number;
  readonly status: string;
  readonly caller_phone: string;
  readonly citizen_uid: string;
  readonly created_at: number;
  readonly doc: string;
}

export function toRecord(ticket: Ticket): TicketRecord {
  return {
    id: ticket.uid,
    number: ticket.number ?? 0,
    status: ticket.status,
    caller_phone: ticket.fields.caller.phone,
    citizen_uid: ticket.fields.citizenUid ?? '',
    created_at: ticket.createdAt,
    doc: JSON.stringify(ticket),
  };
}

/** One answer of the server. Only its frame is checked: the library does not check more either. */
export const watermelonPageSchema = z.object({
  created: z.array(z.custom<TicketRecord>()),
  timestamp: z.number(),
  more: z.boolean(),
});
export type WatermelonPage = z.infer<typeof watermelonPageSchema>;
