import { create } from 'zustand';

export const PAGES = [
  'workbench',
  'mine',
  'queue',
  'quality',
  'board',
  'reminders',
  'calls',
  'search',
  'knowledge',
  'outbox',
  'settings',
  'forms',
] as const;
export type Page = (typeof PAGES)[number];

interface RouteState {
  readonly page: Page;
  /** Pages behind the current one, oldest first; Esc goes back through them. */
  readonly trail: readonly Page[];
  /** Grows whenever the search page was asked for by its key. */
  readonly searchFocus: number;
}

const MAX_TRAIL = 20;

export const useRouteStore = create<RouteState>(() => ({ page: 'workbench', trail: [], searchFocus: 0 }));

/** Shows a page. */
export function goTo(page: Page): void {
  useRouteStore.setState((state) => ({
    page,
    trail: state.page === page ? state.trail : [...state.trail, state.page].slice(-MAX_TRAIL),
    searchFocus: page === 'search' ? state.searchFocus + 1 : state.searchFocus,
  }));
}

/** One page back; nothing is closed and nothing is lost. */
export function goBack(): void {
  useRouteStore.setState((state) => {
    const page = state.trail.at(-1);
    return page === undefined ? state : { page, trail: state.trail.slice(0, -1) };
  });
}
