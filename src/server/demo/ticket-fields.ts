import type { Line } from '#shared/domain/roles.ts';
import {
  ANONYMOUS,
  type Caller,
  type CallFacts,
  type Channel,
  EMPTY_EXTRAS,
  type Marker,
  type TicketFields,
  type TicketType,
  type Urgency,
} from '#shared/domain/ticket.ts';
import type { CallId, CitizenId } from '#shared/kernel/ids.ts';
import { describeMoment, HOUR_MS, MINUTE_MS } from './calendar.ts';
import { type CompiledMatter, type Composer, SLOT } from './composer.ts';
import { demoId } from './demo-ids.ts';
import { type DemoPerson, demoMobile, MOBILE_NUMBERS, UNKNOWN_MOBILES } from './people.ts';
import type { Phrases } from './phrases.ts';
import { type Rng, weightedIndex } from './rng.ts';
import type { Situation } from './situation.ts';
import { renderTemplate, type SlotValues, type Template } from './template.ts';

const CHANNEL_NAMES: readonly Channel[] = ['phone', 'wechat', 'app', 'web', 'transfer', 'letter', 'visit'];
const CHANNEL_INDEX = weightedIndex([85, 6.5, 4.2, 3, 0.8, 0.3, 0.2]);
const NO_WORDS = { formal: '', spoken: '' };

/** What one ticket is written from. */
export interface FieldsInput {
  readonly composer: Composer;
  readonly phrases: Phrases;
  readonly situation: Situation;
  readonly line: Line;
  readonly person: DemoPerson | null;
  readonly citizenUid: CitizenId | null;
  /** Index of the ticket, for numbers of callers without a record. */
  readonly index: number;
  readonly createdAt: number;
  readonly followUp: boolean;
  readonly mass: boolean;
  readonly answerNow: boolean;
}

/** Writes what the agent typed: words as spoken, content as an official writes, caller, place and call. */
export function makeFields(rng: Rng, input: FieldsInput): TicketFields {
  const { situation, line, createdAt, person, composer } = input;
  const { entry } = situation;
  const caller = makeCaller(rng, input);
  const { matter } = entry;
  const channel = line === '12350' && rng.chance(0.8) ? 'phone' : (CHANNEL_NAMES[CHANNEL_INDEX.draw(rng)] ?? 'phone');
  const type = entry.drawType(rng, situation.caseNo);
  const urgency = drawUrgency(rng, entry);
  const occurredAt = drawOccurredAt(rng, createdAt, type, urgency);
  const values: SlotValues = situation.values.slice();
  const who = speakOf(rng, caller, person, line, type);
  values[SLOT.who] = { formal: who, spoken: who };
  // A second call begins with its own words, a written message without a greeting.
  const greets = channel === 'phone' && !input.followUp;
  values[SLOT.hi] = greets ? rng.pick(composer.openers.hi) : NO_WORDS;
  values[SLOT.hiq] = greets ? rng.pick(composer.openers.hiq) : NO_WORDS;
  if (entry.usesWhen) values[SLOT.when] = describeMoment(occurredAt ?? createdAt - 2 * HOUR_MS, createdAt);
  const write = (texts: readonly Template[]) =>
    renderTemplate(pickText(rng, situation, texts), values, situation.caseNo, rng);
  const words = write(entry.words);
  const content = write(entry.contents);
  const { followUpWords, followUpContent } = input.phrases.phrases;
  const again = input.followUp ? rng.pick(followUpContent ?? ['']) : '';
  const told = channel === 'phone' ? again + content : asWritten(again + content);
  const confidentialNote = caller.confidential && line === '12345' ? '诉求人要求对个人信息保密。' : '';
  return {
    ...EMPTY_EXTRAS,
    type,
    categoryCode: matter.code,
    title: write(entry.titles),
    content: told + confidentialNote,
    originalWords: input.followUp && channel === 'phone' ? rng.pick(followUpWords ?? ['']) + words : words,
    demands: matter.demands,
    channel,
    line,
    citizenUid: input.citizenUid,
    caller,
    place: situation.place,
    occurredAt,
    subject: situation.subject,
    urgency,
    markers: drawMarkers(rng, input, caller, type),
    tags: matter.tags,
    call: channel === 'phone' ? makeCall(rng, caller, line, createdAt) : null,
    answer: input.answerNow ? (channel === 'phone' ? write(entry.answers) : asWritten(write(entry.answers))) : null,
  };
}

/** Paired texts follow the case, others come by chance. */
function pickText(rng: Rng, { entry, caseNo }: Situation, texts: readonly Template[]): Template {
  return (entry.matter.paired ? texts[caseNo % texts.length] : undefined) ?? rng.pick(texts);
}

/** What the unit replies. Follow-up calls about matters that are always answered at once have no reply of their own. */
export function writeReply(rng: Rng, situation: Situation): string {
  const { replies } = situation.entry;
  if (replies.length === 0) return '已与诉求人电话联系，就相关政策作了说明。';
  return renderTemplate(pickText(rng, situation, replies), situation.values, situation.caseNo, rng);
}

/** Texts are written for calls; other channels have no 来电人. */
function asWritten(text: string): string {
  return text.replaceAll('来电人', '诉求人').replaceAll('来电', '留言');
}

function drawUrgency(rng: Rng, { matter }: CompiledMatter): Urgency {
  const roll = rng.next();
  return roll < matter.critical ? 'critical' : roll < matter.critical + matter.urgent ? 'urgent' : 'normal';
}

/** Half of the things that happened have a time: just now when it is urgent, otherwise within two days. */
function drawOccurredAt(rng: Rng, createdAt: number, type: TicketType, urgency: Urgency): number | null {
  if (type === 'consult' || type === 'suggestion' || rng.chance(0.5)) return null;
  const ago = urgency === 'normal' ? rng.between(30, 2_400) : rng.between(5, 90);
  return Math.floor(createdAt / MINUTE_MS - ago) * MINUTE_MS;
}

function speakOf(rng: Rng, caller: Caller, person: DemoPerson | null, line: Line, type: TicketType): string {
  if (line === '12350') return '举报人';
  if (caller.anonymous || caller.confidential || !person) return rng.pick(['诉求人', '匿名市民', '市民']);
  if (type === 'report') return rng.pick(['诉求人', '市民', person.form]);
  return rng.pick([person.form, person.form, '诉求人', '市民']);
}

function drawMarkers(rng: Rng, input: FieldsInput, caller: Caller, type: TicketType): Marker[] {
  const markers: Marker[] = [];
  if (!input.answerNow && type === 'complaint' && rng.chance(0.006)) markers.push('sensitive');
  if (input.mass) markers.push('mass');
  if (input.followUp) markers.push('repeat');
  if (caller.kind === 'organisation') markers.push('enterprise');
  if (caller.confidential) markers.push('confidential');
  return markers;
}

function makeCaller(rng: Rng, { person, line, situation, index }: FieldsInput): Caller {
  if (!person) {
    if (line === '12350') return { ...ANONYMOUS, confidential: true };
    // Numbers behind those of the citizens: nobody's record.
    return rng.chance(0.6)
      ? { ...ANONYMOUS, phone: demoMobile(UNKNOWN_MOBILES + (index % (MOBILE_NUMBERS - UNKNOWN_MOBILES))) }
      : ANONYMOUS;
  }
  const { name, gender, kind, phones } = person.fields;
  const phone = phones.length > 1 && rng.chance(0.25) ? phones[1] : phones[0];
  const asksSecrecy = situation.entry.reportable && rng.chance(0.05);
  return {
    name: rng.chance(0.05) ? '' : name,
    gender,
    kind,
    phone: phone ?? '',
    anonymous: false,
    confidential: person.fields.confidential || asksSecrecy,
  };
}

/** The ticket is submitted near the end of the call. */
function makeCall(rng: Rng, caller: Caller, line: Line, createdAt: number): CallFacts {
  const talkMs = rng.between(45, 420) * 1_000;
  const answeredAt = createdAt - talkMs;
  const ringAt = answeredAt - rng.between(2, 28) * 1_000;
  const heldMs = rng.chance(0.12) ? rng.between(8, 90) * 1_000 : 0;
  return {
    callId: demoId<CallId>(rng, ringAt),
    ani: caller.phone,
    line,
    ringAt,
    answeredAt,
    endedAt: createdAt + rng.between(-20, 15) * 1_000,
    heldMs: Math.min(heldMs, talkMs - 30_000),
  };
}
