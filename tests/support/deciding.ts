import type { Actor } from '#server/auth/actor.ts';
import type { BatchState, StoredTicket } from '#server/sync/batch.ts';
import type { Role } from '#shared/domain/roles.ts';
import { type ConsoleId, newId, type TicketId, type UserId } from '#shared/kernel/ids.ts';
import { ticketScope } from '#shared/sync/protocol.ts';
import { CENTRE } from './server.ts';

/** What the server knows before anything was loaded. */
export const EMPTY_STATE: BatchState = {
  tickets: new Map(),
  ticketTexts: new Map(),
  courses: new Map(),
  checked: new Map(),
  citizens: new Map(),
  citizenHistory: new Map(),
  records: new Map(),
  events: new Map(),
  children: new Map(),
  answered: new Map(),
  recent: [],
  seats: new Map(),
};

/** A ticket that the server holds in its fifth version. */
export function storedTicket(uid: TicketId, acceptedAt: number, over: Partial<StoredTicket> = {}): StoredTicket {
  return {
    uid,
    scope: ticketScope(CENTRE, '12345', '2026-11'),
    seq: 40,
    version: 5,
    number: 12,
    status: 'to_dispatch',
    acceptedAt,
    closedAt: null,
    dueAt: null,
    clocks: null,
    createHash: null,
    link: null,
    ...over,
  };
}

/** Somebody at the demo centre who decides. A unit's account bears the name of the unit, which is given as `name`. */
export function decidingActor(role: Role, now: number, over: Partial<Actor> = {}): Actor {
  return {
    id: newId<UserId>(now),
    account: role,
    name: '王敏',
    seat: '2001',
    role,
    centre: CENTRE,
    lines: ['12345'],
    console: newId<ConsoleId>(now),
    session: newId(now),
    mode: 'demo',
    ...over,
  };
}
