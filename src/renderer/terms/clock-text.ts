import { useTranslation } from 'react-i18next';
import type { ClockPreset, ClockSpan } from '#shared/domain/clock/clock-preset.ts';

const STAGES = ['dispatch', 'sign', 'onSite', 'makeSafe', 'close'] as const;

/** Puts the limits of a kind of matter into words. */
export function useClockText(): (clock: ClockPreset) => string {
  const { t, i18n } = useTranslation();
  const span = ({ value, unit }: ClockSpan) => t(`terms.span.${unit}`, { count: value });
  return (clock) => {
    const limits = STAGES.flatMap((stage) => {
      const limit = clock[stage];
      return limit === null ? [] : [t(`intake.limit.${stage}`, { time: span(limit) })];
    });
    return t('intake.clock', {
      name: i18n.language === 'en' ? clock.en : clock.name,
      limits: limits.join(t('intake.comma')),
    });
  };
}
