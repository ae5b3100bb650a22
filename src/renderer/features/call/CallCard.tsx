import { Button } from '@mantine/core';
import {
  IconMicrophone,
  IconMicrophoneOff,
  IconPhone,
  IconPhoneIncoming,
  IconPhoneOff,
  IconPlayerPause,
  IconPlayerPlay,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { formatTimer } from '#renderer/ui/format-time.ts';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import { useNow } from '#renderer/ui/now.ts';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { CallState } from '#shared/domain/call.ts';
import { formatPhone } from '#shared/domain/phone.ts';
import { usePhoneCommand } from './agent-actions.ts';
import classes from './CallBar.module.css';

interface CallCardProps {
  readonly call: CallState;
  /** The name the console knows for the number, when the network delivers none. */
  readonly knownName: string;
}

function CallTimer({ since, testId }: { readonly since: number; readonly testId: string }) {
  return (
    <time className={classes.timer} role="timer" dateTime={new Date(since).toISOString()} data-testid={testId}>
      {formatTimer(useNow() - since)}
    </time>
  );
}

function HeldTimer({ since }: { readonly since: number }) {
  const { t } = useTranslation();
  const time = formatTimer(useNow() - since);
  return (
    <StatusTag tone="warn" icon={<IconPlayerPause size={13} aria-hidden />} title={t('call.heldFor', { time })}>
      {time}
    </StatusTag>
  );
}

/** Line, name and number of a call. */
export function CallIdentity({ call, knownName }: CallCardProps) {
  const { t } = useTranslation();
  const name = knownName || call.name;
  return (
    <span className={classes.who}>
      <span className={classes.name} data-testid={TEST_IDS.callName}>
        {name || t('call.unknownName')}
      </span>
      <span className={`${classes.number} selectable`} data-testid={TEST_IDS.callNumber}>
        {call.ani === '' ? t('call.withheld') : formatPhone(call.ani)}
      </span>
      <span className={classes.line}>{t('call.line', { line: call.line })}</span>
    </span>
  );
}

/** The call on the seat, ringing or talking, with its actions and their keys. */
export function CallCard({ call, knownName }: CallCardProps) {
  const { t } = useTranslation();
  const send = usePhoneCommand();
  const { callId } = call;
  const isRinging = call.phase === 'ringing-in';
  const isHeld = call.phase === 'held';

  const answer = () => void send({ kind: 'answer', callId });
  const hangUp = () => void send(isRinging ? { kind: 'reject', callId } : { kind: 'hangup', callId });
  const hold = () => void send(isHeld ? { kind: 'resume', callId } : { kind: 'hold', callId });
  const mute = () => void send({ kind: 'mute', callId, muted: !call.muted });
  useAction('call.answer', answer, isRinging);
  useAction('call.hangup', hangUp, !isRinging);
  useAction('call.hold', hold, !isRinging);
  useAction('call.mute', mute, !isRinging);

  const phase = isRinging ? 'ringing' : isHeld ? 'held' : 'active';
  const Icon = isRinging ? IconPhoneIncoming : IconPhone;
  return (
    <section
      className={classes.call}
      data-phase={phase}
      aria-label={t(isRinging ? 'call.state.ringing' : isHeld ? 'call.state.held' : 'call.state.on-call')}
      data-testid={TEST_IDS.callCard}
    >
      <Icon size={18} aria-hidden />
      <CallIdentity call={call} knownName={knownName} />
      {call.muted && (
        <StatusTag tone="warn" title={t('call.muted')}>
          <IconMicrophoneOff size={14} role="img" aria-label={t('call.muted')} />
        </StatusTag>
      )}
      {isHeld && call.heldSince !== null && <HeldTimer since={call.heldSince} />}
      <CallTimer since={call.answeredAt ?? call.ringAt} testId={TEST_IDS.callTimer} />
      <div className={classes.actions}>
        {isRinging ? (
          <>
            <Button
              className={classes.good ?? ''}
              leftSection={<IconPhone size={15} aria-hidden />}
              rightSection={<KeyHint keys={actionKey('call.answer')} />}
              aria-keyshortcuts="F2"
              onClick={answer}
              data-testid={TEST_IDS.callAnswer}
            >
              {t('call.answer')}
            </Button>
            <Button variant="default" onClick={hangUp} data-testid={TEST_IDS.callReject}>
              {t('call.reject')}
            </Button>
          </>
        ) : (
          <>
            <Button
              variant="default"
              leftSection={
                isHeld ? <IconPlayerPlay size={15} aria-hidden /> : <IconPlayerPause size={15} aria-hidden />
              }
              rightSection={<KeyHint keys={actionKey('call.hold')} />}
              aria-keyshortcuts="F8"
              onClick={hold}
              data-testid={TEST_IDS.callHold}
            >
              {t(isHeld ? 'call.resume' : 'call.hold')}
            </Button>
            <Button
              variant="default"
              leftSection={
                call.muted ? <IconMicrophone size={15} aria-hidden /> : <IconMicrophoneOff size={15} aria-hidden />
              }
              rightSection={<KeyHint keys={actionKey('call.mute')} />}
              aria-keyshortcuts="F9"
              onClick={mute}
              data-testid={TEST_IDS.callMute}
            >
              {t(call.muted ? 'call.unmute' : 'call.mute')}
            </Button>
            <Button
              className={classes.bad ?? ''}
              leftSection={<IconPhoneOff size={15} aria-hidden />}
              rightSection={<KeyHint keys={actionKey('call.hangup')} />}
              aria-keyshortcuts="F4"
              onClick={hangUp}
              data-testid={TEST_IDS.callHangup}
            >
              {t('call.hangup')}
            </Button>
          </>
        )}
      </div>
    </section>
  );
}
