import type { FlowRecord } from '#shared/contract/flows.contract.ts';
import { type FlowReceiver, RECEIVER_NAMES } from '#shared/domain/overlay/flow.ts';
import type { OverlayOf } from '#shared/domain/overlay/overlay-step.ts';
import { consoleIdSchema, eventIdSchema, opIdSchema, userIdSchema } from '#shared/kernel/ids.ts';
import { readReason } from '#shared/sync/refusals.ts';
import type { Actor } from '../auth/actor.ts';
import { derivedUuid } from '../derived-uuid.ts';
import { ServiceError } from '../service-error.ts';
import { type PushDeps, pushUnnumbered } from '../sync/push.ts';
import { findFlowTicket, getFlow } from './flows.ts';
import type { UnitKey } from './unit-keys.ts';

export interface FlowDeps extends PushDeps {
  readonly mode: Actor['mode'];
}

type Answer = Omit<OverlayOf<'flow_receipt'>, 'receiver'> | Omit<OverlayOf<'flow_result'>, 'receiver'>;

/**
 * 签收 or result of a receiver: the same operation as a step at a console, decided by the same rules and in the same log. A repeated key gets the
 * answer of its first time.
 * @throws ServiceError NOT_FOUND for what did not go to a receiver of the key, FLOW_REFUSED with the reason
 */
export async function answerFlow(
  deps: FlowDeps,
  key: UnitKey,
  id: string,
  idempotencyKey: string,
  { step, words }: { readonly step: Answer; readonly words: string },
): Promise<FlowRecord> {
  const { uid, receiver, version } = await findFlowTicket(deps.pool, key, id);
  const ids = [key.centre, receiver, idempotencyKey, step.step] as const;
  const result = await pushUnnumbered(deps, toActor(key, receiver, deps.mode), [
    {
      opId: opIdSchema.parse(derivedUuid('flow operation', ...ids)),
      at: deps.clock.now(),
      baseVersion: version,
      kind: 'ticket.overlay',
      uid,
      args: { eventId: eventIdSchema.parse(derivedUuid('flow event', ...ids)), step: { ...step, receiver }, words },
    },
  ]);
  if (result.code === 'rejected' || result.code === 'blocked') {
    throw new ServiceError('FLOW_REFUSED', { reason: readReason(result.reason ?? 'NOT_STORABLE').code });
  }
  return getFlow(deps.pool, key, id);
}

/** A receiver as whoever answers: the same person and console whichever of its keys it uses. */
function toActor({ id, centre, lines }: UnitKey, receiver: FlowReceiver, mode: Actor['mode']): Actor {
  const name = RECEIVER_NAMES[receiver];
  return {
    id: userIdSchema.parse(derivedUuid('receiver', centre, receiver)),
    account: receiver,
    name,
    seat: '',
    role: 'unit',
    centre,
    lines,
    console: consoleIdSchema.parse(derivedUuid('receiver console', centre, receiver)),
    session: id,
    mode,
    isSystem: true,
  };
}
