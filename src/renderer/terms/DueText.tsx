import { IconAlertTriangle, IconClock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { toAge } from '../ui/format-age.ts';
import { formatFullTime } from '../ui/format-time.ts';
import { useNow } from '../ui/now.ts';
import { StatusTag } from '../ui/StatusTag.tsx';

/** How long until something is due, or for how long it has been over: in words and icon, colour only repeats it. */
export function DueText({ at }: { readonly at: number }) {
  const { t } = useTranslation();
  const now = useNow();
  const isOver = now > at;
  const { unit, count } = isOver ? toAge(at, now) : toAge(now, at);
  const time = t(`time.span.${unit}`, { count });
  const Icon = isOver ? IconAlertTriangle : IconClock;
  return (
    <StatusTag
      tone={isOver ? 'bad' : 'neutral'}
      icon={<Icon size={13} aria-hidden />}
      title={t('time.fullTitle', { time: formatFullTime(at) })}
    >
      {t(isOver ? 'time.overdue' : 'time.left', { time })}
    </StatusTag>
  );
}
