import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';

/** The ticket that is shown in the place of a person's card. Closing it gives the focus back to the line it was opened from. */
export interface OpenTicket {
  readonly uid: string | null;
  readonly open: (uid: string) => void;
  readonly close: () => void;
  /** Another person is shown: there is nothing to go back to. */
  readonly forget: () => void;
}

/** @param rootRef what holds the card */
export function useOpenTicket(rootRef: RefObject<HTMLElement | null>): OpenTicket {
  const [uid, setUid] = useState<string | null>(null);
  const returnTo = useRef<string | null>(null);
  useEffect(() => {
    if (uid !== null || returnTo.current === null) return;
    const id = TEST_IDS.citizenTicket(returnTo.current);
    returnTo.current = null;
    rootRef.current?.querySelector<HTMLElement>(`[data-testid="${id}"]`)?.focus();
  }, [uid, rootRef]);
  const forget = useCallback(() => setUid(null), []);
  return {
    uid,
    open: setUid,
    forget,
    close: () => {
      returnTo.current = uid;
      setUid(null);
    },
  };
}
