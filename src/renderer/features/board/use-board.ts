import { useEffect } from 'react';
import { dataClient } from '#renderer/platform/data-client.ts';
import { type LiveResult, useLiveQuery } from '#renderer/platform/live-query.ts';
import type { KeptBoard } from '#shared/contract/board-data.contract.ts';

/** How often the server is asked while somebody looks at the board. */
const ASK_EVERY_MS = 5_000;
/** A board this old is told as it was then: the server has not answered several times. */
export const LIVE_MS = 20_000;

/** The board as it is kept here, asked for anew for as long as it is shown. */
export function useBoard(): LiveResult<KeptBoard> {
  useEffect(() => {
    const ask = () => {
      if (document.visibilityState === 'visible') void dataClient.board.refresh().catch(() => {});
    };
    ask();
    const timer = setInterval(ask, ASK_EVERY_MS);
    document.addEventListener('visibilitychange', ask);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', ask);
    };
  }, []);
  return useLiveQuery(['board', 'session'], () => dataClient.board.get(), []);
}

/** Until when spans of a board count: now while it is live, else when it was told. */
export function countedUntil(receivedAt: number, now: number): number {
  return now - receivedAt < LIVE_MS ? now : receivedAt;
}
