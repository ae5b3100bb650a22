import { Progress } from '@mantine/core';
import { IconCloud, IconCloudCheck, IconCloudOff, IconCloudQuestion, IconHourglass } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useWindowStore } from '#renderer/platform/window.store.ts';
import type { SessionStatus } from '#shared/contract/session.contract.ts';
import classes from './SignInScreen.module.css';

interface ServerLineProps {
  readonly server: SessionStatus['server'];
  /** Somebody can be unlocked here without the server. */
  readonly hasProfile: boolean;
}

const ICONS = {
  'not-configured': [IconCloudQuestion, 'bad'],
  unknown: [IconCloud, 'neutral'],
  unreachable: [IconCloudOff, 'warn'],
  preparing: [IconHourglass, 'neutral'],
  ready: [IconCloudCheck, 'good'],
  'wrong-mode': [IconCloudQuestion, 'bad'],
} as const;

/** What the server says before anybody signed in, with the progress of a demo centre that is being made. */
export function ServerLine({ server, hasProfile }: ServerLineProps) {
  const { t } = useTranslation();
  const file = useWindowStore((state) => state.info?.configFile ?? 'console.json');
  const [Icon, tone] = ICONS[server.state];
  const counted = server.state === 'preparing' && server.done !== null && server.total !== null && server.total > 0;
  const textOf = () => {
    if (server.state === 'unreachable')
      return t(hasProfile ? 'session.server.unreachableWithProfile' : 'session.server.unreachableNoProfile');
    if (server.state === 'not-configured')
      return t(hasProfile ? 'session.server.notConfiguredWithProfile' : 'session.server.notConfiguredNoProfile', {
        file,
      });
    return t(`session.server.${server.state}`);
  };
  return (
    <div
      className={classes.server}
      data-tone={tone}
      data-state={server.state}
      role="status"
      data-testid={TEST_IDS.signInServerState}
    >
      <Icon size={15} aria-hidden />
      <div className={classes.progress}>
        {textOf()}
        {counted && (
          <>
            {' '}
            {t('session.server.preparingCount', {
              done: (server.done ?? 0).toLocaleString('en'),
              total: (server.total ?? 0).toLocaleString('en'),
            })}
            <Progress
              mt={6}
              size="sm"
              value={((server.done ?? 0) / (server.total ?? 1)) * 100}
              aria-label={t('session.server.preparing')}
            />
          </>
        )}
      </div>
    </div>
  );
}
