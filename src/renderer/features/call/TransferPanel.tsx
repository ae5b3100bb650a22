import { Popover } from '@mantine/core';
import { type ComponentType, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { usePhoneCommand } from '#renderer/terms/phone-command.ts';
import type { Party } from '#shared/domain/call-events.ts';
import { BarButton } from './BarButton.tsx';
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
  useAction('call.transfer', () => setOpened(true));
  useAction('app.back', () => setOpened(false), opened);

  const go = (to: Party, way: WayToParty) => {
    setOpened(false);
    const { callId } = call;
    if (way === 'blind') void send({ kind: 'blind-transfer', callId, to });
    else if (way === 'consult') void send({ kind: 'consult', callId, to });
    else void send({ kind: 'add-party', callId, to, purpose: 'conference' });
  };
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      width={540}
      trapFocus
      returnFocus
      closeOnEscape={false}
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <BarButton
          icon={icon}
          label={t('call.transfer')}
          action="call.transfer"
          narrow="no-key"
          onClick={() => setOpened(!opened)}
          testId={TEST_IDS.callTransfer}
        />
      </Popover.Target>
      <Popover.Dropdown aria-label={t('call.transferTo.title')} data-testid={TEST_IDS.transferPanel}>
        <PartyPicker line={call.line} canJoin={call.phase === 'active'} onGo={go} />
      </Popover.Dropdown>
    </Popover>
  );
}
