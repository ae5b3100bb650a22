import { useTranslation } from 'react-i18next';
import { useDivisionNames } from '#renderer/terms/reference-text.tsx';
import type { CategorySuggestion } from '#shared/contract/suggest.contract.ts';
import type { CategoryEntry } from '#shared/domain/category.ts';
import { nameUnit, STREET_OFFICE } from '#shared/domain/unit-name.ts';

/** Who handled it here before, as far as the history says. */
export type UnitGuess = CategorySuggestion['unit'];

/** The unit that handles a category at a place: who did so before, else the one of the tree, else who decides it. */
export function useUnitText(): (entry: CategoryEntry, divisionCode: string | null, before: UnitGuess) => string {
  const { t } = useTranslation();
  const divisionNames = useDivisionNames();
  return ({ unit, unitBy }, divisionCode, before) => {
    if (before) {
      const percent = t('intake.suggest.percent', { value: Math.round(before.share * 100) });
      return t('intake.unitBefore', { unit: before.name, percent, count: before.tickets });
    }
    const place = divisionNames(divisionCode);
    if (unit !== null) return t('intake.unit', { unit: nameUnit(unit, place) });
    // Three names: the street is known, and with it the office.
    if (unitBy === 'place' && place.length === 3) return t('intake.unit', { unit: nameUnit(STREET_OFFICE, place) });
    return t('intake.unit', { unit: t(`intake.unitBy.${unitBy ?? 'subject'}`) });
  };
}
