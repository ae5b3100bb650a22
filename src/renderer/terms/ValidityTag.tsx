import { IconAlertTriangle, IconCalendarOff, IconClock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ArticleSummary } from '#shared/contract/knowledge.contract.ts';
import { StatusTag } from '../ui/StatusTag.tsx';

type Validity = Pick<ArticleSummary, 'validity' | 'validFrom' | 'validTo'>;

/** Whether an article may still (or already) be read out; nothing for one that simply may. */
export function ValidityTag({ validity, validFrom, validTo }: Validity) {
  const { t } = useTranslation();
  if (validity === 'valid') return null;
  const Icon = { expired: IconCalendarOff, expiring: IconAlertTriangle, future: IconClock }[validity];
  const date = (validity === 'future' ? validFrom : validTo) ?? '';
  return (
    <StatusTag
      tone={validity === 'expired' ? 'bad' : 'warn'}
      icon={<Icon size={13} aria-hidden />}
      title={t(`knowledge.validity.${validity}Hint`)}
    >
      {t(`knowledge.validity.${validity}`, { date })}
    </StatusTag>
  );
}
