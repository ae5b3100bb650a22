import { useTranslation } from 'react-i18next';
import { usePhoneStore } from '#renderer/platform/phone-client.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import type { CallState } from '#shared/domain/call-state.ts';
import type { Line } from '#shared/domain/roles.ts';
import { AgentStateMenu } from './AgentStateMenu.tsx';
import classes from './CallBar.module.css';
import { DialPanel } from './DialPanel.tsx';
import { LegCard } from './LegCard.tsx';
import { QueueBadge } from './QueueBadge.tsx';
import { DialingCard, RingingCard } from './RingingCard.tsx';
import { SimulateMenu } from './SimulateMenu.tsx';
import { TalkingCard } from './TalkingCard.tsx';
import { WrapUpCard } from './WrapUpCard.tsx';

const IDLE_TEXTS = {
  ready: 'call.idleReady',
  'not-ready': 'call.idleNotReady',
  'signed-out': 'call.idleSignedOut',
} as const;

interface CallBarProps {
  /** The name the console knows for the caller. */
  readonly knownName: string;
  /** 工号 of the agent. */
  readonly seat: string;
  /** Lines the agent holds. */
  readonly lines: readonly Line[];
}

function CurrentCall({ call, knownName }: { readonly call: CallState; readonly knownName: string }) {
  if (call.leg) return <LegCard call={call} leg={call.leg} knownName={knownName} />;
  if (call.stage === 'ringing') return <RingingCard call={call} knownName={knownName} />;
  if (call.stage === 'dialing') return <DialingCard call={call} knownName={knownName} />;
  return <TalkingCard call={call} knownName={knownName} />;
}

/** Agent state, the current call and its actions. A ring is shown here and nowhere over the form. */
export function CallBar({ knownName, seat, lines }: CallBarProps) {
  const { t } = useTranslation();
  const { connected, phone, canSimulate } = usePhoneStore();
  const { agent, call, lastCall, queue } = phone;

  const middle = () => {
    if (call) return <CurrentCall key={call.callId} call={call} knownName={knownName} />;
    if (agent.kind === 'wrap-up') return <WrapUpCard until={agent.until} call={lastCall} knownName={knownName} />;
    const text = agent.kind === 'on-call' ? null : IDLE_TEXTS[agent.kind];
    return <span className={classes.idle}>{connected && text ? t(text) : ''}</span>;
  };

  return (
    <div className={classes.bar} data-testid={TEST_IDS.callBar}>
      <AgentStateMenu seat={seat} />
      {middle()}
      <QueueBadge queue={queue} />
      {!call && <DialPanel line={lines[0] ?? '12345'} />}
      {connected && canSimulate && <SimulateMenu />}
    </div>
  );
}
