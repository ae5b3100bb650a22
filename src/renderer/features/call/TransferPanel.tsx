import { type ComponentType, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { usePhoneCommand } from '#renderer/terms/phone-command.ts';
import type { Party } from '#shared/domain/call-events.ts';
import { BarPopover } from './BarPopover.tsx';
import type { CallCardProps } from './CallIdentity.tsx';
import { PartyPicker, type WayToParty } from './PartyPicker.tsx';

interface TransferPanelProps extends Pick<CallCardProps, 'call'> {
  readonly icon: ComponentType<{ size?: number }>;
}

/** Chooses whom the call goes to, and how. */
export function TransferPanel({ call, icon }: TransferPanelProps) {
  const { t } = useTranslation();
  const send = usePhoneCommand();
  const [opened, setOpened] = useState(false);

  const go = (to: Party, way: WayToParty) => {
    setOpened(false);
    const { callId } = call;
    if (way === 'blind') void send({ kind: 'blind-transfer', callId, to });
    else if (way === 'consult') void send({ kind: 'consult', callId, to });
    else void send({ kind: 'add-party', callId, to, purpose: 'conference' });
  };
  return (
    <BarPopover
      icon={icon}
      label={t('call.transfer')}
      action="call.transfer"
      narrow="no-key"
      testId={TEST_IDS.callTransfer}
      opened={opened}
      onOpened={setOpened}
      title={t('call.transferTo.title')}
      width={540}
      panelTestId={TEST_IDS.transferPanel}
    >
      <PartyPicker line={call.line} canJoin={call.phase === 'active'} onGo={go} />
    </BarPopover>
  );
}
