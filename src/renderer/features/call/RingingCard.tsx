import { Button } from '@mantine/core';
import { IconPhone, IconPhoneIncoming, IconPhoneOff, IconPhoneOutgoing } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { usePhoneCommand } from '#renderer/terms/phone-command.ts';
import { BarButton, HangUpButton } from './BarButton.tsx';
import classes from './CallBar.module.css';
import { CallCard } from './CallCard.tsx';
import type { CallCardProps } from './CallIdentity.tsx';

/** An offered call: who it is, and the key that answers. */
export function RingingCard({ call, knownName }: CallCardProps) {
  const { t } = useTranslation();
  const send = usePhoneCommand();
  const { callId } = call;
  const isOpen = call.phase === 'ringing-in';
  const answer = () => void send({ kind: 'answer', callId });
  const reject = () => void send({ kind: 'reject', callId });
  useAction('call.answer', answer, isOpen);
  useAction('call.reject', reject, isOpen);
  return (
    <CallCard call={call} knownName={knownName} phase="ringing" icon={IconPhoneIncoming} since={call.ringAt}>
      {isOpen ? (
        <>
          <BarButton
            tone="good"
            icon={IconPhone}
            label={t('call.answer')}
            action="call.answer"
            onClick={answer}
            testId={TEST_IDS.callAnswer}
          />
          <BarButton
            icon={IconPhoneOff}
            label={t('call.reject')}
            action="call.reject"
            narrow="no-key"
            onClick={reject}
            testId={TEST_IDS.callReject}
          />
        </>
      ) : (
        <Button variant="default" disabled>
          {t('call.connecting')}
        </Button>
      )}
    </CallCard>
  );
}

/** An outbound call until it is answered. */
export function DialingCard({ call, knownName }: CallCardProps) {
  const { t } = useTranslation();
  const send = usePhoneCommand();
  const hangUp = () => void send({ kind: 'hangup', callId: call.callId });
  useAction('call.hangup', hangUp);
  const phase =
    call.phase === 'dialing' ? 'call.dialing' : call.phase === 'ringing-out' ? 'call.ringingOut' : 'call.connecting';
  return (
    <CallCard
      call={call}
      knownName={knownName}
      phase="dialing"
      icon={IconPhoneOutgoing}
      since={call.ringAt}
      marks={
        <span className={classes.note} role="status">
          {t(phase)}
        </span>
      }
    >
      <HangUpButton onClick={hangUp} />
    </CallCard>
  );
}
