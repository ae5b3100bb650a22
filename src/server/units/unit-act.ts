import type { UnitActed } from '#shared/contract/units.contract.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { TicketAct } from '#shared/domain/ticket-act.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import { consoleIdSchema, eventIdSchema, opIdSchema, type TicketId, userIdSchema } from '#shared/kernel/ids.ts';
import { readReason } from '#shared/sync/refusals.ts';
import type { Actor } from '../auth/actor.ts';
import { derivedUuid } from '../derived-uuid.ts';
import { ServiceError } from '../service-error.ts';
import { type PushDeps, pushUnnumbered } from '../sync/push.ts';
import type { UnitKey } from './unit-keys.ts';
import { findUnitOf } from './unit-tickets.ts';

/** What a unit decides about a ticket, and what it saw then. */
export interface UnitRequest {
  readonly uid: TicketId;
  readonly seen: Pick<Ticket, 'status' | 'version'>;
  readonly act: TicketAct;
  /** Reason or reply. */
  readonly words: string;
  readonly idempotencyKey: string;
}

/**
 * A decision of a unit: the same operation as that of somebody at a console, decided by the same rules and in the same log. A repeated
 * key gets the answer of its first time.
 * @throws ServiceError NOT_FOUND for a ticket of no unit of the key, ACT_REFUSED with the reason and where the ticket stands
 */
export async function actAsUnit(
  deps: PushDeps & { readonly mode: Actor['mode'] },
  key: UnitKey,
  { uid, seen, act, words, idempotencyKey }: UnitRequest,
): Promise<UnitActed> {
  const unit = await findUnitOf(deps.pool, key, uid);
  const actor = toActor(key, unit, deps.mode);
  const ids = [key.centre, unit, idempotencyKey] as const;
  const result = await pushUnnumbered(deps, actor, {
    opId: opIdSchema.parse(derivedUuid('unit operation', ...ids)),
    at: deps.clock.now(),
    baseVersion: seen.version,
    kind: 'ticket.act',
    uid,
    args: { eventId: eventIdSchema.parse(derivedUuid('unit event', ...ids)), from: seen.status, act, words },
  });
  const stands = await readStanding(deps, uid);
  if (result.code === 'rejected' || result.code === 'blocked') {
    const { code: reason } = readReason(result.reason ?? 'NOT_STORABLE');
    throw new ServiceError('ACT_REFUSED', { reason, status: stands.status, version: stands.version });
  }
  return stands;
}

/** A unit as whoever decides: the same person and console whichever of its keys it uses. */
function toActor({ id, centre, lines }: UnitKey, unit: string, mode: Actor['mode']): Actor {
  return {
    id: userIdSchema.parse(derivedUuid('unit', centre, unit)),
    account: unit,
    name: unit,
    seat: '',
    role: 'unit',
    centre,
    lines,
    console: consoleIdSchema.parse(derivedUuid('unit console', centre, unit)),
    session: id,
    mode,
  };
}

async function readStanding({ pool }: PushDeps, uid: TicketId): Promise<UnitActed> {
  const found = await pool.query<{ status: TicketStatus; version: number; due_at: number | null }>(
    'SELECT status, version, due_at FROM tickets WHERE uid = $1',
    [uid],
  );
  const [row] = found.rows;
  if (!row) throw new ServiceError('NOT_FOUND');
  return { uid, status: row.status, version: row.version, dueAt: row.due_at };
}
