import { useEffect, useState } from 'react';
import { type CallFailure, readNumber, toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { clock } from '#renderer/ui/now.ts';

export interface SignIn {
  readonly working: boolean;
  readonly failure: CallFailure | null;
  /** Until when no further try is possible, epoch ms. */
  readonly blockedUntil: number | null;
  readonly submit: (account: string, password: string) => Promise<boolean>;
}

/** Signs in or unlocks, and remembers what went wrong. */
export function useSignIn(): SignIn {
  const [working, setWorking] = useState(false);
  const [failure, setFailure] = useState<CallFailure | null>(null);
  const [blockedUntil, setBlockedUntil] = useState<number | null>(null);

  useEffect(() => {
    if (blockedUntil === null) return;
    const timer = setTimeout(() => setBlockedUntil(null), Math.max(0, blockedUntil - clock.now()));
    return () => clearTimeout(timer);
  }, [blockedUntil]);

  const submit = async (account: string, password: string) => {
    setWorking(true);
    setFailure(null);
    try {
      await dataClient.session.signIn({ account, password });
      return true;
    } catch (error) {
      const found = toCallFailure(error);
      setFailure(found);
      const wait = found.code === 'TOO_MANY_TRIES' ? readNumber(found.data, 'retryAfterMs') : null;
      if (wait !== null) setBlockedUntil(clock.now() + wait);
      return false;
    } finally {
      setWorking(false);
    }
  };
  return { working, failure, blockedUntil, submit };
}
