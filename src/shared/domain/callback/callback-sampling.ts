import type { Ticket, TicketFields } from '../ticket.ts';
import type { CALLBACK_SIGNS, CallbackRules } from './callback-rules.ts';

type Sign = (typeof CALLBACK_SIGNS)[number];

/** What decides whether the citizen of an answered ticket is called back. */
export interface SamplingFacts extends Pick<TicketFields, 'type' | 'markers'> {
  readonly uid: string;
  readonly signs: readonly Sign[];
}

/** A rule and the share of tickets it calls back. */
export type SamplingRule = CallbackRules['sampling'][number];

/** The rule that decides about a ticket: the first that fits. */
export function samplingRuleOf(
  { type, markers, signs }: Omit<SamplingFacts, 'uid'>,
  { sampling }: CallbackRules,
): SamplingRule | undefined {
  return sampling.find(
    ({ when }) =>
      (when.types?.includes(type) ?? true) &&
      (when.markers?.some((marker) => markers.includes(marker)) ?? true) &&
      (when.signs?.some((sign) => signs.includes(sign)) ?? true),
  );
}

/** True when the citizen is called back. The same ticket is always drawn, or never, whoever asks and however often. */
export function isCalledBack(facts: SamplingFacts, rules: CallbackRules): boolean {
  return drawOf(facts.uid) < (samplingRuleOf(facts, rules)?.percent ?? 100);
}

/** A number from 0 to 99 out of a ticket's id (FNV-1a). */
function drawOf(uid: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < uid.length; i++) hash = Math.imul(hash ^ uid.charCodeAt(i), 0x01000193) >>> 0;
  return ((hash ^ (hash >>> 16)) >>> 0) % 100;
}

/** The same facts of a whole ticket. */
export function samplingFactsOf(ticket: Pick<Ticket, 'uid' | 'fields' | 'events' | 'replies'>): SamplingFacts {
  const { uid, fields, events, replies } = ticket;
  return {
    uid,
    type: fields.type,
    markers: fields.markers,
    signs: signsOf({
      isReminded: events.some(({ kind }) => kind === 'remind'),
      isOrdered: events.some(({ overlay }) => overlay?.step === 'order'),
      isRedone: replies.length > 0,
      isNumberless: fields.caller.phone === '',
    }),
  };
}

/** @param known `isRedone`: it was answered before; `isNumberless`: there is no number to call */
export function signsOf(known: {
  readonly isReminded: boolean;
  readonly isOrdered: boolean;
  readonly isRedone: boolean;
  readonly isNumberless: boolean;
}): readonly Sign[] {
  const { isReminded, isOrdered, isRedone, isNumberless } = known;
  return [
    ...(isReminded ? (['reminded'] as const) : []),
    ...(isOrdered ? (['ordered'] as const) : []),
    ...(isRedone ? (['redone'] as const) : []),
    ...(isNumberless ? (['numberless'] as const) : []),
  ];
}
