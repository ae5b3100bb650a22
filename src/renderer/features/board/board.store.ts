import { create } from 'zustand';

/** How the board is looked at; kept while one is on other pages. */
interface BoardState {
  /** 班组 whose seats are shown, null for all. */
  readonly team: string | null;
}

const EVERYBODY: BoardState = { team: null };

export const useBoardStore = create<BoardState>()(() => EVERYBODY);

/** Shows every 班组 again: the session ended. */
export function forgetBoard(): void {
  useBoardStore.setState(EVERYBODY);
}
