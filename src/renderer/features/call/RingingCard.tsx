import { Button } from '@mantine/core';
import { IconPhone, IconPhoneIncoming, IconPhoneOff, IconPhoneOutgoing } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { usePhoneCommand } from '#renderer/terms/phone-command.ts';
import { BarButton } from './BarButton.tsx';
import classes from './CallBar.module.css';
import { type CallCardProps, CallIdentity, CallTimer } from './CallIdentity.tsx';

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
    <section
      className={classes.call}
      data-phase="ringing"
      aria-label={t('call.position.ringing')}
      data-testid={TEST_IDS.callCard}
    >
      <IconPhoneIncoming size={18} aria-hidden />
      <CallIdentity call={call} knownName={knownName} />
      <CallTimer since={call.ringAt} testId={TEST_IDS.callTimer} />
      <div className={classes.actions}>
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
      </div>
    </section>
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
    <section
      className={classes.call}
      data-phase="dialing"
      aria-label={t('call.position.dialing')}
      data-testid={TEST_IDS.callCard}
    >
      <IconPhoneOutgoing size={18} aria-hidden />
      <CallIdentity call={call} knownName={knownName} />
      <span className={classes.note} role="status">
        {t(phase)}
      </span>
      <CallTimer since={call.ringAt} testId={TEST_IDS.callTimer} />
      <div className={classes.actions}>
        <BarButton
          tone="bad"
          icon={IconPhoneOff}
          label={t('call.hangup')}
          action="call.hangup"
          onClick={hangUp}
          testId={TEST_IDS.callHangup}
        />
      </div>
    </section>
  );
}
