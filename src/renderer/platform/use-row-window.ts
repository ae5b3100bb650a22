import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { CallLogItem } from '#shared/contract/calls.contract.ts';
import type { QualityLine } from '#shared/contract/quality.contract.ts';
import type { TicketFilter, TicketList, TicketSummary } from '#shared/contract/tickets.contract.ts';
import type { Topic } from '#shared/contract/topics.ts';
import type { QualityList } from '#shared/domain/quality/quality-list.ts';
import { type CallFailure, toCallFailure } from './call-error.ts';
import { dataClient, topicBus } from './data-client.ts';
import { type RowReader, RowWindow } from './row-window.ts';

/** A list as a table shows it. */
export interface WindowedRows<R> {
  /** Undefined until the first lines are known; a new object after every change. */
  readonly rows: Pick<RowWindow<R>, 'length' | 'at'> | undefined;
  readonly isComplete: boolean;
  readonly failure: CallFailure | null;
  /** Tells which places are in sight. */
  readonly onRange: (from: number, to: number) => void;
}

/**
 * Lists rows, however many, and keeps the list current.
 * @param key names the list; another key is another list
 * @param read how the list of a key is read
 * @param reading another value reads the list anew: what lies in it changes with time alone
 */
function useRowWindow<R>(
  topics: readonly Topic[],
  key: string,
  read: (key: string) => RowReader<R>,
  reading = 0,
): WindowedRows<R> {
  const [failure, setFailure] = useState<CallFailure | null>(null);
  const listeners = useRef(new Set<() => void>());
  const version = useRef(0);
  const window = useRef<RowWindow<R> | null>(null);
  const topicsKey = topics.join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the topics, which are a new array on every render
  useEffect(() => {
    const changed = () => {
      version.current++;
      for (const listener of listeners.current) listener();
    };
    // The list before stays on the screen, and the focus in it, until this one has something to show.
    const show = () => {
      window.current = opened;
      changed();
    };
    const opened: RowWindow<R> = new RowWindow<R>(
      read(key),
      () => {
        setFailure(null);
        if (opened.isComplete || opened.length > 0) show();
      },
      (error) => {
        setFailure(toCallFailure(error));
        if (!opened.isComplete) show();
      },
    );
    opened.refresh();
    const stop = topicBus.subscribe(topics, () => opened.refresh());
    return () => {
      stop();
      opened.stop();
    };
  }, [key, topicsKey, read]);

  const lastReading = useRef(reading);
  useEffect(() => {
    if (lastReading.current === reading) return;
    lastReading.current = reading;
    window.current?.refresh();
  }, [reading]);

  const subscribe = useCallback((listener: () => void) => {
    listeners.current.add(listener);
    return () => listeners.current.delete(listener);
  }, []);
  const seen = useSyncExternalStore(subscribe, () => version.current);
  const onRange = useCallback((from: number, to: number) => window.current?.show(from, to), []);

  return viewOf(window.current, seen, failure, onRange);
}

/** A picture of the window at one version of it: what is drawn depends on the version, which the compiler can see here. */
function viewOf<R>(
  window: RowWindow<R> | null,
  version: number,
  failure: CallFailure | null,
  onRange: WindowedRows<R>['onRange'],
): WindowedRows<R> {
  const isShown = version >= 0 && window?.isLoaded === true;
  return {
    rows: isShown ? { length: window.length, at: (index) => window.at(index) } : undefined,
    isComplete: window?.isComplete ?? false,
    failure,
    onRange,
  };
}

const TICKET_TOPICS: readonly Topic[] = ['tickets', 'session'];

function readTickets(key: string): RowReader<TicketSummary> {
  const list = JSON.parse(key) as TicketList;
  return {
    ids: (limit, before) => dataClient.tickets.ids({ list, limit, ...(before === undefined ? {} : { before }) }),
    rows: async (ids) => {
      const { rows } = await dataClient.tickets.rows({ ids: [...ids] });
      return rows.map(({ id, ticket }) => ({ id, row: ticket }));
    },
  };
}

/** Lists tickets. @param reading another value reads the list anew */
export function useTicketWindow(list: TicketList, reading = 0): WindowedRows<TicketSummary> {
  return useRowWindow(TICKET_TOPICS, JSON.stringify(list), readTickets, reading);
}

const QUALITY_TOPICS: readonly Topic[] = ['records', 'tickets', 'outbox', 'drafts', 'session'];

/** A list of 质检 as it is asked for: what it is narrowed to, and its order. */
export interface QualityQuestion {
  readonly list: QualityList;
  readonly filter?: TicketFilter;
  readonly sort: 'newest' | 'oldest';
}

function readQuality(key: string): RowReader<QualityLine> {
  const question = JSON.parse(key) as QualityQuestion;
  return {
    ids: (limit, before) => dataClient.quality.ids({ ...question, limit, ...(before === undefined ? {} : { before }) }),
    rows: async (ids) => {
      const { rows } = await dataClient.quality.rows({ list: question.list, ids: [...ids] });
      return rows.map(({ id, line }) => ({ id, row: line }));
    },
  };
}

/** Lists what is checked, or is to be. @param reading another value reads the list anew */
export function useQualityWindow(question: QualityQuestion, reading: number): WindowedRows<QualityLine> {
  return useRowWindow(QUALITY_TOPICS, JSON.stringify(question), readQuality, reading);
}

const CALL_TOPICS: readonly Topic[] = ['calls', 'drafts', 'tickets', 'session'];
export type CallFilter = 'all' | 'in' | 'out' | 'missed';

function readCalls(filter: string): RowReader<CallLogItem> {
  return {
    ids: (limit, before) =>
      dataClient.calls.ids({ filter: filter as CallFilter, limit, ...(before === undefined ? {} : { before }) }),
    rows: async (ids) => {
      const { rows } = await dataClient.calls.rows({ ids: [...ids] });
      return rows.map(({ id, call }) => ({ id, row: call }));
    },
  };
}

/** Lists the calls of this console. */
export function useCallWindow(filter: CallFilter): WindowedRows<CallLogItem> {
  return useRowWindow(CALL_TOPICS, filter, readCalls);
}
