import { z } from 'zod';
import { ticketIdSchema } from '../kernel/ids.ts';
import { sameValue } from '../kernel/same-value.ts';
import { textSchema } from '../kernel/text.ts';
import { chosenReasonsSchema, RULE_BASES, ruleRecordSchema } from './dispatch/dispatch-reason.ts';
import { reviewRecordSchema } from './overlay/review-record.ts';
import type { Role } from './roles.ts';
import { nextStatus, type TicketAction, type TicketStatus, TRANSITIONS } from './ticket-status.ts';
import { UNIT_NAME_MAX } from './unit-name.ts';

/** Name of a handling unit. */
export const unitNameSchema = textSchema(UNIT_NAME_MAX).refine((name) => name.trim() !== '', { message: 'empty' });

/** 协办: units beside the one that answers the citizen. */
export const MOST_CO_UNITS = 8;
const coUnitsSchema = z.array(unitNameSchema).max(MOST_CO_UNITS);

/**
 * Why a unit was chosen: the rule names it (see RULE_BASES), somebody wrote it, or it acts first while nobody knows whose the matter is
 * (权属不清，先行处置).
 */
export const UNIT_BASES = [...RULE_BASES, 'manual', 'acting'] as const;

/** Why a ticket is put on account (挂账): nobody here can do it yet (能力缺口), money or a project is needed, it is planned, or it has to wait for its season. */
export const ACCOUNT_CAUSES = ['capability', 'funds', 'planned', 'season', 'other'] as const;
export type AccountCause = (typeof ACCOUNT_CAUSES)[number];

/** Longest extension (延期), in working days. */
export const MOST_EXTENSION_DAYS = 10;

/** What a citizen is not content with, as asked at the 回访. */
export const CALLBACK_CAUSES = ['slow', 'unsolved', 'untrue', 'attitude', 'policy', 'other'] as const;
/** Why it is not solved. */
export const UNSOLVED_CAUSES = ['untouched', 'partly', 'back', 'passed', 'policy', 'other'] as const;

/** Solved and content are two questions with a cause each; of a citizen who was not reached there is no answer to either. */
export const callbackAnswersSchema = z.strictObject({
  reached: z.boolean(),
  solved: z.boolean().nullable(),
  satisfied: z.boolean().nullable(),
  /** Of somebody who is not content; with no cause of its own, why it is not solved, too. */
  cause: z.enum(CALLBACK_CAUSES).nullable(),
  /** Left out of what is solved. */
  unsolvedCause: z.enum(UNSOLVED_CAUSES).optional(),
});
export type CallbackAnswers = z.infer<typeof callbackAnswersSchema>;

/** Both questions answered when somebody was reached, none otherwise; a no has its cause. */
function areAnswersSound({ reached, solved, satisfied, cause, unsolvedCause }: CallbackAnswers): boolean {
  if (!reached) return solved === null && satisfied === null && cause === null && unsolvedCause === undefined;
  if (solved === null || satisfied === null) return false;
  if (solved && (unsolvedCause !== undefined || (satisfied && cause !== null))) return false;
  return (solved || cause !== null || unsolvedCause !== undefined) && (satisfied || cause !== null);
}

/** A 重办 is asked for by somebody who was reached and for whom it is not done. */
function asksForRedo({ reached, solved, satisfied }: CallbackAnswers): boolean {
  return reached && (solved === false || satisfied === false);
}

/** A ticket's number, or its 暂编号; empty while the author's console does not know it. */
const shownNumberSchema = z.string().regex(/^[\p{L}\d-]{0,40}$/u);
const epochMs = z.number().int().nonnegative();
/** `reasons`: those of a unit that the rule names; `rule`: what it proposed first, also where somebody chose another one. Builds without the rule know neither. */
const choiceSchema = {
  unit: unitNameSchema,
  coUnits: coUnitsSchema,
  basis: z.enum(UNIT_BASES),
  reasons: chosenReasonsSchema.optional(),
  rule: ruleRecordSchema.optional(),
};
const plain = <A extends TicketAction>(action: A) => z.strictObject({ action: z.literal(action) });

/**
 * What somebody decides about a ticket, without the words: it travels in an operation and stays in the ticket's history.
 * `review`: the record of the 联席研判 that assigned the unit. `despiteReturn`: the unit has returned it before and is to have it all the same. `reviewInDays`: days until a 挂账 is looked at again.
 */
export const ticketActSchema = z.discriminatedUnion('action', [
  /**
   * 并单 under a 母单. `parentNo`: its number as the author saw it; `asProposed`: a seat proposed this 母单 and the author agrees with it.
   */
  z.strictObject({
    action: z.literal('merge'),
    parentUid: ticketIdSchema,
    parentNo: shownNumberSchema,
    asProposed: z.boolean(),
  }),
  /** 拆分: out of its 母单 again. */
  z.strictObject({ action: z.literal('unmerge'), parentNo: shownNumberSchema }),
  plain('send_to_review'),
  plain('send_to_dispatch'),
  plain('refuse'),
  z.strictObject({ action: z.literal('dispatch'), ...choiceSchema, despiteReturn: z.boolean() }),
  plain('sign'),
  plain('return'),
  plain('approve_return'),
  plain('refuse_return'),
  plain('joint_review'),
  z.strictObject({ action: z.literal('assign'), ...choiceSchema, review: reviewRecordSchema.optional() }),
  z.strictObject({
    action: z.literal('ask_extension'),
    days: z.number().int().min(1).max(MOST_EXTENSION_DAYS),
  }),
  z.strictObject({ action: z.literal('decide_extension'), granted: z.boolean() }),
  /** Builds of before told no `cause`. */
  z.strictObject({
    action: z.literal('put_on_account'),
    reviewInDays: z.number().int().min(1).max(365),
    cause: z.enum(ACCOUNT_CAUSES).optional(),
  }),
  plain('resume'),
  /** `withoutCo`: why the citizen is answered although a 协办 still owes its part. */
  z.strictObject({
    action: z.literal('reply'),
    withoutCo: textSchema(500)
      .refine((reason) => reason.trim() !== '', { message: 'empty' })
      .optional(),
  }),
  /** 未接通. `calledAt`: when it rang in vain, by the console's clock; `agreedAt`: when to try again, null leaves it to the rule. */
  z.strictObject({ action: z.literal('miss_callback'), calledAt: epochMs, agreedAt: epochMs.nullable() }),
  z
    .strictObject({ action: z.literal('close'), callback: callbackAnswersSchema })
    .refine(({ callback }) => areAnswersSound(callback), { path: ['callback'] }),
  z
    .strictObject({ action: z.literal('redo'), callback: callbackAnswersSchema })
    .refine(({ callback }) => areAnswersSound(callback) && asksForRedo(callback), { path: ['callback'] }),
]);
export type TicketAct = z.infer<typeof ticketActSchema>;
export type ActAction = TicketAct['action'];
export type ActOf<A extends ActAction> = Extract<TicketAct, { action: A }>;

/** Decisions of people, in the order of a ticket's way. The other actions of the state machine come by rule or with other operations. */
export const ACT_ACTIONS: readonly ActAction[] = ticketActSchema.options.map(({ shape }) => shape.action.value);

/** Decisions of handling units. */
export const UNIT_ACTIONS: readonly ActAction[] = ACT_ACTIONS.filter((action) =>
  TRANSITIONS.some((transition) => transition.action === action && transition.roles.includes('unit')),
);

/** Whether a role may decide that about a ticket in that state: the one table that console and server ask. */
export function mayAct(role: Role | 'server', status: TicketStatus, action: ActAction): boolean {
  return nextStatus(status, action, role) !== null;
}

/** What a role may decide about a ticket in that state. */
export function actsOf(role: Role, status: TicketStatus): readonly ActAction[] {
  return ACT_ACTIONS.filter((action) => mayAct(role, status, action));
}

const WORDY: readonly ActAction[] = [
  'merge',
  'unmerge',
  'refuse',
  'return',
  'refuse_return',
  'joint_review',
  'ask_extension',
  'put_on_account',
  'reply',
  'redo',
];

/** Whether a decision has to be explained: whoever is told no, waits longer or gets work back reads why. */
export function needsWords(act: TicketAct): boolean {
  return WORDY.includes(act.action) || (act.action === 'decide_extension' && !act.granted);
}

/** True when two decisions come to the same, however the unit was found and whatever was written. */
export function sameOutcome(a: TicketAct, b: TicketAct): boolean {
  return sameValue(essenceOf(a), essenceOf(b));
}

function essenceOf(act: TicketAct): unknown {
  if (act.action === 'merge') return { action: act.action, parentUid: act.parentUid };
  if (act.action === 'unmerge') return { action: act.action };
  if (act.action !== 'dispatch' && act.action !== 'assign') return act;
  const { action, unit, coUnits, basis } = act;
  // Who acts first on what is nobody's is another decision than to give it to the one whose it is.
  const isActing = basis === 'acting';
  return { action, unit, coUnits: [...coUnits].sort(), isActing, review: action === 'assign' ? act.review : undefined };
}
