import { create } from 'zustand';
import { NO_CONDITIONS, type TicketConditions, type TicketSort, type TicketView } from '#shared/domain/ticket-view.ts';
import type { QueueName } from '#shared/domain/work-queue.ts';

interface QueueState {
  /** Null: the one a role begins its day with. */
  readonly queue: QueueName | null;
  /** They stay from queue to queue: whoever works for one district does so in all of them. */
  readonly conditions: TicketConditions;
  readonly sort: TicketSort;
  /** The row of conditions is shown though nothing is narrowed. */
  readonly isNarrowing: boolean;
}

const BEGIN: QueueState = { queue: null, conditions: NO_CONDITIONS, sort: 'newest', isNarrowing: false };

/** What is seen of the queues; kept while somebody looks at other pages. */
export const useQueueStore = create<QueueState>(() => BEGIN);

/** Shows a queue as it was kept under a name. */
export function openQueueView({ place, conditions, sort }: TicketView): void {
  if (place !== 'search') useQueueStore.setState({ queue: place, conditions, sort });
}

/** Begins as at sign-in: the session ended. */
export function forgetQueue(): void {
  useQueueStore.setState(BEGIN);
}
