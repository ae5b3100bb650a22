import { useMediaQuery } from '@mantine/hooks';
import { IconPhoneIncoming, IconPhoneOutgoing } from '@tabler/icons-react';
import { Fragment, type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { usePartyText } from '#renderer/terms/party-text.ts';
import { StandingMark } from '#renderer/terms/TicketStanding.tsx';
import { displayTicketNumber } from '#renderer/terms/ticket-number.ts';
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

/** What came of a call, in words: who has it now, its tickets, a form that is still open, whether it was called back. */
function FollowUp({ call }: { readonly call: CallLogItem }) {
  const { t } = useTranslation();
  const way = useWay()(call);
  const [first, ...more] = call.tickets;
  const title = first && (first.title || first.excerpt || displayTicketNumber(first));
  const isUnwritten = call.outcome === 'answered' && call.direction === 'in' && call.draftId === null;
  const parts: ReactNode[] = [
    way,
    title && (more.length > 0 ? t('call.log.ticketsOf', { title, count: more.length + 1 }) : title),
    call.draftId !== null && t('call.log.draftOpen'),
    first === undefined && isUnwritten && t('call.log.noTicket'),
  ].filter(Boolean);
  if (call.outcome === 'missed' && call.ani !== '') {
    parts.unshift(
      call.returnedAt === null ? (
        t('call.log.notReturned')
      ) : (
        <>
          {t('call.log.returned')} <TimeText at={call.returnedAt} />
        </>
      ),
    );
  }
  return (
    <span title={parts.filter((part) => typeof part === 'string').join(' · ')}>
      {first?.refused && <StandingMark ticket={first} />}
      {first?.refused && ' '}
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one line keep their places
        <Fragment key={index}>
          {index > 0 && ' · '}
          {part}
        </Fragment>
      ))}
    </span>
  );
}

/** Where a call went or came from: passed on, handed over, not taken, from which colleague. */
function useWay(): (call: CallLogItem) => string {
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
  const wide = i18n.language === 'en';
  const roomy = useMediaQuery('(min-width: 1600px)') ?? false;
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
      ...(roomy
        ? [{ id: 'line', header: t('call.log.column.line'), width: '56px', render: (row: CallLogItem) => row.line }]
        : []),
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
        width: 'minmax(110px, 4fr)',
        render: (row) => <FollowUp call={row} />,
      },
    ],
    [t, wide, roomy],
  );
}
