import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorCode } from '#shared/contract/error-codes.ts';

/** Says a failure in words: what happened, what is kept, what to do. */
export function useFailureText(): (failure: { readonly code: ErrorCode }) => string {
  const { t } = useTranslation();
  return useCallback((failure) => t(`errors.${failure.code}`), [t]);
}
