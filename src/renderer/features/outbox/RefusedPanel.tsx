import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { PrintDialog } from '#renderer/terms/print/PrintDialog.tsx';
import { useStumbleText } from '#renderer/terms/stumble-text.ts';
import type { MergedValues } from '#shared/contract/attention.contract.ts';
import type { OutboxItem } from '#shared/contract/outbox.contract.ts';
import type { DraftId, RecordId } from '#shared/kernel/ids.ts';
import { AttentionSheet } from './AttentionSheet.tsx';
import { ComparisonTable } from './ComparisonTable.tsx';
import { DiscardDialog } from './DiscardDialog.tsx';
import { MergeDialog } from './MergeDialog.tsx';
import classes from './OutboxPage.module.css';
import { kindText } from './outbox-columns.tsx';
import { RefusedActions } from './RefusedActions.tsx';

export interface RefusedPanelProps {
  readonly item: OutboxItem;
  /** Beside a list: the buttons stand under the words. */
  readonly isNarrow?: boolean;
  /** A ticket was given up and its form is open again. */
  readonly onDraftBack: (id: DraftId) => Promise<void>;
  /** The form of a refused ticket is open to be corrected. */
  readonly onCorrect: (id: DraftId) => Promise<void>;
  /** The text of a refused proposal is open to be written anew. */
  readonly onEditArticle: (uid: RecordId) => void;
}

/** 待处理: one refused operation: why, what it says beside what the server holds, and one key for each way out. */
export function RefusedPanel({ item, isNarrow = false, onDraftBack, onCorrect, onEditArticle }: RefusedPanelProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const stumbleText = useStumbleText();
  const [asking, setAsking] = useState<'discard' | 'merge' | 'print' | null>(null);
  const [working, setWorking] = useState(false);
  const { opId } = item;
  const { data: comparison } = useLiveQuery(
    ['outbox', 'tickets', 'citizens', 'records'],
    () => dataClient.outbox.compare({ opId }),
    [opId],
  );
  const merge = comparison?.merge ?? null;
  // What was a change of a row gives way to what the row holds, and is kept among the decided ones: nobody has to be asked.
  const isOpen = item.correctedIn !== null;
  const isChange =
    merge === 'fields' || merge === 'article' || item.kind === 'ticket.act' || item.kind === 'ticket.overlay';
  const isTaking = isChange && comparison?.server != null;
  const isRedoable = !isOpen && comparison?.redoable === true;

  const run = async (work: () => Promise<string>) => {
    setWorking(true);
    try {
      showNotice('success', await work());
    } catch (error) {
      showNotice('error', t('outbox.refused.failed', { reason: failureText(toCallFailure(error)) }));
    } finally {
      setWorking(false);
    }
  };
  const correct = async () => {
    const { draftId } = await dataClient.outbox.correct({ opId });
    await onCorrect(draftId);
    return t('outbox.refused.opened');
  };
  const editArticle = async () => {
    const { uid } = await dataClient.knowledge.redoRefused({ opId });
    onEditArticle(uid);
    return t('outbox.refused.articleOpened');
  };
  const onMerge = () => {
    if (merge === 'form') void run(correct);
    else if (merge === 'article') void run(editArticle);
    else setAsking('merge');
  };
  const redo = () =>
    void run(async () => {
      const { count } = await dataClient.outbox.redo({ opId });
      return t('outbox.refused.redone', { count });
    });
  const discard = () => {
    setAsking(null);
    void run(async () => {
      const { count, draftId } = await dataClient.outbox.discard({ opId });
      if (draftId === null) return t(isTaking ? 'outbox.refused.taken' : 'outbox.refused.discarded', { count });
      await onDraftBack(draftId);
      return t('outbox.refused.reopened');
    });
  };
  const send = (values: MergedValues) => {
    setAsking(null);
    void run(async () => {
      const { count } = await dataClient.outbox.merge({ opId, values });
      return count === 0 ? t('outbox.refused.taken', { count: 1 }) : t('outbox.refused.merged');
    });
  };
  const onTheirs = () => (isTaking ? discard() : setAsking('discard'));
  const isFree = !working && asking === null && comparison !== undefined;
  useAction('outbox.correct', onMerge, merge !== null && isFree);
  useAction('outbox.redo', redo, isRedoable && isFree);
  useAction('outbox.discard', onTheirs, isFree);

  // Words and keys come together: a key that is offered acts.
  if (!comparison) return null;
  return (
    <section
      className={classes.refused}
      aria-label={t('outbox.refused.label')}
      data-narrow={isNarrow}
      data-testid={TEST_IDS.outboxRefused}
    >
      <div className={classes.refusedHead}>
        <p className={classes.refusedText}>
          <b>{isNarrow ? t('outbox.refused.of', { what: t(kindText(item.kind)) }) : item.label}</b>
          {item.lastError && <span>{stumbleText(item.lastError, true).title}</span>}
        </p>
        <RefusedActions
          isFree={isFree}
          isOpen={isOpen}
          isRedoable={isRedoable}
          isTaking={isTaking}
          merge={merge}
          onTheirs={onTheirs}
          onMine={redo}
          onMerge={onMerge}
          onPrint={() => setAsking('print')}
        />
      </div>
      {comparison.fields.length > 0 && <ComparisonTable comparison={comparison} />}
      {asking === 'discard' && <DiscardDialog item={item} onClose={() => setAsking(null)} onDiscard={discard} />}
      {asking === 'print' && (
        <PrintDialog
          title={t('sheet.attention.title')}
          fileName={`refused-${item.opId.slice(0, 8)}`}
          onClose={() => setAsking(null)}
        >
          <AttentionSheet item={item} comparison={comparison} />
        </PrintDialog>
      )}
      {asking === 'merge' && <MergeDialog comparison={comparison} onClose={() => setAsking(null)} onMerge={send} />}
    </section>
  );
}
