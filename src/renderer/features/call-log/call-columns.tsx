import { IconPhoneIncoming, IconPhoneOutgoing } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { usePartyText } from '#renderer/terms/party-text.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import { formatTimer } from '#renderer/ui/format-time.ts';
import type { Column } from '#renderer/ui/VirtualTable.tsx';
import type { CallLogItem } from '#shared/contract/calls.contract.ts';
import { formatPhone } from '#shared/domain/phone.ts';
import classes from './CallLog.module.css';
import { CallOutcomeTag } from './CallOutcomeTag.tsx';

/** How long agent and citizen were connected, in ms; null when they never were. */
export function talkMs({ answeredAt, endedAt }: Pick<CallLogItem, 'answeredAt' | 'endedAt'>): number | null {
  return answeredAt === null || endedAt === null ? null : endedAt - answeredAt;
}

/** What followed a call, in words: called back, passed on, handed over, where it came from. */
function useFollowUp(): (call: CallLogItem) => string {
  const { t } = useTranslation();
  const partyText = usePartyText();
  return (call) => {
    const last = call.legs.findLast((leg) => leg.result === 'transferred' || leg.purpose === 'emergency');
    if (call.outcome === 'transferred' && last) return t('call.log.transferredTo', { party: partyText(last.party) });
    if (call.outcome === 'handed_off' && last) return t('call.log.handedTo', { party: partyText(last.party) });
    if (call.refusal !== null) return t(`call.log.refusal.${call.refusal}`);
    return call.from ? t('call.log.from', { party: partyText({ kind: 'seat', ...call.from }) }) : '';
  };
}

/** Columns of the call log. */
export function useCallColumns(): readonly Column<CallLogItem>[] {
  const { t, i18n } = useTranslation();
  const followUp = useFollowUp();
  const wide = i18n.language === 'en';
  return useMemo<readonly Column<CallLogItem>[]>(
    () => [
      {
        id: 'time',
        header: t('call.log.column.time'),
        width: wide ? '132px' : '112px',
        render: (row) => (
          <span className={classes.time}>
            {row.direction === 'in' ? (
              <IconPhoneIncoming size={14} role="img" aria-label={t('call.log.direction.in')} />
            ) : (
              <IconPhoneOutgoing size={14} role="img" aria-label={t('call.log.direction.out')} />
            )}
            <TimeText at={row.ringAt} />
          </span>
        ),
      },
      {
        id: 'outcome',
        header: t('call.log.column.outcome'),
        width: wide ? '136px' : '96px',
        render: (row) => <CallOutcomeTag call={row} />,
      },
      {
        id: 'name',
        header: t('call.log.column.name'),
        width: 'minmax(64px, 1fr)',
        render: (row) => row.knownName || row.name,
      },
      {
        id: 'phone',
        header: t('call.log.column.phone'),
        width: '124px',
        render: (row) => (row.ani === '' ? t('call.withheld') : formatPhone(row.ani)),
      },
      { id: 'line', header: t('call.log.column.line'), width: '56px', render: (row) => row.line },
      {
        id: 'duration',
        header: t('call.log.column.duration'),
        width: '60px',
        render: (row) => {
          const ms = talkMs(row);
          return ms === null ? '' : formatTimer(ms);
        },
      },
      {
        id: 'result',
        header: t('call.log.column.result'),
        width: 'minmax(110px, 2fr)',
        render: (row) =>
          row.outcome === 'missed' ? (
            row.returnedAt === null ? (
              row.ani === '' ? (
                ''
              ) : (
                t('call.log.notReturned')
              )
            ) : (
              <span>
                {t('call.log.returned')} <TimeText at={row.returnedAt} />
              </span>
            )
          ) : (
            followUp(row)
          ),
      },
    ],
    [t, wide, followUp],
  );
}
