import { useMediaQuery } from '@mantine/hooks';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { ClockTag } from '#renderer/terms/ClockTag.tsx';
import { useCategoryNames, usePlaceText } from '#renderer/terms/reference-text.tsx';
import { OutsideMark, StandingMark, TicketStateTag } from '#renderer/terms/TicketStanding.tsx';
import { displayTicketNumber } from '#renderer/terms/ticket-number.ts';
import { AgeText } from '#renderer/terms/time-text.tsx';
import { UrgencyTag } from '#renderer/terms/UrgencyTag.tsx';
import { formatMinute } from '#renderer/ui/format-time.ts';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { Column } from '#renderer/ui/VirtualTable.tsx';
import type { TicketSummary } from '#shared/contract/tickets.contract.ts';
import { formatPhone } from '#shared/domain/phone.ts';
import { OrderMark } from './oversight/OrderMark.tsx';
import classes from './tickets.module.css';

/** Who called: only where there is room, the ticket beside the list says it too. */
function callerColumns(t: TFunction): readonly Column<TicketSummary>[] {
  return [
    { id: 'caller', header: t('tickets.table.caller'), width: '56px', render: (row) => row.callerName },
    {
      id: 'phone',
      header: t('tickets.table.phone'),
      width: '112px',
      render: (row) => formatPhone(row.callerPhone),
    },
  ];
}

/** 回访: how often the citizen was called in vain, and from when on to try again. */
function Attempts({ row }: { readonly row: TicketSummary }) {
  const { t } = useTranslation();
  const { attempts, callFrom, stage, uid } = row;
  if (attempts === 0) {
    // Of nobody who was not called is there a next time.
    if (callFrom === null) return null;
    const kept = t(`tickets.decide.callback.keptMark.${stage ? 'open' : 'done'}`);
    return (
      <span title={kept} data-testid={TEST_IDS.ticketAttempts(uid)}>
        {kept}
      </span>
    );
  }
  const again = callFrom === null ? '' : t('tickets.decide.callback.from', { time: formatMinute(callFrom).slice(5) });
  const text = [t('tickets.decide.callback.attempts', { count: attempts }), again]
    .filter((part) => part !== '')
    .join(' · ');
  return (
    <span title={text} data-testid={TEST_IDS.ticketAttempts(uid)}>
      {text}
    </span>
  );
}

/** The number begins with the day: how long ago that is, is said where there is room. */
function ageColumn(t: TFunction, wide: boolean): Column<TicketSummary> {
  return {
    id: 'age',
    header: t('tickets.table.age'),
    width: wide ? '84px' : '76px',
    render: (row) => <AgeText at={row.acceptedAt ?? row.createdAt} />,
  };
}

function categoryColumn(t: TFunction, categoryNames: ReturnType<typeof useCategoryNames>): Column<TicketSummary> {
  return {
    id: 'category',
    header: t('tickets.table.category'),
    width: 'minmax(91px, 2fr)',
    render: (row) => {
      const names = categoryNames(row.categoryCode);
      return <span title={names.join(' / ')}>{names.at(-1) ?? ''}</span>;
    },
  };
}

function callColumn(t: TFunction, wide: boolean): Column<TicketSummary> {
  return {
    id: 'call',
    header: t('tickets.table.attempts'),
    width: wide ? 'minmax(176px, 2fr)' : 'minmax(156px, 2fr)',
    render: (row) => <Attempts row={row} />,
  };
}

/** 等待市民补充: until when, before the limits go on by themselves. */
function waitColumn(t: TFunction): Column<TicketSummary> {
  return {
    id: 'wait',
    header: t('tickets.table.awaited'),
    width: 'minmax(91px, 2fr)',
    render: ({ awaitedUntil }) => awaitedUntil !== null && <span>{formatMinute(awaitedUntil).slice(5)}</span>,
  };
}

/** 流转, 移交: with whom it lies, and whether they have signed for it. */
function flowColumn(t: TFunction, wide: boolean): Column<TicketSummary> {
  return {
    id: 'flow',
    header: t('tickets.table.flow'),
    width: wide ? 'minmax(196px, 2fr)' : 'minmax(156px, 2fr)',
    render: ({ flow, uid }) =>
      flow && (
        <span
          data-testid={TEST_IDS.ticketElsewhere(uid)}
          title={t('oversight.flow.sent', { time: formatMinute(flow.sentAt) })}
        >
          {t(`oversight.flow.receiver.${flow.receiver}`)}{' '}
          <StatusTag tone={flow.isReceived ? 'info' : 'warn'}>
            {t(flow.isReceived ? 'oversight.flow.waitsResult' : 'oversight.flow.waitsReceipt')}
          </StatusTag>
        </span>
      ),
  };
}

/** 挂账: why, and when it is looked at again. */
function accountColumn(t: TFunction, wide: boolean): Column<TicketSummary> {
  return {
    id: 'account',
    header: t('tickets.table.account'),
    width: wide ? 'minmax(196px, 2fr)' : 'minmax(156px, 2fr)',
    render: ({ account, uid }) => {
      if (!account) return null;
      const again = t('tickets.table.reviewAt', { day: formatMinute(account.reviewAt).slice(5, 10) });
      const cause = account.cause && t(`tickets.decide.accountMark.${account.cause}`);
      const text = [cause, again].filter(Boolean).join(' · ');
      return (
        <span title={text} data-testid={TEST_IDS.ticketAccount(uid)}>
          {text}
        </span>
      );
    },
  };
}

/** What a list says in the room of the category; null for the category itself. */
function insteadOfCategory(time: ListTime, t: TFunction, wide: boolean): Column<TicketSummary> | null {
  if (time === 'call') return callColumn(t, wide);
  if (time === 'wait') return waitColumn(t);
  if (time === 'account') return accountColumn(t, wide);
  return time === 'flow' ? flowColumn(t, wide) : null;
}

/** Columns a list may do without. */
export type TicketColumn = 'status' | 'category' | 'place';

/** What a list is worked off by: the limits of its tickets, the orders over them, the calls to be made, or who is waited for. */
export type ListTime = 'ticket' | 'order' | 'call' | 'wait' | 'flow' | 'account';

/** Columns of every ticket list. @param time whose time is shown; of calls also what was tried, of waits until when, of 挂账 why, of what lies elsewhere with whom, in the room of the category */
export function useTicketColumns(time: ListTime = 'ticket'): readonly Column<TicketSummary>[] {
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
        width: '138px',
        render: (row) => (
          <span className={classes.number}>
            {displayTicketNumber(row)}
            <StandingMark ticket={row} />
            <OutsideMark ticket={row} />
          </span>
        ),
      },
      {
        id: 'status',
        header: t('tickets.table.status'),
        width: wide ? '116px' : '84px',
        render: (row) => <TicketStateTag ticket={row} />,
      },
      {
        id: 'title',
        header: t('tickets.table.title'),
        width: 'minmax(165px, 4fr)',
        render: (row) => (
          <span className={classes.titleCell} title={row.title || row.excerpt}>
            <UrgencyTag urgency={row.urgency} />
            <OrderMark ticket={row} isInWords={time === 'order'} />
            {row.children > 0 && <StatusTag tone="info">{t('tickets.merge.child', { count: row.children })}</StatusTag>}
            <span className={classes.titleText}>{row.title || row.excerpt || t('tickets.detail.noTitle')}</span>
          </span>
        ),
      },
      insteadOfCategory(time, t, wide) ?? categoryColumn(t, categoryNames),
      {
        id: 'place',
        header: t('tickets.table.place'),
        width: 'minmax(80px, 2fr)',
        render: (row) => <span title={placeText(row)}>{placeText(row)}</span>,
      },
      ...(roomy ? callerColumns(t) : []),
      {
        id: 'clock',
        header: t('clock.column'),
        width: roomy ? '176px' : wide ? '100px' : '132px',
        render: (row) => {
          const clock = time === 'order' ? (row.orders?.clock ?? null) : row.clock;
          return clock && <ClockTag summary={clock} isShort={!roomy} />;
        },
      },
      ...(roomy ? [ageColumn(t, wide)] : []),
    ],
    [t, wide, roomy, time, categoryNames, placeText],
  );
}
