import { useTranslation } from 'react-i18next';
import { isStorableText } from '#shared/kernel/text.ts';

/** Most characters of what is searched for. */
export const QUERY_MAX = 200;
export const ACCOUNT_MAX = 40;
export const PASSWORD_MAX = 200;

/**
 * Says why a text cannot be taken as it is, or null: too long (`max` in UTF-16 units) or with characters no store keeps. It is shown at
 * the field, and nothing is cut off there.
 */
export function useTextProblem(): (text: string, max: number) => string | null {
  const { t } = useTranslation();
  return (text, max) => {
    if (text.length > max) return t('text.tooLong', { count: text.length, max });
    return isStorableText(text) ? null : t('text.unstorable');
  };
}
