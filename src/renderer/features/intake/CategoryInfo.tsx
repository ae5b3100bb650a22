import { useTranslation } from 'react-i18next';
import { useReferenceData } from '#renderer/platform/reference-data.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useDivisionNames } from '#renderer/terms/reference-text.tsx';
import type { CategoryEntry } from '#shared/domain/category.ts';
import type { ClockPreset, ClockSpan } from '#shared/domain/clock-preset.ts';
import { nameUnit, STREET_OFFICE } from '#shared/domain/unit-name.ts';
import classes from './IntakeForm.module.css';

interface CategoryInfoProps {
  readonly code: string | null;
  readonly divisionCode: string | null;
}

/** What comes with the chosen category: who handles it at this place, and within which limits. */
export function CategoryInfo({ code, divisionCode }: CategoryInfoProps) {
  const { t } = useTranslation();
  const data = useReferenceData();
  const unitText = useUnitText();
  const clockText = useClockText();
  const entry = code === null ? undefined : data?.categoryByCode.get(code);
  if (!entry) return null;
  const clock = data?.clockById.get(entry.clock);
  return (
    <div className={classes.unit} data-testid={TEST_IDS.intakeCategoryInfo}>
      <span>{t('intake.unit', { unit: unitText(entry, divisionCode) })}</span>
      {clock && <span>{clockText(clock)}</span>}
    </div>
  );
}

function useUnitText(): (entry: CategoryEntry, divisionCode: string | null) => string {
  const { t } = useTranslation();
  const divisionNames = useDivisionNames();
  return ({ unit, unitBy }, divisionCode) => {
    const place = divisionNames(divisionCode);
    if (unit !== null) return nameUnit(unit, place);
    // Three names: the street is known, and with it the office.
    if (unitBy === 'place' && place.length === 3) return nameUnit(STREET_OFFICE, place);
    return t(`intake.unitBy.${unitBy ?? 'subject'}`);
  };
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
