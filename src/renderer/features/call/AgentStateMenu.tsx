import { Menu } from '@mantine/core';
import {
  IconChevronDown,
  IconCircleCheck,
  IconClockPause,
  IconDoorExit,
  IconLogin2,
  IconPencil,
  IconPhone,
  IconPhoneIncoming,
  IconPlayerPause,
  IconPlugConnectedX,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '#renderer/platform/actions.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { usePhoneStore } from '#renderer/platform/phone-client.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { formatTimer } from '#renderer/ui/format-time.ts';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import { useNow } from '#renderer/ui/now.ts';
import type { NotReadyReason, PhoneState } from '#shared/domain/call.ts';
import { usePhoneCommand } from './agent-actions.ts';
import classes from './CallBar.module.css';

/** Reasons an agent can choose; `signed-in` is only what the phone reports after signing in. */
const CHOICES = ['busy', 'rest', 'meal', 'training', 'meeting'] as const satisfies readonly NotReadyReason[];

type ShownState = 'offline' | 'signed-out' | 'ready' | 'not-ready' | 'ringing' | 'on-call' | 'held' | 'wrap-up';

function shownState(connected: boolean, phone: PhoneState): ShownState {
  if (!connected) return 'offline';
  if (phone.call?.phase === 'ringing-in') return 'ringing';
  if (phone.call?.phase === 'held') return 'held';
  return phone.agent.kind;
}

const LOOKS = {
  offline: ['bad', IconPlugConnectedX],
  'signed-out': ['neutral', IconDoorExit],
  ready: ['good', IconCircleCheck],
  'not-ready': ['warn', IconClockPause],
  ringing: ['info', IconPhoneIncoming],
  'on-call': ['good', IconPhone],
  held: ['warn', IconPlayerPause],
  'wrap-up': ['info', IconPencil],
} as const;

function Duration({ since }: { readonly since: number }) {
  return <span className={classes.duration}>{formatTimer(useNow() - since)}</span>;
}

/** The agent's own state with its duration, and the menu to change it. */
export function AgentStateMenu() {
  const { t } = useTranslation();
  const { connected, phone } = usePhoneStore();
  const send = usePhoneCommand();
  const [opened, setOpened] = useState(false);
  const { agent } = phone;
  const state = shownState(connected, phone);
  const [tone, Icon] = LOOKS[state];
  const canChange = connected && !phone.call;

  const setReady = (ready: boolean, reason: NotReadyReason | null) =>
    void send({ kind: 'set-availability', ready, reason });
  const signIn = async () => {
    if (await send({ kind: 'sign-in' })) await send({ kind: 'set-availability', ready: true, reason: null });
  };
  const toggle = () => {
    if (agent.kind === 'wrap-up') void send({ kind: 'finish-wrap-up' });
    else if (agent.kind === 'signed-out') void signIn();
    else setReady(agent.kind !== 'ready', agent.kind === 'ready' ? 'busy' : null);
  };

  useAction('agent.toggleReady', toggle, canChange);
  useAction('app.back', () => setOpened(false), opened);

  const label = () => {
    if (state === 'offline') return t('call.phoneOffline');
    if (agent.kind === 'not-ready' && state === 'not-ready') return t(`call.reason.${agent.reason}`);
    return t(`call.state.${state}`);
  };

  return (
    <Menu
      withInitialFocusPlaceholder={false}
      opened={opened}
      onChange={setOpened}
      position="bottom-start"
      width={220}
      transitionProps={{ duration: 0 }}
    >
      <Menu.Target>
        <button
          type="button"
          className={classes.agent}
          data-tone={tone}
          data-state={state}
          disabled={!canChange}
          title={t('call.stateMenu')}
          data-testid={TEST_IDS.agentState}
        >
          <Icon size={17} aria-hidden />
          <span className={classes.state}>{label()}</span>
          {state !== 'offline' && agent.since > 0 && (
            <Duration since={state === 'ringing' && phone.call ? phone.call.ringAt : agent.since} />
          )}
          {canChange && <IconChevronDown size={14} aria-hidden />}
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
            <Menu.Item
              leftSection={<IconCircleCheck size={15} aria-hidden />}
              rightSection={<KeyHint keys={actionKey('agent.toggleReady')} />}
              disabled={agent.kind === 'ready'}
              onClick={() => (agent.kind === 'wrap-up' ? toggle() : setReady(true, null))}
              data-testid={TEST_IDS.agentReady}
            >
              {t('call.goReady')}
            </Menu.Item>
            <Menu.Divider />
            <Menu.Label>{t('call.notReadyFor')}</Menu.Label>
            {CHOICES.map((reason) => (
              <Menu.Item
                key={reason}
                leftSection={<IconClockPause size={15} aria-hidden />}
                onClick={() => setReady(false, reason)}
                data-testid={TEST_IDS.agentNotReady(reason)}
              >
                {t(`call.reason.${reason}`)}
              </Menu.Item>
            ))}
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
      </Menu.Dropdown>
    </Menu>
  );
}
