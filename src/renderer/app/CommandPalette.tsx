// biome-ignore-all lint/a11y/useFocusableInteractive: the input keeps the focus and names the active line
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the keyboard acts through the input
// biome-ignore-all lint/a11y/useSemanticElements: a native list box cannot hold groups with key hints
import { TextInput } from '@mantine/core';
import { Fragment, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEnterKey } from '#renderer/platform/enter-key.ts';
import { QUERY_MAX, useTextProblem } from '#renderer/terms/text-problem.ts';
import { formatPhone } from '#shared/domain/phone.ts';
import { openInSearch } from '../features/search/search.store.ts';
import { runAction, useActionStore } from '../platform/actions.ts';
import { dataClient } from '../platform/data-client.ts';
import { ACTION_IDS, type ActionId, actionKey, isImeEvent } from '../platform/keymap.ts';
import { useLiveQuery } from '../platform/live-query.ts';
import { openArticle } from '../platform/open-article.ts';
import { matchEntries, needsReadings } from '../platform/picker-match.ts';
import { useReadings } from '../platform/reference-data.ts';
import { TEST_IDS } from '../platform/test-ids.ts';
import { Dialog } from '../terms/Dialog.tsx';
import { displayTicketNumber } from '../terms/ticket-number.ts';
import { KeyHint } from '../ui/KeyHint.tsx';
import classes from './CommandPalette.module.css';
import { goTo } from './route.store.ts';

const TICKETS = 8;
const PEOPLE = 4;
const ARTICLES = 4;
/** At once, not when the dialog's focus trap gets to it: the letters typed right after the key belong here. */
const takeFocus = (input: HTMLInputElement | null) => input?.focus();
/** Makes no sense out of a list. */
const HIDDEN: readonly ActionId[] = ['app.palette', 'app.back'];

interface Item {
  readonly id: string;
  readonly group: 'pages' | 'actions' | 'people' | 'articles' | 'tickets';
  readonly main: string;
  readonly side: string;
  readonly keys: string;
  readonly run: () => void;
}

/** Finds a page, an action, a person, an article or a ticket by typing; Enter does it. */
export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const [index, setIndex] = useState(0);
  const listRef = useRef<HTMLDivElement>(null);
  const read = useReadings(needsReadings(query));
  const offered = useActionStore((state) => state.actions);
  const problem = useTextProblem()(query, QUERY_MAX);
  const wanted = problem === null ? query.trim() : '';
  const isEmpty = wanted === '';
  const found = useLiveQuery(
    ['tickets'],
    async (signal) => {
      const answer = isEmpty ? null : await dataClient.tickets.search({ query: wanted, limit: TICKETS }, { signal });
      return { wanted, tickets: answer?.tickets ?? [] };
    },
    [wanted],
  );
  const persons = useLiveQuery(
    ['citizens'],
    async (signal) => {
      const answer = isEmpty ? null : await dataClient.citizens.search({ query: wanted, limit: PEOPLE }, { signal });
      return { wanted, persons: answer?.persons ?? [] };
    },
    [wanted],
  );
  const articlesFound = useLiveQuery(
    ['records'],
    async (signal) => {
      const answer = isEmpty ? null : await dataClient.knowledge.list({ query: wanted, limit: ARTICLES }, { signal });
      return { wanted, articles: answer?.articles ?? [] };
    },
    [wanted],
  );
  const kinds = [found, persons, articlesFound];
  const isAnswered = kinds.every(({ data, failure }) => data?.wanted === wanted || failure !== null);
  const isOfThis = kinds.every(({ data }) => data?.wanted === wanted);

  const enabled = new Set(offered.filter((action) => action.enabled).map((action) => action.id));
  const entries = ACTION_IDS.filter((id) => enabled.has(id) && !HIDDEN.includes(id)).map((id) => ({
    code: id,
    names: [t(`actions.${id}`)],
    en: [id.replace('.', ' ')],
    id,
  }));
  const toItem = ({ id }: { readonly id: ActionId }): Item => ({
    id,
    group: id.startsWith('page.') ? 'pages' : 'actions',
    main: t(`actions.${id}`),
    side: '',
    keys: actionKey(id),
    // After the dialog gave the focus back.
    run: () => setTimeout(() => runAction(id), 0),
  });
  const actions = (wanted === '' ? entries : matchEntries(entries, wanted, read, 20)).map(toItem);
  const tickets = (found.data?.tickets ?? []).map(
    (ticket): Item => ({
      id: ticket.uid,
      group: 'tickets',
      main: ticket.title || ticket.excerpt,
      side: displayTicketNumber(ticket),
      keys: '',
      run: () => {
        openInSearch(wanted, { kind: 'ticket', uid: ticket.uid });
        goTo('search');
      },
    }),
  );
  const people = (persons.data?.persons ?? []).map(
    (person): Item => ({
      id: person.uid,
      group: 'people',
      main: person.name || t('call.unknownName'),
      side: person.phones.map(formatPhone).join(t('intake.comma')),
      keys: '',
      run: () => {
        openInSearch(wanted, { kind: 'person', uid: person.uid });
        goTo('search');
      },
    }),
  );
  const articles = (articlesFound.data?.articles ?? []).map(
    (article): Item => ({
      id: article.uid,
      group: 'articles',
      main: article.title,
      side: '',
      keys: '',
      run: () => openArticle(article.uid),
    }),
  );
  const items = [
    ...actions.filter((item) => item.group === 'pages'),
    ...actions.filter((item) => item.group === 'actions'),
    ...(wanted === '' ? [] : [...people, ...articles, ...tickets]),
  ];
  const active = items[Math.min(index, items.length - 1)];

  useEffect(() => {
    listRef.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });

  const run = (item: Item | undefined) => {
    if (!item) return;
    onClose();
    item.run();
  };
  // Pages and actions are here at once; what is searched for may still be that of the letters before.
  const isHere = active?.group === 'pages' || active?.group === 'actions';
  const onEnter = useEnterKey(query, isHere || isAnswered, () => {
    if (problem === null && (isHere || isOfThis)) run(active);
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (isImeEvent(event.nativeEvent)) return;
    if (event.key === 'Enter') onEnter();
    else if (event.key === 'ArrowDown') setIndex(Math.min(items.length - 1, index + 1));
    else if (event.key === 'ArrowUp') setIndex(Math.max(0, Math.min(index, items.length - 1) - 1));
    else return;
    event.preventDefault();
  };

  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('palette.label')}
      closeLabel={t('app.close')}
      size={620}
      testId={TEST_IDS.palette}
    >
      <TextInput
        ref={takeFocus}
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={active ? `palette-${active.id}` : undefined}
        aria-label={t('palette.placeholder')}
        placeholder={t('palette.placeholder')}
        value={query}
        error={problem}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setIndex(0);
        }}
        onKeyDown={onKeyDown}
        data-testid={TEST_IDS.paletteInput}
      />
      <div ref={listRef} id="palette-list" role="listbox" aria-label={t('palette.label')} className={classes.list}>
        {items.map((item, position) => (
          <Fragment key={item.id}>
            {items[position - 1]?.group !== item.group && (
              <div className={classes.group} role="presentation">
                {t(`palette.${item.group}`)}
              </div>
            )}
            <div
              id={`palette-${item.id}`}
              role="option"
              aria-selected={item === active}
              className={classes.item}
              onClick={() => run(item)}
              onMouseMove={() => setIndex(position)}
              data-testid={TEST_IDS.paletteItem(item.id)}
            >
              <span className={classes.main}>{item.main}</span>
              <span className={classes.side}>{item.side}</span>
              <KeyHint keys={item.keys} />
            </div>
          </Fragment>
        ))}
        {items.length === 0 && <div className={classes.group}>{t('palette.none')}</div>}
      </div>
      <p className={classes.hint}>{t('palette.hint')}</p>
    </Dialog>
  );
}
