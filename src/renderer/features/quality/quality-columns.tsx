import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { Column } from '#renderer/ui/VirtualTable.tsx';
import type { QualityLine } from '#shared/contract/quality.contract.ts';
import type { QualityList } from '#shared/domain/quality/quality-list.ts';
import classes from './Quality.module.css';
import { QualityStateTag } from './QualityStateTag.tsx';

/** Columns of a list; beside an open ticket only those that tell the lines apart. */
export function useQualityColumns(list: QualityList, isNarrow: boolean): readonly Column<QualityLine>[] {
  const { t } = useTranslation();
  return useMemo(() => {
    const no: Column<QualityLine> = {
      id: 'no',
      header: t('quality.column.no'),
      width: isNarrow ? 'minmax(134px, 1fr)' : '156px',
      render: (line) => line.ticketNo,
    };
    const agent: Column<QualityLine> = {
      id: 'agent',
      header: t('quality.column.agent'),
      width: '76px',
      render: (line) => line.agentName,
    };
    const why: Column<QualityLine> = {
      id: 'why',
      header: t('quality.column.why'),
      width: '130px',
      render: (line) => line.why.map((reason) => t(`quality.why.${reason}`)).join(t('intake.comma')),
    };
    const points: Column<QualityLine> = {
      id: 'points',
      header: t('quality.column.points'),
      width: isNarrow ? '44px' : '112px',
      render: ({ points: reached, passed }) =>
        reached !== null && (
          <span className={classes.pointsCell}>
            {reached}
            {!isNarrow && (
              <StatusTag tone={passed ? 'good' : 'bad'}>{t(passed ? 'quality.passed' : 'quality.failed')}</StatusTag>
            )}
          </span>
        ),
    };
    if (isNarrow) return [no, list === 'mine' ? points : agent];
    return [
      no,
      {
        id: 'title',
        header: t('quality.column.title'),
        width: 'minmax(160px, 2fr)',
        render: (line) => <span title={line.title}>{line.title || t('quality.notHere')}</span>,
      },
      ...(list === 'mine' ? [] : [agent]),
      ...(list === 'calibration' ? [] : [why]),
      ...(list === 'to_check' ? [] : [points]),
      {
        id: 'state',
        header: t('quality.column.state'),
        width: '170px',
        render: (line) =>
          line.begun && line.state !== 'settled' ? (
            <StatusTag tone="info">{t('quality.begun')}</StatusTag>
          ) : (
            <QualityStateTag state={line.state} pending={line.pending} />
          ),
      },
      {
        id: 'at',
        header: t(`quality.column.at.${list}`),
        width: '104px',
        render: (line) => <TimeText at={line.at} />,
      },
      ...(list === 'mine'
        ? [
            {
              id: 'until',
              header: t('quality.column.until'),
              width: '104px',
              render: (line: QualityLine) => line.appealUntil !== null && <TimeText at={line.appealUntil} />,
            },
          ]
        : []),
    ];
  }, [t, list, isNarrow]);
}
