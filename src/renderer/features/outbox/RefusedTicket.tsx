import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { isRefused } from './outbox-columns.tsx';
import { RefusedPanel, type RefusedPanelProps } from './RefusedPanel.tsx';

interface RefusedTicketProps extends Omit<RefusedPanelProps, 'item'> {
  readonly uid: string;
}

/** What of a ticket the server refused, with what can be done about it: the same as on the page 待同步. */
export function RefusedTicket({ uid, ...rest }: RefusedTicketProps) {
  const { data } = useLiveQuery(['outbox'], () => dataClient.outbox.list(), []);
  const refused = data?.filter((item) => item.uid === uid && isRefused(item)) ?? [];
  const item = refused.find(({ state }) => state === 'rejected') ?? refused[0];
  return item ? <RefusedPanel key={item.opId} item={item} isNarrow {...rest} /> : null;
}
