import { z } from 'zod';
import {
  callIdSchema,
  citizenIdSchema,
  consoleIdSchema,
  eventIdSchema,
  recordIdSchema,
  ticketIdSchema,
  userIdSchema,
} from '../kernel/ids.ts';
import { textSchema } from '../kernel/text.ts';
import { ticketClocksSchema } from './clock/ticket-clocks.ts';
import { overlaySchema } from './overlay/overlay-step.ts';
import { centreSchema, lineSchema } from './roles.ts';
import { ticketActSchema } from './ticket-act.ts';
import { ticketHandlingSchema } from './ticket-handling.ts';
import { ticketStatusSchema } from './ticket-status.ts';

/** Length limits in UTF-16 units; a 10,000-character paste must fit into every long text. */
export const LIMITS = {
  name: 60,
  formListItem: 500,
  draftFiles: 100,
  phone: 30,
  title: 200,
  longText: 20_000,
  address: 300,
  tag: 40,
  timeText: 40,
} as const;

/** Tags of one ticket. */
export const MOST_TAGS = 20;

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

/** The caller as written on this ticket; the person's own record may change later. `phone` as storePhone keeps it: digits, #extension. */
export const callerSchema = z.strictObject({
  name: textSchema(LIMITS.name),
  gender: genderSchema,
  kind: citizenKindSchema,
  phone: textSchema(LIMITS.phone),
  anonymous: z.boolean(),
  confidential: z.boolean(),
});
export type Caller = z.infer<typeof callerSchema>;

/** A caller who gave no name. */
export const ANONYMOUS: Caller = {
  name: '',
  gender: 'unknown',
  kind: 'person',
  phone: '',
  anonymous: true,
  confidential: false,
};

/** WGS 84 degrees. */
export const coordinatesSchema = z.strictObject({
  lat: z.number().min(-90).max(90),
  lng: z.number().min(-180).max(180),
});

/** Where it happened: division code (6 digits, or 9 for a street/town), address, landmark and direction words as told. */
export const placeSchema = z.strictObject({
  divisionCode: z
    .string()
    .regex(/^\d{6}(\d{3})?$/)
    .nullable(),
  address: textSchema(LIMITS.address),
  landmark: textSchema(LIMITS.address),
  coordinates: coordinatesSchema.nullable().default(null),
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
  /** The seat called; left out for a call that came in. */
  direction: z.literal('out').optional(),
});
export type CallFacts = z.infer<typeof callFactsSchema>;

/** A handling unit's (or the centre's) reply to the citizen. */
export const replySchema = z.strictObject({
  at: epochMs,
  unit: textSchema(LIMITS.name),
  text: textSchema(LIMITS.longText),
});
export type Reply = z.infer<typeof replySchema>;

/** One value of a special form; several choices are a list of their codes, files a list of their names and hashes. */
export const formValueSchema = z.union([
  textSchema(LIMITS.longText),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(textSchema(LIMITS.formListItem)).max(60),
]);

/** Most fields a form may have. */
export const MAX_FORM_FIELDS = 100;

/** A filled special form. Id and version name the definition it was written with and is shown with ever after. */
export const ticketFormSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  version: z.number().int().positive(),
  data: z
    .record(z.string().regex(/^[a-zA-Z][a-zA-Z0-9]{0,39}$/), formValueSchema)
    .refine((data) => Object.keys(data).length <= MAX_FORM_FIELDS),
});

/** A knowledge article the answer rests on, with the version that was read out. */
export const citationSchema = z.strictObject({
  articleUid: recordIdSchema,
  version: z.number().int().positive(),
  title: textSchema(LIMITS.title),
});

/** How the category came about: chosen by hand, or taken over from the suggestion with the confidence (0–1) it was shown with. */
export const categoryChoiceSchema = z.strictObject({
  by: z.enum(['picked', 'suggested']),
  confidence: z.number().min(0).max(1).nullable(),
});

/** Services a call is handed over to at once (国办发〔2022〕12号). */
export const EMERGENCY_SERVICES = ['110', '119', '120', '122'] as const;
export const handOffSchema = z.strictObject({ service: z.enum(EMERGENCY_SERVICES), at: epochMs });
export type HandOff = z.infer<typeof handOffSchema>;
/** Every service a call was handed over to, in the order in which they answered. */
export const handOffsSchema = z.array(handOffSchema).max(20);

/** What a person writes: the part of a ticket that an operation carries and a conflict is about. */
export const ticketFieldsSchema = z.strictObject({
  type: ticketTypeSchema,
  categoryCode: textSchema(20).nullable(),
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
  tags: z.array(textSchema(LIMITS.tag)).max(MOST_TAGS),
  call: callFactsSchema.nullable(),
  /** 直接答复: what the agent told the citizen; null when the matter goes on. */
  answer: textSchema(LIMITS.longText).nullable(),
  form: ticketFormSchema.nullable().default(null),
  citations: z.array(citationSchema).max(20).default([]),
  categoryChoice: categoryChoiceSchema.nullable().default(null),
  /** The first emergency service; builds before schema 3 know no further ones. */
  handOff: handOffSchema.nullable().default(null),
  /** All of them, the first included; left out when there are not several. */
  handOffs: handOffsSchema.optional(),
});
export type TicketFields = z.infer<typeof ticketFieldsSchema>;

/** What was written in words on a ticket, each text put through a function. */
export function mapTexts(
  { title, content, originalWords, answer, subject, tags }: TicketFields,
  text: (written: string) => string,
): Pick<TicketFields, 'title' | 'content' | 'originalWords' | 'answer' | 'subject' | 'tags'> {
  return {
    title: text(title),
    content: text(content),
    originalWords: text(originalWords),
    answer: answer === null ? null : text(answer),
    subject: text(subject),
    tags: tags.map(text),
  };
}

/** The emergency services a ticket's call was handed over to, in their order. */
export function handOffsOf({ handOff, handOffs }: Pick<TicketFields, 'handOff' | 'handOffs'>): readonly HandOff[] {
  return handOffs ?? (handOff ? [handOff] : []);
}

/** The same as a ticket carries it. */
export function toHandOffFields(all: readonly HandOff[]): Pick<TicketFields, 'handOff' | 'handOffs'> {
  return { handOff: all[0] ?? null, ...(all.length > 1 ? { handOffs: [...all] } : {}) };
}

/** True when list and first service say the same. */
export function areHandOffsSound({ handOff, handOffs }: Pick<TicketFields, 'handOff' | 'handOffs'>): boolean {
  if (handOffs === undefined) return true;
  const [first] = handOffs;
  return handOffs.length > 1 && first?.service === handOff?.service && first?.at === handOff?.at;
}

/** Values of fields that older tickets do not have, and that most tickets leave empty. */
export const EMPTY_EXTRAS = {
  form: null,
  citations: [],
  categoryChoice: null,
  handOff: null,
} satisfies Partial<TicketFields>;

/** What anybody may add to a ticket at any time: 补充, 催办, 承诺. */
export const NOTE_KINDS = ['note', 'remind', 'promise'] as const;
export type NoteKind = (typeof NOTE_KINDS)[number];
/** What a person added to a ticket and sends again when a restored server has lost it. */
export const LOST_NOTE_KINDS = [...NOTE_KINDS, 'attached', 'promise_kept', 'promise_withdrawn'] as const;

/** What happened to a ticket, append-only. */
export const EVENT_KINDS = [
  'created',
  'answered',
  'accepted',
  'status',
  'note',
  'remind',
  'promise',
  'reply',
  'edited',
  'imported',
  'linked',
  'unlinked',
  'child_merged',
  'child_split',
  'handed_off',
  'called',
  'attached',
  'promise_kept',
  'promise_withdrawn',
  'overlay',
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
  /**
   * Uid of what the event is about beside the ticket itself: the 母单 of a link or of an answer, the ticket that came under this one or left it, the call of a `called`, the promise that was kept or
   * withdrawn; empty for none.
   */
  ref: textSchema(40).default(''),
  /** When a promise is due; of no other event. */
  dueAt: epochMs.optional(),
  /** What exactly was decided, when the event is somebody's decision; of no other event. */
  act: ticketActSchema.optional(),
  /** What exactly was laid over the ticket: 督办, 批示, 权属; of no other event. */
  overlay: overlaySchema.optional(),
});
export type TicketEvent = z.infer<typeof ticketEventSchema>;

/** 并单: the 母单 a ticket belongs under, as proposed by a seat or as merged by the centre. */
export const ticketLinkSchema = z.strictObject({
  parentUid: ticketIdSchema,
  state: z.enum(['proposed', 'merged']),
  at: epochMs,
  byName: textSchema(LIMITS.name),
});
export type TicketLink = z.infer<typeof ticketLinkSchema>;

/** What the centre remarks on a ticket: its form was written with an older definition, or with one the server does not know. */
export const TICKET_FLAGS = ['form-outdated', 'form-unknown'] as const;

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
  /** 办结: when the close limit runs out. */
  dueAt: epochMs.nullable(),
  /** Null before acceptance, for what was answered on the spot, and for tickets of builds without clocks. */
  clocks: ticketClocksSchema.nullable().default(null),
  updatedAt: epochMs,
  /** Server version, 0 while only this console has it. */
  version: z.number().int().nonnegative(),
  link: ticketLinkSchema.nullable().default(null),
  flags: z.array(z.enum(TICKET_FLAGS)).default([]),
  /** Left out when nobody has dispatched it yet (see handlingOf). */
  handling: ticketHandlingSchema.optional(),
  events: z.array(ticketEventSchema),
});
export type Ticket = z.infer<typeof ticketSchema>;
