import { dataClient } from '#renderer/platform/data-client.ts';
import { useLiveQuery } from '#renderer/platform/live-query.ts';
import { useRevealStore } from '#renderer/platform/reveal.store.ts';
import type { TicketId } from '#shared/kernel/ids.ts';

/** The files of a ticket as this person sees them, and where each of them is. */
export function useTicketFiles(uid: TicketId) {
  const look = useRevealStore((state) => state.looks.get(uid));
  return useLiveQuery(['tickets', 'attachments'], () => dataClient.attachments.ofTicket({ uid }), [
    uid,
    look?.field ?? '',
  ]);
}
