import { z } from 'zod';
import {
  callIdSchema,
  citizenIdSchema,
  consoleIdSchema,
  eventIdSchema,
  ticketIdSchema,
  userIdSchema,
} from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';
import { centreSchema, lineSchema } from './roles.ts';
import { ticketStatusSchema } from './ticket-status.ts';

/** Length limits in UTF-16 units; a 10,000-character paste must fit into every long text. */
export const LIMITS = { name: 60, phone: 30, title: 200, longText: 20_000, address: 300, tag: 40 } as const;

const epochMs = z.number().int().nonnegative();

/** 咨询 求助 投诉 举报 建议 表扬 其他 */
export const TICKET_TYPES = ['consult', 'help', 'complaint', 'report', 'suggestion', 'praise', 'other'] as const;
export const ticketTypeSchema = z.enum(TICKET_TYPES);
export type TicketType = z.infer<typeof ticketTypeSchema>;

/** 一般 紧急 特急 */
export const URGENCIES = ['normal', 'urgent', 'critical'] as const;
export const urgencySchema = z.enum(URGENCIES);
export type Urgency = z.infer<typeof urgencySchema>;

/** 敏感 群体性 重复 涉企 保密 */
export const MARKERS = ['sensitive', 'mass', 'repeat', 'enterprise', 'confidential'] as const;
export const markerSchema = z.enum(MARKERS);
export type Marker = z.infer<typeof markerSchema>;

/** 查处 维修 赔偿 解释 建议 */
export const DEMANDS = ['enforce', 'repair', 'compensate', 'explain', 'advise'] as const;
export const demandSchema = z.enum(DEMANDS);

export const CHANNELS = ['phone', 'web', 'app', 'wechat', 'letter', 'visit', 'transfer', 'import'] as const;
export const channelSchema = z.enum(CHANNELS);
export type Channel = z.infer<typeof channelSchema>;

export const GENDERS = ['unknown', 'male', 'female'] as const;
export const genderSchema = z.enum(GENDERS);
export const CITIZEN_KINDS = ['person', 'organisation'] as const;
export const citizenKindSchema = z.enum(CITIZEN_KINDS);

/** The caller as written on this ticket; the person's own record may change later. `phone` is normalized. */
export const callerSchema = z.strictObject({
  name: textSchema(LIMITS.name),
  gender: genderSchema,
  kind: citizenKindSchema,
  phone: textSchema(LIMITS.phone),
  anonymous: z.boolean(),
  confidential: z.boolean(),
});
export type Caller = z.infer<typeof callerSchema>;

/** Where it happened: division code (6 digits, or 9 for a street/town), address, landmark and direction words as told. */
export const placeSchema = z.strictObject({
  divisionCode: z
    .string()
    .regex(/^\d{6}(\d{3})?$/)
    .nullable(),
  address: textSchema(LIMITS.address),
  landmark: textSchema(LIMITS.address),
});
export type Place = z.infer<typeof placeSchema>;

/** Facts of the call a ticket came from. `heldMs` = total time on hold. */
export const callFactsSchema = z.strictObject({
  callId: callIdSchema,
  ani: textSchema(LIMITS.phone),
  line: lineSchema,
  ringAt: epochMs,
  answeredAt: epochMs.nullable(),
  endedAt: epochMs.nullable(),
  heldMs: z.number().int().nonnegative(),
});
export type CallFacts = z.infer<typeof callFactsSchema>;

/** A handling unit's (or the centre's) reply to the citizen. */
export const replySchema = z.strictObject({
  at: epochMs,
  unit: textSchema(LIMITS.name),
  text: textSchema(LIMITS.longText),
});
export type Reply = z.infer<typeof replySchema>;

/** What a person writes: the part of a ticket that an operation carries and a conflict is about. */
export const ticketFieldsSchema = z.strictObject({
  type: ticketTypeSchema,
  categoryCode: z.string().max(20).nullable(),
  title: textSchema(LIMITS.title),
  content: textSchema(LIMITS.longText),
  /** 原话: the citizen's own words, verbatim. */
  originalWords: textSchema(LIMITS.longText),
  demands: z.array(demandSchema).max(DEMANDS.length),
  channel: channelSchema,
  line: lineSchema,
  citizenUid: citizenIdSchema.nullable(),
  caller: callerSchema,
  place: placeSchema,
  occurredAt: epochMs.nullable(),
  /** 涉事主体: the shop, company or person the matter is about. */
  subject: textSchema(LIMITS.address),
  urgency: urgencySchema,
  markers: z.array(markerSchema).max(MARKERS.length),
  tags: z.array(textSchema(LIMITS.tag)).max(20),
  call: callFactsSchema.nullable(),
  /** 直接答复: what the agent told the citizen; null when the matter goes on. */
  answer: textSchema(LIMITS.longText).nullable(),
});
export type TicketFields = z.infer<typeof ticketFieldsSchema>;

/** What happened to a ticket, append-only. */
export const EVENT_KINDS = [
  'created',
  'answered',
  'accepted',
  'status',
  'note',
  'remind',
  'reply',
  'edited',
  'imported',
] as const;
export const ticketEventSchema = z.strictObject({
  id: eventIdSchema,
  at: epochMs,
  kind: z.enum(EVENT_KINDS),
  actorId: userIdSchema.nullable(),
  actorName: textSchema(LIMITS.name),
  /** Words of the event: the note, the reply, the reason. */
  text: textSchema(LIMITS.longText),
  from: ticketStatusSchema.nullable(),
  to: ticketStatusSchema.nullable(),
});
export type TicketEvent = z.infer<typeof ticketEventSchema>;

/** A ticket as it travels and is shown: fields plus what the centre and the console know about it. */
export const ticketSchema = z.object({
  uid: ticketIdSchema,
  /** Dense number issued by the server; null until the server has it. */
  number: z.number().int().positive().nullable(),
  /** 暂编号: given by the console at once, searchable for ever. */
  provisionalNo: textSchema(40),
  centre: centreSchema,
  status: ticketStatusSchema,
  fields: ticketFieldsSchema,
  /** Handling unit after dispatch. */
  unit: textSchema(LIMITS.name).nullable(),
  replies: z.array(replySchema),
  createdAt: epochMs,
  createdById: userIdSchema.nullable(),
  createdByName: textSchema(LIMITS.name),
  consoleId: consoleIdSchema.nullable(),
  madeOffline: z.boolean(),
  acceptedAt: epochMs.nullable(),
  closedAt: epochMs.nullable(),
  dueAt: epochMs.nullable(),
  updatedAt: epochMs,
  /** Server version, 0 while only this console has it. */
  version: z.number().int().nonnegative(),
  events: z.array(ticketEventSchema),
});
export type Ticket = z.infer<typeof ticketSchema>;
