import { IconAlertTriangle, IconClock, IconHourglassLow, IconPlayerPause } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type ClockSpanLeft, type ClockSummary, spanLeft } from '#shared/domain/clock/clock-summary.ts';
import { type ClockState, clockStateAt } from '#shared/domain/clock/ticket-clocks.ts';
import { useReferenceData } from '../platform/reference-data.ts';
import { TEST_IDS } from '../platform/test-ids.ts';
import { useTicking } from '../ui/now.ts';
import { StatusTag, type Tone } from '../ui/StatusTag.tsx';
import { CalendarMark } from './CalendarMark.tsx';
import { formatDue } from './format-due.ts';

const LOOKS = {
  normal: { tone: 'neutral', Icon: IconClock },
  near: { tone: 'warn', Icon: IconHourglassLow },
  overdue: { tone: 'bad', Icon: IconAlertTriangle },
  paused: { tone: 'neutral', Icon: IconPlayerPause },
} as const satisfies Record<ClockState, { readonly tone: Tone; readonly Icon: typeof IconClock }>;

interface ClockTagProps {
  readonly summary: ClockSummary;
  /** Fewer words, for a column of a small screen: 正常 2 小时, with all of them in the hint. */
  readonly isShort?: boolean;
}

/** 正常 剩 2 小时, 临近 剩 20 分钟, 超期 3 小时, 暂停: kept current without asking anybody; drawn anew only when its words change. */
export function ClockTag({ summary, isShort = false }: ClockTagProps) {
  const { t } = useTranslation();
  const toWorkTime = useReferenceData()?.calendar.toWorkTime ?? null;
  const { dueAt, shown, stage, calendar, pausedFor } = summary;
  const [state, unit, count] = useTicking((now) => {
    const at = clockStateAt(summary, now);
    if (!at || at === 'paused' || dueAt === null) return `${at ?? ''}||`;
    const left = spanLeft({ dueAt, scale: summary.scale }, now, toWorkTime);
    return `${at}|${left.unit}|${left.count}`;
  }).split('|') as [ClockState | '', ClockSpanLeft['unit'] | '', string];
  if (state === '') return null;
  const { tone, Icon } = LOOKS[state];
  const what = shown === null || shown === 'stage' ? stage : shown;
  const words = t(`clock.tag.${state}`, { time: unit === '' ? '' : t(`clock.span.${unit}`, { count: Number(count) }) });
  const short = () =>
    t(`clock.short.${state}`, { time: unit === '' ? '' : t(`clock.shortSpan.${unit}`, { count: Number(count) }) });
  const title = [
    isShort ? words : '',
    isShort && state !== 'near' ? '' : t(`clock.state.${state}`),
    dueAt === null ? '' : t('clock.until', { what: t(`clock.what.${what}`), time: formatDue(dueAt) }),
    pausedFor === null ? '' : t(`clock.pausedFor.${pausedFor}`),
    calendar === 'official' ? '' : t(`clock.calendar.${calendar}`),
  ];
  return (
    <StatusTag
      tone={tone}
      icon={<Icon size={13} aria-hidden />}
      title={title.filter((part) => part !== '').join('\n')}
      testId={TEST_IDS.clock}
    >
      {isShort ? short() : words}
      <CalendarMark standing={calendar} />
    </StatusTag>
  );
}
