import { useTranslation } from 'react-i18next';
import { usePhoneStore } from '#renderer/platform/phone-client.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { AgentStateMenu } from './AgentStateMenu.tsx';
import classes from './CallBar.module.css';
import { CallCard } from './CallCard.tsx';
import { SimulateMenu } from './SimulateMenu.tsx';
import { WrapUpCard } from './WrapUpCard.tsx';

const IDLE_TEXTS = {
  ready: 'call.idleReady',
  'not-ready': 'call.idleNotReady',
  'signed-out': 'call.idleSignedOut',
} as const;

interface CallBarProps {
  /** The name the console knows for the caller. */
  readonly knownName: string;
}

/** Agent state, the current call and its actions. A ring is shown here and nowhere over the form. */
export function CallBar({ knownName }: CallBarProps) {
  const { t } = useTranslation();
  const { connected, phone, canSimulate } = usePhoneStore();
  const { agent, call, lastCall } = phone;

  const middle = () => {
    if (call) return <CallCard call={call} knownName={knownName} />;
    if (agent.kind === 'wrap-up') return <WrapUpCard until={agent.until} call={lastCall} knownName={knownName} />;
    const text = agent.kind === 'on-call' ? null : IDLE_TEXTS[agent.kind];
    return <span className={classes.idle}>{connected && text ? t(text) : ''}</span>;
  };

  return (
    <div className={classes.bar} data-testid={TEST_IDS.callBar}>
      <AgentStateMenu />
      {middle()}
      {connected && canSimulate && <SimulateMenu />}
    </div>
  );
}
