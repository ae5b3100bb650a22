import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { TicketList, Topic } from '#shared/contract/data.contract.ts';
import { type CallFailure, toCallFailure } from './call-error.ts';
import { dataClient, topicBus } from './data-client.ts';
import { TicketWindow } from './ticket-window.ts';

/** A list of tickets as a table shows it. */
export interface WindowedTickets {
  /** Undefined until the first lines are known; a new object after every change. */
  readonly rows: Pick<TicketWindow, 'length' | 'at'> | undefined;
  readonly isComplete: boolean;
  readonly failure: CallFailure | null;
  /** Tells which places are in sight. */
  readonly onRange: (from: number, to: number) => void;
}

const TOPICS: readonly Topic[] = ['tickets', 'session'];

/** Lists tickets, however many, and keeps the list current. */
export function useTicketWindow(list: TicketList): WindowedTickets {
  const [failure, setFailure] = useState<CallFailure | null>(null);
  const listeners = useRef(new Set<() => void>());
  const version = useRef(0);
  const window = useRef<TicketWindow | null>(null);
  const key = JSON.stringify(list);

  useEffect(() => {
    const asked = JSON.parse(key) as TicketList;
    const changed = () => {
      version.current++;
      for (const listener of listeners.current) listener();
    };
    const opened = new TicketWindow(
      {
        ids: (limit, before) =>
          dataClient.tickets.ids({ list: asked, limit, ...(before === undefined ? {} : { before }) }),
        rows: async (ids) => (await dataClient.tickets.rows({ ids: [...ids] })).rows,
      },
      () => {
        setFailure(null);
        changed();
      },
      (error) => setFailure(toCallFailure(error)),
    );
    window.current = opened;
    changed();
    opened.refresh();
    const stop = topicBus.subscribe(TOPICS, () => opened.refresh());
    return () => {
      stop();
      opened.stop();
    };
  }, [key]);

  const subscribe = useCallback((listener: () => void) => {
    listeners.current.add(listener);
    return () => listeners.current.delete(listener);
  }, []);
  const seen = useSyncExternalStore(subscribe, () => version.current);
  const onRange = useCallback((from: number, to: number) => window.current?.show(from, to), []);

  return viewOf(window.current, seen, failure, onRange);
}

/** A picture of the window at one version of it: what is drawn depends on the version, which the compiler can see here. */
function viewOf(
  window: TicketWindow | null,
  version: number,
  failure: CallFailure | null,
  onRange: WindowedTickets['onRange'],
): WindowedTickets {
  const isShown = version >= 0 && window?.isLoaded === true;
  return {
    rows: isShown ? { length: window.length, at: (index) => window.at(index) } : undefined,
    isComplete: window?.isComplete ?? false,
    failure,
    onRange,
  };
}
