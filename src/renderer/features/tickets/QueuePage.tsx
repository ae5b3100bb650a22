import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { useTicketWindow } from '#renderer/platform/use-row-window.ts';
import { TICKET_GROUP_NAMES, TICKET_GROUPS, type TicketGroup } from '#renderer/terms/ticket-groups.ts';
import { ChoiceGroup } from '#renderer/ui/ChoiceGroup.tsx';
import { type RenderTicket, TicketList } from './TicketList.tsx';

/** 队列: the tickets of the own lines by state, newest first. */
export function QueuePage({ renderTicket }: { readonly renderTicket: RenderTicket }) {
  const { t } = useTranslation();
  const [group, setGroup] = useState<TicketGroup>('dispatch');
  const list = useTicketWindow({ kind: 'queue', statuses: [...TICKET_GROUPS[group]] });
  return (
    <TicketList
      key={group}
      title={t('app.pages.queue')}
      list={list}
      renderTicket={renderTicket}
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
