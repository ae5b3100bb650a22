import { Button } from '@mantine/core';
import { IconCircleCheck, IconDownload, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { invokeShell } from '#renderer/platform/bridge.ts';
import { toCallFailure } from '#renderer/platform/call-error.ts';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { Page } from '#renderer/ui/Page.tsx';
import { VirtualTable } from '#renderer/ui/VirtualTable.tsx';
import type { Role } from '#shared/domain/roles.ts';
import type { DraftId, RecordId } from '#shared/kernel/ids.ts';
import { CarriedList, CarryButtons } from './CarriedWork.tsx';
import { ConnectionNote } from './ConnectionNote.tsx';
import { HeldPanel } from './HeldPanel.tsx';
import classes from './OutboxPage.module.css';
import { isRefused, useOutboxColumns } from './outbox-columns.tsx';
import { RefusedPanel } from './RefusedPanel.tsx';
import { SettledTable } from './SettledTable.tsx';
import { UnsentFiles } from './UnsentFiles.tsx';

interface OutboxPageProps {
  readonly role: Role;
  /** A ticket was given up and its form is open again. */
  readonly onDraftBack: (id: DraftId) => Promise<void>;
  /** The form of a refused ticket is open to be corrected. */
  readonly onCorrect: (id: DraftId) => Promise<void>;
  readonly onEditArticle: (uid: RecordId) => void;
}

/** 待处理: what needs a person; 全部: every operation; 已处理: what was decided. */
const VIEWS = ['all', 'attention', 'settled'] as const;
type View = (typeof VIEWS)[number];

/** 待同步: every operation the server has not confirmed, with what became of it so far. */
export function OutboxPage({ role, ...ways }: OutboxPageProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const [view, setView] = useState<View>('all');
  const [selected, setSelected] = useState<string | null>(null);
  const { data: items, failure } = useLiveQuery(['outbox', 'sync'], () => dataClient.outbox.list(), []);
  const { data: sync } = useLiveQuery(['outbox', 'sync'], () => dataClient.sync.status(), []);
  const columns = useOutboxColumns(sync?.connection === 'online' ? null : (sync?.nextTryAt ?? null));
  const isEmpty = items !== undefined && items.length === 0;
  const shown = view === 'attention' ? items?.filter(isRefused) : items;
  // What needs a person is offered without being looked for.
  const chosen = shown?.find((item) => item.opId === selected) ?? shown?.find(isRefused);

  const retry = async () => {
    try {
      await Promise.all([dataClient.outbox.retryNow(), dataClient.attachments.retryNow()]);
      showNotice('info', t('outbox.retried'));
    } catch (error) {
      showNotice('error', failureText(toCallFailure(error)));
    }
  };
  const exportAll = async () => {
    try {
      const { saved } = await invokeShell('shell:save-file', await dataClient.outbox.exportAll());
      if (saved) showNotice('success', t('outbox.exported'));
    } catch (error) {
      showNotice('error', failureText(toCallFailure(error)));
    }
  };

  return (
    <Page
      title={t('outbox.title')}
      note={items && !isEmpty ? t('outbox.count', { count: items.length }) : undefined}
      actions={
        <>
          {sync && <ConnectionNote sync={sync} />}
          <Button
            variant="default"
            leftSection={<IconDownload size={15} aria-hidden />}
            title={t('outbox.exportHint')}
            disabled={isEmpty}
            onClick={() => void exportAll()}
            data-testid={TEST_IDS.outboxExport}
          >
            {t('outbox.export')}
          </Button>
          <Button
            leftSection={<IconRefresh size={15} aria-hidden />}
            onClick={() => void retry()}
            data-testid={TEST_IDS.outboxRetry}
          >
            {t('outbox.retry')}
          </Button>
        </>
      }
    >
      <div className={classes.body}>
        <div className={classes.views}>
          <ChoiceGroup
            label={t('outbox.view.label')}
            choices={VIEWS.map((value) => ({
              value,
              label: t(`outbox.view.${value}`, { count: sync?.outbox.needsAttention ?? 0 }),
            }))}
            value={view}
            onChange={setView}
            testId={TEST_IDS.outboxView}
          />
          <p className={classes.intro}>{t(`outbox.intro.${view}`)}</p>
          <CarryButtons isOutboxEmpty={sync === undefined || sync.outbox.waiting === 0} />
        </div>
        {view !== 'settled' && sync && sync.outbox.needsAttention > 0 && (
          <div className={classes.attention} role="status">
            {t('outbox.attention', { count: sync.outbox.needsAttention })}
          </div>
        )}
        {sync?.held && <HeldPanel held={sync.held} role={role} />}
        {view === 'all' && <UnsentFiles />}
        {view === 'all' && <CarriedList />}
        {view === 'settled' && <SettledTable />}
        <div className={view === 'settled' ? classes.hidden : classes.table}>
          {shown?.length === 0 && (
            <EmptyState
              icon={<IconCircleCheck size={36} stroke={1.4} />}
              title={t(view === 'attention' ? 'outbox.empty.noAttention' : 'outbox.empty.title')}
              text={t(view === 'attention' ? 'outbox.empty.noAttentionText' : 'outbox.empty.text')}
              testId={TEST_IDS.outboxEmpty}
            />
          )}
          {items === undefined && failure && <p className={classes.intro}>{failureText(failure)}</p>}
          {shown !== undefined && shown.length > 0 && (
            <VirtualTable
              label={t('outbox.title')}
              columns={columns}
              rows={shown}
              rowKey={(row) => row.opId}
              selectedKey={chosen?.opId ?? null}
              onSelect={(row) => setSelected(row.opId)}
              onOpen={(row) => setSelected(row.opId)}
              autoFocus
              testId={TEST_IDS.outboxTable}
              rowTestId={(row) => TEST_IDS.outboxRow(row.s)}
            />
          )}
        </div>
        {view !== 'settled' && chosen && isRefused(chosen) && (
          <RefusedPanel key={chosen.opId} item={chosen} {...ways} />
        )}
      </div>
    </Page>
  );
}
