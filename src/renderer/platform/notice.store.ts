import { create } from 'zustand';

/** A short message in the status bar. `text` is already in the user's language. */
export interface Notice {
  readonly id: number;
  readonly tone: 'info' | 'success' | 'error';
  readonly text: string;
  /** Takes the announced thing back. */
  readonly undo: (() => void) | null;
}

interface NoticeState {
  readonly notice: Notice | null;
}

export const useNoticeStore = create<NoticeState>(() => ({ notice: null }));

let lastId = 0;
let timer: ReturnType<typeof setTimeout> | null = null;
/** How long a notice stays, in ms; errors stay until the next one or until dismissed. */
const NOTICE_MS = 8_000;

/** Shows a message in the status bar. It takes no focus and covers nothing. */
export function showNotice(tone: Notice['tone'], text: string, undo: (() => void) | null = null): void {
  lastId += 1;
  if (timer) clearTimeout(timer);
  useNoticeStore.setState({ notice: { id: lastId, tone, text, undo } });
  if (tone !== 'error') timer = setTimeout(dismissNotice, NOTICE_MS);
}

export function dismissNotice(): void {
  useNoticeStore.setState({ notice: null });
}
