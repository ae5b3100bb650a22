import { useTranslation } from 'react-i18next';
import type { OrderSource } from '#shared/domain/overlay/overlay-step.ts';

/** Says who wants it done: 省督办, 李市长批示. */
export function useSourceText(): (source: OrderSource) => string {
  const { t } = useTranslation();
  return (source) =>
    source.kind === 'supervision'
      ? t(`oversight.source.${source.level}`)
      : t('oversight.source.instruction', { author: source.author });
}
