import { useMediaQuery } from '@mantine/hooks';
import { IconCloudUpload } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCategoryNames, usePlaceText } from '#renderer/terms/reference-text.tsx';
import { TicketStatusTag } from '#renderer/terms/TicketStatusTag.tsx';
import { displayTicketNumber } from '#renderer/terms/ticket-number.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { UrgencyTag } from '#renderer/terms/UrgencyTag.tsx';
import type { Column } from '#renderer/ui/VirtualTable.tsx';
import type { TicketSummary } from '#shared/contract/tickets.contract.ts';
import { formatPhone } from '#shared/domain/phone.ts';
import classes from './tickets.module.css';

/** Columns of every ticket list. */
export function useTicketColumns(): readonly Column<TicketSummary>[] {
  const { t, i18n } = useTranslation();
  const wide = i18n.language === 'en';
  const roomy = useMediaQuery('(min-width: 1600px)') ?? false;
  const categoryNames = useCategoryNames();
  const placeText = usePlaceText();
  return useMemo<readonly Column<TicketSummary>[]>(
    () => [
      {
        id: 'number',
        header: t('tickets.table.number'),
        width: '144px',
        render: (row) => (
          <span className={classes.number}>
            {displayTicketNumber(row)}
            {row.pending && (
              <IconCloudUpload
                size={14}
                className={classes.pending}
                role="img"
                aria-label={t('tickets.detail.pending')}
                title={t('tickets.detail.pending')}
              />
            )}
          </span>
        ),
      },
      {
        id: 'time',
        header: t('tickets.table.time'),
        width: wide ? '108px' : '84px',
        render: (row) => <TimeText at={row.acceptedAt ?? row.createdAt} />,
      },
      {
        id: 'status',
        header: t('tickets.table.status'),
        width: wide ? '116px' : '88px',
        render: (row) => <TicketStatusTag status={row.status} />,
      },
      {
        id: 'title',
        header: t('tickets.table.title'),
        width: 'minmax(150px, 5fr)',
        render: (row) => (
          <span className={classes.titleCell} title={row.title || row.excerpt}>
            <UrgencyTag urgency={row.urgency} />
            <span className={classes.titleText}>{row.title || row.excerpt || t('tickets.detail.noTitle')}</span>
          </span>
        ),
      },
      {
        id: 'caller',
        header: t('tickets.table.caller'),
        width: '56px',
        render: (row) => row.callerName,
      },
      ...(roomy
        ? [
            {
              id: 'phone',
              header: t('tickets.table.phone'),
              width: '112px',
              render: (row: TicketSummary) => formatPhone(row.callerPhone),
            },
            {
              id: 'category',
              header: t('tickets.table.category'),
              width: 'minmax(80px, 1fr)',
              render: (row: TicketSummary) => categoryNames(row.categoryCode).at(-1) ?? '',
            },
          ]
        : []),
      {
        id: 'place',
        header: t('tickets.table.place'),
        width: 'minmax(64px, 2fr)',
        render: (row) => <span title={placeText(row)}>{placeText(row)}</span>,
      },
    ],
    [t, wide, roomy, categoryNames, placeText],
  );
}
