import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { PAGE_SIZE, usePagedTickets } from '#renderer/platform/paged-query.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { TICKET_GROUP_NAMES, TICKET_GROUPS, type TicketGroup } from '#renderer/terms/ticket-groups.ts';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { TicketList } from './TicketList.tsx';

/** 队列: the tickets of the own lines by state, newest first. */
export function QueuePage() {
  const { t } = useTranslation();
  const [group, setGroup] = useState<TicketGroup>('dispatch');
  const list = usePagedTickets(
    ['tickets', 'session'],
    (before) =>
      dataClient.tickets.queue({
        limit: PAGE_SIZE,
        statuses: [...TICKET_GROUPS[group]],
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
          choices={TICKET_GROUP_NAMES.map((value) => ({ value, label: t(`tickets.groups.${value}`) }))}
          value={group}
          onChange={setGroup}
          testId={TEST_IDS.queueFilter}
        />
      }
    />
  );
}
