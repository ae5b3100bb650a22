import { create } from 'zustand';
import { NO_CONDITIONS, type TicketConditions, type TicketSort, type TicketView } from '#shared/domain/ticket-view.ts';

/** A found thing: what kind it is and its uid. */
export interface ResultRef {
  readonly kind: 'ticket' | 'person' | 'article';
  readonly uid: string;
}

interface SearchState {
  /** Kept while the agent looks at other pages. */
  readonly query: string;
  readonly conditions: TicketConditions;
  readonly sort: TicketSort;
  readonly selected: ResultRef | null;
  readonly open: ResultRef | null;
}

const NOTHING: SearchState = {
  query: '',
  conditions: NO_CONDITIONS,
  sort: 'newest',
  selected: null,
  open: null,
};

export const useSearchStore = create<SearchState>(() => NOTHING);

/** Forgets what was looked for: the session ended. */
export function forgetSearch(): void {
  useSearchStore.setState(NOTHING);
}

/** Looks for what was kept under a name, in its order. */
export function openSearchView({ query, conditions, sort }: TicketView): void {
  useSearchStore.setState({ query, conditions, sort, selected: null, open: null });
}

/** Shows the search page with a result opened beside the list. */
export function openInSearch(query: string, result: ResultRef): void {
  useSearchStore.setState({ ...NOTHING, query, selected: result, open: result });
}
