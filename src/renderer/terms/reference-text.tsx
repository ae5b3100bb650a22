import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useReferenceData } from '../platform/reference-data.ts';

/** Names of a category from 大类 down, in the language of the screen. An unknown code is shown as it is. */
export function useCategoryNames(): (code: string | null) => readonly string[] {
  const english = useTranslation().i18n.language === 'en';
  const data = useReferenceData();
  return useCallback(
    (code) => {
      if (code === null) return [];
      const entry = data?.categoryByCode.get(code);
      if (!entry) return [code];
      return english ? entry.en : entry.names;
    },
    [data, english],
  );
}

/** A tag in the language of the screen. One that is not in the list (from an older list, another centre) stays as it is. */
export function useTagName(): (name: string) => string {
  const english = useTranslation().i18n.language === 'en';
  const data = useReferenceData();
  return useCallback((name) => (english ? (data?.tagByName.get(name)?.en[1] ?? name) : name), [data, english]);
}

/** Names of a division from the city down. An unknown code is shown as it is. */
export function useDivisionNames(): (code: string | null) => readonly string[] {
  const data = useReferenceData();
  return useCallback((code) => (code === null ? [] : (data?.divisionByCode.get(code)?.names ?? [code])), [data]);
}

/** The smallest names that still say where it is: district, street and address, without the city everybody is in. */
export function usePlaceText(): (place: { divisionCode: string | null; address: string }) => string {
  const names = useDivisionNames();
  return useCallback(
    ({ divisionCode, address }) => {
      const division = names(divisionCode);
      const near = (division.length > 1 ? division.slice(1) : division).join('');
      // Many addresses repeat the division they are in.
      if (near === '' || address.includes(near)) return address;
      return address === '' ? near : `${near} ${address}`;
    },
    [names],
  );
}

/** Names of a category of any level from 大类 down, in the language of the screen. An unknown code is shown as it is. */
export function useCategoryLevelNames(): (code: string) => readonly string[] {
  const english = useTranslation().i18n.language === 'en';
  const data = useReferenceData();
  return useCallback(
    (code) => {
      const leaf = data?.categories.find((entry) => entry.code.startsWith(code));
      return leaf ? (english ? leaf.en : leaf.names).slice(0, code.length / 2) : [code];
    },
    [data, english],
  );
}
