import { useTranslation } from 'react-i18next';
import { dataClient } from '#renderer/platform/data-client.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { PAGE_SIZE, usePagedTickets } from '#renderer/platform/paged-query.ts';
import { TicketList } from './TicketList.tsx';

/** 我的工单: what this agent has taken, newest first. */
export function MyTicketsPage() {
  const { t } = useTranslation();
  const list = usePagedTickets(
    ['tickets', 'session'],
    (before) => dataClient.tickets.mine({ limit: PAGE_SIZE, ...(before === undefined ? {} : { before }) }),
    [],
  );
  return (
    <TicketList
      title={t('app.pages.mine')}
      list={list}
      empty={{
        title: t('tickets.mineEmpty.title'),
        text: t('tickets.mineEmpty.text', { key: actionKey('page.workbench') }),
      }}
    />
  );
}
