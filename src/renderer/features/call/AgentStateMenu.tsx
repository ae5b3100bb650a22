import { Menu } from '@mantine/core';
import {
  IconChevronDown,
  IconCircleCheck,
  IconClockPause,
  IconCoffee,
  IconDoorExit,
  IconLogin2,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction, usePopoverKeys } from '#renderer/platform/actions.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { usePhoneStore } from '#renderer/platform/phone-client.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { usePhoneCommand } from '#renderer/terms/phone-command.ts';
import { POSITION_LOOKS, useReasonText } from '#renderer/terms/position-looks.ts';
import { toDurationParts } from '#renderer/ui/format-age.ts';
import { formatTimer } from '#renderer/ui/format-time.ts';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import { useTicking } from '#renderer/ui/now.ts';
import { BREAK_REASONS, BUSY_REASONS, type NotReadyReason } from '#shared/domain/call-events.ts';
import { type AgentPosition, type AgentState, agentPosition } from '#shared/domain/call-state.ts';
import classes from './CallBar.module.css';

/** What nobody counts the seconds of: whoever waits for a call has nothing moving at the edge of their eyes. */
const AT_REST: readonly AgentPosition[] = ['signed-out', 'ready', 'busy', 'break'];

/** Since when the agent is in a state: on a call to the second, at rest in whole minutes after the first. */
function Duration({ since, position }: { readonly since: number; readonly position: AgentPosition }) {
  const { t } = useTranslation();
  const isAtRest = AT_REST.includes(position);
  const text = useTicking((now) => {
    const { h, m } = toDurationParts(now - since);
    if (!isAtRest || h + m === 0) return formatTimer(now - since);
    return h === 0 ? t('time.span.minutes', { count: m }) : t('time.duration.hoursMinutes', { h, m });
  });
  return <span className={classes.duration}>{text}</span>;
}

/** Names of states and of the reasons for them. */
function useStateWords() {
  const { t } = useTranslation();
  const named = useReasonText();
  return {
    now: (position: AgentPosition | 'offline', agent: AgentState) => {
      if (position === 'offline') return t('call.phoneOffline');
      return agent.kind === 'not-ready' ? named(agent.reason) : t(`call.position.${position}`);
    },
    /** What follows the call that goes on, when the agent asked for it. */
    after: (agent: AgentState) =>
      agent.kind === 'on-call' && agent.after !== null ? t('call.afterCall', { position: named(agent.after) }) : null,
  };
}

/** The agent's own state in a word with its duration, and the menu to change it. */
export function AgentStateMenu({ seat }: { readonly seat: string }) {
  const { t } = useTranslation();
  const { connected, phone } = usePhoneStore();
  const send = usePhoneCommand();
  const words = useStateWords();
  const [opened, setOpened] = useState(false);
  const { agent } = phone;
  const { position: current, since } = agentPosition(phone);
  const position = connected ? current : 'offline';
  const [tone, Icon] = POSITION_LOOKS[position];
  // A ringing call wants an answer; during a call the choice is for afterwards.
  const isInCall = agent.kind === 'on-call';
  const canOpen = connected && (!phone.call || isInCall);
  const canGetReady = agent.kind !== 'ready' && !(isInCall && agent.after === null);

  const setReady = (ready: boolean, reason: NotReadyReason | null) =>
    void send({ kind: 'set-availability', ready, reason });
  const signIn = async () => {
    if (await send({ kind: 'sign-in', seat })) await send({ kind: 'set-availability', ready: true, reason: null });
  };
  const toggle = () => {
    if (agent.kind === 'wrap-up') void send({ kind: 'finish-wrap-up' });
    else if (agent.kind === 'signed-out') void signIn();
    else setReady(agent.kind !== 'ready', agent.kind === 'ready' ? 'busy' : null);
  };
  useAction('agent.toggleReady', toggle, connected && !phone.call);
  usePopoverKeys(opened, () => setOpened(false));

  const after = words.after(agent);
  const reasons = (list: readonly NotReadyReason[], ReasonIcon: typeof IconCoffee) =>
    list.map((reason) => (
      <Menu.Item
        key={reason}
        // The menu gives its first entry the focus, also one that is disabled and cannot take it: the keys would go to nobody.
        data-autofocus={(!canGetReady && reason === BUSY_REASONS[0]) || undefined}
        leftSection={<ReasonIcon size={15} aria-hidden />}
        onClick={() => setReady(false, reason)}
        data-testid={TEST_IDS.agentNotReady(reason)}
      >
        {t(`call.reason.${reason}`)}
      </Menu.Item>
    ));
  return (
    <Menu
      withInitialFocusPlaceholder={false}
      opened={opened}
      onChange={setOpened}
      position="bottom-start"
      width={230}
      transitionProps={{ duration: 0 }}
    >
      <Menu.Target>
        <button
          type="button"
          className={classes.agent}
          data-tone={tone}
          data-state={position}
          disabled={!canOpen}
          title={after ?? t('call.stateMenu')}
          data-testid={TEST_IDS.agentState}
        >
          <Icon size={17} aria-hidden />
          <span className={classes.state}>{words.now(position, agent)}</span>
          {position !== 'offline' && since > 0 && <Duration since={since} position={position} />}
          {after && <IconClockPause size={14} role="img" aria-label={after} />}
          {canOpen && <IconChevronDown size={14} aria-hidden />}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {agent.kind === 'signed-out' ? (
          <Menu.Item
            leftSection={<IconLogin2 size={15} aria-hidden />}
            rightSection={<KeyHint keys={actionKey('agent.toggleReady')} />}
            onClick={() => void signIn()}
            data-testid={TEST_IDS.agentReady}
          >
            {t('call.signIn')}
          </Menu.Item>
        ) : (
          <>
            {isInCall && <Menu.Label>{t('call.duringCall')}</Menu.Label>}
            <Menu.Item
              leftSection={<IconCircleCheck size={15} aria-hidden />}
              rightSection={isInCall ? null : <KeyHint keys={actionKey('agent.toggleReady')} />}
              disabled={!canGetReady}
              onClick={() => (agent.kind === 'wrap-up' ? toggle() : setReady(true, null))}
              data-testid={TEST_IDS.agentReady}
            >
              {t(isInCall ? 'call.afterCallReady' : 'call.goReady')}
            </Menu.Item>
            <Menu.Divider />
            <Menu.Label>{t('call.busyFor')}</Menu.Label>
            {reasons(BUSY_REASONS, IconClockPause)}
            <Menu.Label>{t('call.breakFor')}</Menu.Label>
            {reasons(BREAK_REASONS, IconCoffee)}
            {!isInCall && (
              <>
                <Menu.Divider />
                <Menu.Item
                  leftSection={<IconDoorExit size={15} aria-hidden />}
                  onClick={() => void send({ kind: 'sign-out' })}
                  data-testid={TEST_IDS.agentSignOut}
                >
                  {t('call.signOut')}
                </Menu.Item>
              </>
            )}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
