import { IconCalendarQuestion } from '@tabler/icons-react';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useReferenceData } from '#renderer/platform/reference-data.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { ClockTag } from '#renderer/terms/ClockTag.tsx';
import { useClockText } from '#renderer/terms/clock-text.ts';
import { formatDue } from '#renderer/terms/format-due.ts';
import { remindersOf } from '#shared/domain/clock/clock-run.ts';
import { summarizeClocks } from '#shared/domain/clock/clock-summary.ts';
import { type TicketClocks as Clocks, MAKE_SAFE } from '#shared/domain/clock/ticket-clocks.ts';
import classes from './TicketDetail.module.css';

/** The limits of a ticket: what runs, until when, what moved it, and by which rule it was set. */
export function TicketClocks({ clocks }: { readonly clocks: Clocks }) {
  const { t } = useTranslation();
  const data = useReferenceData();
  const clockText = useClockText();
  const summary = useMemo(() => summarizeClocks(clocks), [clocks]);
  const { run, close, stage, metAt, pausedSince, pausedFor, extendedDays, round, orders, returnBy, calendar } = clocks;
  const preset = data?.clockPreset(clocks.set, clocks.preset);
  const isOpen = metAt === null && pausedSince === null && stage !== 'done';
  const reminders = data && isOpen ? remindersOf(close.dueAt, data.calendar).map(formatDue) : [];
  const since = pausedSince === null ? '' : formatDue(pausedSince);

  const rows: readonly (readonly [string, ReactNode])[] = [
    [t('clock.now'), summary && <ClockTag key="now" summary={summary} />],
    [t(`clock.what.${stage}`), run && stage !== 'done' ? t('clock.by', { time: formatDue(run.dueAt) }) : ''],
    [
      t('clock.returnable'),
      returnBy && (stage === 'sign' || stage === 'handle') ? t('clock.by', { time: formatDue(returnBy) }) : '',
    ],
    [
      t('clock.what.close'),
      metAt === null && stage === 'done'
        ? t('clock.ended')
        : metAt === null
          ? t(pausedSince === null ? 'clock.by' : 'clock.byWithPause', { time: formatDue(close.dueAt) })
          : t(metAt < close.dueAt ? 'clock.metInTime' : 'clock.metLate', {
              time: formatDue(close.dueAt),
              met: formatDue(metAt),
            }),
    ],
    ...orders.map(
      (order) =>
        [
          t(order.id === MAKE_SAFE ? 'clock.what.make_safe' : 'clock.what.order'),
          t('clock.by', { time: formatDue(order.dueAt) }),
        ] as const,
    ),
    [
      t('clock.paused'),
      pausedFor === null ? '' : t('clock.pausedSince', { why: t(`clock.pausedFor.${pausedFor}`), time: since }),
    ],
    [t('clock.extended'), extendedDays === 0 ? '' : t('terms.span.workday', { count: extendedDays })],
    [t('clock.round'), round === 1 ? '' : t('clock.roundText', { count: round })],
    [t('clock.reminders'), reminders.join(t('intake.comma'))],
    [
      t('clock.rule'),
      preset && (
        <span key="rule" title={preset.source}>
          {clockText(preset)}
        </span>
      ),
    ],
  ];
  return (
    <div className={classes.section} data-testid={TEST_IDS.ticketClocks}>
      <h3>{t('clock.title')}</h3>
      {calendar !== 'official' && (
        <p className={classes.clockWarning} role="note">
          <IconCalendarQuestion size={15} aria-hidden />
          {t(`clock.calendar.${calendar}`)}
        </p>
      )}
      <dl className={classes.fields}>
        {rows.map(([label, value], index) =>
          value === '' || value === null || value === undefined ? null : (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows of one ticket keep their places
            <div key={index} style={{ display: 'contents' }}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
    </div>
  );
}
