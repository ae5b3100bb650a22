import { useTranslation } from 'react-i18next';
import { actionKey } from '#renderer/platform/keymap.ts';
import { useTicketWindow } from '#renderer/platform/use-row-window.ts';
import { type RenderTicket, TicketList } from './TicketList.tsx';

/** 我的工单: what this agent has taken, newest first. */
export function MyTicketsPage({ renderTicket }: { readonly renderTicket: RenderTicket }) {
  const { t } = useTranslation();
  const list = useTicketWindow({ kind: 'mine' });
  return (
    <TicketList
      title={t('app.pages.mine')}
      list={list}
      renderTicket={renderTicket}
      empty={{
        title: t('tickets.mineEmpty.title'),
        text: t('tickets.mineEmpty.text', { key: actionKey('page.workbench') }),
      }}
    />
  );
}
