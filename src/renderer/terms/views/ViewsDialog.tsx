import { Button } from '@mantine/core';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { matchEntries, needsReadings } from '#renderer/platform/picker-match.ts';
import { useReadings } from '#renderer/platform/reference-data.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import { PickList } from '#renderer/ui/PickList.tsx';
import { MOST_VIEWS, type TicketView, VIEW_NAME_MAX } from '#shared/domain/ticket-view.ts';
import { CannedTextInput } from '../CannedTextInput.tsx';
import { Dialog } from '../Dialog.tsx';
import { useDialogWork } from '../dialog-work.ts';
import { QUERY_MAX, useTextProblem } from '../text-problem.ts';
import { useViewText } from './view-text.ts';
import classes from './views.module.css';

export interface ViewsProps {
  /** What is shown now, to be kept under a name. */
  readonly current: Omit<TicketView, 'id' | 'name'>;
  /** One was chosen: of this page or of the other. */
  readonly onOpen: (view: TicketView) => void;
}

/** The kept views: found by typing, opened by Enter, forgotten by Delete (and brought back at once); what is shown now is kept by Ctrl+Enter. */
export function ViewsDialog({ current, onOpen, onClose }: ViewsProps & { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const textOf = useViewText();
  const problemOf = useTextProblem();
  const [query, setQuery] = useState('');
  const [index, setIndex] = useState(0);
  const [name, setName] = useState('');
  const [removed, setRemoved] = useState<TicketView | null>(null);
  const { working, message, run } = useDialogWork();
  const { data } = useLiveQuery(['session'], () => dataClient.views.list(), []);
  const views = data?.views ?? [];
  // Those of the page come first; a queue's are offered at a search as well, and the other way round.
  const isHere = ({ place }: Pick<TicketView, 'place'>) => (place === 'search') === (current.place === 'search');
  const offered = [...views.filter(isHere), ...views.filter((view) => !isHere(view))];
  const read = useReadings(needsReadings(query));
  const entries = offered.map((view) => ({ code: view.id, names: [view.name], view }));
  const findProblem = problemOf(query, QUERY_MAX);
  const matched =
    query.trim() === '' ? offered : matchEntries(entries, query, read, MOST_VIEWS).map(({ view }) => view);
  const found = findProblem === null ? matched : [];
  const chosen = found[Math.min(index, found.length - 1)];
  const trimmed = name.trim();
  const problem = problemOf(trimmed, VIEW_NAME_MAX);
  const replaced = offered.find((view) => view.place === current.place && view.name === trimmed);
  const isFull = views.length >= MOST_VIEWS && !replaced;
  const isReady = trimmed !== '' && problem === null && !isFull && !working;

  const open = (event: FormEvent) => {
    event.preventDefault();
    if (!chosen) return;
    onClose();
    onOpen(chosen);
  };
  const keep = () => {
    if (!isReady) return;
    void run(async () => {
      await dataClient.views.save({ ...current, id: replaced?.id ?? crypto.randomUUID(), name: trimmed });
      onClose();
    });
  };
  const remove = (view: TicketView) =>
    run(async () => {
      await dataClient.views.remove({ id: view.id });
      setRemoved(view);
    });
  const bringBack = (view: TicketView) =>
    run(async () => {
      await dataClient.views.save(view);
      setRemoved(null);
    });
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Delete' || query !== '' || !chosen) return false;
    void remove(chosen);
    return true;
  };
  return (
    <Dialog
      opened
      onClose={onClose}
      onSubmit={keep}
      title={t('views.title')}
      closeLabel={t('app.close')}
      size={600}
      testId={TEST_IDS.viewsDialog}
    >
      <form onSubmit={open}>
        <PickList
          label={t('views.find')}
          placeholder={t('views.find')}
          query={query}
          onQuery={(typed) => {
            setQuery(typed);
            setIndex(0);
          }}
          error={findProblem}
          lines={found.map((view) => ({
            id: view.id,
            testId: TEST_IDS.viewsLine(view.name),
            content: (
              <>
                <span className={classes.name}>{view.name}</span>
                <span className={classes.side}>{textOf(view)}</span>
              </>
            ),
          }))}
          active={chosen ? found.indexOf(chosen) : null}
          onActive={setIndex}
          onKey={onKey}
          listClass={classes.found}
          lineClass={classes.view}
          testId={TEST_IDS.viewsFind}
        />
        {data && found.length === 0 && findProblem === null && (
          <p className={classes.text}>{t(offered.length === 0 ? 'views.empty' : 'views.none')}</p>
        )}
        {found.length > 0 && <p className={classes.text}>{t('views.keys')}</p>}
        {removed && (
          <p className={classes.text} role="status">
            {t('views.removed', { name: removed.name })}{' '}
            <button type="button" onClick={() => void bringBack(removed)} data-testid={TEST_IDS.viewsBack}>
              {t('views.bringBack')}
            </button>
          </p>
        )}
      </form>
      <form
        className={classes.keep}
        onSubmit={(event) => {
          event.preventDefault();
          keep();
        }}
      >
        <CannedTextInput
          label={t('views.keep', { what: textOf(current) })}
          placeholder={t('views.name')}
          value={name}
          error={problem ?? (isFull ? t('views.full', { count: MOST_VIEWS }) : null)}
          autoComplete="off"
          spellCheck={false}
          onText={setName}
          prefer="word"
          data-testid={TEST_IDS.viewsName}
        />
        <Button
          type="submit"
          disabled={!isReady}
          loading={working}
          rightSection={<KeyHint keys={actionKey('intake.submit')} />}
          aria-keyshortcuts="Control+Enter"
          data-testid={TEST_IDS.viewsKeep}
        >
          {t(replaced ? 'views.replace' : 'views.save')}
        </Button>
      </form>
      {message !== null && (
        <p className={classes.text} role="alert">
          {message}
        </p>
      )}
    </Dialog>
  );
}
