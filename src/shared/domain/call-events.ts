import { z } from 'zod';
import { callIdSchema, legIdSchema, ticketIdSchema } from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';
import { lineSchema } from './roles.ts';
import { EMERGENCY_SERVICES, LIMITS } from './ticket.ts';

/** 示忙: at the desk, but not for calls. */
export const BUSY_REASONS = ['busy', 'paperwork', 'training', 'meeting', 'equipment'] as const;
/** 小休: away from the desk. */
export const BREAK_REASONS = ['rest', 'meal'] as const;
/** `signed-in`: has just signed in and was never ready since. */
const NOT_READY_REASONS = [...BUSY_REASONS, ...BREAK_REASONS, 'signed-in'] as const;
export const notReadyReasonSchema = z.enum(NOT_READY_REASONS);
export type NotReadyReason = z.infer<typeof notReadyReasonSchema>;

/** Length of 整理 (wrap-up) while nothing else was set, and what may be set, in ms. */
export const DEFAULT_WRAP_UP_MS = 60_000;
export const wrapUpMsSchema = z.number().int().min(10_000).max(600_000);

const at = z.number().int().nonnegative();
const callId = callIdSchema;
const legId = legIdSchema;
const number = z.string().regex(/^\d{3,15}$/);
const extension = z.string().regex(/^\d{1,6}$/);

/** A seat as telephony knows it: 工号 and who sits there. */
export const seatPartySchema = z.strictObject({ seat: textSchema(20).min(1), name: textSchema(LIMITS.name) });
export type SeatParty = z.infer<typeof seatPartySchema>;

/** Who can be brought into a call: a colleague, whichever 班长 is free, an emergency service, any number. */
export const partySchema = z.discriminatedUnion('kind', [
  seatPartySchema.extend({ kind: z.literal('seat') }),
  z.strictObject({ kind: z.literal('lead') }),
  z.strictObject({ kind: z.literal('service'), service: z.enum(EMERGENCY_SERVICES) }),
  z.strictObject({ kind: z.literal('number'), number }),
]);
export type Party = z.infer<typeof partySchema>;

/**
 * Why a third party was called. `transfer` 直接转接, `consult` 咨询转接 (the citizen waits), `conference` 三方, `help` 求助 of the
 * team lead, `emergency` 移交 110/119/120/122.
 */
export const LEG_PURPOSES = ['transfer', 'consult', 'conference', 'help', 'emergency'] as const;
export const legPurposeSchema = z.enum(LEG_PURPOSES);
export type LegPurpose = z.infer<typeof legPurposeSchema>;

/** Why a called party did not come. */
const REFUSALS = ['declined', 'no-answer', 'busy', 'unreachable'] as const;
export const refusalSchema = z.enum(REFUSALS);
export type Refusal = z.infer<typeof refusalSchema>;

const legEnd = z.enum(['ended', 'cancelled', ...REFUSALS]);
/** How a call of a third party went. `transferred`: the citizen went on with them. */
export const legResultSchema = z.enum(['transferred', ...legEnd.options]);
export type LegResult = z.infer<typeof legResultSchema>;

/** What an outbound call is about. */
export const callAboutSchema = z.strictObject({
  ticketUid: ticketIdSchema.nullable(),
  /** The missed call that is called back. */
  callbackOf: callIdSchema.nullable(),
});
export type CallAbout = z.infer<typeof callAboutSchema>;

const caller = {
  callId,
  /** As the network delivers it; empty when withheld. */
  ani: z.string(),
  name: z.string(),
  line: lineSchema,
  /** The colleague who passed the call on, null for a call of its own. */
  from: seatPartySchema.nullable(),
};

/** What a provider (simulator, SIP) reports. Providers only emit events; they never hold call state that others read. */
export const telEventSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('signed-in'), at, seat: textSchema(20) }),
  z.strictObject({ kind: z.literal('signed-out'), at }),
  z.strictObject({ kind: z.literal('availability'), at, ready: z.boolean(), reason: notReadyReasonSchema.nullable() }),
  /** A call for this seat that has to wait. It comes again as `offered` under the same id. */
  z.strictObject({ kind: z.literal('queued'), at, ...caller }),
  z.strictObject({ kind: z.literal('queue-left'), at, callId, reason: z.enum(['gave-up', 'elsewhere']) }),
  z.strictObject({ kind: z.literal('offered'), at, ...caller }),
  z.strictObject({
    kind: z.literal('dialing'),
    at,
    callId,
    number,
    name: z.string(),
    line: lineSchema,
    about: callAboutSchema,
  }),
  z.strictObject({ kind: z.literal('ringing-out'), at, callId }),
  z.strictObject({ kind: z.literal('connecting'), at, callId }),
  z.strictObject({ kind: z.literal('answered'), at, callId }),
  z.strictObject({ kind: z.literal('held'), at, callId }),
  z.strictObject({ kind: z.literal('resumed'), at, callId }),
  z.strictObject({ kind: z.literal('muted'), at, callId, muted: z.boolean() }),
  z.strictObject({ kind: z.literal('dtmf-sent'), at, callId, digits: z.string() }),
  z.strictObject({ kind: z.literal('leg-started'), at, callId, legId, purpose: legPurposeSchema, party: partySchema }),
  z.strictObject({ kind: z.literal('leg-ringing'), at, callId, legId }),
  /** `party` says who answered, when a group was called. */
  z.strictObject({ kind: z.literal('leg-answered'), at, callId, legId, party: partySchema.nullable() }),
  /** The third party and the citizen hear each other. */
  z.strictObject({ kind: z.literal('leg-joined'), at, callId, legId }),
  z.strictObject({ kind: z.literal('leg-ended'), at, callId, legId, result: legEnd }),
  /** The citizen goes on with the third party, without this seat. */
  z.strictObject({ kind: z.literal('transferred'), at, callId, legId }),
  z.strictObject({
    kind: z.literal('ended'),
    at,
    callId,
    by: z.enum(['citizen', 'agent', 'network']),
    /** Why an outbound call was not answered. */
    refusal: refusalSchema.nullable(),
  }),
  z.strictObject({ kind: z.literal('wrap-up-set'), at, ms: wrapUpMsSchema }),
  z.strictObject({ kind: z.literal('wrap-up-extended'), at, until: at }),
  z.strictObject({ kind: z.literal('wrap-up-done'), at }),
]);
export type TelEvent = z.infer<typeof telEventSchema>;

/** How called parties behave in the simulator; `script` = by its seed. */
export const PEER_BEHAVIOURS = ['script', 'answer', 'decline', 'no-answer', 'busy', 'unreachable'] as const;

/** Commands of a CallProvider; each resolves when the other side agreed. */
export const telCommandSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sign-in'), seat: textSchema(20).min(1) }),
  z.strictObject({ kind: z.literal('sign-out') }),
  /** During a call: what the agent will be after its wrap-up. */
  z.strictObject({ kind: z.literal('set-availability'), ready: z.boolean(), reason: notReadyReasonSchema.nullable() }),
  z.strictObject({ kind: z.literal('answer'), callId }),
  z.strictObject({ kind: z.literal('reject'), callId }),
  z.strictObject({ kind: z.literal('hold'), callId }),
  z.strictObject({ kind: z.literal('resume'), callId }),
  z.strictObject({ kind: z.literal('mute'), callId, muted: z.boolean() }),
  /** Ends the call for everybody; not while an emergency service is called or connected. */
  z.strictObject({ kind: z.literal('hangup'), callId }),
  z.strictObject({ kind: z.literal('dtmf'), callId, digits: z.string().regex(/^[0-9*#]{1,32}$/) }),
  z.strictObject({
    kind: z.literal('dial'),
    number,
    /** 分机: keyed in once the exchange of the house has answered. */
    extension: extension.optional(),
    name: textSchema(LIMITS.name),
    line: lineSchema,
    about: callAboutSchema,
  }),
  /** 直接转接: resolves when the other party took the call. */
  z.strictObject({ kind: z.literal('blind-transfer'), callId, to: partySchema }),
  /** 咨询: the citizen is put on hold, the other party called. Resolves when they answered. */
  z.strictObject({ kind: z.literal('consult'), callId, to: partySchema }),
  /** Calls a third party who joins when they answer: 三方, 求助, 110/119/120/122. Resolves when they joined. */
  z.strictObject({
    kind: z.literal('add-party'),
    callId,
    to: partySchema,
    purpose: z.enum(['conference', 'help', 'emergency']),
  }),
  /** Brings the consulted party and the citizen together. */
  z.strictObject({ kind: z.literal('join-leg'), callId }),
  /** Leaves the citizen with the third party. */
  z.strictObject({ kind: z.literal('complete-transfer'), callId }),
  /** Back to the citizen alone. */
  z.strictObject({ kind: z.literal('end-leg'), callId }),
  z.strictObject({ kind: z.literal('set-wrap-up'), ms: wrapUpMsSchema }),
  z.strictObject({ kind: z.literal('extend-wrap-up'), byMs: z.number().int().positive().max(600_000) }),
  z.strictObject({ kind: z.literal('finish-wrap-up') }),
  /** Simulator only: let somebody ring now. `ani` may be empty (withheld number). `callId` and `from` for a passed-on call. */
  z.strictObject({
    kind: z.literal('simulate-ring'),
    ani: z.string().max(30),
    name: z.string().max(60),
    line: lineSchema,
    callId: callIdSchema.optional(),
    from: seatPartySchema.optional(),
  }),
  /** Simulator only: the citizen, or the third party, hangs up; a waiting caller gives up. */
  z.strictObject({ kind: z.literal('simulate-hangup'), callId, who: z.enum(['citizen', 'third']) }),
  /** Simulator only: how parties that are called from now on behave. */
  z.strictObject({ kind: z.literal('simulate-peers'), behaviour: z.enum(PEER_BEHAVIOURS) }),
]);
export type TelCommand = z.infer<typeof telCommandSchema>;
