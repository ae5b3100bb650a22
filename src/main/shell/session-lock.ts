/** How long the page may take to bring its last keystrokes to the disk before the session is locked all the same. */
const ANSWER_MS = 300;

export interface SessionLock {
  /** The workstation was locked, put to sleep or left alone. */
  request(): void;
  /** The page has saved what it could. */
  confirm(): void;
}

/**
 * Locks the session after the page had a moment to save: a data process that is locked takes no text any more.
 * @param askPage tells the page
 * @param lock locks; repeating it changes nothing
 */
export function createSessionLock(askPage: () => void, lock: () => void): SessionLock {
  let timer: NodeJS.Timeout | undefined;
  const finish = () => {
    clearTimeout(timer);
    timer = undefined;
    lock();
  };
  return {
    request: () => {
      timer ??= setTimeout(finish, ANSWER_MS);
      askPage();
    },
    confirm: () => {
      if (timer !== undefined) finish();
    },
  };
}
