import { create } from 'zustand';
import { isQualityList, type QualityList } from '#shared/domain/quality/quality-list.ts';
import { NO_CONDITIONS, type TicketConditions, type TicketSort, type TicketView } from '#shared/domain/ticket-view.ts';

interface QualityState {
  /** Null: the first one of a role. */
  readonly list: QualityList | null;
  /** They stay from list to list. */
  readonly conditions: TicketConditions;
  /** Orders that were chosen; a list without one has its own. */
  readonly sorts: Partial<Readonly<Record<QualityList, TicketSort>>>;
  /** The row of conditions is shown though nothing is narrowed. */
  readonly isNarrowing: boolean;
}

const BEGIN: QualityState = { list: null, conditions: NO_CONDITIONS, sorts: {}, isNarrowing: false };

/** What is seen of 质检; kept while somebody looks at other pages. */
export const useQualityStore = create<QualityState>(() => BEGIN);

/** Shows a list of 质检 as it was kept under a name. */
export function openQualityView({ place, conditions, sort }: TicketView): void {
  if (!isQualityList(place)) return;
  useQualityStore.setState(({ sorts }) => ({ list: place, conditions, sorts: { ...sorts, [place]: sort } }));
}

/** Begins as at sign-in: the session ended. */
export function forgetQuality(): void {
  useQualityStore.setState(BEGIN);
}
