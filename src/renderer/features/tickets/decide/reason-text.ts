import { useTranslation } from 'react-i18next';
import type { DispatchReason } from '#shared/domain/dispatch/dispatch-reason.ts';

/** Why the rule puts a unit where it does, in words. */
export function useReasonText() {
  const { t } = useTranslation();
  const reasonsText = (reasons: readonly DispatchReason[]) =>
    reasons.map((reason) => t(`tickets.decide.ruleReason.${reason}`)).join(t('intake.comma'));
  return { reasonsText };
}
