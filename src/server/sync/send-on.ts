import type { TicketFields } from '#shared/domain/ticket.ts';
import { parseTicketScope } from '#shared/sync/protocol.ts';
import type { Deciding } from './deciding.ts';
import { flowOf } from './flow-events.ts';
import { overlaysOf } from './ticket-course.ts';
import { addEvent, findTicket } from './working-ticket.ts';

/** 流转 of a ticket that a rule asks for, as the last event of a version: once per receiver, by the centre and in the same transaction. */
export function sendOn(uid: string, version: number, fields: TicketFields, deciding: Deciding): void {
  const centre = parseTicketScope(findTicket(uid, deciding)?.scope ?? '')?.centre ?? deciding.actor.centre;
  const flow = flowOf({ centre, mode: deciding.actor.mode, fields, overlays: overlaysOf(uid, deciding) });
  if (!flow) return;
  const position = (deciding.eventsOf.get(uid) ?? []).filter((event) => event.version === version).length;
  addEvent(deciding, uid, version, position, {
    id: deciding.newEventId(),
    at: deciding.now,
    isByRule: true,
    ...flow,
  });
}
