import { useTranslation } from 'react-i18next';
import { toAge, toDurationParts } from '../ui/format-age.ts';
import { formatFullTime, formatWhen } from '../ui/format-time.ts';
import { clock, useTicking } from '../ui/now.ts';

/** A moment as people read it, the full date on hover. */
export function TimeText({ at }: { readonly at: number }) {
  const { t } = useTranslation();
  const words = { today: t('time.today'), yesterday: t('time.yesterday') };
  return (
    <time dateTime={new Date(at).toISOString()} title={t('time.fullTitle', { time: formatFullTime(at) })}>
      {formatWhen(at, clock.now(), words)}
    </time>
  );
}

/** Ages of less than a minute are told in such steps: nothing on a screen that is looked at all day moves every second for no use. */
const STEP_S = 10;

/** How long ago something was, kept current. */
export function AgeText({ at }: { readonly at: number }) {
  const { t } = useTranslation();
  const text = useTicking((now) => {
    const { unit, count } = toAge(at, now);
    if (unit !== 'seconds') return t(`time.age.${unit}`, { count });
    return count < STEP_S ? t('time.age.now') : t('time.age.seconds', { count: count - (count % STEP_S) });
  });
  return <span title={t('time.fullTitle', { time: formatFullTime(at) })}>{text}</span>;
}

/** Gives durations in words: 1 时 23 分. */
export function useDurationText(): (ms: number) => string {
  const { t } = useTranslation();
  return (ms) => {
    const { key, h, m, s } = toDurationParts(ms);
    return t(`time.duration.${key}`, { h, m, s });
  };
}
