import { IconArrowBackUp, IconLogout2, IconPhone, IconUserShare, IconUsersPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { usePartyText } from '#renderer/terms/party-text.ts';
import { usePhoneCommand } from '#renderer/terms/phone-command.ts';
import { StatusTag } from '#renderer/ui/StatusTag.tsx';
import type { SecondLeg } from '#shared/domain/call-state.ts';
import { BarButton, HangUpButton } from './BarButton.tsx';
import classes from './CallBar.module.css';
import { CallCard } from './CallCard.tsx';
import type { CallCardProps } from './CallIdentity.tsx';
import { EmergencyMenu } from './EmergencyMenu.tsx';
import { HeldTimer, MuteButton } from './TalkingCard.tsx';

/** What can be done with a third party now, and what the hang-up key means. */
function offersOf({ purpose, phase }: SecondLeg) {
  const isThere = phase === 'talking' || phase === 'joined';
  const isEmergency = purpose === 'emergency';
  return {
    canComplete: isThere,
    canJoin: phase === 'talking',
    canLeaveLeg: purpose !== 'transfer',
    // Hanging up during a consultation ends the consultation; an emergency is left, never hung up on.
    hangUp:
      purpose === 'transfer' || (isEmergency && !isThere)
        ? null
        : isEmergency
          ? ('complete-transfer' as const)
          : purpose === 'consult' && phase !== 'joined'
            ? ('end-leg' as const)
            : ('hangup' as const),
  };
}

/** A call with a third party: consultation, three-way call, help, emergency hand-over, transfer under way. */
export function LegCard({ call, leg, knownName }: CallCardProps & { readonly leg: SecondLeg }) {
  const { t } = useTranslation();
  const send = usePhoneCommand();
  const partyText = usePartyText();
  const { callId } = call;
  const { canComplete, canJoin, canLeaveLeg, hangUp } = offersOf(leg);
  const isJoined = leg.phase === 'joined';
  const complete = () => void send({ kind: 'complete-transfer', callId });
  const join = () => void send({ kind: 'join-leg', callId });
  const back = () => void send({ kind: 'end-leg', callId });
  const endCall = () => void (hangUp && send({ kind: hangUp, callId }));
  useAction('call.complete', complete, canComplete);
  useAction('call.conference', join, canJoin);
  useAction('call.back', back, canLeaveLeg);
  useAction('call.hangup', endCall, hangUp !== null);

  const backWords = isJoined ? 'call.dropThird' : leg.phase === 'talking' ? 'call.back' : 'call.cancelLeg';
  return (
    <CallCard
      call={call}
      knownName={knownName}
      phase="leg"
      leg={leg}
      icon={IconPhone}
      since={leg.answeredAt ?? leg.startedAt}
      marks={
        <>
          {call.heldSince !== null && <HeldTimer since={call.heldSince} />}
          <span className={classes.leg} role="status" data-testid={TEST_IDS.callLeg}>
            <span className={classes.aside}>
              <StatusTag tone={leg.purpose === 'emergency' ? 'bad' : 'info'}>{t(`call.leg.${leg.purpose}`)}</StatusTag>
            </span>
            <span className={classes.legWho}>{partyText(leg.party)}</span>
            <span className={`${classes.note} ${classes.legPhase}`}>{t(`call.leg.${leg.phase}`)}</span>
          </span>
        </>
      }
    >
      {leg.purpose !== 'transfer' && <MuteButton call={call} />}
      {canComplete && (
        <BarButton
          tone="good"
          icon={isJoined ? IconLogout2 : IconUserShare}
          label={t(isJoined ? 'call.leave' : 'call.complete')}
          hint={t(isJoined ? 'call.leaveHint' : 'call.complete')}
          action={leg.purpose === 'emergency' ? 'call.hangup' : 'call.complete'}
          narrow="no-key"
          onClick={complete}
          testId={TEST_IDS.callComplete}
        />
      )}
      {canJoin && (
        <BarButton
          icon={IconUsersPlus}
          label={t('call.join')}
          action="call.conference"
          narrow="no-key"
          onClick={join}
          testId={TEST_IDS.callJoin}
        />
      )}
      {canLeaveLeg && (
        <BarButton
          icon={IconArrowBackUp}
          label={t(backWords)}
          action="call.back"
          narrow="no-key"
          onClick={back}
          testId={TEST_IDS.callBack}
        />
      )}
      {leg.purpose !== 'emergency' && leg.purpose !== 'transfer' && <EmergencyMenu call={call} isSmall />}
      {hangUp === 'hangup' && <HangUpButton narrow="no-words" onClick={endCall} />}
    </CallCard>
  );
}
