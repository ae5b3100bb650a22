import {
  IconArrowBackUp,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClock,
  IconEye,
  IconPhoneOutgoing,
  IconSend,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import type { TicketStatus } from '#shared/domain/ticket-status.ts';
import { StatusTag, type Tone } from '../ui/StatusTag.tsx';

type Icon = ComponentType<{ size?: number; 'aria-hidden'?: boolean }>;

const LOOKS: Readonly<Record<TicketStatus, readonly [Tone, Icon]>> = {
  submitted: ['neutral', IconCircleDashed],
  accepted: ['info', IconCircleDashed],
  closed_direct: ['good', IconCircleCheck],
  rejected: ['neutral', IconCircleX],
  handed_off: ['neutral', IconPhoneOutgoing],
  merged: ['neutral', IconArrowBackUp],
  review: ['warn', IconEye],
  to_dispatch: ['info', IconSend],
  to_sign: ['info', IconSend],
  handling: ['info', IconClock],
  return_review: ['warn', IconArrowBackUp],
  joint_review: ['warn', IconEye],
  extension_review: ['warn', IconEye],
  on_account: ['warn', IconClock],
  replied: ['good', IconCircleCheck],
  to_callback: ['info', IconPhoneOutgoing],
  redo: ['bad', IconArrowBackUp],
  closed: ['good', IconCircleCheck],
  archived: ['neutral', IconCircleCheck],
};

/** The state of a ticket: icon, word, colour. */
export function TicketStatusTag({ status, testId }: { readonly status: TicketStatus; readonly testId?: string }) {
  const { t } = useTranslation();
  const [tone, Icon] = LOOKS[status];
  return (
    <StatusTag tone={tone} icon={<Icon size={13} aria-hidden />} testId={testId}>
      {t(`terms.status.${status}`)}
    </StatusTag>
  );
}
