import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useEnterKey } from '#renderer/platform/enter-key.ts';
import { isImeEvent } from '#renderer/platform/keymap.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { ClearConditions, ConditionBar } from '#renderer/terms/conditions/ConditionBar.tsx';
import { toTicketFilter } from '#renderer/terms/conditions/ticket-filter.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { QUERY_MAX, useTextProblem } from '#renderer/terms/text-problem.ts';
import { SortButton } from '#renderer/terms/views/SortButton.tsx';
import { ViewsButton } from '#renderer/terms/views/ViewsButton.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { clock } from '#renderer/ui/now.ts';
import { Page } from '#renderer/ui/Page.tsx';
import { SplitView } from '#renderer/ui/SplitView.tsx';
import { TICKET_STATUSES } from '#shared/domain/ticket-status.ts';
import { NO_CONDITIONS, type TicketView } from '#shared/domain/ticket-view.ts';
import { BeyondNotice } from './BeyondNotice.tsx';
import classes from './SearchPage.module.css';
import { resultId, SearchResults } from './SearchResults.tsx';
import { type ResultRef, useSearchStore } from './search.store.ts';
import { useAskAgain } from './use-ask-again.ts';

const MOST_TICKETS = 50;
const MOST_PERSONS = 5;
const MOST_ARTICLES = 4;

interface SearchPageProps {
  /** Grows whenever the search key was pressed: the box takes the focus. */
  readonly focusTicket: number;
  readonly renderTicket: (uid: string, onClose: () => void) => ReactNode;
  readonly renderPerson: (uid: string, onClose: () => void) => ReactNode;
  readonly renderArticle: (uid: string, onClose: () => void) => ReactNode;
  /** A kept view was chosen, of a search or of a queue. */
  readonly onOpenView: (view: TicketView) => void;
}

/**
 * Finds people, knowledge and tickets while typing; arrow keys go through all results without leaving the box. Each kind of result is a group
 * of the one list (see {@link SearchResults}) with a query of its own, so that a slow one holds nobody up.
 */
export function SearchPage(props: SearchPageProps) {
  const { focusTicket, renderTicket, renderPerson, renderArticle, onOpenView } = props;
  const { t } = useTranslation();
  const { query, conditions, sort, selected, open } = useSearchStore();
  const inputRef = useRef<HTMLInputElement>(null);
  const problem = useTextProblem()(query, QUERY_MAX);
  const wanted = problem === null ? query.trim() : '';
  const found = useResults(wanted);
  const { tickets, persons, articles } = found;
  const results: readonly ResultRef[] = [
    ...persons.map(({ uid }) => ({ kind: 'person' as const, uid })),
    ...articles.map(({ uid }) => ({ kind: 'article' as const, uid })),
    ...tickets.map(({ uid }) => ({ kind: 'ticket' as const, uid })),
  ];

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new focus ticket asks for the focus
  useEffect(() => {
    inputRef.current?.focus();
    inputRef.current?.select();
  }, [focusTicket]);

  const close = () => {
    useSearchStore.setState({ open: null });
    inputRef.current?.focus();
  };
  useAction('app.back', close, open !== null);

  const choose = (result: ResultRef) =>
    useSearchStore.setState({ selected: result, ...(open === null ? {} : { open: result }) });
  const onEnter = useEnterKey(found.asked, found.isSettled, () => {
    if (problem !== null || !found.isOfThis) return;
    const result = results.find((each) => isSame(each, selected)) ?? results[0];
    if (result) useSearchStore.setState({ selected: result, open: result });
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (isImeEvent(event.nativeEvent)) return;
    const index = results.findIndex((result) => isSame(result, selected));
    if (event.key === 'Enter') onEnter();
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = results[Math.min(results.length - 1, Math.max(0, index + (event.key === 'ArrowDown' ? 1 : -1)))];
      if (next) choose(next);
    } else return;
    event.preventDefault();
  };

  const isAsked = wanted !== '' || toTicketFilter(conditions, clock.now()) !== undefined;
  const side = () => {
    if (open === null) return <EmptyState title={t('search.pick.title')} text={t('search.pick.text')} />;
    const render = { ticket: renderTicket, person: renderPerson, article: renderArticle }[open.kind];
    return render(open.uid, close);
  };
  return (
    <SplitView
      main={
        <Page
          title={t('app.pages.search')}
          actions={
            <TextInput
              ref={inputRef}
              className={classes.box ?? ''}
              leftSection={<IconSearch size={16} aria-hidden />}
              aria-label={t('search.label')}
              placeholder={t('search.placeholder')}
              value={query}
              error={problem}
              autoComplete="off"
              spellCheck={false}
              role="combobox"
              aria-expanded={results.length > 0}
              aria-controls="search-results"
              aria-activedescendant={selected === null ? undefined : resultId(selected)}
              onChange={(event) => useSearchStore.setState({ query: event.currentTarget.value, selected: null })}
              onKeyDown={onKeyDown}
              data-testid={TEST_IDS.searchInput}
            />
          }
        >
          <div className={classes.body}>
            <ConditionBar
              statuses={TICKET_STATUSES}
              conditions={conditions}
              onChange={(part) => useSearchStore.setState({ conditions: { ...conditions, ...part } })}
            />
            <div className={classes.state}>
              <ViewsButton
                current={{ place: 'search', query: wanted, conditions, sort, acrossSort: 'due' }}
                onOpen={(view) => {
                  onOpenView(view);
                  inputRef.current?.focus();
                }}
              />
              <SortButton
                place="search"
                sort={sort}
                onSort={(next) => useSearchStore.setState({ sort: next, selected: null })}
                action="search.sort"
                testId={TEST_IDS.searchSort}
              />
              {isAsked && (
                <>
                  <span className={classes.count} role="status" data-testid={TEST_IDS.searchState}>
                    {found.state}
                  </span>
                  <ClearConditions
                    conditions={conditions}
                    onClear={() => useSearchStore.setState({ conditions: NO_CONDITIONS })}
                  />
                </>
              )}
            </div>
            {isAsked && <BeyondNotice query={wanted} />}
            {!isAsked ? (
              <EmptyState
                icon={<IconSearch size={36} stroke={1.4} />}
                title={t('search.empty.title')}
                text={`${t('search.empty.text')} ${t('search.hint')}`}
              />
            ) : found.isNothing ? (
              <EmptyState title={t('search.none.title')} text={t('search.none.text')} />
            ) : (
              <SearchResults
                persons={persons}
                hasMorePersons={found.hasMorePersons}
                articles={articles}
                tickets={tickets}
                selected={selected}
                onOpen={(result) => useSearchStore.setState({ selected: result, open: result })}
              />
            )}
          </div>
        </Page>
      }
      side={side()}
    />
  );
}

function isSame(a: ResultRef, b: ResultRef | null): boolean {
  return a.kind === b?.kind && a.uid === b.uid;
}

/** What is found for the typed text and the filter, kept current; older questions are cancelled. */
function useResults(wanted: string) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const conditions = useSearchStore((state) => state.conditions);
  const sort = useSearchStore((state) => state.sort);
  const isFiltered = toTicketFilter(conditions, clock.now()) !== undefined;
  const asked = JSON.stringify([wanted, conditions, sort]);
  const tickets = useLiveQuery(
    ['tickets', 'session'],
    async (signal) => {
      const narrowed = toTicketFilter(conditions, clock.now());
      if (wanted === '' && !narrowed) return { tickets: [], incomplete: false, indexing: 0, ordered: null, asked };
      const question = { query: wanted, limit: MOST_TICKETS, sort, ...(narrowed ? { filter: narrowed } : {}) };
      return { ...(await dataClient.tickets.search(question, { signal })), asked };
    },
    [asked],
  );
  const persons = useLiveQuery(
    ['citizens', 'session'],
    async (signal) => {
      if (wanted === '') return { persons: [], incomplete: false, asked };
      return { ...(await dataClient.citizens.search({ query: wanted, limit: MOST_PERSONS }, { signal })), asked };
    },
    [asked],
  );
  const articles = useLiveQuery(
    ['records', 'session'],
    async (signal) => {
      // The conditions are those of tickets: whoever sets one looks for tickets.
      if (wanted === '' || isFiltered) return { articles: [], asked };
      const answer = await dataClient.knowledge.list({ query: wanted, state: 'all', limit: MOST_ARTICLES }, { signal });
      return { articles: answer.articles, asked };
    },
    [asked],
  );
  useAskAgain(asked, tickets.data?.asked === asked ? tickets.data : null, tickets.refetch);
  const isAsked = wanted !== '' || isFiltered;
  const state = () => {
    const { data, failure } = tickets;
    if (failure) return t('search.failed', { reason: failureText(failure) });
    if (data?.asked !== asked) return null;
    const count = data.tickets.length;
    const order = t(`search.order.${sort}`);
    const parts = [t(count >= MOST_TICKETS ? 'search.foundAtLeast' : 'search.found', { count, order })];
    // The order is that of the newest ones: what is older may come before them all.
    if (data.ordered !== null) parts.push(t('search.ordered', { count: data.ordered }));
    if (data.incomplete) parts.push(t('search.incomplete'));
    // The few that wait are looked through one by one: only of very many some are left out.
    if (data.incomplete && data.indexing > 0) parts.push(t('search.indexing', { count: data.indexing }));
    return parts.join(' · ');
  };
  const found = {
    tickets: isAsked ? (tickets.data?.tickets ?? []) : [],
    persons: isAsked ? (persons.data?.persons ?? []) : [],
    articles: isAsked ? (articles.data?.articles ?? []) : [],
  };
  const kinds = [tickets, persons, articles];
  const isAnswered = kinds.every(({ data }) => data?.asked === asked) && !tickets.failure;
  return {
    ...found,
    asked,
    /** Nothing more comes for this question. */
    isSettled: kinds.every(({ data, failure }) => data?.asked === asked || failure !== null),
    /** Every list below is of this question, none of one before it whose answer failed to come. */
    isOfThis: kinds.every(({ data }) => data?.asked === asked),
    state: state(),
    hasMorePersons: isAsked && persons.data?.incomplete === true,
    isNothing: isAnswered && Object.values(found).every((list) => list.length === 0),
  };
}
