import { useTranslation } from 'react-i18next';
import { useReferenceData } from '#renderer/platform/reference-data.ts';
import type { TypeAheadTexts } from '#renderer/ui/TypeAhead.tsx';

/** What a picker says; `noMatch` where nothing is found says why when it is not that nothing is called so. */
export function usePickerTexts(noMatch?: string): TypeAheadTexts {
  const { t } = useTranslation();
  const isLoaded = useReferenceData() !== null;
  return {
    noMatch: noMatch ?? t(isLoaded ? 'intake.noMatch' : 'intake.loadingChoices'),
    more: t('intake.moreMatches'),
    clear: t('intake.clear'),
    untaken: (chosen, why) => {
      const hint = why ?? t('text.takeOne');
      return chosen === '' ? t('text.untaken', { hint }) : t('text.untakenStays', { chosen, hint });
    },
  };
}
