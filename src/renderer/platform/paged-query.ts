import { useCallback, useEffect, useRef, useState } from 'react';
import type { TicketSummary, Topic } from '#shared/contract/data.contract.ts';
import { type CallFailure, toCallFailure } from './call-error.ts';
import { topicBus } from './data-client.ts';
import { LiveQuery } from './live-query-runner.ts';

/** Rows asked for at a time; the contract allows 200. */
export const PAGE_SIZE = 200;

export interface TicketPage {
  readonly tickets: readonly TicketSummary[];
  /** Where the next page starts, null at the end. */
  readonly next: number | null;
}

export interface PagedTickets {
  /** Undefined until the first page is there. */
  readonly rows: readonly TicketSummary[] | undefined;
  readonly isComplete: boolean;
  readonly failure: CallFailure | null;
  readonly loadMore: () => void;
}

type AskPage = (before: number | undefined) => Promise<TicketPage>;

/** Reads pages from the newest on until there are enough rows. */
async function readPages(ask: AskPage, wanted: number): Promise<TicketPage> {
  const tickets: TicketSummary[] = [];
  let before: number | undefined;
  for (;;) {
    const page = await ask(before);
    tickets.push(...page.tickets);
    if (page.next === null || tickets.length >= wanted) return { tickets, next: page.next };
    before = page.next;
  }
}

/**
 * A list that grows while it is scrolled and keeps itself current: when a topic was announced, as many rows as are on
 * the screen are read again and exchanged at once.
 */
export function usePagedTickets(topics: readonly Topic[], ask: AskPage, deps: readonly unknown[]): PagedTickets {
  const [state, setState] = useState<{ page: TicketPage | undefined; failure: CallFailure | null; key: string }>({
    page: undefined,
    failure: null,
    key: '',
  });
  const askRef = useRef(ask);
  askRef.current = ask;
  const wanted = useRef(PAGE_SIZE);
  const query = useRef<LiveQuery<TicketPage> | null>(null);
  const key = JSON.stringify(deps);
  const topicsKey = topics.join(',');

  // biome-ignore lint/correctness/useExhaustiveDependencies: the keys stand for the arrays, which are new on every render
  useEffect(() => {
    wanted.current = PAGE_SIZE;
    const running = new LiveQuery<TicketPage>(() => readPages(askRef.current, wanted.current), {
      onData: (page) => setState({ page, failure: null, key }),
      onError: (error) => setState((last) => ({ ...last, failure: toCallFailure(error) })),
    });
    query.current = running;
    running.run();
    const stop = topicBus.subscribe(topics, () => running.run());
    return () => {
      stop();
      running.stop();
    };
  }, [key, topicsKey]);

  const loaded = state.page?.tickets.length ?? 0;
  const next = state.page?.next ?? null;
  const loadMore = useCallback(() => {
    if (next === null || wanted.current > loaded) return;
    wanted.current = loaded + PAGE_SIZE;
    query.current?.run();
  }, [next, loaded]);

  return {
    rows: state.page?.tickets,
    isComplete: state.page !== undefined && next === null,
    failure: state.failure,
    loadMore,
  };
}
