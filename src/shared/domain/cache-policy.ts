import { z } from 'zod';
import { addMonths, type Month, monthOf } from './month.ts';
import { DECIDING_ROLES, type Role } from './roles.ts';

/** More tickets than this are no matter of choice: it is what the console's cache is measured for. */
const MOST_TICKETS = 1_000_000;

/**
 * How much of a centre's tickets a console holds: those of the last months (this one counts) as far as they fit into a million, or as many whole
 * months as fit into a number.
 */
export const cachePolicySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('months'), months: z.number().int().min(1).max(120) }),
  z.strictObject({ kind: z.literal('tickets'), tickets: z.number().int().min(1_000).max(MOST_TICKETS) }),
]);
export type CachePolicy = z.infer<typeof cachePolicySchema>;

/** What somebody may choose from; the first ones of personal data on a seat are few: an agent needs no more than a year. */
interface Choices {
  readonly choices: readonly CachePolicy[];
  readonly usual: CachePolicy;
}

const BY_MONTHS: Choices = {
  choices: [3, 6, 13, 25, 37].map((months) => ({ kind: 'months', months })),
  usual: { kind: 'months', months: 13 },
};
const BY_EITHER: Choices = {
  choices: [
    ...BY_MONTHS.choices,
    ...[100_000, 300_000, 1_000_000].map((tickets) => ({ kind: 'tickets', tickets }) as const),
  ],
  usual: { kind: 'tickets', tickets: 1_000_000 },
};

/** What a role may choose from, and what it has without choosing. */
export function policyChoices(role: Role): Choices {
  return DECIDING_ROLES.includes(role) ? BY_EITHER : BY_MONTHS;
}

/** The chosen policy, or the usual one of the role when it may not have what was chosen (or nothing was). */
export function policyOf(role: Role, chosen: CachePolicy | null): CachePolicy {
  const { choices, usual } = policyChoices(role);
  const wanted = JSON.stringify(chosen);
  return choices.find((choice) => JSON.stringify(choice) === wanted) ?? usual;
}

/** Tickets of one month the server has, on all lines a person reads. */
export interface MonthSize {
  readonly month: Month;
  readonly tickets: number;
}

/** Months to hold, and what stays outside. */
export interface HeldMonths {
  /** The first month that is held; earlier ones are not. */
  readonly from: Month;
  /** Earlier months with tickets, and how many those are. */
  readonly outside: { readonly months: number; readonly tickets: number };
}

/**
 * Which months a policy holds, always whole and without a gap up to now. This month and the one before are held whatever their size, and so is
 * what is still to come: on the first of a month nobody's desk is empty.
 * @param sizes each month once
 * @param now server time, epoch ms
 */
export function holdMonths(policy: CachePolicy, sizes: readonly MonthSize[], now: number): HeldMonths {
  const current = monthOf(now);
  const fitting = firstThatFits(policy.kind === 'tickets' ? policy.tickets : MOST_TICKETS, sizes, current);
  const wanted = policy.kind === 'months' ? addMonths(current, 1 - policy.months) : fitting;
  const from = isTooMuch(wanted, sizes) ? fitting : wanted;
  const outside = sizes.filter(({ month, tickets }) => month < from && tickets > 0);
  return {
    from,
    outside: { months: outside.length, tickets: outside.reduce((sum, { tickets }) => sum + tickets, 0) },
  };
}

function isTooMuch(from: Month, sizes: readonly MonthSize[]): boolean {
  return sizes.reduce((sum, { month, tickets }) => sum + (month >= from ? tickets : 0), 0) > MOST_TICKETS;
}

function firstThatFits(room: number, sizes: readonly MonthSize[], current: Month): Month {
  let held = 0;
  const always = addMonths(current, -1);
  let from = always;
  for (const { month, tickets } of [...sizes].sort((a, b) => (a.month < b.month ? 1 : -1))) {
    held += tickets;
    if (month >= always) continue;
    if (held > room) break;
    from = month;
  }
  return from;
}
