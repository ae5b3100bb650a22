// biome-ignore-all lint/a11y/useFocusableInteractive: the search box keeps the focus and names the active result
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the keyboard acts through the search box
// biome-ignore-all lint/a11y/useSemanticElements: a native list box shows one line per option, results have three
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { usePlaceText } from '#renderer/terms/reference-text.tsx';
import { TicketStatusTag } from '#renderer/terms/TicketStatusTag.tsx';
import { displayTicketNumber } from '#renderer/terms/ticket-number.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { Highlight } from '#renderer/ui/Highlight.tsx';
import type { TicketSummary } from '#shared/contract/data.contract.ts';
import { formatPhone } from '#shared/domain/phone.ts';
import classes from './SearchPage.module.css';

interface SearchResultsProps {
  readonly tickets: readonly TicketSummary[];
  readonly query: string;
  readonly selected: string | null;
  readonly onOpen: (uid: string) => void;
}

/** What a search found, newest first, with the searched words marked. */
export function SearchResults({ tickets, query, selected, onOpen }: SearchResultsProps) {
  const { t } = useTranslation();
  const placeText = usePlaceText();
  const listRef = useRef<HTMLDivElement>(null);
  const words = query.split(/\s+/);

  useEffect(() => {
    if (selected === null) return;
    listRef.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [selected]);

  return (
    <div
      ref={listRef}
      id="search-results"
      role="listbox"
      tabIndex={-1}
      aria-label={t('search.label')}
      className={classes.list}
      data-testid={TEST_IDS.searchResults}
    >
      {tickets.map((ticket) => (
        <div
          key={ticket.uid}
          id={`search-${ticket.uid}`}
          role="option"
          aria-selected={ticket.uid === selected}
          className={classes.item}
          onClick={() => onOpen(ticket.uid)}
          data-testid={TEST_IDS.searchResult(ticket.uid)}
        >
          <span className={classes.title}>
            <Highlight text={ticket.title || t('tickets.detail.noTitle')} words={words} />
          </span>
          <TicketStatusTag status={ticket.status} />
          {ticket.excerpt !== '' && (
            <span className={classes.excerpt}>
              <Highlight text={ticket.excerpt} words={words} />
            </span>
          )}
          <span className={classes.meta}>
            <span>
              <Highlight text={displayTicketNumber(ticket)} words={words} />
            </span>
            <TimeText at={ticket.acceptedAt ?? ticket.createdAt} />
            <span>
              <Highlight text={ticket.callerName} words={words} /> {formatPhone(ticket.callerPhone)}
            </span>
            <span>
              <Highlight text={placeText(ticket)} words={words} />
            </span>
          </span>
        </div>
      ))}
    </div>
  );
}
