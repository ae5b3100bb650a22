import { create } from 'zustand';

interface SearchState {
  /** Kept while the agent looks at other pages. */
  readonly query: string;
  readonly selected: string | null;
  readonly openUid: string | null;
}

export const useSearchStore = create<SearchState>(() => ({ query: '', selected: null, openUid: null }));
