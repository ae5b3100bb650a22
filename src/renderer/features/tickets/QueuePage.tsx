import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { PAGE_SIZE, usePagedTickets } from '#renderer/platform/paged-query.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { TICKET_STATUSES, type TicketStatus } from '#shared/domain/ticket-status.ts';
import { TicketList } from './TicketList.tsx';

/** Which states belong together for somebody who looks after a queue. */
const GROUPS = {
  waiting: ['submitted', 'accepted', 'review'],
  dispatch: ['to_dispatch', 'return_review', 'joint_review'],
  handling: ['to_sign', 'handling', 'extension_review', 'on_account', 'redo'],
  callback: ['replied', 'to_callback'],
  finished: ['closed_direct', 'closed', 'archived', 'rejected', 'handed_off', 'merged'],
  all: TICKET_STATUSES,
} as const satisfies Record<string, readonly TicketStatus[]>;
type Group = keyof typeof GROUPS;
const GROUP_NAMES = Object.keys(GROUPS) as Group[];

/** 队列: the tickets of the own lines by state, newest first. */
export function QueuePage() {
  const { t } = useTranslation();
  const [group, setGroup] = useState<Group>('dispatch');
  const list = usePagedTickets(
    ['tickets', 'session'],
    (before) =>
      dataClient.tickets.queue({
        limit: PAGE_SIZE,
        statuses: [...GROUPS[group]],
        ...(before === undefined ? {} : { before }),
      }),
    [group],
  );
  return (
    <TicketList
      title={t('app.pages.queue')}
      list={list}
      empty={{ title: t('tickets.queueEmpty.title'), text: t('tickets.queueEmpty.text') }}
      actions={
        <ChoiceGroup
          label={t('tickets.table.status')}
          choices={GROUP_NAMES.map((value) => ({ value, label: t(`tickets.groups.${value}`) }))}
          value={group}
          onChange={setGroup}
          testId={TEST_IDS.queueFilter}
        />
      }
    />
  );
}
