import { useTranslation } from 'react-i18next';
import { useReferenceData } from '#renderer/platform/reference-data.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { ClockPreset, ClockSpan } from '#shared/domain/clock/clock-preset.ts';
import classes from './IntakeForm.module.css';
import { type UnitGuess, useUnitText } from './unit-text.ts';

interface CategoryInfoProps {
  readonly code: string;
  readonly divisionCode: string | null;
  readonly unit: UnitGuess;
}

/** What comes with the chosen category: who handles it at this place, and within which limits. */
export function CategoryInfo({ code, divisionCode, unit }: CategoryInfoProps) {
  const data = useReferenceData();
  const unitText = useUnitText();
  const clockText = useClockText();
  const entry = data?.categoryByCode.get(code);
  if (!entry) return null;
  const clock = data?.clockById.get(entry.clock);
  return (
    <div className={classes.unit} data-testid={TEST_IDS.intakeCategoryInfo}>
      <span>{unitText(entry, divisionCode, unit)}</span>
      {clock && <span>{clockText(clock)}</span>}
    </div>
  );
}

const STAGES = ['dispatch', 'sign', 'onSite', 'makeSafe', 'close'] as const;

function useClockText(): (clock: ClockPreset) => string {
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
