import { IconHistory } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useStumbleText } from '#renderer/terms/stumble-text.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { type Column, VirtualTable } from '#renderer/ui/VirtualTable.tsx';
import type { SettledItem } from '#shared/contract/attention.contract.ts';
import classes from './OutboxPage.module.css';
import { kindText } from './outbox-columns.tsx';

/** 已处理: refused operations that were decided, with what was decided. */
export function SettledTable() {
  const { t } = useTranslation();
  const stumbleText = useStumbleText();
  const [selected, setSelected] = useState<string | null>(null);
  const { data } = useLiveQuery(['outbox'], () => dataClient.outbox.settled(), []);
  const columns = useMemo<readonly Column<SettledItem>[]>(
    () => [
      {
        id: 'decidedAt',
        header: t('outbox.settled.decidedAt'),
        width: '110px',
        render: (row) => <TimeText at={row.decidedAt} />,
      },
      {
        id: 'decision',
        header: t('outbox.settled.decision'),
        width: '110px',
        render: (row) => t(`outbox.settled.is.${row.decision}`),
      },
      { id: 'kind', header: t('outbox.column.kind'), width: '120px', render: (row) => t(kindText(row.kind)) },
      {
        id: 'label',
        header: t('outbox.column.label'),
        width: 'minmax(140px, 2fr)',
        render: (row) => <span title={row.label}>{row.label}</span>,
      },
      { id: 'at', header: t('outbox.column.at'), width: '110px', render: (row) => <TimeText at={row.at} /> },
      {
        id: 'reason',
        header: t('outbox.column.error'),
        width: 'minmax(160px, 3fr)',
        render: (row) => {
          const { text, title } = stumbleText(row.reason, true);
          return <span title={title}>{text}</span>;
        },
      },
    ],
    [t, stumbleText],
  );
  if (!data) return null;
  return (
    <div className={classes.table}>
      {data.length === 0 ? (
        <EmptyState
          icon={<IconHistory size={36} stroke={1.4} />}
          title={t('outbox.settled.empty')}
          text={t('outbox.settled.emptyText')}
          testId={TEST_IDS.outboxSettledEmpty}
        />
      ) : (
        <VirtualTable
          label={t('outbox.view.settled')}
          columns={columns}
          rows={data}
          rowKey={(row) => row.opId}
          selectedKey={selected}
          onSelect={(row) => setSelected(row.opId)}
          onOpen={(row) => setSelected(row.opId)}
          testId={TEST_IDS.outboxSettled}
          rowTestId={(row) => TEST_IDS.outboxSettledRow(row.opId)}
        />
      )}
    </div>
  );
}
