import { IconAlertTriangle, IconFlame } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Urgency } from '#shared/domain/ticket.ts';
import { StatusTag } from '../ui/StatusTag.tsx';

/** 紧急 and 特急 are shown, 一般 is the silence in between. */
export function UrgencyTag({ urgency }: { readonly urgency: Urgency }) {
  const { t } = useTranslation();
  if (urgency === 'normal') return null;
  const Icon = urgency === 'critical' ? IconFlame : IconAlertTriangle;
  return (
    <StatusTag tone={urgency === 'critical' ? 'bad' : 'warn'} icon={<Icon size={13} aria-hidden />}>
      {t(`terms.urgency.${urgency}`)}
    </StatusTag>
  );
}
