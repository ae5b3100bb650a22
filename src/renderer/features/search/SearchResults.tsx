// biome-ignore-all lint/a11y/useFocusableInteractive: the search box keeps the focus and names the active result
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the keyboard acts through the search box
// biome-ignore-all lint/a11y/useSemanticElements: a native list box shows one line per option, results have three
import { IconBook2, IconUser } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { ClockTag } from '#renderer/terms/ClockTag.tsx';
import { usePlaceText } from '#renderer/terms/reference-text.tsx';
import { OutsideMark, StandingMark, TicketStateTag } from '#renderer/terms/TicketStanding.tsx';
import { displayTicketNumber } from '#renderer/terms/ticket-number.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { ValidityTag } from '#renderer/terms/ValidityTag.tsx';
import { Highlight } from '#renderer/ui/Highlight.tsx';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { PersonHit } from '#shared/contract/citizen.contract.ts';
import type { ArticleSummary } from '#shared/contract/knowledge.contract.ts';
import type { TicketHit } from '#shared/contract/tickets.contract.ts';
import { formatPhone } from '#shared/domain/phone.ts';
import { foldText } from '#shared/kernel/text.ts';
import classes from './SearchPage.module.css';
import type { ResultRef } from './search.store.ts';

/** What groups a number for reading. */
const PHONE_GAPS = ' -';

/** Id of a result in the document. */
export function resultId({ kind, uid }: ResultRef): string {
  return `search-${kind}-${uid}`;
}

interface SearchResultsProps {
  readonly persons: readonly PersonHit[];
  /** More people fit than are listed. */
  readonly hasMorePersons: boolean;
  readonly articles: readonly ArticleSummary[];
  readonly tickets: readonly TicketHit[];
  readonly selected: ResultRef | null;
  readonly onOpen: (result: ResultRef) => void;
}

/** What a search found, people and knowledge before tickets, newest first, with the words that were found marked. */
export function SearchResults(props: SearchResultsProps) {
  const { persons, hasMorePersons, articles, tickets, selected, onOpen } = props;
  const { t } = useTranslation();
  const listRef = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (selected === null) return;
    listRef.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [selected]);

  const option = (result: ResultRef, testId: string, children: ReactNode) => (
    <div
      key={result.uid}
      id={resultId(result)}
      role="option"
      aria-selected={result.kind === selected?.kind && result.uid === selected.uid}
      className={classes.item}
      onClick={() => onOpen(result)}
      data-testid={testId}
    >
      {children}
    </div>
  );
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
      {persons.length > 0 && (
        <div role="group" aria-label={t('search.persons')}>
          <div className={classes.group} role="presentation">
            {t('search.persons')}
            {hasMorePersons && (
              <span className={classes.more} data-testid={TEST_IDS.searchMorePersons}>
                {t('search.morePersons', { count: persons.length })}
              </span>
            )}
          </div>
          {persons.map((person) =>
            option(
              { kind: 'person', uid: person.uid },
              TEST_IDS.searchPerson(person.uid),
              <PersonLine person={person} />,
            ),
          )}
        </div>
      )}
      {articles.length > 0 && (
        <div role="group" aria-label={t('search.articles')}>
          <div className={classes.group} role="presentation">
            {t('search.articles')}
          </div>
          {articles.map((article) =>
            option(
              { kind: 'article', uid: article.uid },
              TEST_IDS.searchArticle(article.uid),
              <ArticleLine article={article} />,
            ),
          )}
        </div>
      )}
      {tickets.length > 0 && (
        <div role="group" aria-label={t('search.tickets')}>
          {(persons.length > 0 || articles.length > 0) && (
            <div className={classes.group} role="presentation">
              {t('search.tickets')}
            </div>
          )}
          {tickets.map((ticket) =>
            option(
              { kind: 'ticket', uid: ticket.uid },
              TEST_IDS.searchResult(ticket.uid),
              <TicketLine ticket={ticket} />,
            ),
          )}
        </div>
      )}
    </div>
  );
}

function PersonLine({ person }: { readonly person: PersonHit }) {
  const { t } = useTranslation();
  const { marks, remark } = person;
  return (
    <>
      <span className={classes.title}>
        <IconUser size={14} aria-hidden className={classes.icon} />
        <Highlight text={person.name || t('call.unknownName')} words={marks} />
        {person.phones.map((phone) => (
          <span key={phone} className={classes.phone}>
            <Highlight text={formatPhone(phone)} words={marks} skipped={PHONE_GAPS} />
          </span>
        ))}
      </span>
      <span className={classes.tags}>
        {person.kind === 'organisation' && <StatusTag tone="neutral">{t('citizen.organisation')}</StatusTag>}
        {person.confidential && <StatusTag tone="bad">{t('citizen.confidential')}</StatusTag>}
        <span className={classes.side}>{t('search.personTickets', { count: person.tickets, open: person.open })}</span>
      </span>
      {marks.some((word) => foldText(remark).includes(word)) && (
        <span className={classes.meta}>
          <span>
            <Highlight text={remark} words={marks} />
          </span>
        </span>
      )}
    </>
  );
}

function ArticleLine({ article }: { readonly article: ArticleSummary }) {
  const { marks } = article;
  return (
    <>
      <span className={classes.title}>
        <IconBook2 size={14} aria-hidden className={classes.icon} />
        <Highlight text={article.title} words={marks} />
      </span>
      <span className={classes.tags}>
        <ValidityTag {...article} />
      </span>
      <span className={classes.excerpt}>
        <Highlight text={article.excerpt} words={marks} />
      </span>
    </>
  );
}

function TicketLine({ ticket }: { readonly ticket: TicketHit }) {
  const { t } = useTranslation();
  const placeText = usePlaceText();
  const { marks } = ticket;
  // Numbers of the server are found whole, a 暂编号 by any part.
  const numberMarks = marks.filter((word) => ticket.number === null || Number(word) === ticket.number);
  return (
    <>
      <span className={classes.title}>
        <Highlight text={ticket.title || t('tickets.detail.noTitle')} words={marks} />
      </span>
      <TicketStateTag ticket={ticket} />
      {ticket.excerpt !== '' && (
        <span className={classes.excerpt}>
          <Highlight text={ticket.excerpt} words={marks} />
        </span>
      )}
      <span className={classes.meta}>
        <span>
          <Highlight text={displayTicketNumber(ticket)} words={numberMarks} /> <StandingMark ticket={ticket} />{' '}
          <OutsideMark ticket={ticket} />
        </span>
        {ticket.clock && <ClockTag summary={ticket.clock} />}
        <TimeText at={ticket.acceptedAt ?? ticket.createdAt} />
        <span>
          <Highlight text={ticket.callerName} words={marks} />{' '}
          <Highlight text={formatPhone(ticket.callerPhone)} words={marks} skipped={PHONE_GAPS} />
        </span>
        <span>
          <Highlight text={placeText(ticket)} words={marks} />
        </span>
      </span>
    </>
  );
}
