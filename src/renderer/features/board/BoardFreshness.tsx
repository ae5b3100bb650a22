import { IconClockExclamation, IconPlugConnectedX, IconRefreshDot } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { toAge } from '#renderer/ui/format-age.ts';
import { formatFullTime, formatMinute } from '#renderer/ui/format-time.ts';
import { clock, useTicking } from '#renderer/ui/now.ts';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import { LIVE_MS } from './use-board.ts';

/** How old what the board shows is: 实时, or the moment it was told and for how long nothing came since. */
export function BoardFreshness({ receivedAt }: { readonly receivedAt: number | null }) {
  const { t } = useTranslation();
  const state = useTicking((now) => {
    if (receivedAt === null) return 'never|';
    if (now - receivedAt < LIVE_MS) return 'live|';
    const { unit, count } = toAge(receivedAt, now);
    return `${unit}|${count}`;
  }).split('|') as ['never' | 'live' | ReturnType<typeof toAge>['unit'], string];
  const [kind, count] = state;
  const tag = (() => {
    if (kind === 'never' || receivedAt === null) {
      return (
        <StatusTag tone="neutral" icon={<IconPlugConnectedX size={13} aria-hidden />}>
          {t('board.never')}
        </StatusTag>
      );
    }
    const title = t('time.fullTitle', { time: formatFullTime(receivedAt) });
    if (kind === 'live') {
      return (
        <StatusTag tone="good" icon={<IconRefreshDot size={13} aria-hidden />} title={title}>
          {t('board.live')}
        </StatusTag>
      );
    }
    const isToday = formatMinute(receivedAt).slice(0, 10) === formatMinute(clock.now()).slice(0, 10);
    const time = formatMinute(receivedAt).slice(isToday ? 11 : 5);
    return (
      <StatusTag tone="warn" icon={<IconClockExclamation size={13} aria-hidden />} title={title}>
        {t('board.stale', { time, span: t(`time.span.${kind}`, { count: Number(count) }) })}
      </StatusTag>
    );
  })();
  return (
    <span data-testid={TEST_IDS.boardFreshness} data-live={kind === 'live'} role="status">
      {tag}
    </span>
  );
}
