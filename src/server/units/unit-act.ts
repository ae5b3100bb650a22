import type { UnitActed } from '#shared/contract/units.contract.ts';
import { writeAttachment } from '#shared/domain/form/attachment-ref.ts';
import type { OverlayStep } from '#shared/domain/overlay/overlay-step.ts';
import type { Ticket } from '#shared/domain/ticket.ts';
import type { TicketAct } from '#shared/domain/ticket-act.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import { consoleIdSchema, eventIdSchema, opIdSchema, type TicketId, userIdSchema } from '#shared/kernel/ids.ts';
import { readReason } from '#shared/sync/refusals.ts';
import type { Attachments } from '../attachments/attachments.ts';
import type { Actor } from '../auth/actor.ts';
import { derivedUuid } from '../derived-uuid.ts';
import { ServiceError } from '../service-error.ts';
import { type PushDeps, pushUnnumbered, type UnnumberedOp } from '../sync/push.ts';
import type { UnitKey } from './unit-keys.ts';
import { findSpeaker } from './unit-speaker.ts';

/** A decision of the 主办 about the ticket, or a step of a 协办 about its 协办单; `unit` where several units of the key help. */
export type UnitDecision =
  | { readonly as: 'lead'; readonly act: TicketAct }
  /** 等待市民补充 and its end: laid over the ticket, which stays where it is. */
  | { readonly as: 'lead'; readonly step: OverlayStep }
  | { readonly as: 'co'; readonly step: 'co_sign' | 'co_return' | 'co_answer'; readonly unit: string | undefined };

/** The same with what it saw then. */
export interface UnitRequest {
  readonly uid: TicketId;
  readonly seen: Pick<Ticket, 'status' | 'version'>;
  readonly does: UnitDecision;
  /** Reason or reply. */
  readonly words: string;
  /** Files of a reply, in its order. */
  readonly files?: readonly { readonly name: string; readonly sha256: string }[];
  readonly idempotencyKey: string;
}

/** What deciding for a unit needs. */
export interface UnitActDeps extends PushDeps {
  readonly attachments: Attachments;
  readonly mode: Actor['mode'];
}

/**
 * A decision of a unit: the same operation as that of somebody at a console, decided by the same rules and in the same log. A repeated
 * key gets the answer of its first time.
 * @throws ServiceError NOT_FOUND for a ticket of no unit of the key, ATTACHMENT_MISSING for a file that was not uploaded, ACT_REFUSED with the
 * reason and where the ticket stands
 */
export async function actAsUnit(
  deps: UnitActDeps,
  key: UnitKey,
  { uid, seen, does, words, files = [], idempotencyKey }: UnitRequest,
): Promise<UnitActed> {
  const actionOf = (unit: string) => ('act' in does ? does.act.action : stepOf(does, unit).step);
  const idsFor = (unit: string, part: string) => {
    const ids = [key.centre, unit, idempotencyKey, part] as const;
    return {
      opId: opIdSchema.parse(derivedUuid('unit operation', ...ids)),
      eventId: eventIdSchema.parse(derivedUuid('unit event', ...ids)),
    };
  };
  const unit = await findSpeaker(deps.pool, key, {
    uid,
    as: does.as,
    wanted: does.as === 'co' ? does.unit : undefined,
    opIdOf: (one) => idsFor(one, actionOf(one)).opId,
  });
  const actor = toActor(key, unit, deps.mode);
  const at = deps.clock.now();
  const { opId, eventId } = idsFor(unit, actionOf(unit));
  const common = { at, baseVersion: seen.version, uid } as const;
  const deciding: UnnumberedOp =
    'act' in does
      ? { ...common, opId, kind: 'ticket.act', args: { eventId, from: seen.status, act: does.act, words } }
      : { ...common, opId, kind: 'ticket.overlay', args: { eventId, step: stepOf(does, unit), words } };
  const naming = await Promise.all(
    files.map(async (file, index): Promise<UnnumberedOp> => {
      const ids = idsFor(unit, `file ${index}`);
      const text = await nameFile(deps, key.centre, file);
      const args = { eventId: ids.eventId, kind: 'attached', text } as const;
      return { ...common, opId: ids.opId, dependsOn: opId, kind: 'ticket.note', args };
    }),
  );
  const result = await pushUnnumbered(deps, actor, [deciding, ...naming]);
  const stands = await readStanding(deps, uid);
  if (result.code === 'rejected' || result.code === 'blocked') {
    const { code: reason } = readReason(result.reason ?? 'NOT_STORABLE');
    throw new ServiceError('ACT_REFUSED', { reason, status: stands.status, version: stands.version });
  }
  return stands;
}

function stepOf(does: Exclude<UnitDecision, { readonly act: TicketAct }>, unit: string): OverlayStep {
  return does.as === 'lead' ? does.step : { step: does.step, unit };
}

async function nameFile(
  { attachments }: UnitActDeps,
  centre: string,
  { name, sha256 }: { readonly name: string; readonly sha256: string },
): Promise<string> {
  const file = await attachments.describe(centre, sha256);
  if (!file) throw new ServiceError('ATTACHMENT_MISSING', { sha256 });
  return writeAttachment({ ...file, name, sha256 });
}

/** The system behind a key as whoever sends files. */
export function toUploader({ id, centre, lines, holder }: UnitKey, mode: Actor['mode']): Actor {
  const key = derivedUuid('unit key', id);
  return {
    id: userIdSchema.parse(key),
    account: holder,
    name: holder,
    seat: '',
    role: 'unit',
    centre,
    lines,
    console: consoleIdSchema.parse(key),
    session: id,
    mode,
    isSystem: true,
  };
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
