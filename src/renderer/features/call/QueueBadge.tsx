import { Popover } from '@mantine/core';
import { IconUsersGroup } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePopoverKeys } from '#renderer/platform/actions.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { formatTimer } from '#renderer/ui/format-time.ts';
import { useNow } from '#renderer/ui/now.ts';
import type { QueuedCall } from '#shared/domain/call-state.ts';
import { formatPhone } from '#shared/domain/phone.ts';
import classes from './QueueBadge.module.css';

function Waiting({ since }: { readonly since: number }) {
  return <span className={classes.time}>{formatTimer(useNow() - since)}</span>;
}

/** How many callers wait for this seat and how long the first has waited; who they are on demand. */
export function QueueBadge({ queue }: { readonly queue: readonly QueuedCall[] }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  usePopoverKeys(opened, () => setOpened(false));
  const [longest] = queue;
  if (!longest) return null;
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={320} transitionProps={{ duration: 0 }}>
      <Popover.Target>
        <button
          type="button"
          className={classes.badge}
          title={t('call.queue.title')}
          onClick={() => setOpened(!opened)}
          data-testid={TEST_IDS.callQueue}
        >
          <IconUsersGroup size={16} aria-hidden />
          <span role="status">
            <span className={classes.words}>{t('call.queue.label', { count: queue.length })}</span>
            <span className={classes.count} aria-hidden>
              {queue.length}
            </span>
          </span>
          <Waiting since={longest.since} />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('call.queue.title')}>
        <ol className={classes.list}>
          {queue.map((call) => (
            <li key={call.callId}>
              <span className={classes.who}>
                {call.name} {call.ani === '' ? t('call.withheld') : formatPhone(call.ani)}
              </span>
              <span className={classes.line}>{call.line}</span>
              <Waiting since={call.since} />
            </li>
          ))}
        </ol>
        <p className={classes.hint}>{t('call.queue.hint')}</p>
      </Popover.Dropdown>
    </Popover>
  );
}
