import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { Dialog } from '#renderer/terms/Dialog.tsx';
import { QUERY_MAX, useTextProblem } from '#renderer/terms/text-problem.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { PickList } from '#renderer/ui/PickList.tsx';
import { formatPhone } from '#shared/domain/phone.ts';
import type { DraftId } from '#shared/kernel/ids.ts';
import { useDraftName } from './DraftTabs.tsx';
import classes from './RestoreDialog.module.css';

interface RestoreDialogProps {
  readonly onRestore: (id: DraftId) => void;
  readonly onClose: () => void;
}

/** 找回草稿: forms that were given up, the last one first; Enter opens one again with every word of it. */
export function RestoreDialog({ onRestore, onClose }: RestoreDialogProps) {
  const { t } = useTranslation();
  const nameOf = useDraftName();
  const [query, setQuery] = useState('');
  const [index, setIndex] = useState(0);
  const problem = useTextProblem()(query, QUERY_MAX);
  const wanted = problem === null ? query.trim() : '';
  const { data } = useLiveQuery(
    ['drafts'],
    async (signal) => ({ wanted, ...(await dataClient.drafts.discarded({ query: wanted }, { signal })) }),
    [wanted],
  );
  const found = data?.drafts ?? [];
  // Nothing is brought back that was found for the letters before.
  const chosen = data?.wanted === wanted ? found[Math.min(index, found.length - 1)] : undefined;
  const restore = (event: FormEvent) => {
    event.preventDefault();
    if (!chosen) return;
    onClose();
    onRestore(chosen.id);
  };
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('intake.recover.title')}
      closeLabel={t('app.close')}
      size={560}
      testId={TEST_IDS.recoverDialog}
    >
      <form className={classes.form} onSubmit={restore}>
        <PickList
          label={t('intake.recover.find')}
          placeholder={t('intake.recover.find')}
          query={query}
          onQuery={(typed) => {
            setQuery(typed);
            setIndex(0);
          }}
          error={problem}
          lines={found.map((draft) => ({
            id: draft.id,
            testId: TEST_IDS.recoverDraft(draft.id),
            content: (
              <>
                <span className={classes.name}>{nameOf(draft)}</span>
                <span className={classes.side}>
                  {[draft.content.caller.name, formatPhone(draft.content.caller.phone)].filter(Boolean).join(' ')}
                </span>
                <span className={classes.side}>
                  <TimeText at={draft.updatedAt} />
                </span>
              </>
            ),
          }))}
          active={chosen ? found.indexOf(chosen) : null}
          onActive={setIndex}
          listClass={classes.found}
          lineClass={classes.draft}
          testId={TEST_IDS.recoverFind}
        />
        {data && found.length === 0 && (
          <p className={classes.text}>{t(wanted === '' ? 'intake.recover.empty' : 'intake.recover.none')}</p>
        )}
        {data?.more && <p className={classes.text}>{t('intake.recover.more')}</p>}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            {t('citizen.edit.cancel')}
          </Button>
          <Button type="submit" disabled={!chosen} data-testid={TEST_IDS.recoverConfirm}>
            {t('intake.recover.confirm')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
