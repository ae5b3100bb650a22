import { z } from 'zod';
import { textSchema } from '../kernel/text.ts';
import { flowReceiverSchema } from './overlay/flow.ts';
import { isQualityList, QUALITY_LISTS, qualitySortsOf } from './quality/quality-list.ts';
import { teamSchema } from './team.ts';
import { LIMITS } from './ticket.ts';
import { ACCOUNT_CAUSES } from './ticket-act.ts';
import { TICKET_STATUSES } from './ticket-status.ts';
import { ACROSS_QUEUES, type AcrossQueue, QUEUE_NAMES } from './work-queue.ts';

/** Spans of time people choose without typing a date. */
export const PERIOD_PRESETS = ['today', 'yesterday', 'last7', 'last30', 'thisMonth', 'thisYear'] as const;
export type PeriodPreset = (typeof PERIOD_PRESETS)[number];

const moment = z.number().int().nonnegative();

/** What a list of tickets is narrowed to, as a person chose it. A preset is kept as such: 今天 means another day tomorrow. */
export const ticketConditionsSchema = z.strictObject({
  /** A state, or `group:` and the name of a group of states. */
  status: z.union([z.enum(TICKET_STATUSES), z.string().regex(/^group:[a-z]{1,20}$/)]).nullable(),
  /** A category of any level: two, four or six digits. */
  category: z
    .string()
    .regex(/^\d{2}(\d{2}){0,2}$/)
    .nullable(),
  /** A province, city, district or street, with everything inside it. */
  division: z
    .string()
    .regex(/^\d{6}(\d{3})?$/)
    .nullable(),
  period: z.union([z.enum(PERIOD_PRESETS), z.strictObject({ from: moment, to: moment })]).nullable(),
  unit: textSchema(LIMITS.name).nullable(),
  /** Who took it in: as the data process names them, with the name to show. */
  agent: z.strictObject({ value: textSchema(LIMITS.name + 1), label: textSchema(LIMITS.name) }).nullable(),
  /** 班组 of who took it in; views of before know none. */
  team: teamSchema.nullable().default(null),
  /** Of the queue 流转移交: with whom it lies. */
  receiver: flowReceiverSchema.nullable().default(null),
  /** Of the queue 挂账: why. */
  accountCause: z.enum(ACCOUNT_CAUSES).nullable().default(null),
});
export type TicketConditions = z.infer<typeof ticketConditionsSchema>;

/** Conditions of one queue alone, taken off: nobody narrows another one by what it does not have. */
export const NO_OWN_CONDITIONS = { receiver: null, accountCause: null } as const;

export const NO_CONDITIONS: TicketConditions = {
  status: null,
  category: null,
  division: null,
  period: null,
  unit: null,
  agent: null,
  team: null,
  ...NO_OWN_CONDITIONS,
};

/** True when a list is narrowed at all. */
export function isNarrowed(conditions: TicketConditions): boolean {
  return Object.values(conditions).some((value) => value !== null);
}

/** Orders of a queue: 最新, 最早, and 最急 (the one whose limit runs out first; those without one come last). */
export const TICKET_SORTS = ['newest', 'oldest', 'due'] as const;
export type TicketSort = (typeof TICKET_SORTS)[number];

/** The orders a list can be put in, the one it begins with first. Of a list across the states `due` is its own order: what it waits for first at the top. */
export function sortsOf(place: TicketView['place']): readonly TicketSort[] {
  // Proposals have no time of their own to be worked off by.
  if (place === 'merges') return ['newest', 'oldest'];
  if (isQualityList(place)) return qualitySortsOf(place);
  return isAcross(place) ? ['due', 'newest', 'oldest'] : TICKET_SORTS;
}

/** True for a queue across the states, which has an order of its own. */
export function isAcross(place: TicketView['place']): place is AcrossQueue {
  return ACROSS_QUEUES.some((name) => name === place);
}

/** Most views of one person. */
export const MOST_VIEWS = 50;
export const VIEW_NAME_MAX = 40;

/** 视图: a queue, a list of 质检 or a search with its conditions and order, kept under a name. */
export const ticketViewSchema = z.strictObject({
  id: z.uuid(),
  name: textSchema(VIEW_NAME_MAX).refine((name) => name.trim() !== ''),
  place: z.enum(['search', ...QUEUE_NAMES, ...QUALITY_LISTS]),
  /** Words that are looked for; empty in a list. */
  query: textSchema(200),
  conditions: ticketConditionsSchema,
  sort: z.enum(TICKET_SORTS),
  /** The order of a queue across the states; views of before know its own only. */
  acrossSort: z.enum(TICKET_SORTS).default('due'),
});
export type TicketView = z.infer<typeof ticketViewSchema>;
