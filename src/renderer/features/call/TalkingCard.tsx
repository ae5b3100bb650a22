import {
  IconLifebuoy,
  IconMicrophone,
  IconMicrophoneOff,
  IconPhone,
  IconPlayerPause,
  IconPlayerPlay,
  IconTransfer,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { usePhoneCommand } from '#renderer/terms/phone-command.ts';
import { formatTimer } from '#renderer/ui/format-time.ts';
import { useNow } from '#renderer/ui/now.ts';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import { BarButton, HangUpButton } from './BarButton.tsx';
import { CallCard } from './CallCard.tsx';
import type { CallCardProps } from './CallIdentity.tsx';
import { EmergencyMenu } from './EmergencyMenu.tsx';
import { Keypad } from './Keypad.tsx';
import { TransferPanel } from './TransferPanel.tsx';

/** How long the citizen has been on hold. */
export function HeldTimer({ since }: { readonly since: number }) {
  const { t } = useTranslation();
  const time = formatTimer(useNow() - since);
  return (
    <StatusTag tone="warn" icon={<IconPlayerPause size={13} aria-hidden />} title={t('call.heldFor', { time })}>
      {time}
    </StatusTag>
  );
}

/** Mutes and unmutes by key and button. */
export function MuteButton({ call }: Pick<CallCardProps, 'call'>) {
  const { t } = useTranslation();
  const send = usePhoneCommand();
  const mute = () => void send({ kind: 'mute', callId: call.callId, muted: !call.muted });
  useAction('call.mute', mute);
  return (
    <BarButton
      icon={call.muted ? IconMicrophone : IconMicrophoneOff}
      label={t(call.muted ? 'call.unmute' : 'call.mute')}
      action="call.mute"
      narrow="no-words"
      onClick={mute}
      testId={TEST_IDS.callMute}
    />
  );
}

/** A call with the citizen alone: everything an agent can do with it. */
export function TalkingCard({ call, knownName }: CallCardProps) {
  const { t } = useTranslation();
  const send = usePhoneCommand();
  const { callId } = call;
  const isHeld = call.phase === 'held';
  const hold = () => void send({ kind: isHeld ? 'resume' : 'hold', callId });
  const hangUp = () => void send({ kind: 'hangup', callId });
  /** 求助: the team lead joins, the citizen notices nothing until then. */
  const askHelp = () => void send({ kind: 'add-party', callId, to: { kind: 'lead' }, purpose: 'help' });
  useAction('call.hold', hold);
  useAction('call.hangup', hangUp);
  useAction('call.help', askHelp, !isHeld);
  return (
    <CallCard
      call={call}
      knownName={knownName}
      phase={isHeld ? 'held' : 'active'}
      icon={IconPhone}
      since={call.answeredAt ?? call.ringAt}
      marks={
        <>
          {call.muted && (
            <StatusTag tone="warn" title={t('call.muted')}>
              <IconMicrophoneOff size={14} role="img" aria-label={t('call.muted')} />
            </StatusTag>
          )}
          {isHeld && call.heldSince !== null && <HeldTimer since={call.heldSince} />}
        </>
      }
    >
      <BarButton
        icon={isHeld ? IconPlayerPlay : IconPlayerPause}
        label={t(isHeld ? 'call.resume' : 'call.hold')}
        action="call.hold"
        narrow="no-words"
        onClick={hold}
        testId={TEST_IDS.callHold}
      />
      <MuteButton call={call} />
      <TransferPanel call={call} icon={IconTransfer} />
      <EmergencyMenu call={call} />
      {/* While the citizen waits nobody hears keys, and nobody can join. */}
      {!isHeld && (
        <>
          <Keypad call={call} />
          <BarButton
            icon={IconLifebuoy}
            label={t('call.help')}
            action="call.help"
            narrow="bare"
            onClick={askHelp}
            testId={TEST_IDS.callHelp}
          />
        </>
      )}
      <HangUpButton onClick={hangUp} />
    </CallCard>
  );
}
