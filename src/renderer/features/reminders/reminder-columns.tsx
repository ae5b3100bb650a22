import { useMediaQuery } from '@mantine/hooks';
import { IconAlertTriangle, IconHourglassLow } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ClockTag } from '#renderer/terms/ClockTag.tsx';
import { formatDue } from '#renderer/terms/format-due.ts';
import { TicketStateTag } from '#renderer/terms/TicketStanding.tsx';
import { displayTicketNumber } from '#renderer/terms/ticket-number.ts';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { Column } from '#renderer/ui/VirtualTable.tsx';
import type { Reminder } from '#shared/contract/reminders.contract.ts';

/** Columns of reminders: what ran out or is about to, whose it is, what is left of its time or over; when it was due where there is room. */
export function useReminderColumns(): readonly Column<Reminder>[] {
  const { t, i18n } = useTranslation();
  const wide = i18n.language === 'en';
  const roomy = useMediaQuery('(min-width: 1600px)') ?? false;
  return [
    {
      id: 'step',
      header: t('reminders.column.step'),
      width: wide ? '148px' : '132px',
      render: ({ days }) => {
        const Icon = days < 0 ? IconHourglassLow : IconAlertTriangle;
        return (
          <StatusTag tone={days < 0 ? 'warn' : 'bad'} icon={<Icon size={13} aria-hidden />}>
            {t(`reminders.step.${days}`)}
          </StatusTag>
        );
      },
    },
    {
      id: 'no',
      header: t('reminders.column.no'),
      width: '132px',
      render: ({ ticket }) => displayTicketNumber(ticket),
    },
    {
      id: 'title',
      header: t('reminders.column.title'),
      width: 'minmax(120px, 2fr)',
      render: ({ ticket }) => ticket.title,
    },
    { id: 'unit', header: t('reminders.column.unit'), width: 'minmax(96px, 1fr)', render: ({ ticket }) => ticket.unit },
    {
      id: 'status',
      header: t('reminders.column.status'),
      width: wide ? '92px' : '84px',
      render: ({ ticket }) => <TicketStateTag ticket={ticket} />,
    },
    {
      id: 'clock',
      header: t('clock.column'),
      width: roomy ? '176px' : wide ? '100px' : '132px',
      render: ({ ticket }) => ticket.clock && <ClockTag summary={ticket.clock} isShort={!roomy} />,
    },
    ...(roomy
      ? [
          {
            id: 'due',
            header: t('reminders.column.due'),
            width: '124px',
            render: ({ dueAt }: Reminder) => formatDue(dueAt),
          },
        ]
      : []),
  ];
}
