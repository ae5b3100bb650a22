import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { isImeEvent } from '#renderer/platform/keymap.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { Page } from '#renderer/ui/Page.tsx';
import { SplitView } from '#renderer/ui/SplitView.tsx';
import classes from './SearchPage.module.css';
import { SearchResults } from './SearchResults.tsx';
import { useSearchStore } from './search.store.ts';

const LIMIT = 50;
const EMPTY_ANSWER = { tickets: [], incomplete: false, indexing: 0 };

interface SearchPageProps {
  /** Grows whenever the search key was pressed: the box takes the focus. */
  readonly focusTicket: number;
  readonly renderTicket: (uid: string, onClose: () => void) => ReactNode;
}

/** Finds tickets while typing; arrow keys choose a result without leaving the box. */
export function SearchPage({ focusTicket, renderTicket }: SearchPageProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const { query, selected, openUid } = useSearchStore();
  const inputRef = useRef<HTMLInputElement>(null);
  const wanted = query.trim();
  const { data, failure } = useLiveQuery(['tickets', 'session'], async () => {
    const answer = wanted === '' ? EMPTY_ANSWER : await dataClient.tickets.search({ query: wanted, limit: LIMIT });
    return { ...answer, query: wanted };
  }, [wanted]);
  const tickets = wanted === '' ? [] : (data?.tickets ?? []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new focus ticket asks for the focus
  useEffect(() => {
    inputRef.current?.focus();
    inputRef.current?.select();
  }, [focusTicket]);

  const close = () => {
    useSearchStore.setState({ openUid: null });
    inputRef.current?.focus();
  };
  useAction('app.back', close, openUid !== null);

  const choose = (uid: string) =>
    useSearchStore.setState({ selected: uid, ...(openUid === null ? {} : { openUid: uid }) });
  const onKeyDown = (event: KeyboardEvent) => {
    if (isImeEvent(event.nativeEvent)) return;
    const index = tickets.findIndex((ticket) => ticket.uid === selected);
    if (event.key === 'Enter') {
      const ticket = tickets[Math.max(0, index)];
      if (ticket) useSearchStore.setState({ selected: ticket.uid, openUid: ticket.uid });
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = tickets[Math.min(tickets.length - 1, Math.max(0, index + (event.key === 'ArrowDown' ? 1 : -1)))];
      if (next) choose(next.uid);
    } else return;
    event.preventDefault();
  };

  const state = () => {
    if (wanted === '') return null;
    if (failure) return t('search.failed', { reason: failureText(failure) });
    if (!data || data.query !== wanted) return null;
    const count = data.tickets.length;
    const parts = [count >= LIMIT ? t('search.foundAtLeast', { count }) : t('search.found', { count })];
    if (data.incomplete) parts.push(t('search.incomplete'));
    if (data.indexing > 0) parts.push(t('search.indexing', { count: data.indexing }));
    return parts.join(' · ');
  };

  const isEmpty = data?.query === wanted && tickets.length === 0 && !failure;
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
              maxLength={200}
              autoComplete="off"
              spellCheck={false}
              role="combobox"
              aria-expanded={tickets.length > 0}
              aria-controls="search-results"
              aria-activedescendant={selected === null ? undefined : `search-${selected}`}
              onChange={(event) => useSearchStore.setState({ query: event.currentTarget.value })}
              onKeyDown={onKeyDown}
              data-testid={TEST_IDS.searchInput}
            />
          }
        >
          <div className={classes.body}>
            {state() !== null && (
              <div className={classes.state} role="status" data-testid={TEST_IDS.searchState}>
                {state()}
              </div>
            )}
            {wanted === '' ? (
              <EmptyState
                icon={<IconSearch size={36} stroke={1.4} />}
                title={t('search.empty.title')}
                text={`${t('search.empty.text')} ${t('search.hint')}`}
              />
            ) : isEmpty ? (
              <EmptyState title={t('search.none.title')} text={t('search.none.text')} />
            ) : (
              <SearchResults
                tickets={tickets}
                query={data?.query ?? ''}
                selected={selected}
                onOpen={(uid) => useSearchStore.setState({ selected: uid, openUid: uid })}
              />
            )}
          </div>
        </Page>
      }
      side={
        openUid === null ? (
          <EmptyState title={t('tickets.pick.title')} text={t('tickets.pick.text')} />
        ) : (
          renderTicket(openUid, close)
        )
      }
    />
  );
}
