import { useState } from 'react';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { useFailureText } from './failure-text.ts';

/** What a dialog does when it is confirmed: one thing at a time; what went wrong is said in the dialog, which stays open. */
export function useDialogWork() {
  const failureText = useFailureText();
  const [working, setWorking] = useState(false);
  const [message, setMessage] = useState<string | null>(null);
  /** @param inWords puts the reason of a failure into the dialog's words */
  const run = async (work: () => Promise<void>, inWords = (reason: string) => reason) => {
    if (working) return;
    setWorking(true);
    setMessage(null);
    try {
      await work();
    } catch (error) {
      setMessage(inWords(failureText(toCallFailure(error))));
    } finally {
      setWorking(false);
    }
  };
  return { working, message, run };
}
