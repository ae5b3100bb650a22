import { IconAlarm } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { POSITION_LOOKS, useReasonText } from '#renderer/terms/position-looks.ts';
import { AgeText } from '#renderer/terms/time-text.tsx';
import { formatTimer } from '#renderer/ui/format-time.ts';
import { useTicking } from '#renderer/ui/now.ts';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { Column } from '#renderer/ui/VirtualTable.tsx';
import type { BoardSeat } from '#shared/domain/board/board.ts';
import classes from './Board.module.css';
import { countedUntil } from './use-board.ts';

/** A seat with its times by this computer's clock. */
export interface ShownSeat extends BoardSeat {
  readonly receivedAt: number;
  /** Some alarm is about it. */
  readonly isAlarming: boolean;
}

function Span({ since, receivedAt }: { readonly since: number; readonly receivedAt: number }) {
  return <>{useTicking((now) => formatTimer(countedUntil(receivedAt, now) - since))}</>;
}

/**
 * Columns of the seats: who, what they are doing and for how long, the call, who waits.
 * @param hasTeams the centre has 班组
 */
export function useBoardColumns(hasTeams: boolean): readonly Column<ShownSeat>[] {
  const { t } = useTranslation();
  const reasonText = useReasonText();
  const wordOf = ({ isSilent, position, reason }: ShownSeat) => {
    if (isSilent) return t('board.silent');
    return reason === null ? t(`call.position.${position}`) : reasonText(reason);
  };
  return [
    { id: 'seat', header: t('board.column.seat'), width: '64px', render: ({ seat }) => seat },
    {
      id: 'name',
      header: t('board.column.name'),
      width: 'minmax(80px, 1fr)',
      render: ({ name, role }) => (
        <>
          {name} {role !== 'agent' && <span className={classes.muted}>{t(`terms.role.${role}`)}</span>}
        </>
      ),
    },
    ...(hasTeams
      ? [
          {
            id: 'team',
            header: t('board.column.team'),
            width: '72px',
            render: ({ team }: ShownSeat) => team ?? '',
          },
        ]
      : []),
    {
      id: 'position',
      header: t('board.column.position'),
      width: 'minmax(140px, 1.4fr)',
      render: (seat) => {
        const [tone, Icon] = POSITION_LOOKS[seat.isSilent ? 'offline' : seat.position];
        return (
          <span className={classes.state}>
            <StatusTag
              tone={tone}
              icon={<Icon size={13} aria-hidden />}
              title={seat.isSilent ? t('board.silentAbout') : undefined}
            >
              {wordOf(seat)}
            </StatusTag>
            {seat.isAlarming && <IconAlarm size={15} role="img" aria-label={t('board.alarming')} />}
          </span>
        );
      },
    },
    {
      id: 'since',
      header: t('board.column.since'),
      width: '92px',
      render: ({ isSilent, since, receivedAt }) => !isSilent && <Span since={since} receivedAt={receivedAt} />,
    },
    {
      id: 'call',
      header: t('board.column.call'),
      width: 'minmax(120px, 1fr)',
      render: ({ call, isSilent, receivedAt }) =>
        call &&
        !isSilent && (
          <>
            {t('call.line', { line: call.line })} <Span since={call.since} receivedAt={receivedAt} />
          </>
        ),
    },
    {
      id: 'waiting',
      header: t('board.column.waiting'),
      width: '64px',
      render: ({ waiting }) => (waiting === 0 ? '' : waiting),
    },
    {
      id: 'heard',
      header: t('board.column.heard'),
      width: '104px',
      render: ({ reportedAt }) => <AgeText at={reportedAt} />,
    },
  ];
}
