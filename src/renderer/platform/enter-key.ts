import { useEffect, useState } from 'react';

/**
 * Enter in a search box means what its text finds. Right after the last letter the lines below are still those of the letters before:
 * then the key waits for the answer, and typing on takes it back.
 * @param asked what the box asks for now
 * @param isAnswered the lines below are the answer to it
 * @param act opens the line that is meant
 * @returns what Enter does
 */
export function useEnterKey(asked: string, isAnswered: boolean, act: () => void): () => void {
  const [awaited, setAwaited] = useState<string | null>(null);
  useEffect(() => {
    if (awaited === null) return;
    if (awaited === asked && !isAnswered) return;
    setAwaited(null);
    if (awaited === asked) act();
  }, [awaited, asked, isAnswered, act]);
  return () => {
    if (isAnswered) act();
    else setAwaited(asked);
  };
}
