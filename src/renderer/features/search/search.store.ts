import { create } from 'zustand';
import type { TicketGroup } from '#renderer/terms/ticket-groups.ts';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import type { Preset } from './period.ts';

/** A state, or all states of a group. */
export type StatusChoice = TicketStatus | `group:${TicketGroup}`;

/** What the results are narrowed to. A preset is kept as such: 今天 means another day tomorrow. */
export interface SearchFilter {
  readonly status: StatusChoice | null;
  readonly category: string | null;
  readonly division: string | null;
  readonly period: Preset | { readonly from: number; readonly to: number } | null;
  readonly unit: string | null;
  /** Agent as the data process names them, with the name to show. */
  readonly agent: { readonly value: string; readonly label: string } | null;
}

export const NO_FILTER: SearchFilter = {
  status: null,
  category: null,
  division: null,
  period: null,
  unit: null,
  agent: null,
};

/** A found thing: what kind it is and its uid. */
export interface ResultRef {
  readonly kind: 'ticket' | 'person' | 'article';
  readonly uid: string;
}

interface SearchState {
  /** Kept while the agent looks at other pages. */
  readonly query: string;
  readonly filter: SearchFilter;
  readonly selected: ResultRef | null;
  readonly open: ResultRef | null;
}

const NOTHING: SearchState = { query: '', filter: NO_FILTER, selected: null, open: null };

export const useSearchStore = create<SearchState>(() => NOTHING);

/** Forgets what was looked for: the session ended. */
export function forgetSearch(): void {
  useSearchStore.setState(NOTHING);
}

/** Shows the search page with a result opened beside the list. */
export function openInSearch(query: string, result: ResultRef): void {
  useSearchStore.setState({ query, filter: NO_FILTER, selected: result, open: result });
}
