import { IconAlertTriangle, IconClock, IconHourglass, IconSend } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFailureText } from '#renderer/terms/failure-text.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { Column } from '#renderer/ui/VirtualTable.tsx';
import type { OutboxItem } from '#shared/contract/data.contract.ts';
import { ERROR_CODES } from '#shared/contract/error-codes.ts';
import classes from './OutboxPage.module.css';

const LOOKS = {
  waiting: ['neutral', IconClock],
  sending: ['info', IconSend],
  rejected: ['bad', IconAlertTriangle],
  blocked: ['warn', IconHourglass],
} as const;

const KINDS = [
  'ticket.create',
  'ticket.note',
  'citizen.upsert',
  'article.propose',
  'article.review',
  'article.feedback',
] as const;

/** Columns of the outbox. */
export function useOutboxColumns(): readonly Column<OutboxItem>[] {
  const { t } = useTranslation();
  const failureText = useFailureText();
  return useMemo<readonly Column<OutboxItem>[]>(() => {
    const reason = (row: OutboxItem) => {
      const [kind, field = '', rule = ''] = (row.lastError ?? '').split(':');
      if (kind === 'FORM_INVALID') return t('outbox.formInvalid', { field, rule });
      const code = ERROR_CODES.find((one) => one === row.lastError);
      return code ? failureText({ code }) : (row.lastError ?? '');
    };
    return [
      { id: 's', header: t('outbox.column.order'), width: '56px', render: (row) => row.s },
      {
        id: 'kind',
        header: t('outbox.column.kind'),
        width: '110px',
        render: (row) => t(`outbox.kind.${KINDS.find((kind) => kind === row.kind) ?? 'other'}`),
      },
      {
        id: 'label',
        header: t('outbox.column.label'),
        width: 'minmax(140px, 2fr)',
        render: (row) => <span title={row.label}>{row.label}</span>,
      },
      { id: 'at', header: t('outbox.column.at'), width: '96px', render: (row) => <TimeText at={row.at} /> },
      {
        id: 'state',
        header: t('outbox.column.state'),
        width: '176px',
        render: (row) => {
          const [tone, Icon] = LOOKS[row.state];
          return (
            <StatusTag tone={tone} icon={<Icon size={13} aria-hidden />}>
              {t(`outbox.state.${row.state}`)}
            </StatusTag>
          );
        },
      },
      { id: 'attempts', header: t('outbox.column.attempts'), width: '76px', render: (row) => row.attempts },
      {
        id: 'lastTry',
        header: t('outbox.column.lastTry'),
        width: '96px',
        render: (row) => (row.lastTryAt === null ? t('outbox.never') : <TimeText at={row.lastTryAt} />),
      },
      {
        id: 'error',
        header: t('outbox.column.error'),
        width: 'minmax(120px, 2fr)',
        render: (row) => (
          <span className={row.lastError === null ? undefined : classes.error} title={reason(row)}>
            {reason(row)}
          </span>
        ),
      },
    ];
  }, [t, failureText]);
}
