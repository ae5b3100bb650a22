import { useTranslation } from 'react-i18next';
import { UNIT_NAME_MAX } from '#shared/domain/unit-name.ts';
import { readUnits } from './read-units.ts';

/** How much of a name that is too long is said: enough to find it. */
const SHOWN = 12;

/** Says why names in one field cannot be taken, or null: one is too long, or there are more than `most`. */
export function useNamesProblem(): (text: string, most: number) => string | null {
  const { t } = useTranslation();
  return (text, most) => {
    const names = readUnits(text);
    const long = names.find((name) => name.length > UNIT_NAME_MAX);
    if (long !== undefined) return t('text.longName', { name: long.slice(0, SHOWN), max: UNIT_NAME_MAX });
    return names.length > most ? t('text.manyNames', { count: names.length, max: most }) : null;
  };
}
