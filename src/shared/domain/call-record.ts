import { z } from 'zod';
import { callIdSchema } from '../kernel/ids.ts';
import { headOf, isStorableText, textSchema } from '../kernel/text.ts';
import {
  callAboutSchema,
  legPurposeSchema,
  legResultSchema,
  partySchema,
  refusalSchema,
  type SeatParty,
  seatPartySchema,
  type TelEvent,
} from './call-events.ts';
import { CALL_OUTCOMES, type CallState, NO_STAGE_TIMES, type PhoneState, type QueuedCall } from './call-state.ts';
import { lineSchema } from './roles.ts';
import { callFactsSchema, type HandOff, LIMITS } from './ticket.ts';

const epochMs = z.number().int().nonnegative();
const ms = z.number().int().nonnegative();

const stageTimesSchema = z.strictObject({
  ringing: ms,
  dialing: ms,
  talking: ms,
  held: ms,
  muted: ms,
  conference: ms,
  help: ms,
  transfer: ms,
  'wrap-up': ms,
});

/** A third party as the call log keeps it; `endedAt` null while it goes on. */
const legRecordSchema = z.strictObject({
  purpose: legPurposeSchema,
  party: partySchema,
  startedAt: epochMs,
  answeredAt: epochMs.nullable(),
  endedAt: epochMs.nullable(),
  result: legResultSchema.nullable(),
});
export type LegRecord = z.infer<typeof legRecordSchema>;

/** A call as the call log keeps it: its facts, how the time was spent and how it ended. */
export const callRecordSchema = callFactsSchema.omit({ direction: true }).extend({
  callId: callIdSchema,
  seat: textSchema(20),
  direction: z.enum(['in', 'out']),
  /** Name delivered by the network. */
  name: textSchema(LIMITS.name),
  line: lineSchema,
  from: seatPartySchema.nullable(),
  about: callAboutSchema.nullable(),
  /** Null while the call goes on. */
  outcome: z.enum(CALL_OUTCOMES).nullable(),
  endedBy: z.enum(['citizen', 'agent', 'network']).nullable(),
  refusal: refusalSchema.nullable(),
  /** Time in stages that are over, in ms; they add up to the length of the call, wrap-up apart. */
  spent: stageTimesSchema,
  legs: z.array(legRecordSchema).max(21),
});
export type CallRecord = z.infer<typeof callRecordSchema>;

/** What the network delivers is cut to what can be kept. */
function toStorable(text: string, max: number): string {
  const cut = headOf(text, max);
  return isStorableText(cut) ? cut : '';
}

/** A call as it stands, for the call log. */
export function toCallRecord(call: CallState): CallRecord {
  const { callId, seat, direction, ani, name, line, from, about, outcome, endedBy, refusal, spent, leg } = call;
  const current = leg && { ...leg, endedAt: null, result: null };
  return {
    callId,
    seat,
    direction,
    ani: toStorable(ani, LIMITS.phone),
    name: toStorable(name, LIMITS.name),
    line,
    from,
    about,
    ringAt: call.ringAt,
    answeredAt: call.answeredAt,
    endedAt: call.endedAt,
    heldMs: call.heldMs,
    outcome,
    endedBy,
    refusal,
    spent,
    legs: [...call.pastLegs, ...(current ? [current] : [])].map(
      ({ purpose, party, startedAt, answeredAt, endedAt, result }) => ({
        purpose,
        party,
        startedAt,
        answeredAt,
        endedAt,
        result,
      }),
    ),
  };
}

/** A caller who gave up waiting: a missed call that never rang. */
function toMissedRecord(waiting: QueuedCall, seat: string, at: number): CallRecord {
  const { callId, ani, name, line, from, since } = waiting;
  return {
    callId,
    seat,
    direction: 'in',
    ani: toStorable(ani, LIMITS.phone),
    name: toStorable(name, LIMITS.name),
    line,
    from,
    about: null,
    ringAt: since,
    answeredAt: null,
    endedAt: at,
    heldMs: 0,
    outcome: 'missed',
    endedBy: 'citizen',
    refusal: null,
    spent: { ...NO_STAGE_TIMES, ringing: Math.max(0, at - since) },
    legs: [],
  };
}

/**
 * What an event adds to the call log: a call that ended, one whose wrap-up ended, a waiting caller who gave up.
 * @param before state the event met
 * @param after state it led to
 */
export function finishedCalls(before: PhoneState, event: TelEvent, after: PhoneState): readonly CallRecord[] {
  if (event.kind === 'queue-left' && event.reason === 'gave-up') {
    const waiting = before.queue.find((call) => call.callId === event.callId);
    return waiting ? [toMissedRecord(waiting, before.seat, event.at)] : [];
  }
  return after.lastCall && after.lastCall !== before.lastCall ? [toCallRecord(after.lastCall)] : [];
}

/** The emergency services a call was handed over to that have answered, in their order. */
export function findHandOffs(legs: readonly LegRecord[]): readonly HandOff[] {
  return legs.flatMap(({ purpose, party, answeredAt }) =>
    purpose === 'emergency' && party.kind === 'service' && answeredAt !== null
      ? [{ service: party.service, at: answeredAt }]
      : [],
  );
}

/** The colleague a call was passed on to, null when it was not, or to somebody without a seat. */
export function findTransfer(record: Pick<CallRecord, 'outcome' | 'legs'>): SeatParty | null {
  if (record.outcome !== 'transferred') return null;
  const party = record.legs.findLast((leg) => leg.result === 'transferred')?.party;
  return party?.kind === 'seat' ? { seat: party.seat, name: party.name } : null;
}
