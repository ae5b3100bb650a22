import type { BrowserWindow } from 'electron';
import type { CloseAnswer, CloseRequest } from '#shared/contract/shell.contract.ts';

/** How long a page may take to bring its text to the disk; one that hangs does not keep its window open. */
const ANSWER_MS = 1_000;

export interface WindowClosing {
  /** What the page answers to a request: close now, or a person is being asked first. */
  answer(answer: CloseAnswer): void;
}

/**
 * Asks the page before its window closes, so that the last keystrokes reach the disk and a call does not end by accident.
 * @param isQuitting true when the application ends as a whole (the desktop session ends): nobody is asked then
 * @param request tells the page; it answers through {@link WindowClosing.answer}
 */
export function askBeforeClosing(
  window: Pick<BrowserWindow, 'on' | 'destroy'>,
  isQuitting: () => boolean,
  request: (payload: CloseRequest) => void,
): WindowClosing {
  let timer: NodeJS.Timeout | undefined;
  // Closing would ask the page a second time, and a page that hangs never answers.
  const close = () => {
    clearTimeout(timer);
    window.destroy();
  };
  window.on('close', (event) => {
    event.preventDefault();
    clearTimeout(timer);
    timer = setTimeout(close, ANSWER_MS);
    request({ mayAsk: !isQuitting() });
  });
  window.on('closed', () => clearTimeout(timer));
  return {
    answer: (answer) => {
      if (answer === 'now') close();
      else clearTimeout(timer);
    },
  };
}
