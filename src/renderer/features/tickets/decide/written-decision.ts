import type { TicketSummary } from '#shared/contract/tickets.contract.ts';
import type { RankedUnit } from '#shared/domain/dispatch/rank-units.ts';
import type { ReviewRecord } from '#shared/domain/overlay/review-record.ts';
import { type AccountCause, needsWords, type TicketAct, ticketActSchema } from '#shared/domain/ticket-act.ts';
import { readUnits } from '../oversight/read-units.ts';
import { actionOf, type PlainChoice } from './choices.ts';

/** What the dialog of a decision holds. */
export interface WrittenDecision {
  /** Written by hand; null takes what the rule proposes for each ticket. */
  readonly unit: string | null;
  readonly coUnits: string;
  /** Units that have returned the ticket are meant all the same. */
  readonly despiteReturn: boolean;
  /** 权属不清: the unit acts first. */
  readonly isActing: boolean;
  /** Record of the 联席研判 that assigns the unit; `none` when nobody wrote one, null while something of it is missing. */
  readonly review: ReviewRecord | 'none' | null;
  readonly reviewInDays: number;
  /** Why it is put on account. */
  readonly accountCause: AccountCause;
  readonly words: string;
}

export const EMPTY_DECISION: WrittenDecision = {
  unit: null,
  coUnits: '',
  despiteReturn: false,
  isActing: false,
  review: 'none',
  reviewInDays: 30,
  accountCause: 'other',
  words: '',
};

/** Why one ticket cannot be decided with what was written. */
export type Obstacle = 'unit' | 'returned' | 'coUnits' | 'names' | 'words' | 'review' | 'status' | 'parent';

/** What a decision is made from: a line of a list, or as much of a whole ticket. */
export type Decidable = Pick<
  TicketSummary,
  | 'uid'
  | 'number'
  | 'provisionalNo'
  | 'status'
  | 'title'
  | 'excerpt'
  | 'categoryCode'
  | 'divisionCode'
  | 'urgency'
  | 'unit'
  | 'acceptedAt'
  | 'createdAt'
  | 'step'
  | 'proposedUnder'
  | 'children'
> & { readonly returnedBy: readonly string[] };

/** A ticket with the units the rule names for it, the one it proposes first. */
export interface Candidate {
  readonly ticket: Decidable;
  readonly ranked: readonly RankedUnit[];
}

/** The unit a ticket goes to with what was written; null while nobody knows. */
export function chosenUnit(
  { unit }: Pick<WrittenDecision, 'unit'>,
  { ranked }: Pick<Candidate, 'ranked'>,
): string | null {
  const byHand = unit?.trim() ?? '';
  return byHand === '' ? (ranked[0]?.unit ?? null) : byHand;
}

/** The decision about one ticket, or what stands in its way. */
export function toAct(
  choice: PlainChoice,
  written: WrittenDecision,
  { ticket, ranked }: Candidate,
): { readonly act: TicketAct } | { readonly obstacle: Obstacle } {
  if (choice === 'assign' && written.review === null) return { obstacle: 'review' };
  const raw = rawAct(choice, written, ranked);
  if (raw === null) return { obstacle: 'unit' };
  if (
    actionOf(choice) === 'dispatch' &&
    'unit' in raw &&
    !written.despiteReturn &&
    ticket.returnedBy.includes(raw.unit)
  ) {
    return { obstacle: 'returned' };
  }
  const parsed = ticketActSchema.safeParse(raw);
  // What is written by hand here are names; which of them cannot be is said at its field.
  if (!parsed.success) return { obstacle: 'names' };
  const act = parsed.data;
  if ('unit' in act && act.coUnits.includes(act.unit)) return { obstacle: 'coUnits' };
  return needsWords(act) && written.words.trim() === '' ? { obstacle: 'words' } : { act };
}

function rawAct(choice: PlainChoice, written: WrittenDecision, ranked: readonly RankedUnit[]) {
  switch (choice) {
    case 'dispatch':
    case 'assign': {
      const unit = chosenUnit(written, { ranked });
      if (unit === null) return null;
      const named = ranked.find((one) => one.unit === unit);
      const basis = written.isActing ? ('acting' as const) : (named?.basis ?? ('manual' as const));
      const [first] = ranked;
      const chosen = {
        unit,
        coUnits: readUnits(written.coUnits),
        basis,
        ...(named ? { reasons: [...named.reasons] } : {}),
        ...(first ? { rule: { unit: first.unit, reasons: [...first.reasons], load: first.load } } : {}),
      };
      const { review } = written;
      return choice === 'assign'
        ? { action: choice, ...chosen, ...(review === 'none' || review === null ? {} : { review }) }
        : { action: choice, ...chosen, despiteReturn: written.despiteReturn };
    }
    case 'grant_extension':
    case 'refuse_extension':
      return { action: 'decide_extension' as const, granted: choice === 'grant_extension' };
    case 'unmerge':
      // The number is filled in where the decision is kept.
      return { action: choice, parentNo: '' };
    case 'put_on_account':
      return { action: choice, reviewInDays: written.reviewInDays, cause: written.accountCause };
    default:
      return { action: choice };
  }
}
