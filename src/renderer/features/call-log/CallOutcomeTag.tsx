import {
  IconAlertTriangle,
  IconPhoneCall,
  IconPhoneCheck,
  IconPhoneOff,
  IconPhoneX,
  IconTransfer,
  IconUrgent,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { usePhoneStore } from '#renderer/platform/phone-client.ts';
import { StatusTag, type Tone } from '#renderer/ui/StatusTag.tsx';
import type { CallLogItem } from '#shared/contract/calls.contract.ts';
import type { CallOutcome } from '#shared/domain/call-state.ts';

type Icon = ComponentType<{ size?: number; 'aria-hidden'?: boolean }>;

const LOOKS: Readonly<Record<CallOutcome, readonly [Tone, Icon]>> = {
  answered: ['good', IconPhoneCheck],
  missed: ['bad', IconPhoneX],
  rejected: ['warn', IconPhoneOff],
  unanswered: ['warn', IconPhoneX],
  cancelled: ['neutral', IconPhoneOff],
  transferred: ['info', IconTransfer],
  handed_off: ['bad', IconUrgent],
};

/** How a call ended; one that goes on says so, one whose end nobody saw too. */
export function CallOutcomeTag({ call }: { readonly call: CallLogItem }) {
  const { t } = useTranslation();
  const isGoing = usePhoneStore(({ phone }) => phone.call?.callId === call.callId);
  if (isGoing) {
    return (
      <StatusTag tone="info" icon={<IconPhoneCall size={13} aria-hidden />}>
        {t('call.log.going')}
      </StatusTag>
    );
  }
  if (call.outcome === null) {
    return (
      <StatusTag tone="warn" icon={<IconAlertTriangle size={13} aria-hidden />}>
        {t('call.log.interrupted')}
      </StatusTag>
    );
  }
  const [tone, OutcomeIcon] = LOOKS[call.outcome];
  return (
    <StatusTag tone={tone} icon={<OutcomeIcon size={13} aria-hidden />}>
      {t(`call.log.outcome.${call.outcome}`)}
    </StatusTag>
  );
}
