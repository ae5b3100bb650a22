import { z } from 'zod';
import { callIdSchema, draftIdSchema, ticketIdSchema } from '../kernel/ids.ts';
import { isStorableText, textSchema } from '../kernel/text.ts';
import { seatPartySchema } from './call-events.ts';
import { normalizePhone, parsePhones } from './phone.ts';
import {
  callFactsSchema,
  handOffsSchema,
  LIMITS,
  ticketFieldsSchema,
  ticketFormSchema,
  ticketTypeSchema,
} from './ticket.ts';

/** Files one draft takes besides those of its special form; the form of a refused ticket gets back whatever was added to it. */
export const MOST_DRAFT_FILES = 20;
/** What was promised to the citizen while the call was taken in (承诺). */
const intakePromiseSchema = z.strictObject({
  text: ticketFieldsSchema.shape.content,
  dueAt: z.number().int().nonnegative().nullable(),
  /** The due time as it was typed, while it cannot be read. */
  dueText: textSchema(LIMITS.timeText).optional(),
  /** Who promised it, of a form that was passed on; empty: whoever submits it. */
  byName: ticketFieldsSchema.shape.title,
});

/** What the agent has typed so far. Everything may be empty; nothing is refused while typing but what cannot be stored. */
export const intakeContentSchema = ticketFieldsSchema
  .omit({
    channel: true,
    line: true,
    citizenUid: true,
    call: true,
    answer: true,
    type: true,
    handOff: true,
    handOffs: true,
  })
  .extend({
    type: ticketTypeSchema.nullable(),
    answer: ticketFieldsSchema.shape.content,
    /** 事发时间 as it was typed, while it cannot be read as a time; left out otherwise. Never submitted. */
    occurredText: textSchema(LIMITS.timeText).optional(),
    /** What was filled into other forms before the form was changed: changing back finds it again. Never submitted. */
    otherForms: z.array(ticketFormSchema).max(20).default([]),
    /** Files the ticket gets, one line each (see attachment-ref.ts); they become events of it. */
    attachments: z.array(textSchema(LIMITS.formListItem)).max(LIMITS.draftFiles).default([]),
    /** Becomes the promise of the ticket when it is submitted. */
    promise: intakePromiseSchema.nullable().default(null),
  });
export type IntakeContent = z.infer<typeof intakeContentSchema>;

/** An empty form, with the caller's number already in it. */
export function emptyIntake(phone: string): IntakeContent {
  return {
    type: null,
    categoryCode: null,
    title: '',
    content: '',
    originalWords: '',
    demands: [],
    caller: { name: '', gender: 'unknown', kind: 'person', phone, anonymous: false, confidential: false },
    place: { divisionCode: null, address: '', landmark: '', coordinates: null },
    occurredAt: null,
    subject: '',
    urgency: 'normal',
    markers: [],
    tags: [],
    answer: '',
    form: null,
    otherForms: [],
    attachments: [],
    promise: null,
    citations: [],
    categoryChoice: null,
  };
}

/** True when nothing is in a form but the number of the call it was opened for. */
export function isUntouchedIntake(content: IntakeContent, phone: string): boolean {
  const now = inOrder(content);
  return now !== null && [phone, normalizePhone(phone)].some((written) => now === inOrder(emptyIntake(written)));
}

/** Content as text with its keys in the schema's order: on its way through the disk the order changes. Null when it cannot be kept. */
function inOrder(content: IntakeContent): string | null {
  const parsed = intakeContentSchema.safeParse(content);
  return parsed.success ? JSON.stringify(parsed.data) : null;
}

/** A draft (草稿): exists from the first ring, tied to its call; `revision` grows with every saved change. */
export const draftSchema = z.object({
  id: draftIdSchema,
  callId: callIdSchema.nullable(),
  call: callFactsSchema.nullable(),
  revision: z.number().int().nonnegative(),
  content: intakeContentSchema,
  createdAt: z.number().int().nonnegative(),
  updatedAt: z.number().int().nonnegative(),
  /** The colleague whose form it was before the call came here, and when they passed it on. */
  handedFrom: seatPartySchema.extend({ at: z.number().int().nonnegative() }).nullable(),
  /** The colleague it went to with its call; a draft that was brought back keeps it. */
  handedTo: seatPartySchema.nullable(),
  /** The emergency services its call was handed over to. */
  handOffs: handOffsSchema,
  /** Set once submitted: a second submission of the same draft answers with this ticket instead of making another. */
  ticketUid: ticketIdSchema.nullable(),
  /** The refused ticket this draft corrects: submitted, it takes the place of what the server refused. */
  correctsUid: ticketIdSchema.nullable(),
  /** The 母单 under which its ticket is to be proposed (提议并单). */
  parentUid: ticketIdSchema.nullable(),
});
export type Draft = z.infer<typeof draftSchema>;

/** How a draft leaves the seat: `submit` 受理转办, `direct_answer` 直接答复, `hand_off` 移交 110/119/120/122. */
export const INTAKE_OUTCOMES = ['submit', 'direct_answer', 'hand_off'] as const;
export const intakeOutcomeSchema = z.enum(INTAKE_OUTCOMES);
export type IntakeOutcome = z.infer<typeof intakeOutcomeSchema>;

export type IntakeField =
  | 'type'
  | 'categoryCode'
  | 'title'
  | 'content'
  | 'answer'
  | 'caller.name'
  | 'caller.phone'
  | 'originalWords'
  | 'place.address'
  | 'place.landmark'
  | 'subject'
  | 'occurredAt'
  | 'promise'
  | 'promiseDue';
export interface IntakeProblem {
  readonly field: IntakeField;
  readonly code: 'REQUIRED' | 'TOO_LONG' | 'UNSTORABLE_TEXT' | 'UNREADABLE_TIME' | 'SEVERAL_NUMBERS' | PhoneFault;
}

/** No network has a longer number (E.164); neither an extension nor the 00 before a foreign country is counted. */
const MOST_PHONE_DIGITS = 15;
/** A number nobody can be called back under: none is written, or one with more digits than any number has. */
type PhoneFault = 'NO_NUMBER' | 'LONG_NUMBER';

/** What is wrong with the number of a caller; null for a good one, for an empty field, and for whoever stays anonymous. */
export function phoneFaultOf({
  phone,
  anonymous,
}: Pick<IntakeContent['caller'], 'phone' | 'anonymous'>): PhoneFault | null {
  if (anonymous || phone.trim() === '') return null;
  const phones = parsePhones(phone);
  if (phones.length === 0) return 'NO_NUMBER';
  return phones.some(({ number }) => number.replace(/^00/, '').length > MOST_PHONE_DIGITS) ? 'LONG_NUMBER' : null;
}

type CheckedContent = Omit<IntakeContent, 'otherForms' | 'attachments' | 'promise'> &
  Partial<Pick<IntakeContent, 'promise'>>;

/**
 * What keeps a draft from being submitted, in the order of the form. The same rules run in the form and in the data process.
 * A direct answer needs only what was answered and the type; a ticket that goes on needs category, title and content.
 */
export function checkIntake(content: CheckedContent, outcome: IntakeOutcome): readonly IntakeProblem[] {
  const problems = checkTakenIn(content, outcome);
  // Somebody is in danger: a hand-over leaves with whatever is written.
  const fault = outcome === 'hand_off' ? null : phoneFaultOf(content.caller);
  return fault ? [...problems, { field: 'caller.phone', code: fault }] : problems;
}

/**
 * The rules of checkIntake the centre holds a ticket to as well. It takes in what a seat could submit before it asked for a number that
 * can be called back.
 */
export function checkTakenIn(content: CheckedContent, outcome: IntakeOutcome): readonly IntakeProblem[] {
  const problems: IntakeProblem[] = [];
  const need = (field: IntakeField, value: string | null) => {
    if (value === null || value.trim() === '') problems.push({ field, code: 'REQUIRED' });
  };
  // A hand-over is recorded whatever has been written so far: somebody is in danger.
  if (outcome !== 'hand_off') need('type', content.type);
  if (outcome === 'submit') {
    need('categoryCode', content.categoryCode);
    need('title', content.title);
    need('content', content.content);
    if (!content.caller.anonymous) need('caller.phone', content.caller.phone);
  } else if (outcome === 'direct_answer') {
    need('content', content.content.trim() || content.title.trim() || content.originalWords.trim());
    need('answer', content.answer);
  }
  const texts: readonly [IntakeField, string, number][] = [
    ['title', content.title, LIMITS.title],
    ['content', content.content, LIMITS.longText],
    ['originalWords', content.originalWords, LIMITS.longText],
    ['answer', content.answer, LIMITS.longText],
    ['caller.name', content.caller.name, LIMITS.name],
    ['caller.phone', content.caller.phone, LIMITS.phone],
    ['place.address', content.place.address, LIMITS.address],
    ['place.landmark', content.place.landmark, LIMITS.address],
    ['subject', content.subject, LIMITS.address],
    ['occurredAt', content.occurredText ?? '', LIMITS.timeText],
    ['promise', content.promise?.text ?? '', LIMITS.longText],
    ['promiseDue', content.promise?.dueText ?? '', LIMITS.timeText],
  ];
  for (const [field, text, max] of texts) {
    if (text.length > max) problems.push({ field, code: 'TOO_LONG' });
    if (!isStorableText(text)) problems.push({ field, code: 'UNSTORABLE_TEXT' });
  }
  // A hand-over carries these in its words (see carryUnread).
  if (outcome === 'hand_off') return problems;
  if (parsePhones(content.caller.phone).length > 1) problems.push({ field: 'caller.phone', code: 'SEVERAL_NUMBERS' });
  if (content.occurredText) problems.push({ field: 'occurredAt', code: 'UNREADABLE_TIME' });
  if (content.promise?.dueText) problems.push({ field: 'promiseDue', code: 'UNREADABLE_TIME' });
  return problems;
}
