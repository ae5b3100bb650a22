import { useTranslation } from 'react-i18next';
import { useReferenceData } from '../platform/reference-data.ts';

/** Names of a category from 大类 down, in the language of the screen. An unknown code is shown as it is. */
export function useCategoryNames(): (code: string | null) => readonly string[] {
  const { i18n } = useTranslation();
  const data = useReferenceData();
  return (code) => {
    if (code === null) return [];
    const entry = data?.categoryByCode.get(code);
    if (!entry) return [code];
    return i18n.language === 'en' ? entry.en : entry.names;
  };
}

/** Names of a division from the city down. An unknown code is shown as it is. */
export function useDivisionNames(): (code: string | null) => readonly string[] {
  const data = useReferenceData();
  return (code) => {
    if (code === null) return [];
    return data?.divisionByCode.get(code)?.names ?? [code];
  };
}

/** The smallest names that still say where it is: district, street and address, without the city everybody is in. */
export function usePlaceText(): (place: { divisionCode: string | null; address: string }) => string {
  const names = useDivisionNames();
  return (place) => {
    const division = names(place.divisionCode);
    const near = division.length > 1 ? division.slice(1).join('') : division.join('');
    // Many addresses repeat the division they are in.
    return place.address.includes(near) && near !== ''
      ? place.address
      : `${near}${place.address && near ? ' ' : ''}${place.address}`;
  };
}
