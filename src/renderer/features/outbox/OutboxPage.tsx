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
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { Page } from '#renderer/ui/Page.tsx';
import { VirtualTable } from '#renderer/ui/VirtualTable.tsx';
import type { Role } from '#shared/domain/roles.ts';
import type { DraftId } from '#shared/kernel/ids.ts';
import { ConnectionNote } from './ConnectionNote.tsx';
import { HeldPanel } from './HeldPanel.tsx';
import classes from './OutboxPage.module.css';
import { isRefused, useOutboxColumns } from './outbox-columns.tsx';
import { RefusedPanel } from './RefusedPanel.tsx';
import { UnsentFiles } from './UnsentFiles.tsx';

interface OutboxPageProps {
  readonly role: Role;
  /** A ticket was given up and its form is open again. */
  readonly onDraftBack: (id: DraftId) => Promise<void>;
  /** The form of a refused ticket is open to be corrected. */
  readonly onCorrect: (id: DraftId) => Promise<void>;
}

/** 待同步: every operation the server has not confirmed, with what became of it so far. */
export function OutboxPage({ role, onDraftBack, onCorrect }: OutboxPageProps) {
  const { t } = useTranslation();
  const failureText = useFailureText();
  const columns = useOutboxColumns();
  const [selected, setSelected] = useState<string | null>(null);
  const { data: items, failure } = useLiveQuery(['outbox', 'sync'], () => dataClient.outbox.list(), []);
  const { data: sync } = useLiveQuery(['outbox', 'sync'], () => dataClient.sync.status(), []);
  const isEmpty = items !== undefined && items.length === 0;
  // What needs a person is offered without being looked for.
  const chosen = items?.find((item) => item.opId === selected) ?? items?.find(isRefused);

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
        <p className={classes.intro}>{t('outbox.intro')}</p>
        {sync && sync.outbox.needsAttention > 0 && (
          <div className={classes.attention} role="status">
            {t('outbox.attention', { count: sync.outbox.needsAttention })}
          </div>
        )}
        {sync?.held && <HeldPanel held={sync.held} role={role} />}
        <UnsentFiles />
        <div className={classes.table}>
          {isEmpty && (
            <EmptyState
              icon={<IconCircleCheck size={36} stroke={1.4} />}
              title={t('outbox.empty.title')}
              text={t('outbox.empty.text')}
              testId={TEST_IDS.outboxEmpty}
            />
          )}
          {items === undefined && failure && <p className={classes.intro}>{failureText(failure)}</p>}
          {items !== undefined && items.length > 0 && (
            <VirtualTable
              label={t('outbox.title')}
              columns={columns}
              rows={items}
              rowKey={(row) => row.opId}
              selectedKey={chosen?.opId ?? null}
              onSelect={(row) => setSelected(row.opId)}
              onOpen={(row) => setSelected(row.opId)}
              testId={TEST_IDS.outboxTable}
              rowTestId={(row) => TEST_IDS.outboxRow(row.s)}
            />
          )}
        </div>
        {chosen && isRefused(chosen) && (
          <RefusedPanel key={chosen.opId} item={chosen} onDraftBack={onDraftBack} onCorrect={onCorrect} />
        )}
      </div>
    </Page>
  );
}
